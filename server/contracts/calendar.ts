import { z } from 'zod';
import { epochMs, id, text } from './common.ts';
import { unitKind } from './units.ts';

export const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export type Weekday = z.infer<typeof weekday>;

const minutes = z.number().int().min(0).max(1440);

/** Hours of one day as minutes since local midnight: in order, without overlap, at most 8 stretches. */
export const dayHours = z
  .array(
    z.object({ fromMinutes: minutes, toMinutes: minutes }).refine((s) => s.toMinutes > s.fromMinutes, {
      message: 'the end must be after the start',
      path: ['toMinutes'],
    }),
  )
  .max(8)
  .refine((list) => list.every((next, i) => i === 0 || (list[i - 1]?.toMinutes ?? 0) <= next.fromMinutes), {
    message: 'hours must be in order, without overlap',
  });
export type DayHours = z.infer<typeof dayHours>;

/** The first and the last year of which a calendar may speak. */
export const calendarYears = { first: 2000, last: 2099 } as const;

/** Whether YYYY-MM-DD names a day that exists, within the years of calendars. */
export function isDate(value: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  if (year < calendarYears.first || year > calendarYears.last) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Whether MM-DD names a day that exists in some year. */
export function isDay(value: string): boolean {
  return value.length === 5 && isDate(`2028-${value}`);
}

export const date = z.string().refine(isDate, { message: 'expected a date that exists: YYYY-MM-DD' });
const dayOrDate = z.string().refine((value) => isDate(value) || isDay(value), {
  message: 'expected a date that exists: YYYY-MM-DD, or MM-DD for every year',
});

/** Dates, both inclusive: MM-DD returns every year (and may run over the new year), YYYY-MM-DD is one stretch of dates. */
export const calendarPeriod = z
  .object({ from: dayOrDate, to: dayOrDate })
  .refine((p) => p.from.length === p.to.length, { message: 'both dates must have the same form', path: ['to'] })
  .refine((p) => p.from.length === 5 || p.from.length !== p.to.length || p.from <= p.to, {
    message: 'the end must not be before the start',
    path: ['to'],
  });
export type CalendarPeriod = z.infer<typeof calendarPeriod>;

/** The longest exception in days: what holds longer is a schedule. */
export const longestExceptionDays = 366;

const name = text(160)
  .pipe(z.string().min(1))
  .refine((s) => !/[\n\r\t]/.test(s), { message: 'one line' });

/** Whom a row is for; with neither units nor kinds it is for every unit and for the city's own offices. */
const selection = {
  unitIds: z.array(id).max(200),
  kinds: z.array(unitKind).max(3),
};

/** The hours of a week, in force in a period or always (null). A day without hours is no working day. */
const schedule = z.object({
  kind: z.literal('schedule'),
  name,
  period: calendarPeriod.nullable(),
  ...selection,
  week: z
    .object({ mon: dayHours, tue: dayHours, wed: dayHours, thu: dayHours, fri: dayHours, sat: dayHours, sun: dayHours })
    .refine((week) => weekday.options.some((day) => week[day].length > 0), { message: 'no day has hours' }),
});
export type CalendarSchedule = z.infer<typeof schedule>;

/**
 * What a date is instead: a day off; half a day, the morning's or the afternoon's hours of what it would be; a swap day, worked by the
 * hours of another day of the week; or a day of its own hours.
 */
export const exceptionDay = z.discriminatedUnion('type', [
  z.object({ type: z.literal('off') }),
  z.object({ type: z.literal('half'), half: z.enum(['morning', 'afternoon']) }),
  z.object({ type: z.literal('swap'), like: weekday }),
  z.object({
    type: z.literal('hours'),
    hours: dayHours.refine((list) => list.length > 0, { message: 'enter hours, or make it a day off' }),
  }),
]);
export type ExceptionDay = z.infer<typeof exceptionDay>;

const exception = z.object({
  kind: z.literal('exception'),
  name,
  period: calendarPeriod.refine((p) => daysIn(p) <= longestExceptionDays, {
    message: `at most ${longestExceptionDays} days`,
    path: ['to'],
  }),
  ...selection,
  day: exceptionDay,
});
export type CalendarException = z.infer<typeof exception>;

/** Only later than this after the start of work does somebody count as late. */
const grace = z.object({ kind: z.literal('grace'), ...selection, minutes: z.number().int().min(0).max(120) });
export type CalendarGrace = z.infer<typeof grace>;

/** What an administrator enters of the calendar. */
export const calendarContent = z.discriminatedUnion('kind', [schedule, exception, grace]);
export type CalendarContent = z.infer<typeof calendarContent>;

/** Days of a period; of a yearly one as many as in a leap year. */
export function daysIn({ from, to }: CalendarPeriod): number {
  const at = (day: string, year: number) => Date.parse(day.length === 5 ? `${year}-${day}` : day);
  return Math.round((at(to, to < from ? 2029 : 2028) - at(from, 2028)) / 86_400_000) + 1;
}

/** A row with the version that a change of it must name. */
export const calendarRow = z.object({
  id,
  version: z.number().int().min(1),
  changedAtMs: epochMs,
  content: calendarContent,
});
export type CalendarRow = z.infer<typeof calendarRow>;

/** `holidays_missing`: for that year no day off is entered by its date for all units, so Tết counts as work. */
export const calendarAlarm = z.object({ code: z.literal('holidays_missing'), year: z.number().int() });
export type CalendarAlarm = z.infer<typeof calendarAlarm>;

/** `GET /api/calendar`: the rows that concern the reader, in the order in which they were entered. */
export const calendarState = z.object({
  /** Grows with every change. */
  version: z.number().int().min(1),
  rows: z.array(calendarRow),
  alarms: z.array(calendarAlarm),
  /** When the file of the city was taken over, and whether it says something else today; it is not read again. */
  file: z.object({ takenAtMs: epochMs, changedSince: z.boolean() }),
  /** The date in the city. */
  today: z.string(),
});
export type CalendarState = z.infer<typeof calendarState>;

export const createCalendarRow = z.object({ content: calendarContent });
export const changeCalendarRow = z.object({ version: z.number().int().min(1), content: calendarContent });
export const removeCalendarRow = z.object({ version: z.coerce.number().int().min(1) });
export type ChangeCalendarRow = z.infer<typeof changeCalendarRow>;

/** Why a day is not what the weekly schedule says: `own` is a day of its own hours. */
export const dayCause = z.enum(['off', 'half', 'swap', 'own']);
export type DayCause = z.infer<typeof dayCause>;

/** One day of a unit as it is worked. */
export const calendarDay = z.object({
  date: z.string(),
  hours: dayHours,
  /** A working day with the hours of a morning or an afternoon alone; it counts as a working day. */
  half: z.boolean(),
  /** The exception that makes the day what it is; null where the weekly schedule does. */
  exception: z.object({ id, name: z.string(), cause: dayCause }).nullable(),
});
export type CalendarDay = z.infer<typeof calendarDay>;

/** `GET /api/calendar/days`: every day of a year, of a unit or of the city's own offices. */
export const calendarDaysQuery = z.object({
  year: z.coerce.number().int().min(calendarYears.first).max(calendarYears.last),
  unit: id.optional(),
});
export const calendarDays = z.object({
  version: z.number().int(),
  unitId: id.nullable(),
  graceMinutes: z.number().int(),
  items: z.array(calendarDay),
});

/** The most that is read of an iCalendar file. */
export const calendarFileLimits = { bytes: 1_000_000, events: 5_000 } as const;

const fileText = z
  .string()
  .min(1)
  .max(calendarFileLimits.bytes)
  .refine((s) => new TextEncoder().encode(s).length <= calendarFileLimits.bytes, { message: 'at most 1 MB' });

/** Why an event of a file is left aside. */
export const importReason = z.enum([
  'already_there',
  'broken',
  'cancelled',
  'end_before_start',
  'not_all_day',
  'not_an_exception',
  'out_of_years',
  'repeats_too_often',
  'rule_unsupported',
  'swap_weekday_missing',
  'too_long',
  'twice_in_file',
  'unit_unknown',
]);
export type ImportReason = z.infer<typeof importReason>;

export const calendarImportItem = z.object({
  /** Names the row within the file; what is left out by hand is named with it. */
  key: z.string(),
  title: z.string(),
  action: z.enum(['add', 'change', 'ignore']),
  /** Set where it is ignored. */
  reason: importReason.nullable(),
  /** What it becomes; null where the event cannot be read. */
  content: exception.nullable(),
  /** What it replaces. */
  before: exception.nullable(),
});
export type CalendarImportItem = z.infer<typeof calendarImportItem>;

export const previewCalendarImport = z.object({ text: fileText });
export const calendarImportPreview = z.object({
  /** The version that the preview was made for; the import must name it. */
  version: z.number().int(),
  items: z.array(calendarImportItem),
});
export type CalendarImportPreview = z.infer<typeof calendarImportPreview>;

export const applyCalendarImport = z.object({
  version: z.number().int().min(1),
  text: fileText,
  /** Keys of rows that are not taken over. */
  leaveOut: z.array(z.string().max(300)).max(10_000).default([]),
});
export type ApplyCalendarImport = z.infer<typeof applyCalendarImport>;
export const calendarImportResult = z.object({
  version: z.number().int(),
  added: z.number().int(),
  changed: z.number().int(),
  ignored: z.number().int(),
});
export type CalendarImportResult = z.infer<typeof calendarImportResult>;
