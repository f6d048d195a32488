import { describe, expect, it } from 'vitest';
import {
  dateOf,
  extentOf,
  gapBetween,
  landing,
  landingBackward,
  landingWithin,
  mediaTimeOf,
  shuttle,
  windowFor,
} from './vod-policy.ts';

const recorded = [
  [1_000, 60_000],
  [60_400, 100_000],
  [400_000, 500_000],
] as const;

describe('where playing begins', () => {
  it.each([
    ['inside a recorded stretch: there', 30_000, { atMs: 30_000, crossed: null }],
    ['in the seam between two files: at the next file, and nothing is said', 60_100, { atMs: 60_400, crossed: null }],
    [
      'in a gap: at the next stretch, and the whole gap is named',
      200_000,
      { atMs: 400_000, crossed: { fromMs: 100_000, toMs: 400_000 } },
    ],
    ['just before the first stretch', 500, { atMs: 1_000, crossed: null }],
    ['after the last stretch: nowhere', 500_000, null],
  ])('%s', (_rule, atMs, expected) => {
    expect(landing(recorded, atMs)).toEqual(expected);
  });

  it('long before the first stretch leaps to it', () => {
    expect(landing([[50_000, 60_000]], 10_000)).toEqual({ atMs: 50_000, crossed: { fromMs: 10_000, toMs: 50_000 } });
  });

  it('backwards lands at the end of what lies before', () => {
    expect(landingBackward(recorded, 200_000)).toBe(99_999);
    expect(landingBackward(recorded, 30_000)).toBe(30_000);
    expect(landingBackward(recorded, 500)).toBeNull();
  });

  it('asks for an hour ahead, never for the future', () => {
    expect(windowFor(10_000_000, 99_000_000)).toEqual({ fromMs: 9_880_000, toMs: 13_600_000 });
    expect(windowFor(10_000_000, 10_060_000).toMs).toBe(10_060_000);
    expect(windowFor(10_000_000, 9_000_000).toMs).toBe(10_001_000);
  });
});

describe('where playing begins by what is known', () => {
  const known = { fromMs: 0, toMs: 1_000_000 };
  it.each([
    ['a day that is not known yet is taken at its word', 2_000_000, 9_000_000, { atMs: 2_000_000, crossed: null }],
    ['the last minutes too', 600_000, 601_000, { atMs: 600_000, crossed: null }],
    ['what comes after the known time may hold more', 600_000, 9_000_000, { atMs: 600_000, crossed: null }],
    ['in a known gap: behind it', 200_000, 9_000_000, { atMs: 400_000, crossed: { fromMs: 100_000, toMs: 400_000 } }],
    ['after the last footage of all: nowhere', 600_000, 900_000, null],
  ])('%s', (_rule, atMs, nowMs, expected) => {
    expect(landingWithin(recorded, known, atMs, nowMs)).toEqual(expected);
  });
});

describe('media time and the time of day', () => {
  const segments = [
    { startS: 0, durationS: 2, dateMs: 100_000 },
    { startS: 2, durationS: 2, dateMs: 102_000 },
    { startS: 4, durationS: 2, dateMs: 400_000 },
  ];

  it('agree in both directions', () => {
    expect(mediaTimeOf(segments, 103_500)).toBe(3.5);
    expect(dateOf(segments, 3.5)).toBe(103_500);
    expect(mediaTimeOf(segments, 401_000)).toBe(5);
    expect(dateOf(segments, 5)).toBe(401_000);
  });

  it('a moment in a gap is the start of what follows', () => {
    expect(mediaTimeOf(segments, 200_000)).toBe(4);
  });

  it('a moment after the end is not there', () => {
    expect(mediaTimeOf(segments, 402_000)).toBeNull();
    expect(dateOf([], 1)).toBeNull();
  });

  it('the extent is from the first to the end of the last', () => {
    expect(extentOf(segments)).toEqual({ fromMs: 100_000, toMs: 402_000 });
    expect(extentOf([])).toBeNull();
  });

  it('a leap of the date that playing does not explain is a gap', () => {
    expect(gapBetween(103_900, 400_100, 200)).toEqual({ fromMs: 103_900, toMs: 400_100 });
    expect(gapBetween(103_900, 104_400, 500)).toBeNull();
    expect(gapBetween(100_000, 108_000, 8_000)).toBeNull();
  });
});

describe('J K L', () => {
  it.each([
    ['l', 0, 1],
    ['l', 1, 2],
    ['l', 16, 16],
    ['l', -4, 1],
    ['j', 1, -1],
    ['j', -2, -4],
    ['k', 8, 0],
    ['l', 0.5, 1],
  ] as const)('%s at %d gives %d', (key, rate, expected) => {
    expect(shuttle(key, rate)).toBe(expected);
  });
});
