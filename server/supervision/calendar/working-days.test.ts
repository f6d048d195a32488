import { describe, expect, test } from 'vitest';
import { at } from '../../../test/support/supervision.ts';
import type { CalendarContent, CalendarException, DayHours, ExceptionDay } from '../../contracts/calendar.ts';
import {
  addWorkingDays,
  Calendar,
  daysOfYear,
  isWorking,
  nextWorkingMoment,
  workingDaysLeft,
  workingStretches,
} from '../calendar.ts';
import { calendarAlarms, compileRules, uncoveredDay } from './rules.ts';

const units = [
  { id: 'centre', kind: 'centre' },
  { id: 'ward', kind: 'ward' },
  { id: 'commune', kind: 'commune' },
] as const;

const parse = (hours: string[]): DayHours =>
  hours.map((text) => {
    const [fromMinutes = 0, toMinutes = 0] = text.split('-').map((time) => {
      const [hour = 0, minute = 0] = time.split(':').map(Number);
      return hour * 60 + minute;
    });
    return { fromMinutes, toMinutes };
  });
const winter = ['07:30-12:00', '13:00-16:30'];
const summer = ['07:00-11:30', '13:30-17:00'];
const everybody = { unitIds: [], kinds: [] };

function schedule(
  name: string,
  period: { from: string; to: string } | null,
  weekdays: string[],
  saturday: string[] = [],
  whom: Pick<CalendarContent, 'unitIds' | 'kinds'> = everybody,
): CalendarContent {
  const day = parse(weekdays);
  const week = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: parse(saturday), sun: [] };
  return { kind: 'schedule', name, period, ...whom, week };
}

const exception = (
  name: string,
  from: string,
  to: string,
  day: ExceptionDay = { type: 'off' },
  whom: Pick<CalendarContent, 'unitIds' | 'kinds'> = everybody,
): CalendarException => ({ kind: 'exception', name, period: { from, to }, ...whom, day });

const winterDates = { from: '10-16', to: '04-15' };
const summerDates = { from: '04-16', to: '10-15' };
const centre: Pick<CalendarContent, 'unitIds' | 'kinds'> = { unitIds: [], kinds: ['centre'] };

const contents: CalendarContent[] = [
  { kind: 'grace', ...everybody, minutes: 10 },
  { kind: 'grace', unitIds: ['commune'], kinds: [], minutes: 30 },
  // The particular first: the order in which rows were entered does not tell.
  schedule('Centre, winter', winterDates, winter, ['07:30-11:30'], centre),
  schedule('Centre, summer', summerDates, summer, ['07:00-11:00'], centre),
  schedule('winter', winterDates, winter),
  schedule('summer', summerDates, summer),
  exception('New Year', '01-01', '01-01'),
  exception('Liberation Day', '04-30', '04-30'),
  exception('Labour Day', '05-01', '05-01'),
  exception('National Day', '09-02', '09-02'),
  exception('the day before National Day', '2026-09-01', '2026-09-01'),
  exception('Tết 2026', '2026-02-16', '2026-02-20'),
  exception('worked for Friday 2 January', '2026-01-10', '2026-01-10', { type: 'swap', like: 'fri' }),
  exception('off, worked on 10 January', '2026-01-02', '2026-01-02'),
  exception('the morning of New Year’s Eve', '12-31', '12-31', { type: 'half', half: 'morning' }),
  exception('an afternoon', '2026-03-04', '2026-03-04', { type: 'half', half: 'afternoon' }),
  exception('a Saturday afternoon', '2026-03-07', '2026-03-07', { type: 'half', half: 'afternoon' }),
  exception(
    'a fair',
    '2026-06-06',
    '2026-06-06',
    { type: 'hours', hours: parse(['08:00-20:00']) },
    { unitIds: ['ward'], kinds: [] },
  ),
  exception(
    'a ward on duty at Tết',
    '2026-02-18',
    '2026-02-18',
    { type: 'hours', hours: parse(['08:00-11:00']) },
    { unitIds: ['ward'], kinds: [] },
  ),
  exception('a flood in the summer', '2026-07-06', '2026-07-10'),
  exception('but work on one day of it', '2026-07-08', '2026-07-08', { type: 'swap', like: 'wed' }),
];
const rules = (rows: CalendarContent[]) =>
  compileRules(
    rows.map((content, i) => ({ id: `row-${i}`, content })),
    units,
  );
const calendar = new Calendar(rules(contents));

