import { expect, test } from 'vitest';
import { at } from '../../test/support/supervision.ts';
import {
  addWorkingDays,
  createCalendar,
  isWorking,
  workingDaysBetween,
  workingDaysLeft,
  workingStretches,
} from './calendar.ts';
import { calendarFile, type UnitsFile } from './city-schema.ts';

const units: UnitsFile['units'] = [
  { id: 'centre', name: 'Trung tâm', kind: 'centre', desks: [] },
  { id: 'ward', name: 'Phường', kind: 'ward', desks: [] },
];
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'];
const winter = ['07:30-12:00', '13:00-16:30'];
const summer = ['07:00-11:30', '13:30-17:00'];

const calendar = createCalendar(
  calendarFile.parse({
    graceMinutes: 10,
    schedules: [
      { name: 'winter', from: '10-16', to: '04-15', week: [{ days: weekdays, hours: winter }] },
      { name: 'summer', from: '04-16', to: '10-15', week: [{ days: weekdays, hours: summer }] },
      {
        name: 'winter with Saturday',
        from: '10-16',
        to: '04-15',
        kinds: ['centre'],
        week: [
          { days: weekdays, hours: winter },
          { days: ['sat'], hours: ['07:30-11:30'] },
        ],
      },
      {
        name: 'a fair in one week',
        from: '2026-12-07',
        to: '2026-12-11',
        units: ['ward'],
        week: [{ days: weekdays, hours: ['08:00-20:00'] }],
      },
    ],
    exceptions: [
      { name: 'New Year', date: '01-01', hours: [] },
      { name: 'Tết', date: '2027-02-04', until: '2027-02-10', hours: [] },
      { name: 'swap Saturday, worked like a Friday', date: '2026-12-19', like: 'fri' },
      { name: 'and the Friday after is off', date: '2026-12-25', hours: [] },
      { name: 'half day', date: '2026-12-31', hours: ['07:30-12:00'] },
      { name: 'staff meeting of the ward', date: '2026-12-03', units: ['ward'], hours: ['13:00-16:30'] },
    ],
  }),
  units,
);

/** Hours of one local date, as a person reads them. */
function hours(unitId: string | null, date: string): string[] {
  const time = (ms: number) => new Date(ms + 7 * 3_600_000).toISOString().slice(11, 16);
  return workingStretches(calendar, unitId, at(`${date} 00:00`), at(`${date} 00:00`) + 86_400_000).map(
    (s) => `${time(s.fromMs)}-${time(s.toMs)}`,
  );
}

test('each season has its own hours, from its first day to its last, also over the new year', () => {
  expect(hours('ward', '2026-10-15')).toEqual(summer);
  expect(hours('ward', '2026-10-16')).toEqual(winter);
  expect(hours('ward', '2027-01-04')).toEqual(winter);
  expect(hours('ward', '2027-04-15')).toEqual(winter);
  expect(hours('ward', '2027-04-16')).toEqual(summer);
});

test('a row for a kind of unit or for named units holds for those alone, and over the rows above it', () => {
  expect(hours('centre', '2026-11-28')).toEqual(['07:30-11:30']);
  expect(hours('ward', '2026-11-28')).toEqual([]);
  expect(hours(null, '2026-11-28')).toEqual([]);
  expect(hours('ward', '2026-12-08')).toEqual(['08:00-20:00']);
  expect(hours('centre', '2026-12-08')).toEqual(winter);
  expect(hours('ward', '2026-12-14')).toEqual(winter);
});

test('holidays, runs of holidays, half days and an exception of one unit', () => {
  expect(hours('ward', '2027-01-01')).toEqual([]);
  expect(hours('ward', '2029-01-01')).toEqual([]);
  expect(hours('ward', '2027-02-04')).toEqual([]);
  expect(hours('ward', '2027-02-10')).toEqual([]);
  expect(hours('ward', '2027-02-11')).toEqual(winter);
  expect(hours('ward', '2026-12-31')).toEqual(['07:30-12:00']);
  expect(hours('ward', '2026-12-03')).toEqual(['13:00-16:30']);
  expect(hours('centre', '2026-12-03')).toEqual(winter);
});

test('a swap day is worked like the day that it stands for, also where that day of the week is free', () => {
  expect(hours('ward', '2026-12-19')).toEqual(winter);
  expect(hours('ward', '2026-12-25')).toEqual([]);
});

