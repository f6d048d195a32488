import { describe, expect, it } from 'vitest';
import { box, fragment, frame, initSegment, secondsOf, u32be } from '../../../test/support/fmp4-fixture.ts';
import { Fmp4Error } from './boxes.ts';
import { readMoof, shiftDecodeTimes, withDecodeTime } from './fragment.ts';
import { type Fragment, FragmentReader, joined } from './fragment-reader.ts';
import type { Init } from './init.ts';

function read(chunks: Iterable<Uint8Array>): { inits: Init[]; fragments: Fragment[] } {
  const inits: Init[] = [];
  const fragments: Fragment[] = [];
  const reader = new FragmentReader({ init: (init) => inits.push(init), fragment: (f) => fragments.push(f) });
  for (const chunk of chunks) reader.push(chunk);
  return { inits, fragments };
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('the fragment reader', () => {
  const stream = Buffer.concat([initSegment(), ...secondsOf(2), box('mfra', new Uint8Array(40))]);

  it.each([1, 7, 16, 113, 1000, 1e6])('reads the same from pieces of %i bytes', (size) => {
    const { inits, fragments } = read(cut(stream, size));
    expect(inits).toHaveLength(1);
    expect(inits[0]).toMatchObject({
      codec: 'h264',
      codecString: 'avc1.640028',
      width: 640,
      height: 360,
      timescale: 90_000,
    });
    expect(Buffer.compare(inits[0]!.bytes, initSegment())).toBe(0);
    expect(fragments.map((f) => f.baseDecodeTime)).toEqual(Array.from({ length: 10 }, (_, i) => i * 5 * frame));
    expect(fragments.map((f) => f.keyframe)).toEqual(Array.from({ length: 10 }, (_, i) => i % 5 === 0));
    expect(fragments.every((f) => f.duration === 5 * frame && f.samples === 5)).toBe(true);
    const bytes = joined(fragments.flatMap((f) => [f.moof, ...f.mdat]));
    expect(Buffer.compare(bytes, Buffer.concat(secondsOf(2)))).toBe(0);
  });

  it('does not copy media that comes in one piece', () => {
    const { fragments } = read([stream]);
    expect(fragments[0]!.mdat[0]!.buffer).toBe(stream.buffer);
  });

  it('names H.265 hvc1, as Safari wants it', () => {
    const { inits } = read([initSegment('hev1')]);
    expect(inits[0]).toMatchObject({ codec: 'h265', codecString: 'hvc1.1.6.L93.90' });
    expect(Buffer.from(inits[0]!.bytes).includes('hev1')).toBe(false);
  });

  it.each<[string, Buffer]>([
    ['text', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
    ['a box larger than any', Buffer.concat([initSegment(), u32be(0x7fffffff), Buffer.from('mdat')])],
    ['a box smaller than its header', Buffer.concat([initSegment(), u32be(4), Buffer.from('moof')])],
    ['media before its description', Buffer.concat([initSegment(), box('mdat', [1])])],
    ['a moov without tracks', Buffer.concat([box('ftyp', Buffer.from('iso5')), box('moov', [])])],
    [
      'a child that reaches over its parent',
      Buffer.concat([initSegment(), box('moof', u32be(100), Buffer.from('traf')), box('mdat')]),
    ],
    ['a count that lies', Buffer.concat([initSegment(), lyingCount(), box('mdat')])],
  ])('gives up on %s', (_, bytes) => {
    expect(() => read([bytes])).toThrow(Fmp4Error);
  });

  it('throws nothing but its own error on damaged bytes, and never reads on for ever', () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    for (let round = 0; round < 400; round += 1) {
      const damaged = Buffer.from(stream);
      for (let i = 0; i < 8; i += 1) damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      try {
        read(cut(damaged, 1 + Math.floor(random() * 500)));
      } catch (error) {
        expect(error).toBeInstanceOf(Fmp4Error);
      }
    }
  });
});

function lyingCount(): Buffer {
  const tfhd = box('tfhd', u32be(0x020000, 1));
  return box('moof', box('traf', tfhd, box('tfdt', u32be(0, 0)), box('trun', u32be(0x100, 0xffffffff))));
}

describe('decode times', () => {
  const [init] = read([initSegment()]).inits;

  it('are rewritten without changing anything else', () => {
    const original = read([initSegment(), fragment(5_000_000_000, { keyframe: true })]).fragments[0]!;
    const moof = withDecodeTime(original.moof, original, 18_000, init!);
    expect(moof.length).toBe(original.moof.length);
    expect(readMoof(moof, init!)).toEqual({ ...readMoof(original.moof, init!), baseDecodeTime: 18_000 });
    expect(original.baseDecodeTime).toBe(5_000_000_000);
  });

  it('are shifted in every fragment, and never below zero', () => {
    const bytes = Buffer.concat(secondsOf(1, 90_000));
    shiftDecodeTimes(bytes, -90_000);
    expect(Buffer.compare(bytes, Buffer.concat(secondsOf(1)))).toBe(0);
    shiftDecodeTimes(bytes, -18_000);
    expect(read([initSegment(), bytes]).fragments[0]!.baseDecodeTime).toBe(0);
  });
});
