import { describe, expect, it } from 'vitest';
import { periodOf, rangeOfPeriod, shareOf } from './figures-policy.ts';

/** 24/11/2026 09:42 in Việt Nam. */
const now = Date.UTC(2026, 10, 24, 2, 42);
const midnight = (year: number, month: number, day: number) => Date.UTC(year, month - 1, day) - 7 * 3_600_000;

describe('the period of the figures', () => {
  it('is whole days of Việt Nam, today included', () => {
    expect(rangeOfPeriod('month', now)).toEqual({ from: midnight(2026, 11, 1), to: midnight(2026, 11, 25) });
    expect(rangeOfPeriod('lastMonth', now)).toEqual({ from: midnight(2026, 10, 1), to: midnight(2026, 11, 1) });
    expect(rangeOfPeriod('30', now)).toEqual({ from: midnight(2026, 10, 26), to: midnight(2026, 11, 25) });
    expect(rangeOfPeriod('year', now)).toEqual({ from: midnight(2026, 1, 1), to: midnight(2026, 11, 25) });
    expect(rangeOfPeriod('all', now)).toEqual({});
  });
  it('goes over the end of a year', () => {
    const january = midnight(2027, 1, 5);
    expect(rangeOfPeriod('lastMonth', january)).toEqual({ from: midnight(2026, 12, 1), to: midnight(2027, 1, 1) });
  });
  it('is the usual one where the address makes no sense', () => {
    expect(periodOf('odd')).toBe('90');
  });
});

it('there is no share of nothing', () => {
  expect(shareOf(0, 0)).toBeNull();
  expect(shareOf(1, 4)).toBe(0.25);
});
