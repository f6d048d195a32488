import ICAL from 'ical.js';
import {
  type CalendarException,
  calendarContent,
  calendarFileLimits,
  type ExceptionDay,
  type ImportReason,
  longestExceptionDays,
} from '../../contracts/calendar.ts';
import { AppError } from '../../platform/errors.ts';
import { icalCategories, icalProperties, icalWeekdays, swapCategories } from './ical-words.ts';

/** One row that an event would make, or why it makes none. */
export interface ReadEvent {
  /** The event's UID, with `#` and the date for one of several repeats; empty where it has none. */
  uid: string;
  title: string;
  content: CalendarException | null;
  reason: ImportReason | null;
}

/** Looked through so often in all for repeats, so that a small file cannot keep the server busy. */
const mostSteps = 5_000;
const mostRepeats = 400;
const longestInterval = 100;
const mostTitle = 160;
/** The library's time for a line grows faster than the line. */
const longestLine = 65_536;

/**
 * Reads the events of an iCalendar file (RFC 5545) as exceptions of the calendar. Nothing that a file names is fetched, and alarms,
 * attachments, attendees and time zones are not looked at. An all-day event is a day off unless its CATEGORIES or our own properties
 * say otherwise (ical-words.ts). One that returns every year on the same date becomes a yearly row; other repeats become a row each,
 * from last year to five years ahead of `today`.
 * Errors: `calendar_file_unreadable`, `calendar_file_too_many`.
 */
export function readEvents(text: string, today: string): ReadEvent[] {
  if (text.length > calendarFileLimits.bytes) throw new AppError('too_large', 'calendar_file_too_large');
  // Counted before anything is built of them.
  const count = text.match(/^BEGIN:VEVENT/gim)?.length ?? 0;
  if (count > calendarFileLimits.events) {
    throw new AppError('too_large', 'calendar_file_too_many', { params: { most: calendarFileLimits.events } });
  }
  const year = Number(today.slice(0, 4));
  const budget = { steps: mostSteps, fromYear: year - 1, toYear: year + 5 };
  return componentsOf(text)
    .flatMap((calendar) => calendar.getAllSubcomponents('vevent'))
    .flatMap((event) => readEvent(event, budget));
}

function componentsOf(text: string): ICAL.Component[] {
  // Lines as they are before folding (section 3.1).
  const unfolded = text.replace(/^\uFEFF/, '').replace(/\r?\n[ \t]/g, '');
  if (unfolded.split('\n').some((line) => line.length > longestLine)) throw unreadable();
  let parsed: unknown;
  try {
    parsed = ICAL.parse(unfolded);
  } catch (cause) {
    throw unreadable(cause);
  }
  // One calendar comes as itself, several come as a list.
  const list = Array.isArray(parsed) && typeof parsed[0] === 'string' ? [parsed] : Array.isArray(parsed) ? parsed : [];
  const calendars = list
    .filter((jcal): jcal is unknown[] => Array.isArray(jcal) && jcal[0] === 'vcalendar')
    .map((jcal) => new ICAL.Component(jcal));
  if (calendars.length === 0) throw unreadable();
  return calendars;
}

function unreadable(cause?: unknown): AppError {
  return new AppError('invalid', 'calendar_file_unreadable', { cause, fields: { text: 'calendar_file_unreadable' } });
}

interface Budget {
  steps: number;
  readonly fromYear: number;
  readonly toYear: number;
}

function readEvent(event: ICAL.Component, budget: Budget): ReadEvent[] {
  const title = firstText(event, 'summary')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, mostTitle);
  const uid = firstText(event, 'uid').trim().slice(0, 200);
  const ignored = (reason: ImportReason): ReadEvent[] => [{ uid, title, content: null, reason }];
  try {
    if (firstText(event, 'status').toUpperCase() === 'CANCELLED') return ignored('cancelled');
    const start = event.getFirstPropertyValue('dtstart');
    if (!(start instanceof ICAL.Time)) return ignored('broken');
    if (!start.isDate) return ignored('not_all_day');
    const first = writtenDate(event, 'dtstart');
    const last = lastDay(event, first);
    if (last === null) return ignored('broken');
    const days = first.until(last, { largestUnit: 'days' }).days + 1;
    if (days < 1) return ignored('end_before_start');
    if (days > longestExceptionDays) return ignored('too_long');
    const day = dayOf(event);
    if (typeof day === 'string') return ignored(day);
    const whom = {
      unitIds: listOf(event, icalProperties.units),
      kinds: listOf(event, icalProperties.kinds),
    };
    const row = (rowUid: string, from: string, to: string): ReadEvent => {
      const content = { kind: 'exception', name: title || '–', period: { from, to }, ...whom, day };
      const parsed = calendarContent.safeParse(content);
      if (parsed.success && parsed.data.kind === 'exception') {
        return { uid: rowUid, title, content: parsed.data, reason: null };
      }
      const years = [from, to].some((date) => date.length !== 5 && !/^20\d\d-/.test(date));
      return { uid: rowUid, title, content: null, reason: years ? 'out_of_years' : 'broken' };
    };
    if (!repeats(event)) return [row(uid, first.toString(), last.toString())];
    const rule = ruleOf(event, first);
    if (rule === null) return ignored('rule_unsupported');
    if (isEveryYear(rule) && days < 366) {
      return [row(uid, first.toString().slice(5), last.toString().slice(5))];
    }
    const starts = repeatsOf(rule, start, budget);
    if (starts === null) return ignored('repeats_too_often');
    if (starts.length === 0) return ignored('out_of_years');
    return starts.map((from) => row(uid && `${uid}#${from}`, from.toString(), from.add({ days: days - 1 }).toString()));
  } catch {
    // A value that its property cannot hold; the library throws plain errors.
    return ignored('broken');
  }
}

