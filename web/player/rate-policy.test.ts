import { describe, expect, it } from 'vitest';
import { Hold, LowPoint, type RateFacts, rateVerdict } from './rate-policy.ts';

const at = (leastAheadS: number, more: Partial<RateFacts> = {}): RateFacts => ({
  leastAheadS,
  aheadS: leastAheadS + 0.2,
  lagMs: 600,
  ...more,
});

describe('rate controller', () => {
  it.each([
    ['the reserve is right', at(0.3), 1],
    ['within the dead band nothing moves', at(0.35), 1],
    ['a tenth of a second too much is played off gently', at(0.4), 1.05],
    ['a quarter of a second too much', at(0.55), 1.15],
    ['never faster than 1.25', at(2.5), 1.25],
    ['a thin reserve is left to grow by itself', at(0.2), 1],
    ['an almost empty one slows the picture a little', at(0.05), 0.95],
  ])('%s', (_rule, facts, rate) => {
    expect(rateVerdict(facts)).toEqual({ rate, jumpS: null });
  });

  it('holds less where the transport can', () => {
    const push = (leastAheadS: number) => rateVerdict(at(leastAheadS, { holdS: 0.1 })).rate;
    expect([0.02, 0.07, 0.1, 0.13, 0.2, 0.7].map(push)).toEqual([0.95, 1, 1, 1, 1.05, 1.25]);
  });

  it('jumps to the hold when more than 3 s lie ahead', () => {
    expect(rateVerdict(at(3.2))).toEqual({ rate: 1, jumpS: expect.closeTo(2.9, 5) });
  });

  it('jumps when the picture is more than 3 s behind the lens and there is something to jump over', () => {
    expect(rateVerdict(at(1.2, { lagMs: 3_400 })).jumpS).toBeCloseTo(0.9);
    expect(rateVerdict(at(0.4, { lagMs: 3_400 })).jumpS).toBeNull();
  });
});

describe('low point', () => {
  it('is the least of the last second', () => {
    const low = new LowPoint(1_000);
    expect(low.add(0, 0.2)).toBe(0.2);
    expect(low.add(500, 0.5)).toBe(0.2);
    expect(low.add(1_001, 0.4)).toBe(0.4);
    low.clear();
    expect(low.add(1_100, 0.9)).toBe(0.9);
  });
});

describe('hold', () => {
  it('grows with every wait, at most by 0.3 s, and comes back slowly', () => {
    const hold = new Hold(0.1);
    expect(hold.seconds(0)).toBeCloseTo(0.1);
    hold.waited(0);
    expect(hold.seconds(0)).toBeCloseTo(0.15);
    for (let i = 0; i < 20; i += 1) hold.waited(0);
    expect(hold.seconds(0)).toBeCloseTo(0.4);
    expect(hold.seconds(100_000)).toBeCloseTo(0.3);
    expect(hold.seconds(1_000_000)).toBeCloseTo(0.1);
  });
});
