import { describe, expect, it } from 'vitest';
import { box, fragment, frame, initSegment, secondsOf, timescale, u32be } from '../../../test/support/fmp4-fixture.ts';
import { type Fragment, FragmentReader, joined } from './fragment-reader.ts';
import { FragmentGatherer } from './gather.ts';
import { readInit } from './init.ts';
import { readTracks } from './track-samples.ts';

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
/** A frame of one byte and, behind it in the same mdat, two samples of sound. */
function withSound(n: number): Buffer {
  const moof = (bytes: number) => {
    const traf = (track: number, time: number, ...samples: number[]) => {
      const tfhd = box('tfhd', u32be(0x020038, track, track === 1 ? frame : 160, 1, 0x0200_0000));
      return box(
        'traf',
        tfhd,
        box('tfdt', u32be(0, time)),
        box('trun', u32be(1, samples.length, bytes + (samples[0] ?? 0))),
      );
    };
    return box('moof', box('mfhd', u32be(0, n + 1)), traf(1, n * frame, 8), traf(2, n * 320, 9, 10));
  };
  return Buffer.concat([moof(moof(0).length), box('mdat', [10 + n, 20 + n, 30 + n])]);
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

  it('take their sound along, wherever it lies', () => {
    const all: Fragment[] = [];
    const gatherer = new FragmentGatherer(0.2, (one) => all.push(one));
    const init = { ...readInit(initSegment()), audio: { trackId: 2, timescale: 8000 } };
    gatherer.begin(init);
    const split = new FragmentReader({ init: () => {}, fragment: (one) => gatherer.push(one) });
    split.push(initSegment());
    for (let n = 0; n < 5; n += 1) split.push(withSound(n));
    const bytes = joined([all[0]!.moof, ...all[0]!.mdat]);
    const [video, sound] = readTracks(all[0]!.moof, init)!;
    const told = (track: typeof video) =>
      track!.runs.flatMap(({ at, samples }) => {
        const start = all[0]!.moof.length + 8 + at;
        return [...bytes.subarray(start, start + samples.reduce((sum, sample) => sum + sample.bytes, 0))];
      });
    expect([video!.startTime, video!.endTime, told(video)]).toEqual([0, 5 * frame, [10, 11, 12, 13, 14]]);
    expect([sound!.startTime, sound!.endTime]).toEqual([0, 5 * 320]);
    expect(told(sound)).toEqual([20, 30, 21, 31, 22, 32, 23, 33, 24, 34]);
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
