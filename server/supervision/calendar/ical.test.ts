import { describe, expect, test } from 'vitest';
import type { CalendarException } from '../../contracts/calendar.ts';
import { type ExportedRow, exportExceptions } from './ical-export.ts';
import { readEvents } from './ical-read.ts';
import { planImport } from './import-plan.ts';

const today = '2026-11-24';

const exception = (
  name: string,
  from: string,
  to: string,
  rest: Partial<CalendarException> = {},
): CalendarException => ({
  kind: 'exception',
  name,
  period: { from, to },
  unitIds: [],
  kinds: [],
  day: { type: 'off' },
  ...rest,
});

const every: CalendarException[] = [
  exception('Tết Nguyên đán', '2027-02-05', '2027-02-11'),
  exception('Quốc khánh', '09-02', '09-02'),
  exception('Nghỉ cuối năm, đầu năm; "dài"\\', '12-31', '01-02'),
  exception('Ngày nhuận', '02-29', '02-29'),
  exception('Làm bù thứ Sáu', '2026-12-19', '2026-12-19', { day: { type: 'swap', like: 'fri' } }),
  exception('Sáng 30 Tết', '2027-02-04', '2027-02-04', { day: { type: 'half', half: 'morning' } }),
  exception('Họp toàn thể', '2026-12-03', '2026-12-03', {
    unitIds: ['hong-ha', 'bai-chay'],
    kinds: ['centre'],
    day: {
      type: 'hours',
      hours: [
        { fromMinutes: 450, toMinutes: 720 },
        { fromMinutes: 780, toMinutes: 1440 },
      ],
    },
  }),
  exception(`${'Một tên rất dài có dấu '.repeat(6)}hết`, '2026-12-24', '2026-12-24', { kinds: ['ward', 'commune'] }),
];

const rows = (contents: readonly CalendarException[]): ExportedRow[] =>
  contents.map((content, i) => ({ id: `row-${i}`, version: 3, changedAtMs: 1_795_000_000_000, uid: null, content }));

const file = (...events: string[][]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Somebody//Holidays//EN',
    ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']),
    'END:VCALENDAR',
    '',
  ].join('\r\n');

const holiday = (...lines: string[]) => ['UID:a@x', 'SUMMARY:Nghỉ', 'DTSTART;VALUE=DATE:20270205', ...lines];
const one = (...lines: string[]) => readEvents(file(holiday(...lines)), today);

test('what is exported is read again as the very same rows', () => {
  const text = exportExceptions(rows(every), 'Thành phố');
  expect(readEvents(text, today).map(({ content }) => content)).toEqual(every);
  expect(readEvents(text, '2040-01-01').map(({ content }) => content)).toEqual(every);
});

test('an exported day as text', () => {
  expect(exportExceptions(rows(every).slice(4, 5), 'Thành phố').split('\r\n')).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Lien Thong//Working calendar//VI',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    'X-WR-CALNAME:Thành phố',
    'BEGIN:VEVENT',
    'UID:row-4@lienthong',
    'DTSTAMP:20261118T110640Z',
    'SEQUENCE:3',
    'DTSTART;VALUE=DATE:20261219',
    'DTEND;VALUE=DATE:20261220',
    'SUMMARY:Làm bù thứ Sáu',
    'CATEGORIES:SWAP-DAY',
    'TRANSP:TRANSPARENT',
    'X-LIENTHONG-LIKE:FR',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]);
});

