import { expect, it } from 'vitest';
import { PushReader } from './push-reader.ts';

const timescale = 90_000;
const captureMs = 1_790_000_000_250;

const u32 = (...values: number[]) =>
  values.flatMap((value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const box = (type: string, ...content: number[][]) => {
  const body = content.flat();
  return [...u32(body.length + 8), ...letters(type), ...body];
};
const track = (handler: string, units: number) =>
  box(
    'trak',
    box('tkhd', u32(0, 0, 0, 1)),
    box('mdia', box('mdhd', u32(0, 0, 0, units, 0, 0)), box('hdlr', u32(0, 0), letters(handler), [0])),
  );
const init = [...box('ftyp', letters('iso5')), ...box('moov', track('soun', 8_000), track('vide', timescale))];
/** Sound first; the video's first sample is a sync sample or not. */
const moof = (keyframe: boolean) =>
  box(
    'moof',
    box('traf', box('tfhd', u32(0, 2)), box('trun', u32(4, 1, 0x0200_0000))),
    box('traf', box('tfhd', u32(0, 1)), box('trun', u32(5, 1, 99, keyframe ? 0x0200_0000 : 0x0101_0000))),
  );
const part = (n: number) => {
  const ntpMs = captureMs + n * 200 + 2_208_988_800_000;
  const fraction = Math.floor(((ntpMs % 1_000) / 1_000) * 2 ** 32);
  const time = u32(0x0100_0018, 1, Math.floor(ntpMs / 1_000), fraction, 0, timescale + n * 18_000);
  return [...box('prft', time), ...moof(n === 0), ...box('mdat', letters('frames of a camera'.repeat(20)))];
};
const stream = Uint8Array.from([...init, ...part(0), ...part(1), ...part(2), ...init, ...part(0)]);

it.each([1, 7, 300, 100_000])('gives the same inits and parts, whatever the chunks: %i bytes', (size) => {
  const reader = new PushReader();
  const pieces = [];
  for (let at = 0; at < stream.length; at += size) pieces.push(...reader.push(stream.subarray(at, at + size)));
  expect(pieces.map(({ kind }) => kind)).toEqual(['init', 'part', 'part', 'part', 'init', 'part']);
  expect(pieces.flatMap(({ bytes }) => [...bytes])).toEqual([...stream]);
  expect(pieces[0]).toMatchObject({ timescale });
  expect(pieces.map((piece) => piece.kind === 'part' && piece.keyframe)).toEqual([
    false,
    true,
    false,
    false,
    false,
    true,
  ]);
  expect(pieces[2]).toMatchObject({ mediaTime: 108_000, captureMs: expect.closeTo(captureMs + 200, 2) });
});

it('refuses what is no MP4, and a box larger than any fragment', () => {
  const read = (bytes: number[]) => [...new PushReader().push(Uint8Array.from(bytes))];
  expect(() => read(letters('<!doctype html><html></html>'))).toThrow('no MP4 box');
  expect(() => read(u32(2, 0))).toThrow('no MP4 box');
});
