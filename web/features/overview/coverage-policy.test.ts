import { expect, it } from 'vitest';
import { coverageOf, lowestCoverage } from './coverage-policy.ts';

const unit = (unitId: string, recordedMs: number, scheduledMs: number) => ({
  ...{ unitId, recordedMs, scheduledMs },
  explainedMs: {},
  unexplainedMs: 0,
});

it('shows that something is missing, however little', () => {
  expect(coverageOf({ recordedMs: 999_999, scheduledMs: 1_000_000 })).toBe(0.999);
  expect(coverageOf({ recordedMs: 0, scheduledMs: 0 })).toBeNull();
});

it('puts the least complete unit first and leaves out those that had nothing to record', () => {
  expect(lowestCoverage([unit('a', 9, 10), unit('b', 0, 0), unit('c', 1, 2)])).toEqual([
    { unitId: 'c', share: 0.5 },
    { unitId: 'a', share: 0.9 },
  ]);
});
