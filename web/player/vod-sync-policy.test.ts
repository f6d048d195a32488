import { describe, expect, it } from 'vitest';
import { correction, MasterClock, modeOf } from './vod-sync-policy.ts';

describe('a player that is out of step', () => {
  it.each([
    ['is left alone within what nobody sees', 10, 1, { kind: 'speed', factor: 1 }],
    ['ahead plays slower', 50, 1, { kind: 'speed', factor: 0.9 }],
    ['behind plays faster', -50, 1, { kind: 'speed', factor: 1.1 }],
    ['by a quarter of a second is corrected by no more than a fifth', -250, 1, { kind: 'speed', factor: 1.2 }],
    ['by more than 300 ms seeks', -301, 1, { kind: 'seek' }],
    ['ahead by more than 300 ms seeks too', 301, 1, { kind: 'seek' }],
    ['at four times the speed has four times the room', -1_000, 4, { kind: 'speed', factor: 1.2 }],
    ['has leapt over a gap and waits', 1_501, 1, { kind: 'wait' }],
  ] as const)('%s', (_rule, ahead, rate, expected) => {
    expect(correction(ahead, rate)).toEqual(expected);
  });
});

it.each([
  [1, 'video'],
  [4, 'video'],
  [8, 'pictures'],
  [-1, 'seeks'],
  [-16, 'pictures'],
] as const)('speed %d is shown as %s', (rate, mode) => {
  expect(modeOf(rate)).toBe(mode);
});

it('the clock runs at its speed from where it was set, and stands when it is stopped', () => {
  const clock = new MasterClock();
  clock.set(1_000, 0);
  expect(clock.at(500)).toBe(1_000);
  clock.run(2, 500);
  expect(clock.at(600)).toBe(1_200);
  clock.run(-1, 600);
  expect(clock.at(700)).toBe(1_100);
  clock.stop(700);
  expect(clock.at(9_000)).toBe(1_100);
});
