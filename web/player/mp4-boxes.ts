/** The picture's track, as its initialisation segment tells it. */
export type Track = { id: number; timescale: number; duration: number };
export type Box = { type: string; view: DataView };

/** The boxes that follow each other in a box's content (ISO/IEC 14496-12, 4.2); a torn last one is left out. */
export function* boxes(view: DataView, from = 0): Generator<Box> {
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

export const child = (view: DataView, type: string) => boxes(view).find((box) => box.type === type)?.view;

/** The picture's track, from the content of a `moov`; null where there is none. */
export function pictureTrack(moov: DataView): Track | null {
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
