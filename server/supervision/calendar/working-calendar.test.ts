import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, demoCity } from '../../../test/support/supervision.ts';
import { type CalendarBench, openCalendarBench } from '../../../test/support/working-calendar.ts';
import type { CalendarContent, CalendarException, CalendarSchedule } from '../../contracts/calendar.ts';
import { addWorkingDays, workingStretches } from '../calendar.ts';
import { recordingSchedule } from '../recording-hours.ts';
import { CalendarFiles } from './imports.ts';
import type { WorkingCalendar } from './working-calendar.ts';

let bench: CalendarBench;
let calendar: WorkingCalendar<string>;
beforeEach(async () => {
  bench = await openCalendarBench();
  calendar = await bench.open();
});
afterEach(() => bench.close());

const by = { actor: 'admin', address: '127.0.0.1' };
const off = (name: string, from: string, to = from): CalendarException => ({
  kind: 'exception',
  name,
  period: { from, to },
  unitIds: [],
  kinds: [],
  day: { type: 'off' },
});
const rowNamed = (name: string) => {
  const row = calendar.rows.find(({ content }) => content.kind !== 'grace' && content.name === name);
  if (row === undefined) throw new Error(`no row ${name}`);
  return row;
};

test('the city’s file is taken over once, and told to the audit log', async () => {
  expect(calendar.version).toBe(1);
  expect(calendar.rows.map(({ content }) => content.kind)).toEqual([
    'grace',
    ...Array(4).fill('schedule'),
    ...Array(4).fill('exception'),
  ]);
  await calendar.remove(rowNamed('Quốc khánh').id, 1, by);
  const again = await bench.open();
  expect([again.version, again.rows.length]).toEqual([2, 8]);
  expect(bench.audited.map(({ action, actor }) => [action, actor])).toEqual([
    ['calendar.taken_from_file', 'system'],
    ['calendar.removed', 'admin'],
  ]);
});

test('a later change of the file is told and changes nothing', async () => {
  expect(calendar.state().file.changedSince).toBe(false);
  const file = { ...bench.city.calendarFile, graceMinutes: 99 };
  const again = await bench.open({ ...bench.city, calendarFile: file });
  expect(again.state().file).toEqual({ takenAtMs: at('2026-11-24 09:30'), changedSince: true });
  expect(bench.city.calendar.graceMs(null)).toBe(600_000);
});

test('a change is in force at once for deadlines, recording hours and working hours, without another object', async () => {
  const held = bench.city.calendar;
  const from = at('2026-11-24 09:30');
  const setting = { mode: 'working_hours', leadMinutes: 0, tailMinutes: 0 } as const;
  const recorded = () => {
    const schedule = recordingSchedule(held, 'hong-ha', setting, from);
    return schedule !== 'continuous' && schedule.stretches.some(({ fromMs }) => fromMs === at('2026-11-25 07:30'));
  };
  expect([addWorkingDays(held, null, from, 2), recorded()]).toEqual([at('2026-11-26 16:30'), true]);
  const seen: number[] = [];
  calendar.on('changed', ({ version }) => seen.push(version));
  const row = await calendar.add(off('Nghỉ đột xuất', '2026-11-25'), by);
  expect([addWorkingDays(held, null, from, 2), recorded()]).toEqual([at('2026-11-27 16:30'), false]);
  expect(workingStretches(held, 'hong-ha', at('2026-11-25 00:00'), at('2026-11-26 00:00'))).toEqual([]);
  await calendar.remove(row.id, row.version, by);
  expect(addWorkingDays(held, null, from, 2)).toBe(at('2026-11-26 16:30'));
  expect(seen).toEqual([2, 3]);
});

