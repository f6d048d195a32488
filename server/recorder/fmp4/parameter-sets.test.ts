import { describe, expect, it } from 'vitest';
import type { Fragment } from './fragment-reader.ts';
import type { Init } from './init.ts';
import { sequenceParameters } from './parameter-sets.ts';

const sps = Buffer.from([0x67, 0x64, 0x00, 0x28, 0xac, 0xd9, 0x40]);
const pps = Buffer.from([0x68, 0xee, 0x38]);
const slice = Buffer.from([0x65, 1, 2, 3, 4, 5, 6, 7, 8]);

const unit = (nal: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, nal.length]), nal]);

/** A keyframe's fragment of these NAL units; the mdat comes in pieces of `piece` bytes, as from a pipe. */
function keyframe(nals: Buffer[], piece = 1000): Fragment {
  const sample = Buffer.concat(nals.map(unit));
  const mdat = Buffer.concat([Buffer.alloc(8), sample]);
  const pieces = Array.from({ length: Math.ceil(mdat.length / piece) }, (_, i) =>
    mdat.subarray(i * piece, (i + 1) * piece),
  );
  const moof = new Uint8Array(50);
  return {
    ...{ baseDecodeTime: 0, duration: 1, samples: 1, keyframe: true, decodeTimeOffset: 0, decodeTimeBytes: 4 },
    ...{ sampleBytes: [sample.length], dataOffset: moof.length + 8, moof, mdat: pieces, bytes: 50 + mdat.length },
  };
}

const h264 = { codec: 'h264' } as Init;
const h265 = { codec: 'h265' } as Init;

describe('the sequence parameter sets of a keyframe', () => {
  it.each([1, 3, 7, 1000])('are found before the first slice, in pieces of %i bytes', (piece) => {
    expect(sequenceParameters(keyframe([sps, pps, slice], piece), h264)).toBe(sps.toString('hex'));
  });

  it('are none where the camera sends none, or where the fragment begins with no keyframe', () => {
    expect(sequenceParameters(keyframe([slice]), h264)).toBeNull();
    expect(sequenceParameters({ ...keyframe([sps, slice]), keyframe: false }, h264)).toBeNull();
    expect(sequenceParameters(keyframe([sps, slice]), { codec: 'mjpeg' } as Init)).toBeNull();
  });

  it('are not taken from noise', () => {
    expect(sequenceParameters(keyframe([Buffer.from([0x67, 0xb3, 0x17, 0xff, 9]), slice]), h264)).toBeNull();
    const torn = keyframe([sps, slice]);
    torn.mdat[0]!.set([0xff, 0xff], 8);
    expect(sequenceParameters(torn, h264)).toBeNull();
  });

  it('are those of H.265 in H.265', () => {
    const set = Buffer.from([0x42, 0x01, 0x01, 0x60, 0x00]);
    const nals = [Buffer.from([0x40, 0x01, 9]), set, Buffer.from([0x44, 0x01, 9]), Buffer.from([0x26, 0x01, 1, 2])];
    expect(sequenceParameters(keyframe(nals), h265)).toBe(set.toString('hex'));
  });
});
