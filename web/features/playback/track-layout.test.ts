import { describe, expect, it } from 'vitest';
import { bars, eventMarks, eventsAt, gapBoxes, pins, stepGapEnd, stepIncident } from './track-layout.ts';

const span = { fromMs: 0, toMs: 1_000_000 };
const gap = (from: number, to: number) => ({ from, to, reason: 'network' as const });
const incident = (id: string, atMs: number, severity: 1 | 2 | 3) => ({
  id,
  fromMs: atMs - 1,
  toMs: atMs + 1,
  atMs,
  severity,
  category: 'TN01',
});

describe('recorded bars', () => {
  it('files that follow each other are one bar', () => {
    expect(
      bars(
        [
          [0, 60_000],
          [60_100, 120_000],
        ],
        span,
        1_000,
      ),
    ).toEqual([{ x: 0, width: 120 }]);
  });
  it('a gap that can be seen parts them', () => {
    expect(
      bars(
        [
          [0, 60_000],
          [70_000, 120_000],
        ],
        span,
        1_000,
      ),
    ).toEqual([
      { x: 0, width: 60 },
      { x: 70, width: 50 },
    ]);
  });
  it('is cut to what is in sight, and never thinner than a pixel', () => {
    expect(
      bars(
        [
          [-50_000, 100],
          [999_900, 2_000_000],
          [3_000_000, 4_000_000],
        ],
        span,
        1_000,
      ),
    ).toEqual([
      { x: 0, width: 1 },
      { x: 999.9, width: 1 },
    ]);
  });
});

describe('gaps', () => {
  const wordPx = () => 70;
  it.each([
    ['icon and word where they fit', gap(100_000, 200_000), 'word'],
    ['the icon alone where the word does not fit', gap(100_000, 160_000), 'icon'],
    ['only the hatch under 14 px', gap(100_000, 110_000), 'hatch'],
  ])('show %s', (_rule, each, show) => {
    expect(gapBoxes([each], span, 1_000, wordPx)[0]?.show).toBe(show);
  });
  it('out of sight are left out', () => {
    expect(gapBoxes([gap(-20, -10), gap(1_000_000, 2_000_000)], span, 1_000, wordPx)).toEqual([]);
  });
});

describe('pins', () => {
  it('that would cover each other become one with the shape of the gravest', () => {
    const found = pins([incident('b', 105_000, 3), incident('a', 100_000, 1), incident('c', 300_000, 2)], span, 1_000);
    expect(found.map(({ x, severity, incidents }) => [x, severity, incidents.map((i) => i.id)])).toEqual([
      [100, 3, ['a', 'b']],
      [300, 2, ['c']],
    ]);
  });

  it('next and previous leave the present one behind', () => {
    const all = [incident('a', 100_000, 1), incident('b', 200_000, 1)];
    expect(stepIncident(all, 100_200, 1)?.id).toBe('b');
    expect(stepIncident(all, 100_200, -1)).toBeNull();
    expect(stepIncident(all, 250_000, -1)?.id).toBe('b');
  });
});

it('the next gap end is where footage begins again, file seams left out', () => {
  const recorded = [
    [0, 60_000],
    [60_400, 100_000],
    [400_000, 500_000],
    [900_000, 990_000],
  ] as const;
  expect(stepGapEnd(recorded, 30_000, 1)).toBe(400_000);
  expect(stepGapEnd(recorded, 400_000, 1)).toBe(900_000);
  expect(stepGapEnd(recorded, 450_000, -1)).toBe(400_000);
  expect(stepGapEnd(recorded, 950_000, 1)).toBeNull();
});

it('a month of gaps is drawn as what can be told apart', () => {
  const month = Array.from({ length: 43_200 }, (_, i) => gap(i * 60_000, i * 60_000 + 5_000));
  const day = { fromMs: 20 * 86_400_000, toMs: 21 * 86_400_000 };
  expect(gapBoxes(month, day, 1_000, () => 70).length).toBeLessThanOrEqual(1_000);
});

describe('what a camera tells of itself', () => {
  const event = (fromMs: number, toMs: number | null) => ({
    id: `${fromMs}`,
    kind: 'motion' as const,
    fromMs,
    toMs,
    source: '',
  });
  const span = { fromMs: 0, toMs: 1_000 };

  it('is marked no thinner than can be seen, once where it would touch, and up to now while it goes on', () => {
    const events = [event(900, null), event(10, 10), event(12, 12), event(500, 600), event(-90, -80)];
    expect(eventMarks(events, span, 1_000, 950)).toEqual([
      { x: 10, width: 5 },
      { x: 500, width: 100 },
      { x: 900, width: 50 },
    ]);
  });

  it('is said where the pointer is on it, or nearly', () => {
    const events = [event(100, 100), event(500, null)];
    const at = (ms: number) => eventsAt(events, ms, 5, 950).map(({ id }) => id);
    expect([at(96), at(106), at(700), at(960)]).toEqual([['100'], [], ['500'], []]);
  });
});
