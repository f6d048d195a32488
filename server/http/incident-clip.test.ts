import { expect, test } from 'vitest';
import { incidentPlaylist, isWithin, rangesOf, wholeFile } from './incident-clip.ts';

const vod = `#EXTM3U
#EXT-X-MAP:URI="file/1000.mp4",BYTERANGE="784@0"
#EXTINF:4.0,
#EXT-X-BYTERANGE:400@5000
file/1000.mp4
#EXTINF:4.0,
#EXT-X-BYTERANGE:300
file/1000.mp4
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="file/61000.mp4",BYTERANGE="700@0"
#EXTINF:1.0,
#EXT-X-BYTERANGE:50@700
file/61000.mp4
#EXT-X-ENDLIST
`;

test('the files of a clip are asked for below the incident, with the stream that they are of', () => {
  const playlist = incidentPlaylist(vod, 'sub');
  expect(playlist).toContain('#EXT-X-MAP:URI="sub/file/1000.mp4",BYTERANGE="784@0"');
  expect(playlist).toContain('\nsub/file/61000.mp4\n');
  expect(playlist).not.toMatch(/^file\/|"file\//m);
});

test('a reader of the clip may fetch the bytes that it names, and none before, between or after', () => {
  const ranges = rangesOf(vod);
  const first = ranges.get('1000.mp4') ?? [];
  expect(isWithin({ start: 0, end: 783 }, first)).toBe(true);
  expect(isWithin({ start: 5000, end: 5399 }, first)).toBe(true);
  expect(isWithin({ start: 5100, end: 5699 }, first)).toBe(true);
  expect(isWithin({ start: 0, end: 784 }, first)).toBe(false);
  expect(isWithin({ start: 4999, end: 5100 }, first)).toBe(false);
  expect(isWithin({ start: 5400, end: 5700 }, first)).toBe(false);
  expect(isWithin({ start: 0, end: Number.MAX_SAFE_INTEGER }, first)).toBe(false);
  expect(isWithin({ start: 0, end: 749 }, ranges.get('61000.mp4') ?? [])).toBe(true);
  expect(ranges.has('121000.mp4')).toBe(false);
});

test('a transcoded stretch is named as a whole, and only under its own name', () => {
  const playlist = [
    '#EXT-X-MAP:URI="file/h264-1000-init.mp4"',
    '#EXTINF:4.000000,',
    'file/h264-1000-700-900-0.mp4',
    '#EXT-X-BYTERANGE:20@5',
    'file/2000.mp4',
  ].join('\n');
  const ranges = rangesOf(playlist);
  expect(isWithin(wholeFile, ranges.get('h264-1000-init.mp4') ?? [])).toBe(true);
  expect(isWithin(wholeFile, ranges.get('h264-1000-700-900-0.mp4') ?? [])).toBe(true);
  expect(ranges.get('h264-1000-700-901-0.mp4')).toBeUndefined();
  expect(isWithin(wholeFile, ranges.get('2000.mp4') ?? [])).toBe(false);
});
