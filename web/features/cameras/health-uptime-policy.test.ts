import { expect, test } from 'vitest';
import { barOf, dayText, shareOf } from './health-uptime-policy.ts';

const day = (scheduledMs: number, recordedMs: number, healthyMs: number) => ({
  ...{ day: '2026-11-24', scheduledMs, recordedMs, healthyMs },
});

test('a bar is what was good, what was recorded all the same, and what is missing; a day off is none of them', () => {
  expect(barOf(day(1000, 800, 500))).toMatchObject({
    off: false,
    good: 0.5,
    spoilt: expect.closeTo(0.3),
    missing: expect.closeTo(0.2),
  });
  expect(barOf(day(1000, 1010, 1010))).toMatchObject({ good: 1, spoilt: 0, missing: 0 });
  expect(barOf(day(0, 0, 0))).toMatchObject({ off: true, good: 0 });
});

test('the share of many days counts each by what was to be recorded', () => {
  expect(shareOf([day(1000, 1000, 1000), day(3000, 1000, 0)])).toEqual({ good: 0.25, recorded: 0.5 });
  expect(shareOf([day(0, 0, 0)])).toBeNull();
  expect(shareOf([])).toBeNull();
  expect(dayText('2026-11-04')).toBe('04/11');
});