test('what was decided on an older version is refused, and nothing of it is done or told', async () => {
  const row = await calendar.add(off('Giỗ Tổ', '2027-04-16'), by);
  const first = calendar.put(row.id, { version: row.version, content: off('Giỗ Tổ Hùng Vương', '2027-04-16') }, by);
  const second = calendar.put(row.id, { version: row.version, content: off('Nghỉ', '2027-04-16') }, by);
  expect((await Promise.allSettled([first, second])).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  await expect(second).rejects.toMatchObject({ kind: 'conflict', code: 'version_conflict' });
  await expect(calendar.remove(row.id, row.version, by)).rejects.toMatchObject({ code: 'version_conflict' });
  expect(rowNamed('Giỗ Tổ Hùng Vương').version).toBe(3);
  expect(bench.audited).toHaveLength(3);
});

test('another process that was faster is noticed', async () => {
  const other = await bench.open();
  await other.add(off('A', '2027-03-01'), by);
  await expect(calendar.add(off('B', '2027-03-02'), by)).rejects.toMatchObject({ code: 'version_conflict' });
  expect(calendar.rows.some(({ content }) => content.kind === 'exception' && content.name === 'A')).toBe(true);
  await calendar.add(off('B', '2027-03-02'), by);
  expect(calendar.version).toBe(3);
});

test('a change is told to the audit log with what was before and after', async () => {
  const before = off('Tết', '2027-02-05', '2027-02-11');
  const after = off('Tết Nguyên đán', '2027-02-04', '2027-02-11');
  const row = await calendar.add(before, by);
  await calendar.put(row.id, { version: row.version, content: after }, by);
  await calendar.remove(row.id, 3, by);
  expect(bench.audited.slice(1).map(({ action, subject, details }) => [action, subject, details])).toEqual([
    ['calendar.added', `calendar:${row.id}`, { before: null, after: before }],
    ['calendar.changed', `calendar:${row.id}`, { before, after }],
    ['calendar.removed', `calendar:${row.id}`, { before: after, after: null }],
  ]);
});

describe('what all rows together have to keep to', () => {
  test('there is a schedule for all units on every day of every year', async () => {
    const winter = rowNamed('Mùa đông');
    const content = winter.content as CalendarSchedule;
    const shorter = { ...content, period: { from: '10-16', to: '04-14' } };
    await expect(calendar.remove(winter.id, 1, by)).rejects.toMatchObject({
      code: 'calendar_days_uncovered',
      params: { day: '01/01' },
    });
    await expect(calendar.put(winter.id, { version: 1, content: shorter }, by)).rejects.toMatchObject({
      params: { day: '15/04' },
    });
    await expect(
      calendar.put(winter.id, { version: 1, content: { ...content, kinds: ['ward'] } }, by),
    ).rejects.toMatchObject({ code: 'calendar_days_uncovered' });
  });

  test('the offices of the city work at least once in sixty days', async () => {
    await expect(calendar.add(off('slip', '2027-01-01', '2027-12-31'), by)).rejects.toMatchObject({
      code: 'calendar_no_work',
    });
    await calendar.add({ ...off('a ward is rebuilt', '2027-01-01', '2027-12-31'), unitIds: ['hong-ha'] }, by);
  });

  test('units are known, and a row stays of its kind', async () => {
    const nowhere = { ...off('x', '2027-01-01'), unitIds: ['nowhere'] };
    await expect(calendar.add(nowhere, by)).rejects.toMatchObject({ kind: 'invalid', code: 'unit_unknown' });
    const grace: CalendarContent = { kind: 'grace', unitIds: [], kinds: [], minutes: 5 };
    await expect(calendar.put(rowNamed('Quốc khánh').id, { version: 1, content: grace }, by)).rejects.toMatchObject({
      code: 'calendar_kind_fixed',
    });
    await expect(calendar.remove('nothing', 1, by)).rejects.toMatchObject({ code: 'calendar_row_unknown' });
  });
});

test('the administrator is told of a year without days off of its own, from October on of the next', async () => {
  expect(calendar.alarms()).toEqual([{ code: 'holidays_missing', year: 2027 }]);
  await calendar.add({ ...off('một phường', '2027-02-05'), kinds: ['ward'] }, by);
  await calendar.add(off('năm nay', '2026-12-25'), by);
  expect(calendar.alarms()).toHaveLength(1);
  await calendar.add(off('Tết Nguyên đán', '2027-02-04', '2027-02-10'), by);
  expect(calendar.alarms()).toEqual([]);
});

test('what another server has changed is taken over and told; a look at an unchanged calendar tells nothing', async () => {
  const otherCity = demoCity();
  const other = await bench.open(otherCity);
  const told: number[] = [];
  other.on('changed', ({ version }) => told.push(version));
  await calendar.add(off('Nghỉ đột xuất', '2026-11-25'), by);
  await other.refresh();
  await other.refresh();
  expect([told, other.version]).toEqual([[2], 2]);
  const end = addWorkingDays(otherCity.calendar, null, at('2026-11-24 09:30'), 1);
  expect([end, otherCity.calendar.version]).toEqual([at('2026-11-26 16:30'), 2]);
  const seen = new Promise((resolve) => other.on('changed', ({ version }) => resolve(version)));
  other.follow(1);
  await calendar.add(off('Một ngày nữa', '2026-11-26'), by);
  expect(await seen).toBe(3);
  await other.stop();
});

describe('a file', () => {
  const clock = { nowMs: () => at('2026-11-24 09:30'), monotonicMs: () => 0 };
  const event = (uid: string, date: string) =>
    `BEGIN:VEVENT\r\nUID:${uid}\r\nSUMMARY:${uid}\r\nDTSTART;VALUE=DATE:${date}\r\nEND:VEVENT\r\n`;
  const text = `BEGIN:VCALENDAR\r\n${event('a', '20270205')}${event('b', '20270206')}${event('c', '20270207')}END:VCALENDAR`;
  const files = () => new CalendarFiles({ calendar, city: bench.city, clock });

  test('is taken over in one version as its preview showed it, without the rows that were left out', async () => {
    const { version, items } = files().preview(text);
    expect(items.map(({ key, action }) => [key, action])).toEqual([
      ['1:a', 'add'],
      ['2:b', 'add'],
      ['3:c', 'add'],
    ]);
    expect(calendar.version).toBe(1);
    const result = await files().apply({ version, text, leaveOut: ['2:b'] }, by);
    expect(result).toEqual({ version: 2, added: 2, changed: 0, ignored: 1 });
    expect(bench.audited.at(-1)).toMatchObject({ action: 'calendar.imported', details: { part: 1, parts: 1 } });
    const moved = text.replace('20270205', '20270208');
    expect(
      files()
        .preview(moved)
        .items.map(({ action }) => action),
    ).toEqual(['change', 'add', 'ignore']);
    await files().apply({ version: 2, text: moved, leaveOut: [] }, by);
    expect(calendar.rows.filter(({ uid }) => uid === 'a')).toMatchObject([{ content: off('a', '2027-02-08') }]);
  });

  test('whose preview is out of date is refused as a whole', async () => {
    const { version } = files().preview(text);
    await calendar.add(off('x', '2027-03-01'), by);
    await expect(files().apply({ version, text, leaveOut: [] }, by)).rejects.toMatchObject({
      code: 'version_conflict',
    });
  });

  test('of five thousand days fits, is told in several entries, and a day more does not', async () => {
    const first = Temporal.PlainDate.from('2030-01-01');
    const day = (i: number) =>
      first
        .add({ days: 2 * i })
        .toString()
        .replaceAll('-', '');
    const many = Array.from({ length: 4990 }, (_, i) => event(`n${i}`, day(i))).join('');
    const large = `BEGIN:VCALENDAR\r\n${many}END:VCALENDAR`;
    await files().apply({ version: 1, text: large, leaveOut: [] }, by);
    expect(calendar.rows).toHaveLength(4999);
    for (const { details } of bench.audited) expect(JSON.stringify(details).length).toBeLessThan(64_000);
    const more = Array.from({ length: 7 }, (_, i) => event(`m${i}`, `2045040${i + 1}`)).join('');
    const rest = { version: 2, text: `BEGIN:VCALENDAR\r\n${more}END:VCALENDAR`, leaveOut: [] };
    await expect(files().apply(rest, by)).rejects.toMatchObject({ code: 'calendar_full' });
    expect((await bench.open()).rows).toHaveLength(4999);
  });

  test('that was exported here goes into an empty calendar as the same rows', async () => {
    await calendar.add({ ...off('Làm bù', '2026-12-19'), day: { type: 'swap', like: 'fri' } }, by);
    const exported = files().export(() => true);
    const other = await openCalendarBench();
    const empty = await other.open({ ...other.city, calendarFile: { ...other.city.calendarFile, exceptions: [] } });
    const intoOther = new CalendarFiles({ calendar: empty, city: other.city, clock });
    await intoOther.apply({ version: 1, text: exported, leaveOut: [] }, by);
    const exceptions = (rows: readonly { content: CalendarContent }[]) =>
      rows.map(({ content }) => content).filter(({ kind }) => kind === 'exception');
    expect(exceptions(empty.rows)).toEqual(exceptions(calendar.rows));
    expect(intoOther.preview(exported).items.every(({ reason }) => reason === 'already_there')).toBe(true);
    await other.close();
  });
});
