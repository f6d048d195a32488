import { expect, it } from 'vitest';
import { frameTimes } from './frame-times.ts';

const bytes = (...numbers: number[]) => {
  const out = new Uint8Array(numbers.length * 4);
  numbers.forEach((n, i) => {
    new DataView(out.buffer).setUint32(i * 4, n >>> 0);
  });
  return out;
};
function box(type: string, ...content: Uint8Array[]): Uint8Array {
  const size = 8 + content.reduce((sum, part) => sum + part.length, 0);
  const out = new Uint8Array(size);
  new DataView(out.buffer).setUint32(0, size);
  out.set(new TextEncoder().encode(type), 4);
  let at = 8;
  for (const part of content) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
const track = (id: number, handler: number, timescale: number) =>
  box(
    'trak',
    box('tkhd', bytes(0, 0, 0, id)),
    box('mdia', box('hdlr', bytes(0, 0, handler)), box('mdhd', bytes(0, 0, 0, timescale))),
  );
const init = box(
  'moov',
  track(1, 0x736f756e, 16_000),
  track(2, 0x76696465, 90_000),
  box('mvex', box('trex', bytes(0, 1, 1, 1_024)), box('trex', bytes(0, 2, 1, 3_600))),
);
const fragment = (id: number, time: number, flags: number, ...runs: number[]) =>
  box('moof', box('traf', box('tfhd', bytes(0, id)), box('tfdt', bytes(0, time)), box('trun', bytes(flags, ...runs))));
const segment = (...parts: Uint8Array[]) => box('none', ...parts).buffer.slice(8) as ArrayBuffer;

it('frames last what the track says unless a run says otherwise; sound does not count', () => {
  const found = frameTimes(
    init,
    segment(
      fragment(1, 0, 0, 9),
      fragment(2, 9_000, 0, 2),
      box('mdat', bytes(1)),
      fragment(2, 16_200, 0x100, 1, 7_200),
    ),
  );
  expect(found).toEqual([
    { atS: 0, forS: 0.04 },
    { atS: 0.04, forS: 0.04 },
    { atS: 0.08, forS: 0.08 },
  ]);
});

it('reordered frames come in the order of showing', () => {
  // Decoded at 0, 1, 2 frames; shown one later, two later, not later.
  const found = frameTimes(init, segment(fragment(2, 0, 0x800, 3, 3_600, 7_200, 0)));
  expect(found.map(({ atS }) => Math.round(atS * 25))).toEqual([0, 1, 2]);
});

it('what is torn or none of ours has no frames', () => {
  expect(frameTimes(new Uint8Array(3), segment(fragment(2, 0, 0, 1)))).toEqual([]);
  expect(frameTimes(init, new ArrayBuffer(5))).toEqual([]);
});