const clock = (ms: number) => new Date(ms + 7 * 3_600_000).toISOString().slice(11, 16);
const hours = (unitId: string | null, date: string) =>
  workingStretches(calendar, unitId, at(`${date} 00:00`), at(`${date} 00:00`) + 86_400_000).map(
    ({ fromMs, toMs }) => `${clock(fromMs)}-${clock(toMs)}`,
  );

test.each([
  ['the last day of winter', 'ward', '2026-04-15', winter],
  ['the first day of summer', 'ward', '2026-04-16', summer],
  ['the last day of summer', 'ward', '2026-10-15', summer],
  ['the first day of winter', 'ward', '2026-10-16', winter],
  ['30 April', 'ward', '2026-04-30', []],
  ['1 May', 'centre', '2026-05-01', []],
  ['2 September', 'ward', '2026-09-02', []],
  ['the day off beside it, that year alone', 'ward', '2026-09-01', []],
  ['and not the year after', 'ward', '2027-09-01', summer],
  ['Tết', 'ward', '2026-02-17', []],
  ['Tết of a unit on duty', 'ward', '2026-02-18', ['08:00-11:00']],
  ['a Saturday', 'ward', '2026-11-28', []],
  ['a Saturday of a unit that works on its mornings', 'centre', '2026-11-28', ['07:30-11:30']],
  ['a summer Saturday of it', 'centre', '2026-06-06', ['07:00-11:00']],
  ['the same Saturday of a unit with hours of its own', 'ward', '2026-06-06', ['08:00-20:00']],
  ['a swap Saturday', 'ward', '2026-01-10', winter],
  ['a swap Saturday of a unit that works on Saturdays', 'centre', '2026-01-10', winter],
  ['the day in its place', 'centre', '2026-01-02', []],
  ['a morning alone', 'ward', '2026-12-31', ['07:30-12:00']],
  ['an afternoon alone', 'ward', '2026-03-04', ['13:00-16:30']],
  ['an afternoon of a day that has a morning only', 'centre', '2026-03-07', []],
  ['in a longer exception', 'ward', '2026-07-07', []],
  ['a shorter exception within a longer one', 'ward', '2026-07-08', summer],
])('hours of a day: %s', (_, unitId, date, expected) => {
  expect(hours(unitId, date)).toEqual(expected);
});

test('the particular holds over the general, whatever was entered first and however long it is', () => {
  const at1 = { from: '2026-12-01', to: '2026-12-01' };
  const one = (name: string, period: { from: string; to: string }, whom: Pick<CalendarContent, 'unitIds' | 'kinds'>) =>
    exception(name, period.from, period.to, { type: 'off' }, whom);
  const named = { unitIds: ['ward'], kinds: [] };
  const kind: Pick<CalendarContent, 'unitIds' | 'kinds'> = { unitIds: [], kinds: ['ward'] };
  const yearly = { from: '12-01', to: '12-01' };
  const week = { from: '2026-11-30', to: '2026-12-06' };
  const holding = (...rows: CalendarContent[]) =>
    [rows, rows.toReversed()].map(
      (order) => daysOfYear(new Calendar(rules([...contents, ...order])), 'ward', 2026)[334]?.exception?.name,
    );
  expect(holding(one('named', week, named), one('kind', at1, kind))).toEqual(['named', 'named']);
  expect(holding(one('kind', yearly, kind), one('all', at1, everybody))).toEqual(['kind', 'kind']);
  expect(holding(one('once', week, everybody), one('yearly', yearly, everybody))).toEqual(['once', 'once']);
  expect(holding(one('short', at1, everybody), one('long', week, everybody))).toEqual(['short', 'short']);
  expect(holding(one('a', at1, everybody), one('b', at1, everybody))).toEqual(['b', 'a']);
});

