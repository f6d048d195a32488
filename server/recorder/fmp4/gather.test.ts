import { describe, expect, it } from 'vitest';
import { fragment, frame, initSegment, secondsOf, timescale } from '../../../test/support/fmp4-fixture.ts';
import { type Fragment, FragmentReader, joined } from './fragment-reader.ts';
import { FragmentGatherer } from './gather.ts';

/** What comes out of a stream: at once, and at its end. */
function gathered(pieces: Buffer[]): { before: Fragment[]; all: Fragment[] } {
  const all: Fragment[] = [];
  const gatherer = new FragmentGatherer(0.2, (one) => all.push(one));
  const reader = new FragmentReader({ init: (init) => gatherer.begin(init), fragment: (one) => gatherer.push(one) });
  reader.push(initSegment());
  for (const piece of pieces) reader.push(piece);
  const before = [...all];
  gatherer.flush();
  return { before, all };
}

function lone(time: number, duration = frame): Buffer {
  const bytes = fragment(time, { frames: 1, keyframe: true, payload: 1, duration });
  // Where its frame lies, as every muxer tells it.
  bytes.writeUInt32BE(bytes.readUInt32BE(0) + 8, bytes.indexOf('trun') + 12);
  return bytes;
}
const keyframes = (count: number, duration = frame) =>
  Array.from({ length: count }, (_, n) => lone(n * duration, duration));
const shape = ({ baseDecodeTime, duration, samples, keyframe }: Fragment) => [
  baseDecodeTime,
  duration / timescale,
  samples,
  keyframe,
];

describe('keyframes only', () => {
  it('come in parts of 200 ms, whatever the rate, and the rest at the end', () => {
    const { before, all } = gathered(keyframes(12));
    expect(before).toHaveLength(2);
    expect(all.map(shape)).toEqual([
      [0, 0.2, 5, true],
      [5 * frame, 0.2, 5, true],
      [10 * frame, 0.08, 2, true],
    ]);
    expect(gathered(keyframes(12, timescale / 30)).all.map(({ samples }) => samples)).toEqual([6, 6]);
    expect(gathered(keyframes(4, timescale / 4)).before.map(({ samples }) => samples)).toEqual([1, 1, 1, 1]);
  });

  it('keep every byte, and are read again as they are told', () => {
    const payloads = [1, 2, 3, 4, 5].map((value, n) => {
      const one = lone(n * frame);
      one[one.length - 1] = value;
      return one;
    });
    const { all } = gathered(payloads);
    const [part] = all;
    const bytes = joined([part!.moof, ...part!.mdat]);
    expect(bytes.length).toBe(part!.bytes);
    expect([...bytes.subarray(part!.dataOffset)]).toEqual([1, 2, 3, 4, 5]);
    const again: Fragment[] = [];
    const reader = new FragmentReader({ init: () => {}, fragment: (one) => again.push(one) });
    reader.push(initSegment());
    reader.push(bytes);
    expect(again.map(shape)).toEqual([shape(part!)]);
    expect(again[0]).toMatchObject({ sampleBytes: [1, 1, 1, 1, 1], dataOffset: part!.dataOffset });
  });

  it('are not drawn over a hole in time', () => {
    const { all } = gathered([lone(0), lone(frame), lone(9 * frame), lone(10 * frame)]);
    expect(all.map(shape)).toEqual([
      [0, 0.08, 2, true],
      [9 * frame, 0.08, 2, true],
    ]);
  });

  it('that turn into groups of pictures go first', () => {
    const { all } = gathered([lone(0), ...secondsOf(1, frame)]);
    expect(all.map(({ samples }) => samples)).toEqual([1, 5, 5, 5, 5, 5]);
  });
});

it('groups of pictures pass as they came, at once', () => {
  const stream = secondsOf(2);
  const { before } = gathered(stream);
  expect(Buffer.concat(before.flatMap((one) => [one.moof, ...one.mdat]))).toEqual(Buffer.concat(stream));
});