test('stretches are cut to the asked range and sorted over several days', () => {
  const stretches = workingStretches(calendar, 'ward', at('2026-11-23 10:00'), at('2026-11-24 08:00'));
  expect(stretches).toEqual([
    { fromMs: at('2026-11-23 10:00'), toMs: at('2026-11-23 12:00') },
    { fromMs: at('2026-11-23 13:00'), toMs: at('2026-11-23 16:30') },
    { fromMs: at('2026-11-24 07:30'), toMs: at('2026-11-24 08:00') },
  ]);
  expect(workingStretches(calendar, 'ward', at('2026-11-24 12:00'), at('2026-11-24 13:00'))).toEqual([]);
});

test('work begins with its first moment and has ended at its last', () => {
  expect(isWorking(calendar, 'ward', at('2026-11-24 07:30') - 1)).toBe(false);
  expect(isWorking(calendar, 'ward', at('2026-11-24 07:30'))).toBe(true);
  expect(isWorking(calendar, 'ward', at('2026-11-24 12:00'))).toBe(false);
  expect(isWorking(calendar, 'ward', at('2026-11-24 16:30') - 1)).toBe(true);
  expect(isWorking(calendar, 'ward', at('2026-11-22 09:00'))).toBe(false);
});

test.each([
  ['from a working day, the day itself does not count', 'ward', '2026-11-24 09:30', 2, '2026-11-26 16:30'],
  ['late in the evening is still that day', 'ward', '2026-11-24 23:59', 2, '2026-11-26 16:30'],
  ['just after midnight is the next', 'ward', '2026-11-25 00:00', 2, '2026-11-27 16:30'],
  ['over a weekend', 'ward', '2026-11-26 09:00', 2, '2026-11-30 16:30'],
  ['over a Saturday that is worked', 'centre', '2026-11-26 09:00', 2, '2026-11-28 11:30'],
  ['the city’s own offices rest on Saturday', null, '2026-11-26 09:00', 2, '2026-11-30 16:30'],
  ['over a swap Saturday', 'ward', '2026-12-17 09:00', 2, '2026-12-19 16:30'],
  ['over the day off in its place', 'ward', '2026-12-24 09:00', 1, '2026-12-28 16:30'],
  ['ending on a half day', 'ward', '2026-12-29 09:00', 2, '2026-12-31 12:00'],
  ['over the new year', 'ward', '2026-12-31 09:00', 1, '2027-01-04 16:30'],
  ['over Tết', 'ward', '2027-02-02 09:00', 2, '2027-02-11 16:30'],
  ['into summer hours', 'ward', '2027-04-14 09:00', 2, '2027-04-16 17:00'],
  ['no day at all is the end of that day', 'ward', '2026-11-24 09:30', 0, '2026-11-24 16:30'],
  ['or of the next working day', 'ward', '2026-11-28 09:30', 0, '2026-11-30 16:30'],
])('a term ends with its last working day: %s', (_, unitId, from, days, due) => {
  expect(addWorkingDays(calendar, unitId, at(from), days)).toBe(at(due));
});

test('working days between two moments are counted without the first day and with the last', () => {
  expect(workingDaysBetween(calendar, 'ward', at('2026-11-24 09:00'), at('2026-11-24 16:00'))).toBe(0);
  expect(workingDaysBetween(calendar, 'ward', at('2026-11-24 16:00'), at('2026-11-25 08:00'))).toBe(1);
  expect(workingDaysBetween(calendar, 'ward', at('2026-11-27 09:00'), at('2026-11-29 09:00'))).toBe(0);
  expect(workingDaysBetween(calendar, 'ward', at('2026-11-20 09:00'), at('2026-12-01 09:00'))).toBe(7);
  expect(workingDaysBetween(calendar, 'ward', at('2026-12-01 09:00'), at('2026-11-20 09:00'))).toBe(-7);
});

test('days left reach 0 on the last day and are negative from the end of the term on', () => {
  const due = at('2026-11-26 16:30');
  const left = (now: string) => workingDaysLeft(calendar, null, at(now), due);
  expect(left('2026-11-24 09:30')).toBe(2);
  expect(left('2026-11-25 23:00')).toBe(1);
  expect(left('2026-11-26 08:00')).toBe(0);
  expect(left('2026-11-26 16:30')).toBe(0);
  expect(left('2026-11-26 16:31')).toBe(-1);
  expect(left('2026-11-27 08:00')).toBe(-1);
  expect(left('2026-11-29 08:00')).toBe(-1);
  expect(left('2026-11-30 08:00')).toBe(-2);
});

test('the grace is told in ms', () => {
  expect(calendar.graceMs('ward')).toBe(600_000);
});