test.each([
  ['one day without an end', [], ['2027-02-05', '2027-02-05']],
  ['the end is the day after', ['DTEND;VALUE=DATE:20270207'], ['2027-02-05', '2027-02-06']],
  ['an end on the day itself', ['DTEND;VALUE=DATE:20270205'], ['2027-02-05', '2027-02-05']],
  ['a duration in days', ['DURATION:P3D'], ['2027-02-05', '2027-02-07']],
  ['every year', ['RRULE:FREQ=YEARLY'], ['02-05', '02-05']],
  ['every year, the date said again', ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=5'], ['02-05', '02-05']],
])('an all-day event is a day off: %s', (_, lines, [from, to]) => {
  expect(one(...lines)).toEqual([
    { uid: 'a@x', title: 'Nghỉ', reason: null, content: exception('Nghỉ', String(from), String(to)) },
  ]);
});

test.each([
  ['of a few years', 'RRULE:FREQ=YEARLY;COUNT=3', ['2027-02-05', '2028-02-05', '2029-02-05']],
  ['until a date', 'RRULE:FREQ=WEEKLY;UNTIL=20270219', ['2027-02-05', '2027-02-12', '2027-02-19']],
  [
    'every second year, no further than five years ahead',
    'RRULE:FREQ=YEARLY;INTERVAL=2',
    ['2027-02-05', '2029-02-05', '2031-02-05'],
  ],
])('other repeats become a row each: %s', (_, rule, dates) => {
  const read = one(rule);
  expect(read.map(({ content }) => content?.period.from)).toEqual(dates);
  expect(read[0]?.uid).toBe('a@x#2027-02-05');
});

test.each([
  ['a cancelled event', ['STATUS:CANCELLED'], 'cancelled'],
  ['an end before the start', ['DTEND;VALUE=DATE:20270101'], 'end_before_start'],
  ['longer than a year', ['DTEND;VALUE=DATE:20290101'], 'too_long'],
  ['an end with a time', ['DTEND:20270206T100000Z'], 'broken'],
  ['a swap day that does not say like which day', ['CATEGORIES:Làm bù'], 'swap_weekday_missing'],
  ['half a day that does not say which', ['CATEGORIES:HALF-DAY'], 'not_an_exception'],
  ['hours that are none', ['X-LIENTHONG-HOURS:25:00-26:00'], 'broken'],
  ['hours that overlap', ['X-LIENTHONG-HOURS:07:00-12:00,11:00-16:00'], 'broken'],
  ['a unit that is no id', ['X-LIENTHONG-UNITS:../../etc'], 'broken'],
  ['each second', ['RRULE:FREQ=SECONDLY'], 'rule_unsupported'],
  ['a day that never comes', ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'], 'rule_unsupported'],
  ['the fifth of every month', ['RRULE:FREQ=YEARLY;BYMONTHDAY=5'], 'rule_unsupported'],
  ['a huge interval', ['RRULE:FREQ=DAILY;INTERVAL=2000000000'], 'rule_unsupported'],
  ['dates left out of a rule', ['RRULE:FREQ=YEARLY', 'EXDATE;VALUE=DATE:20280205'], 'rule_unsupported'],
  ['every day', ['RRULE:FREQ=DAILY'], 'repeats_too_often'],
])('an event is left aside with its reason: %s', (_, lines, reason) => {
  expect(one(...lines)).toEqual([{ uid: 'a@x', title: 'Nghỉ', content: null, reason }]);
});

test.each([
  ['a meeting at ten', 'DTSTART:20270205T100000Z', 'not_all_day'],
  ['no such day', 'DTSTART;VALUE=DATE:20270231', 'broken'],
  ['long ago', 'DTSTART;VALUE=DATE:19450902', 'out_of_years'],
  ['no date at all', 'DTSTART;VALUE=DATE:tomorrow', 'broken'],
])('so is one whose start does not do: %s', (_, start, reason) => {
  expect(readEvents(file(['UID:a@x', 'SUMMARY:Nghỉ', start]), today)).toMatchObject([{ content: null, reason }]);
});

describe('a hostile file', () => {
  test('that is no calendar is refused', () => {
    for (const text of ['', 'hello', 'BEGIN:VCARD\r\nEND:VCARD\r\n', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n', '<ics/>']) {
      expect(() => readEvents(text, today), text).toThrow('calendar_file_unreadable');
    }
  });

  test('with more events than are read is refused before it is parsed', () => {
    const text = 'BEGIN:VEVENT\n'.repeat(5001);
    expect(() => readEvents(text, today)).toThrow('calendar_file_too_many');
  });

  test('of a million characters, of thousands of endless rules, or nested without end is soon done with', () => {
    const rules = file(
      ...Array.from({ length: 5000 }, (_, i) => [
        `UID:${i}`,
        'DTSTART;VALUE=DATE:20000101',
        'RRULE:FREQ=DAILY;INTERVAL=1',
      ]),
    );
    const texts = [
      rules,
      file(holiday(`DESCRIPTION:${'a'.repeat(900_000)}`)),
      file(holiday(`X-LONG${';P="a"'.repeat(150_000)}:1`)),
      'BEGIN:VCALENDAR\r\n'.repeat(40_000),
    ];
    for (const text of texts) {
      try {
        readEvents(text.slice(0, 1_000_000), today);
      } catch (error) {
        expect(String(error)).toContain('calendar_file');
      }
    }
  });

  test('names addresses that nobody asks for', () => {
    const [read] = one('ATTACH:https://example.invalid/x', 'URL:file:///etc/passwd', 'X-LIENTHONG-LIKE:constructor');
    expect(read?.content?.day).toEqual({ type: 'off' });
  });
});

describe('what a file would do', () => {
  const known = rows(every).map((row, position) => ({ ...row, position }));
  const plan = (text: string) =>
    planImport(readEvents(text, today), known, (id) => ['hong-ha', 'bai-chay'].includes(id)).map(({ item }) => item);

  test('its own export changes nothing', () => {
    const actions = plan(exportExceptions(known, 'x'));
    expect(actions.every(({ action, reason }) => action === 'ignore' && reason === 'already_there')).toBe(true);
  });

  test('an event that came from a row changes this row, another one adds', () => {
    const text = exportExceptions(known.slice(0, 1), 'x').replace('20270212', '20270213');
    expect(plan(text)).toMatchObject([
      { title: 'Tết Nguyên đán', action: 'change', before: every[0], content: { period: { to: '2027-02-12' } } },
    ]);
    expect(plan(file(holiday()))).toMatchObject([{ title: 'Nghỉ', action: 'add', before: null }]);
  });

  test('the same day under another name of its event, or twice, or for an unknown unit, is ignored by name', () => {
    const same = exportExceptions(known.slice(1, 2), 'x').replace('UID:row-1@lienthong', 'UID:other');
    expect(plan(same)).toMatchObject([{ title: 'Quốc khánh', action: 'ignore', reason: 'already_there' }]);
    expect(plan(file(holiday(), holiday('DURATION:P2D')))).toMatchObject([
      { action: 'add' },
      { action: 'ignore', reason: 'twice_in_file' },
    ]);
    expect(plan(file(holiday('X-LIENTHONG-UNITS:nowhere')))).toMatchObject([{ reason: 'unit_unknown' }]);
  });
});
