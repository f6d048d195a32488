import { expect, test } from 'vitest';
import { calendarContent, dayHours, daysIn, isDate, isDay } from './calendar.ts';

const day = { type: 'off' };
const exception = (part: object) => ({
  kind: 'exception',
  name: 'x',
  period: { from: '2027-02-05', to: '2027-02-11' },
  unitIds: [],
  kinds: [],
  day,
  ...part,
});
const empty = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
const morning = { fromMinutes: 450, toMinutes: 720 };
const schedule = (part: object) => ({
  kind: 'schedule',
  name: 'x',
  period: null,
  unitIds: [],
  kinds: [],
  week: { ...empty, mon: [morning] },
  ...part,
});

test.each([
  ['an exception', exception({})],
  ['of every year, over the new year', exception({ period: { from: '12-31', to: '01-02' } })],
  ['of 29 February', exception({ period: { from: '02-29', to: '02-29' } })],
  ['a schedule that always holds', schedule({})],
  ['no grace at all', { kind: 'grace', unitIds: [], kinds: [], minutes: 0 }],
])('what a calendar may hold: %s', (_, content) => {
  expect(calendarContent.safeParse(content).success).toBe(true);
});

test.each([
  ['a day that does not exist', exception({ period: { from: '2027-02-29', to: '2027-02-29' } })],
  ['an end before the start', exception({ period: { from: '2027-02-05', to: '2027-02-04' } })],
  ['dates of two forms', exception({ period: { from: '2027-02-05', to: '02-06' } })],
  ['a year far away', exception({ period: { from: '9999-01-01', to: '9999-01-01' } })],
  ['more than a year of exception', exception({ period: { from: '2027-01-01', to: '2028-01-02' } })],
  ['an exception without dates', exception({ period: null })],
  ['a name of two lines', exception({ name: 'a\nb' })],
  ['no name', exception({ name: ' ' })],
  ['hours of none', exception({ day: { type: 'hours', hours: [] } })],
  [
    'hours that end before they begin',
    exception({ day: { type: 'hours', hours: [{ fromMinutes: 720, toMinutes: 450 }] } }),
  ],
  ['hours that overlap', schedule({ week: { ...empty, mon: [morning, { fromMinutes: 700, toMinutes: 900 }] } })],
  ['hours beyond midnight', schedule({ week: { ...empty, mon: [{ fromMinutes: 1400, toMinutes: 1441 }] } })],
  ['a week without any hours', schedule({ week: empty })],
  ['a week that leaves a day out', schedule({ week: { mon: [morning] } })],
  ['a grace of hours', { kind: 'grace', unitIds: [], kinds: [], minutes: 121 }],
  ['hundreds of units', exception({ unitIds: Array.from({ length: 201 }, (_, i) => `u${i}`) })],
  ['a unit that is no id', exception({ unitIds: ['../x'] })],
  ['an unknown kind', { kind: 'note', unitIds: [], kinds: [] }],
])('what is refused at the door: %s', (_, content) => {
  expect(calendarContent.safeParse(content).success).toBe(false);
});

test('hours may touch, and a date is one that exists', () => {
  expect(dayHours.safeParse([morning, { fromMinutes: 720, toMinutes: 1440 }]).success).toBe(true);
  expect(['2028-02-29', '2027-02-29', '1999-12-31', '2027-2-1', '2027-13-01'].map(isDate)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(['02-29', '02-30', '2-1', '2027-02-01'].map(isDay)).toEqual([true, false, false, false]);
});

test('a period has its first and its last day', () => {
  expect(daysIn({ from: '2027-02-05', to: '2027-02-11' })).toBe(7);
  expect(daysIn({ from: '12-31', to: '01-02' })).toBe(3);
  expect(daysIn({ from: '01-01', to: '12-31' })).toBe(366);
});
