import { describe, expect, it, vi } from 'vitest';
import { betterOffset, readServerClock, serverNow } from './server-clock.ts';

const reading = (serverMs: number, askedAtMs: number, answeredAtMs: number) => ({ serverMs, askedAtMs, answeredAtMs });

describe('the offset to the server’s clock', () => {
  it('takes the moment in the middle between question and answer', () => {
    expect(betterOffset(null, reading(10_050, 0, 100))).toEqual({ offsetMs: 10_000, errorMs: 50, takenAtMs: 100 });
  });

  it('keeps a quick answer against a slow one', () => {
    const quick = betterOffset(null, reading(10_005, 0, 10));
    expect(betterOffset(quick, reading(10_900, 500, 1_500))).toBe(quick);
  });

  it('takes a newer one once what was known may have drifted further than that', () => {
    const quick = betterOffset(null, reading(10_005, 0, 10));
    expect(betterOffset(quick, reading(10_000 + 600_050, 600_000, 600_100)).takenAtMs).toBe(600_100);
  });

  it('follows a clock that was set, however slow the answer', () => {
    const before = betterOffset(null, reading(10_005, 0, 10));
    expect(betterOffset(before, reading(3_610_500, 500, 1_500)).offsetMs).toBe(3_609_500);
  });
});

it('serverNow shows the clock of the server, not that of a viewer whose clock is wrong', () => {
  vi.useFakeTimers({ now: 5_000 });
  expect(serverNow()).toBe(5_000);
  readServerClock('nonsense', 0, 0);
  readServerClock(null, 0, 0);
  expect(serverNow()).toBe(5_000);
  const at = performance.now();
  readServerClock('1800000000000', at, at);
  expect(serverNow()).toBe(1_800_000_000_000);
  vi.advanceTimersByTime(1_500);
  vi.setSystemTime(1);
  expect(serverNow()).toBe(1_800_000_001_500);
  vi.useRealTimers();
});
