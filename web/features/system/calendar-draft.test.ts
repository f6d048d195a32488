import { expect, test } from 'vitest';
import type { CalendarContent } from '../../../server/contracts/calendar.ts';
import { draftOf, readDraft } from './calendar-draft.ts';

const whom = { unitIds: ['hong-ha'], kinds: ['ward' as const] };
const hours = [
  { fromMinutes: 450, toMinutes: 720 },
  { fromMinutes: 780, toMinutes: 990 },
];
const period = { from: '2027-02-05', to: '2027-02-11' };
const one = { from: '09-02', to: '09-02' };
const week = { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours.slice(0, 1), sun: [] };

const contents: CalendarContent[] = [
  { kind: 'exception', name: 'Tết', period, ...whom, day: { type: 'off' } },
  { kind: 'exception', name: 'Sáng', period: one, ...whom, day: { type: 'half', half: 'afternoon' } },
  { kind: 'exception', name: 'Bù', period, ...whom, day: { type: 'swap', like: 'tue' } },
  { kind: 'exception', name: 'Riêng', period, ...whom, day: { type: 'hours', hours } },
  { kind: 'schedule', name: 'Mùa đông', period: { from: '10-16', to: '04-15' }, ...whom, week },
  { kind: 'schedule', name: 'Quanh năm', period: null, unitIds: [], kinds: [], week },
  { kind: 'grace', ...whom, minutes: 0 },
];

test.each(contents)('a row that is opened and saved stays as it is: $kind $name', (content) => {
  expect(readDraft(content.kind, draftOf(content))).toEqual({ content, wrong: null });
});

test('a day that was pressed is a day off of that date, for all units', () => {
  const draft = { ...draftOf(undefined, '2026-12-24'), name: ' Nghỉ ' };
  expect(readDraft('exception', draft).content).toEqual({
    kind: 'exception',
    name: 'Nghỉ',
    period: { from: '2026-12-24', to: '2026-12-24' },
    unitIds: [],
    kinds: [],
    day: { type: 'off' },
  });
});

const wrong = (kind: CalendarContent['kind'], part: object) => [
  ...(readDraft(kind, { ...draftOf(contents[0]), ...part }).wrong ?? []),
];

test.each([
  ['no name', 'exception', { name: ' ' }, ['name']],
  ['no date', 'exception', { from: '' }, ['from']],
  ['no such date', 'exception', { from: '31/2/2027' }, ['from']],
  ['dates of two forms', 'exception', { to: '11/02' }, ['to']],
  ['an end before the start', 'exception', { to: '04/02/2027' }, ['to']],
  ['years of exception', 'exception', { to: '05/02/2029' }, ['to']],
  ['hours that are none', 'exception', { type: 'hours', hours: 'sáng' }, ['hours']],
  ['hours left empty', 'exception', { type: 'hours', hours: '' }, ['hours']],
  ['an end without a start', 'schedule', { from: '' }, ['from']],
  ['hours of a day that are none', 'schedule', { week: { ...draftOf(undefined).week, tue: '9-8' } }, ['week.tue']],
  ['no grace', 'grace', { minutes: '' }, ['minutes']],
  ['hours of grace', 'grace', { minutes: '121' }, ['minutes']],
] as const)('what is wrong is told by its field: %s', (_, kind, part, fields) => {
  expect(wrong(kind, part)).toEqual(fields);
});

test('a week without hours is told', () => {
  const empty = { mon: '', tue: '', wed: '', thu: '', fri: '', sat: '', sun: ' ' };
  expect(wrong('schedule', { week: empty })).toEqual(['week']);
});
