/** One frame of a fragment: when it is shown after the fragment's first, and for how long, in seconds. */
export type FrameTime = { atS: number; forS: number };

type Track = { id: number; timescale: number; duration: number };
type Box = { type: string; view: DataView };

/** The boxes that follow each other in a box's content (ISO/IEC 14496-12, 4.2); a torn last one is left out. */
function* boxes(view: DataView, from = 0): Generator<Box> {
  for (let at = from; at + 8 <= view.byteLength; ) {
    const short = view.getUint32(at);
    const head = short === 1 ? 16 : 8;
    if (at + head > view.byteLength) return;
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? view.byteLength - at : short;
    if (size < head || at + size > view.byteLength) return;
    const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(at + i)));
    yield { type, view: new DataView(view.buffer, view.byteOffset + at + head, size - head) };
    at += size;
  }
}

const child = (view: DataView, type: string) => boxes(view).find((box) => box.type === type)?.view;

/** The picture's track of an initialisation segment. */
function pictureTrack(init: DataView): Track | null {
  const moov = child(init, 'moov');
  if (!moov) return null;
  for (const { type, view: trak } of boxes(moov)) {
    const mdia = type === 'trak' ? child(trak, 'mdia') : undefined;
    const [hdlr, mdhd, tkhd] = [mdia && child(mdia, 'hdlr'), mdia && child(mdia, 'mdhd'), child(trak, 'tkhd')];
    // 'vide' (12.1.1).
    if (!hdlr || !mdhd || !tkhd || hdlr.getUint32(8) !== 0x76696465) continue;
    const id = tkhd.getUint32(tkhd.getUint8(0) === 1 ? 20 : 12);
    const timescale = mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12);
    const trexes = [...boxes(child(moov, 'mvex') ?? new DataView(new ArrayBuffer(0)))];
    const trex = trexes.find((box) => box.type === 'trex' && box.view.getUint32(4) === id)?.view;
    return { id, timescale, duration: trex?.getUint32(12) ?? 0 };
  }
  return null;
}

/**
 * When each frame of a media segment is shown, in the order of showing (ISO/IEC 14496-12, 8.8.7, 8.8.8, 8.8.12). `init` and `segment`
 * are whole fMP4 segments. Empty when they cannot be read.
 */
export function frameTimes(init: Uint8Array, segment: ArrayBuffer): FrameTime[] {
  const track = pictureTrack(new DataView(init.buffer, init.byteOffset, init.byteLength));
  if (!track || track.timescale === 0) return [];
  const frames: { at: number; for: number }[] = [];
  for (const { type, view: moof } of boxes(new DataView(segment))) {
    if (type !== 'moof') continue;
    for (const { type: inner, view: traf } of boxes(moof)) if (inner === 'traf') readTraf(traf, track, frames);
  }
  frames.sort((a, b) => a.at - b.at);
  const first = frames[0]?.at ?? 0;
  return frames.map((frame) => ({
    atS: (frame.at - first) / track.timescale,
    forS: frame.for / track.timescale,
  }));
}

function readTraf(traf: DataView, track: Track, into: { at: number; for: number }[]): void {
  const [tfhd, tfdt] = [child(traf, 'tfhd'), child(traf, 'tfdt')];
  if (!tfhd || !tfdt || tfhd.getUint32(4) !== track.id) return;
  const flags = tfhd.getUint32(0);
  const skipped = 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  const usual = flags & 0x8 ? tfhd.getUint32(skipped) : track.duration;
  let at = tfdt.getUint8(0) === 1 ? Number(tfdt.getBigUint64(4)) : tfdt.getUint32(4);
  for (const { type, view: trun } of boxes(traf)) {
    if (type !== 'trun') continue;
    const has = trun.getUint32(0);
    let byte = 8 + (has & 0x1 ? 4 : 0) + (has & 0x4 ? 4 : 0);
    for (let left = trun.getUint32(4); left > 0; left -= 1) {
      const next = (flag: number) => {
        if (!(has & flag)) return null;
        byte += 4;
        return byte - 4;
      };
      const duration = next(0x100);
      next(0x200);
      next(0x400);
      const offset = next(0x800);
      if (byte > trun.byteLength) return;
      const lasts = duration === null ? usual : trun.getUint32(duration);
      into.push({ at: at + (offset === null ? 0 : trun.getInt32(offset)), for: lasts });
      at += lasts;
    }
  }
}
