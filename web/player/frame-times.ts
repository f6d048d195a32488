import { boxes, child, pictureTrack, type Track } from './mp4-boxes.ts';

/** One frame of a fragment: when it is shown after the fragment's first, and for how long, in seconds. */
export type FrameTime = { atS: number; forS: number };

/**
 * When each frame of a media segment is shown, in the order of showing (ISO/IEC 14496-12, 8.8.7, 8.8.8, 8.8.12). `init` and `segment`
 * are whole fMP4 segments. Empty when they cannot be read.
 */
export function frameTimes(init: Uint8Array, segment: ArrayBuffer): FrameTime[] {
  const moov = child(new DataView(init.buffer, init.byteOffset, init.byteLength), 'moov');
  const track = moov ? pictureTrack(moov) : null;
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
