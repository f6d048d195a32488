import { expect, test } from 'vitest';
import {
  formatCalendarDate,
  formatHours,
  formatPeriod,
  parseCalendarDate,
  parseHours,
  shiftDate,
  touchesYear,
  weeksOf,
} from './calendar-text.ts';

test.each([
  ['7:30-12:00, 13:00-16:30', '07:30–12:00, 13:00–16:30'],
  ['7h – 11h30; 13h30–17h', '07:00–11:30, 13:30–17:00'],
  ['8-11', '08:00–11:00'],
  ['', ''],
])('hours are read as people write them: %s', (text, shown) => {
  const hours = parseHours(text);
  expect(hours && formatHours(hours)).toBe(shown);
  expect(parseHours(shown)).toEqual(hours);
});

test.each(['x', '7:30', '12:00-7:30', '7:30-12:00, 11:00-16:00', '7:60-8:00', '7:00-25:00', '9:00-9:00'])(
  'what are no hours of a day is not taken: %s',
  (text) => expect(parseHours(text)).toBeNull(),
);

test.each([
  ['30/4/2026', '2026-04-30'],
  ['30/04', '04-30'],
  ['29.2.2028', '2028-02-29'],
  ['29/2', '02-29'],
  ['29/2/2026', null],
  ['31/4', null],
  ['4/30/2026', null],
  ['hôm nay', null],
])('dates are read with the day first: %s', (text, iso) => {
  expect(parseCalendarDate(text)).toBe(iso);
  if (iso !== null) expect(parseCalendarDate(formatCalendarDate(iso))).toBe(iso);
});

test('a period of one day is that day, and touches its years', () => {
  expect(formatPeriod({ from: '09-02', to: '09-02' })).toBe('02/09');
  expect(formatPeriod({ from: '2026-12-31', to: '2027-01-03' })).toBe('31/12/2026 – 03/01/2027');
  const touched = [2025, 2026, 2027, 2028].filter((year) =>
    touchesYear({ from: '2026-12-31', to: '2027-01-03' }, year),
  );
  expect(touched).toEqual([2026, 2027]);
});

test('a month is whole weeks from Monday on', () => {
  const weeks = weeksOf(2026, 11);
  expect(weeks).toHaveLength(6);
  expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01']);
  expect(weeks[5]?.[0]).toBe('2026-11-30');
  expect(weeksOf(2027, 2)).toHaveLength(4);
  expect(shiftDate('2026-12-31', 1)).toBe('2027-01-01');
});