/** The last day, inclusive; null when its end is no date. DTEND is the day after (section 3.6.1). */
function lastDay(event: ICAL.Component, first: Temporal.PlainDate): Temporal.PlainDate | null {
  const end = event.getFirstPropertyValue('dtend');
  if (end instanceof ICAL.Time) {
    if (!end.isDate) return null;
    // Some programs write the day itself as the end of a single day.
    const last = writtenDate(event, 'dtend');
    return last.equals(first) ? first : last.subtract({ days: 1 });
  }
  if (end !== null) return null;
  const duration = event.getFirstPropertyValue('duration');
  if (duration === null) return first;
  if (!(duration instanceof ICAL.Duration)) return null;
  const seconds = duration.toSeconds();
  if (seconds < 86_400 || seconds > 86_400 * 10_000) return null;
  return first.add({ days: Math.ceil(seconds / 86_400) - 1 });
}

function dayOf(event: ICAL.Component): ExceptionDay | ImportReason {
  const categories = event
    .getAllProperties('categories')
    .flatMap((property) => property.getValues())
    .map((value) => String(value).trim().toUpperCase().normalize('NFC'));
  const hours = firstText(event, icalProperties.hours);
  if (hours !== '') return { type: 'hours', hours: hours.split(',').map(minutesOf) };
  const half = firstText(event, icalProperties.half).toUpperCase();
  if (half === 'MORNING' || half === 'AFTERNOON')
    return { type: 'half', half: half === 'MORNING' ? 'morning' : 'afternoon' };
  const like = firstText(event, icalProperties.like).toUpperCase();
  if (Object.hasOwn(icalWeekdays, like)) return { type: 'swap', like: icalWeekdays[like as keyof typeof icalWeekdays] };
  if (categories.some((word) => swapCategories.has(word))) return 'swap_weekday_missing';
  if (categories.includes(icalCategories.half) || categories.includes(icalCategories.hours)) return 'not_an_exception';
  return { type: 'off' };
}

function minutesOf(text: string): { fromMinutes: number; toMinutes: number } {
  const [, a = 0, b = 0, c = 0, d = 0] = /^(\d\d):([0-5]\d)-(\d\d):([0-5]\d)$/.exec(text.trim())?.map(Number) ?? [];
  return { fromMinutes: a * 60 + b, toMinutes: c * 60 + d };
}

function listOf(event: ICAL.Component, name: string): string[] {
  return firstText(event, name)
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function firstText(event: ICAL.Component, name: string): string {
  const value = event.getFirstPropertyValue(name);
  return typeof value === 'string' ? value : '';
}

function repeats(event: ICAL.Component): boolean {
  return ['rrule', 'rdate', 'exdate', 'exrule', 'recurrence-id'].some((name) => event.hasProperty(name));
}

/**
 * The rule of an event that repeats by nothing but its own date: daily, weekly, monthly or yearly. Others could run for ever without
 * ever giving a day, and public holidays do not need them. Null where it is not such a one.
 */
function ruleOf(event: ICAL.Component, first: Temporal.PlainDate): ICAL.Recur | null {
  if (['rdate', 'exdate', 'exrule', 'recurrence-id'].some((name) => event.hasProperty(name))) return null;
  const rules = event.getAllProperties('rrule');
  const rule = rules[0]?.getFirstValue();
  if (rules.length !== 1 || !(rule instanceof ICAL.Recur)) return null;
  if (!['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(rule.freq) || rule.interval > longestInterval) return null;
  const own: Record<string, string> = {
    BYMONTH: String(first.month),
    BYMONTHDAY: String(first.day),
    BYDAY: Object.keys(icalWeekdays)[first.dayOfWeek - 1] ?? '',
  };
  const allowed: Record<string, string[]> = {
    WEEKLY: ['BYDAY'],
    MONTHLY: ['BYMONTHDAY'],
    YEARLY: ['BYMONTH', 'BYMONTHDAY'],
  };
  const parts = Object.entries(rule.parts as Record<string, unknown[]>);
  const plainRule = parts.every(
    ([part, values]) =>
      (allowed[rule.freq] ?? []).includes(part) && values.length === 1 && String(values[0]) === own[part],
  );
  // The day without the month would be the day of every month.
  const hasDayAlone = rule.freq === 'YEARLY' && 'BYMONTHDAY' in rule.parts && !('BYMONTH' in rule.parts);
  return plainRule && !hasDayAlone ? rule : null;
}

function isEveryYear(rule: ICAL.Recur): boolean {
  return rule.freq === 'YEARLY' && rule.interval === 1 && !rule.isFinite();
}

/** First days of the repeats within the bounded years; null when there are too many. */
function repeatsOf(rule: ICAL.Recur, start: ICAL.Time, budget: Budget): Temporal.PlainDate[] | null {
  const iterator = rule.iterator(start);
  const found: Temporal.PlainDate[] = [];
  for (;;) {
    if (budget.steps-- <= 0) return null;
    const next = iterator.next();
    if (!next || next.year > budget.toYear) return found;
    if (next.year < budget.fromYear) continue;
    found.push(plain(next));
    if (found.length > mostRepeats) return null;
  }
}

/** As it is written: the library would make 3 March of 31 February. Throws a `RangeError` where there is no such day. */
function writtenDate(event: ICAL.Component, name: string): Temporal.PlainDate {
  const written: unknown = event.getFirstProperty(name)?.toJSON()[3];
  return Temporal.PlainDate.from(String(written), { overflow: 'reject' });
}

function plain({ year, month, day }: ICAL.Time): Temporal.PlainDate {
  return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
}
