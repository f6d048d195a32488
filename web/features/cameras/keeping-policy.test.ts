import { expect, test } from 'vitest';
import { DAY_MS, daysOf, losses } from './keeping-policy.ts';

const nowMs = 1_764_000_000_000;
const archive = {
  defaultRetentionDays: 30,
  streams: [
    { name: 'main' as const, oldestMs: nowMs - 25 * DAY_MS - 1 },
    { name: 'sub' as const, oldestMs: null },
  ],
};

test('what is entered is whole days within the bounds, or the city’s days', () => {
  expect(['', '0', '000', '7', '07', '7 ngày', '99999'].map(daysOf)).toEqual([null, null, null, 7, 7, 7, 3650]);
});

test('fewer days than the footage is old lose what is older, in whole days begun', () => {
  expect(losses({ main: null, sub: null }, { main: 7, sub: 7 }, archive, nowMs)).toEqual([
    { stream: 'main', days: 7, gone: { fromMs: nowMs - 25 * DAY_MS - 1, toMs: nowMs - 7 * DAY_MS, days: 19 } },
  ]);
  expect(losses({ main: 90 }, { main: null }, { ...archive, defaultRetentionDays: 20 }, nowMs)).toMatchObject([
    { days: 20, gone: { days: 6 } },
  ]);
});

test('more days, the same days, and fewer that reach back beyond the footage lose nothing', () => {
  for (const after of [{ main: 90 }, { main: null }, { main: 30 }, { main: 26 }]) {
    expect(losses({ main: null }, after, archive, nowMs)).toEqual([]);
  }
});

test('where it is not known what is kept, every number that may be smaller is asked about', () => {
  const unknown = (was: number | null, is: number | null) => losses({ main: was }, { main: is }, undefined, nowMs);
  expect(unknown(null, 7)).toEqual([{ stream: 'main', days: 7, gone: null }]);
  expect(unknown(90, null)).toEqual([{ stream: 'main', days: null, gone: null }]);
  expect([unknown(7, 90), unknown(7, 7)]).toEqual([[], []]);
});