test.each([
  ['over Tết', null, '2026-02-13 08:00', 2, '2026-02-24 16:30'],
  ['over Tết, of a unit on duty', 'ward', '2026-02-13 08:00', 2, '2026-02-23 16:30'],
  ['ending on a swap Saturday', null, '2026-01-08 09:00', 2, '2026-01-10 16:30'],
  ['over the day in its place', null, '2025-12-31 09:00', 1, '2026-01-05 16:30'],
  ['over 30 April and 1 May', null, '2026-04-29 09:00', 2, '2026-05-05 17:00'],
  ['over 2 September', null, '2026-08-31 09:00', 1, '2026-09-03 17:00'],
  ['into summer', null, '2026-04-14 09:00', 2, '2026-04-16 17:00'],
  ['into winter', null, '2026-10-14 09:00', 2, '2026-10-16 16:30'],
  ['ending on half a day, which counts', null, '2026-12-29 09:00', 2, '2026-12-31 12:00'],
  ['ending on a Saturday morning', 'centre', '2026-11-26 09:00', 2, '2026-11-28 11:30'],
  ['over the new year', null, '2026-12-30 09:00', 2, '2027-01-04 16:30'],
  ['into a year of which nothing is entered', null, '2027-02-04 09:00', 2, '2027-02-08 16:30'],
  ['far ahead', null, '2032-12-30 09:00', 1, '2032-12-31 12:00'],
])('a term of working days: %s', (_, unitId, from, days, due) => {
  expect(addWorkingDays(calendar, unitId, at(from), days)).toBe(at(due));
  expect(workingDaysLeft(calendar, unitId, at(from), at(due))).toBe(days);
  expect(workingDaysLeft(calendar, unitId, at(due) + 1, at(due))).toBe(-1);
});

test.each([
  ['the first moment', 'ward', '2026-11-24 07:30', true, false],
  ['within the grace', 'ward', '2026-11-24 07:39', true, false],
  ['when it is over', 'ward', '2026-11-24 07:40', true, true],
  ['after lunch, within the grace', 'ward', '2026-11-24 13:05', true, false],
  ['with a longer grace of the unit’s own', 'commune', '2026-11-24 07:45', true, false],
  ['the last moment does not belong to it', 'ward', '2026-11-24 12:00', false, false],
  ['at night', 'ward', '2026-11-24 03:00', false, false],
])('work and its grace: %s', (_, unitId, moment, working, late) => {
  expect(isWorking(calendar, unitId, at(moment))).toBe(working);
  expect(isWorking(calendar, unitId, at(moment), { afterGrace: true })).toBe(late);
});

test.each([
  ['now, while there is work', '2026-11-24 09:30', '2026-11-24 09:30'],
  ['after lunch', '2026-11-24 12:00', '2026-11-24 13:00'],
  ['the next morning', '2026-11-24 16:30', '2026-11-25 07:30'],
  ['after Tết', '2026-02-13 17:00', '2026-02-23 07:30'],
])('the next working moment: %s', (_, from, expected) => {
  expect(nextWorkingMoment(calendar, null, at(from))).toBe(at(expected));
});

test('a year is told day by day, with the cause of every day that is not as usual', () => {
  const days = daysOfYear(calendar, 'centre', 2026);
  expect(days).toHaveLength(365);
  const on = (date: string) => days.find((day) => day.date === date);
  expect(on('2026-04-30')).toMatchObject({ hours: [], exception: { name: 'Liberation Day', cause: 'off' } });
  expect(on('2026-01-10')).toMatchObject({ half: false, exception: { cause: 'swap' } });
  expect(on('2026-12-31')).toMatchObject({ half: true, exception: { cause: 'half' } });
  expect(on('2026-11-28')).toMatchObject({ half: true, exception: null });
  expect(on('2026-11-29')).toMatchObject({ hours: [], half: false, exception: null });
});

describe('what is not entered', () => {
  test('a day without a schedule for all units is found, 29 February too', () => {
    expect(uncoveredDay(contents)).toBeNull();
    const without = (from: string, to: string) => uncoveredDay([schedule('a', { from, to }, winter)]);
    expect(without('03-01', '02-28')).toBe('02-29');
    expect(without('01-02', '12-31')).toBe('01-01');
    expect(uncoveredDay([schedule('always', null, winter)])).toBeNull();
    expect(uncoveredDay([schedule('of one year', { from: '2026-01-01', to: '2026-12-31' }, winter)])).toBe('01-01');
    expect(uncoveredDay([schedule('of a kind', null, winter, [], centre)])).toBe('01-01');
    expect(uncoveredDay([schedule('without hours', null, [])])).toBe('01-01');
  });

  test('holidays of the year are asked for until October, then those of the next', () => {
    expect(calendarAlarms(contents, '2026-09-30')).toEqual([]);
    expect(calendarAlarms(contents, '2026-10-01')).toEqual([{ code: 'holidays_missing', year: 2027 }]);
    expect(calendarAlarms(contents, '2027-01-01')).toEqual([{ code: 'holidays_missing', year: 2027 }]);
    const over = exception('over the new year', '2026-12-30', '2027-01-03');
    expect(calendarAlarms([...contents, over], '2026-10-01')).toEqual([]);
  });
});
