import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS, parseDateTime } from '../../components/time.ts';
import { knownAround, merge, piecesOf } from './tracks-policy.ts';

const day = parseDateTime('24/11/2026', 0) ?? 0;

describe('what is asked for', () => {
  it('whole days, and of today only the edge grows', () => {
    const now = day + 600 * MINUTE_MS + 1;
    expect(piecesOf({ fromMs: day - DAY_MS + 5, toMs: day + 1 }, now)).toEqual([
      { fromMs: day - DAY_MS, toMs: day, grows: false },
      { fromMs: day, toMs: day + 590 * MINUTE_MS, grows: false },
      { fromMs: day + 590 * MINUTE_MS, toMs: day + DAY_MS, grows: true },
    ]);
  });

  it('just after midnight the edge of yesterday still grows, and the future is not asked for', () => {
    const pieces = piecesOf({ fromMs: day - 1, toMs: day + 3 * DAY_MS }, day + 1);
    expect(pieces.map((piece) => [piece.fromMs - day, piece.grows])).toEqual([
      [-DAY_MS, false],
      [-10 * MINUTE_MS, true],
      [0, true],
    ]);
  });

  it('a month is thirty questions that need no second asking', () => {
    const pieces = piecesOf({ fromMs: day - 40 * DAY_MS, toMs: day - 10 * DAY_MS }, day);
    expect(pieces).toHaveLength(30);
    expect(pieces.some((piece) => piece.grows)).toBe(false);
  });
});

it('what was cut at a border is whole again', () => {
  const part = (recorded: [number, number][], from: number, to: number) => ({
    stream: 'main' as const,
    recorded,
    gaps: [{ from, to, reason: 'network' as const }],
    incidents: [{ id: 'a', fromMs: 1, toMs: 2, atMs: 1, severity: 1 as const, category: 'VT01' }],
  });
  const whole = merge([part([[0, 50]], 50, 100), undefined, part([[150, 200]], 100, 150)]);
  expect(whole?.recorded).toEqual([
    [0, 50],
    [150, 200],
  ]);
  expect(whole?.gaps).toEqual([{ from: 50, to: 150, reason: 'network' }]);
  expect(whole?.incidents).toHaveLength(1);
  expect(merge([part([[0, 100]], 300, 301), part([[100, 200]], 400, 401)])?.recorded).toEqual([[0, 200]]);
});

it('of a day whose answer has not come nothing is known, however much is known of others', () => {
  const pieces = piecesOf({ fromMs: day - 4 * DAY_MS, toMs: day - DAY_MS }, day + DAY_MS);
  const answer = { stream: 'main' as const, recorded: [], gaps: [], incidents: [] };
  const parts = [answer, undefined, answer];
  expect(knownAround(pieces, parts, day - 4 * DAY_MS)).toEqual({ fromMs: day - 4 * DAY_MS, toMs: day - 3 * DAY_MS });
  expect(knownAround(pieces, parts, day - 3 * DAY_MS)).toBeNull();
  expect(knownAround(pieces, [answer, answer, answer], day - 2 * DAY_MS)?.fromMs).toBe(day - 4 * DAY_MS);
  expect(knownAround(pieces, parts, day)).toBeNull();
});
