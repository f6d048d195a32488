import { describe, expect, it } from 'vitest';
import { driftCorrection, MediaClock } from './media-clock.ts';

const second = 90_000;

describe('the media clock', () => {
  it('begins so that the first fragment ends when it arrived', () => {
    const clock = new MediaClock(second, 1000, second / 5, 10_000, 0);
    expect(clock.at(1000)).toBe(9800);
    expect(clock.at(1000 + second)).toBe(10_800);
  });

  it('never begins before the end of what is recorded', () => {
    const clock = new MediaClock(second, 0, second, 10_000, 9_900);
    expect(clock.at(0)).toBe(9_900);
    expect(new MediaClock(second, 0, second, 10_000, 3_610_000).state).toBe('ahead');
  });

  it('keeps the durations of the camera, whatever the network does', () => {
    const clock = new MediaClock(second, 0, second / 5, 10_000, 0);
    clock.observe(second, 11_300);
    expect(clock.at(second) - clock.at(0)).toBe(1000);
  });

  it('takes up drift at the end of a file, but only the part that is no delay of the network', () => {
    const clock = new MediaClock(second, 0, second, 1000, 0);
    for (let i = 1; i <= 60; i += 1) clock.observe(i * second, i * 1000 + 20 + (i % 3) * 200);
    expect(clock.turn(60 * second)).toBe(60_020);
    expect(clock.at(60 * second)).toBe(60_020);
  });

  it('moves a file by no more than its bound, and never backwards', () => {
    expect(driftCorrection(400, 60_000)).toBe(300);
    expect(driftCorrection(-400, 60_000)).toBe(-300);
    expect(driftCorrection(-4000, 60_000)).toBe(-3000);
    expect(driftCorrection(-3_600_000, 60_000)).toBe(-3000);
  });
});
