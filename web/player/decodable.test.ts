import { expect, test } from 'vitest';
import { decodable } from './decodable.ts';

const h264Only = (codec: string) => codec.startsWith('avc1.');
const both = (codec: string) => /^(avc1|hvc1)\./.test(codec);

test.each([
  ['avc1.64001f', h264Only, '/media/a/sub/live.m3u8'],
  ['hvc1.1.6.L93.B0', both, '/media/a/sub/live.m3u8'],
  ['hvc1.1.6.L93.B0', h264Only, '/media/a/sub/live.m3u8?as=h264'],
  ['mp4v.6c', both, '/media/a/sub/live.m3u8?as=h264'],
  [null, both, '/media/a/sub/live.m3u8'],
  [null, h264Only, '/media/a/sub/live.m3u8?as=h264'],
])('asks for H.264 where the browser does not decode the stream: %s', (codec, decodes, address) => {
  expect(decodable('/media/a/sub/live.m3u8', codec, decodes)).toBe(address);
});

test('a query that is there is kept', () => {
  expect(decodable('/media/a/main/vod.m3u8?from=1&to=2', null, h264Only)).toBe(
    '/media/a/main/vod.m3u8?from=1&to=2&as=h264',
  );
});
