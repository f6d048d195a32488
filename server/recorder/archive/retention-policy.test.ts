import { expect, it } from 'vitest';
import { recordingsToDelete } from './retention-policy.ts';

const recording = (startMs: number, held = false) => ({ startMs, endMs: startMs + 60, bytes: 100, held });
const starts = (list: { startMs: number }[]) => list.map((item) => item.startMs);

it('lets go what ended before the retention began, and nothing later', () => {
  const all = [recording(0), recording(60), recording(120)];
  expect(starts(recordingsToDelete(all, 300, { keepMs: 880, quotaBytes: null }, 1000))).toEqual([0, 60]);
});

it('lets the oldest go until the quota is met', () => {
  const all = [recording(0), recording(60), recording(120), recording(180)];
  expect(starts(recordingsToDelete(all, 400, { keepMs: 1e6, quotaBytes: 250 }, 1000))).toEqual([0, 60]);
});

it('never lets go what is held, whatever its age and the pressure', () => {
  const all = [recording(0, true), recording(60, true), recording(120)];
  expect(starts(recordingsToDelete(all, 300, { keepMs: 0, quotaBytes: 0 }, 1e6))).toEqual([120]);
});
