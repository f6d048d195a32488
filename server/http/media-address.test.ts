import { expect, test } from 'vitest';
import { AppError } from '../platform/errors.ts';
import { parseMediaAddress, parseRange } from './media-address.ts';

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'none';
};

test('every media address of the design is read', () => {
  expect(parseMediaAddress('/media/cam1/sub/live.m3u8')).toEqual({
    kind: 'live_playlist',
    cameraId: 'cam1',
    stream: 'sub',
  });
  expect(parseMediaAddress('/media/cam1/main/live.m3u8?_HLS_msn=7&_HLS_skip=v2')).toEqual({
    kind: 'live_playlist',
    cameraId: 'cam1',
    stream: 'main',
    msn: 7,
    skip: true,
  });
  expect(parseMediaAddress('/media/cam1/main/live.m3u8?_HLS_msn=12&_HLS_part=3')).toEqual({
    kind: 'live_playlist',
    cameraId: 'cam1',
    stream: 'main',
    msn: 12,
    part: 3,
  });
  expect(parseMediaAddress('/media/cam1/main/live/g1-p7.mp4')).toEqual({
    kind: 'live_resource',
    cameraId: 'cam1',
    stream: 'main',
    name: 'g1-p7.mp4',
  });
  expect(parseMediaAddress('/media/cam1/main/vod.m3u8?from=1000&to=2000')).toEqual({
    kind: 'vod_playlist',
    cameraId: 'cam1',
    stream: 'main',
    fromMs: 1000,
    toMs: 2000,
  });
  expect(
    parseMediaAddress('/media/cam1/main/clip.mp4?from=1000&to=2000&exact=frame&reason=C%C3%B4ng+v%C4%83n+12'),
  ).toEqual({
    kind: 'clip',
    cameraId: 'cam1',
    stream: 'main',
    fromMs: 1000,
    toMs: 2000,
    exact: 'frame',
    reason: 'Công văn 12',
  });
  expect(parseMediaAddress('/media/cam1/main/clip.mp4?from=1000&to=2000&reason=abc')).toMatchObject({ exact: 'gop' });
  expect(codeOf(() => parseMediaAddress('/media/cam1/main/clip.mp4?from=1&to=2'))).toBe('request_invalid');
  expect(codeOf(() => parseMediaAddress('/media/cam1/main/clip.mp4?from=1&to=2&reason=+++'))).toBe('request_invalid');
  expect(codeOf(() => parseMediaAddress('/media/cam1/main/clip.mp4?from=1&to=2&reason=abc&exact=x'))).toBe(
    'request_invalid',
  );
  expect(codeOf(() => parseMediaAddress('/media/cam1/main/clip.mp4?from=2&to=2&reason=abc'))).toBe('request_invalid');
  expect(parseMediaAddress('/media/cam1/main/file/1000.mp4')).toEqual({
    kind: 'recorded_file',
    cameraId: 'cam1',
    stream: 'main',
    file: '1000.mp4',
  });
  expect(parseMediaAddress('/media/cam1/sub/keyframe.mp4?at=5')).toEqual({
    kind: 'keyframe',
    cameraId: 'cam1',
    stream: 'sub',
    atMs: 5,
  });
  expect(parseMediaAddress('/media/incidents/abc/vod.m3u8')).toEqual({ kind: 'incident_playlist', incidentId: 'abc' });
  expect(parseMediaAddress('/media/incidents/abc/main/file/1000.mp4')).toEqual({
    kind: 'incident_file',
    incidentId: 'abc',
    stream: 'main',
    file: '1000.mp4',
  });
});

test.each([
  '/media/',
  '/media/cam1',
  '/media/cam1/third/live.m3u8',
  '/media/CAM/main/live.m3u8',
  '/media/cam1/main/file/..%2f..%2fetc',
  '/media/cam1/main/file/../../secret',
  '/media/cam1/main/file/a/b.mp4',
  '/media/cam1/main/other/x.mp4',
  '/media/incidents/abc/main/live/x.mp4',
  '/media/incidents/abc/vod.m3u8/more',
])('%s names nothing', (url) => {
  expect(codeOf(() => parseMediaAddress(url))).toBe('not_found');
});

test.each([
  '/media/cam1/main/vod.m3u8',
  '/media/cam1/main/vod.m3u8?from=2&to=1',
  '/media/cam1/main/vod.m3u8?from=x&to=1',
  '/media/cam1/main/vod.m3u8?from=-1&to=1',
  '/media/cam1/main/vod.m3u8?from=1.5&to=2',
  '/media/cam1/main/keyframe.mp4?at=1e99',
  '/media/cam1/main/live.m3u8?_HLS_msn=-1',
  '/media/cam1/main/live.m3u8?_HLS_msn=',
  '/media/cam1/main/live.m3u8?_HLS_skip=NO',
])('%s is refused with the field to mend', (url) => {
  expect(codeOf(() => parseMediaAddress(url))).toBe('request_invalid');
});

test('a range has a start and may have an end', () => {
  expect(parseRange(undefined)).toBeNull();
  expect(parseRange('bytes=0-99')).toEqual({ start: 0, end: 99 });
  expect(parseRange('bytes=100-')).toEqual({ start: 100, end: Number.MAX_SAFE_INTEGER });
  for (const bad of ['bytes=-5', 'bytes=5-1', 'bytes=0-1,5-9', 'chunks=0-1', 'bytes=a-b', '']) {
    expect(codeOf(() => parseRange(bad))).toBe('range_invalid');
  }
});

test('the codec that the caller decodes is read from playlists and keyframes, and is H.264 or nothing', () => {
  for (const path of [
    '/media/cam1/sub/live.m3u8?as=h264',
    '/media/cam1/main/vod.m3u8?from=1&to=2&as=h264',
    '/media/cam1/sub/keyframe.mp4?at=5&as=h264',
    '/media/incidents/inc1/vod.m3u8?as=h264',
  ]) {
    expect(parseMediaAddress(path), path).toMatchObject({ as: 'h264' });
    expect(parseMediaAddress(path.replace(/[?&]as=h264/, '')), path).not.toHaveProperty('as');
    expect(
      codeOf(() => parseMediaAddress(path.replace('as=h264', 'as=vp9'))),
      path,
    ).toBe('request_invalid');
  }
});
