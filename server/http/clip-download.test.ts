import { expect, test } from 'vitest';
import { clipFileName, clipHeaders } from './clip-download.ts';

const fromMs = Date.UTC(2026, 10, 24, 1, 30, 5, 900);

test('a file name is plain, says the camera and the time of the city, and cannot leave its header', () => {
  expect(clipFileName('Quầy số 1 – Phường Đại Yên', fromMs, fromMs + 61_000)).toBe(
    'Quay-so-1-Phuong-Dai-Yen-20261124-083005-083106.mp4',
  );
  expect(clipFileName('../"\r\nx: y', fromMs, fromMs)).toBe('x-y-20261124-083005-083005.mp4');
  expect(clipFileName('相機', fromMs, fromMs)).toBe('camera-20261124-083005-083005.mp4');
  expect(clipFileName('a'.repeat(500), fromMs, fromMs).length).toBeLessThan(100);
});

test('what is missing is told in full as time, and as a list that fits a header', () => {
  const missing = Array.from({ length: 500 }, (_, i) => ({
    fromMs: fromMs + i * 100,
    toMs: fromMs + i * 100 + 7,
    reason: 'stream_stalled' as const,
  }));
  const clip = { contentType: 'video/mp4' as const, totalBytes: 9, durationMs: 5, fromMs, toMs: fromMs + 5 };
  const headers = clipHeaders({ ...clip, reencoded: 'none', missing }, 'a.mp4');
  expect(headers['x-missing-ms']).toBe('3500');
  expect(JSON.parse(headers['x-missing'] ?? '')).toEqual(missing.slice(0, 60));
  expect(headers['x-missing']?.length).toBeLessThan(8000);
});
