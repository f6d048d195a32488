import { expect, it } from 'vitest';
import { parseFileName, parseRecordingPath, recordingPath } from './paths.ts';

it('reads back what it writes', () => {
  const name = { cameraId: 'cam-1', stream: 'sub' as const, startMs: Date.UTC(2026, 10, 24, 23, 59, 59, 999) };
  expect(recordingPath(name)).toBe('cam-1/sub/2026-11-24/23/1795564799999.mp4');
  expect(parseRecordingPath(recordingPath(name))).toEqual(name);
});

it.each([
  'cam/main/2026-11-24/23/1795564799998.mp4x',
  'cam/main/2026-11-24/22/1795564799999.mp4',
  '../main/2026-11-24/23/1795564799999.mp4',
  'cam/other/2026-11-24/23/1795564799999.mp4',
  'cam/main/2026-11-24/23/01795564799999.mp4',
  'cam/main/2026-11-24/23/extra/1795564799999.mp4',
  'cam/main/lost+found',
])('takes %s for no recording of ours', (path) => {
  expect(parseRecordingPath(path)).toBeNull();
});

it.each(['1.mp4/..', '-1.mp4', '1e3.mp4', '1.MP4', '', '9999999999999999.mp4'])('takes %j for no file name', (name) => {
  expect(parseFileName(name)).toBeNull();
});
