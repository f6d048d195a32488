import { describe, expect, it } from 'vitest';
import { expectedFrame, frameAgeMs, frameCount } from './loop-clock.ts';

describe('the clock of the loop', () => {
  it('begins a frame every 40 ms and starts again after the loop', () => {
    expect(frameCount(39.9)).toBe(0);
    expect(frameCount(40)).toBe(1);
    expect(expectedFrame(59_999)).toBe(1499);
    expect(expectedFrame(60_000)).toBe(0);
    expect(expectedFrame(4_000, 100)).toBe(0);
  });

  it('dates a frame back to when it began, over the seam of the loop too', () => {
    expect(frameAgeMs(0, 0)).toBe(0);
    expect(frameAgeMs(25, 1_330)).toBe(330);
    expect(frameAgeMs(1499, 60_010)).toBe(50);
  });
});
