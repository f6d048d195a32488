import { type CalendarDay, type DayHours, weekday } from '../contracts/calendar.ts';
import type { Stretch } from '../contracts/common.ts';
import { rowsOfFile } from './calendar/file-rows.ts';
import { type CalendarRules, compileRules, covers, holdsFor } from './calendar/rules.ts';
import type { CalendarFile, UnitsFile } from './city-schema.ts';
import { plainDateOf, startOfDayMs } from './local-time.ts';

/**
 * When desks are open and which days count. It is one object for as long as the server runs, whose content is replaced with every
 * change, so that whoever holds it sees the change at once. Everywhere below `unitId` may be null: the hours of the city's own
 * offices, from the rows that are for every unit.
 *
 * A day with any hours is a working day, half a day too. A year of which no holidays are entered is worked by its weekly schedules
 * (the administrator is told); schedules that return every year are there for every day.
 */
export class Calendar {
  #rules: CalendarRules;
  #version = 0;
  readonly #known = new Map<string, WorkedDay>();

  constructor(rules: CalendarRules) {
    this.#rules = rules;
  }

  /** `version` counts up with every change. */
  replace(rules: CalendarRules, version: number): void {
    this.#rules = rules;
    this.#version = version;
    this.#known.clear();
  }

  /** 0: the content of a file, before the database holds it. */
  get version(): number {
    return this.#version;
  }

  /** Of a unit, in ms. */
  graceMs(unitId: string | null): number {
    return (this.#rules.graces.findLast((row) => holdsFor(row, unitId))?.content.minutes ?? 0) * 60_000;
  }

  day(unitId: string | null, date: Temporal.PlainDate): WorkedDay {
    const iso = date.toString();
    const key = `${unitId ?? ''} ${iso}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const worked = workedDay(this.#rules, unitId, iso, date);
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(key, worked);
    return worked;
  }
}

/** A day as it is worked, and the moments of its hours in UTC epoch ms. */
export interface WorkedDay extends CalendarDay {
  readonly stretches: readonly Stretch[];
}

const maxKnown = 50_000;
/** Far beyond any run of days off; there is a working week all the year round (`uncoveredDay`). */
const maxSearchDays = 1000;
const maxRangeDays = 400;
/** What begins before is the morning's; what lasts from before it into the afternoon is cut here. */
const noonMinutes = 12 * 60;
const afternoonMinutes = 13 * 60;

/** The calendar of a checked file; `units` tells which units a row for a kind of unit is for. */
export function createCalendar(file: CalendarFile, units: UnitsFile['units']): Calendar {
  const rows = rowsOfFile(file).map((content, i) => ({ id: `file-${i}`, content }));
  return new Calendar(compileRules(rows, units));
}

/** Working stretches in [fromMs, toMs), sorted and cut to the range; at most 400 days from `fromMs` on. */
export function workingStretches(calendar: Calendar, unitId: string | null, fromMs: number, toMs: number): Stretch[] {
  const stretches: Stretch[] = [];
  let date = plainDateOf(fromMs);
  for (let i = 0; i < maxRangeDays && startOfDayMs(date) < toMs; i++, date = date.add({ days: 1 })) {
    for (const stretch of calendar.day(unitId, date).stretches) {
      const cut = { fromMs: Math.max(stretch.fromMs, fromMs), toMs: Math.min(stretch.toMs, toMs) };
      if (cut.fromMs < cut.toMs) stretches.push(cut);
    }
  }
  return stretches;
}

/**
 * Whether the unit works at a moment: from the first moment of its hours on, their last not included. With `afterGrace` the grace at
 * the start of each stretch of work does not count: only then is somebody late who is not there.
 */
export function isWorking(
  calendar: Calendar,
  unitId: string | null,
  atMs: number,
  { afterGrace = false }: { afterGrace?: boolean } = {},
): boolean {
  const graceMs = afterGrace ? calendar.graceMs(unitId) : 0;
  return calendar
    .day(unitId, plainDateOf(atMs))
    .stretches.some(({ fromMs, toMs }) => fromMs + graceMs <= atMs && atMs < toMs);
}

/** The moment itself where it is worked, else the next start of work. Errors: `RangeError` when there is none within 1000 days. */
export function nextWorkingMoment(calendar: Calendar, unitId: string | null, fromMs: number): number {
  let date = plainDateOf(fromMs);
  for (let i = 0; i < maxSearchDays; i++, date = date.add({ days: 1 })) {
    const stretch = calendar.day(unitId, date).stretches.find(({ toMs }) => toMs > fromMs);
    if (stretch !== undefined) return Math.max(stretch.fromMs, fromMs);
  }
  throw new RangeError(`no work within ${maxSearchDays} days`);
}

/**
 * The end of the working day on which a term of `days` working days ends, counted from the day after the one of `fromMs`.
 * A half day is a working day. With 0 days: the end of that day itself, or of the next working day when it is none.
 * Errors: `RangeError` when there are not so many within 1000 days.
 */
export function addWorkingDays(calendar: Calendar, unitId: string | null, fromMs: number, days: number): number {
  let date = plainDateOf(fromMs);
  let left = days;
  if (days > 0) date = date.add({ days: 1 });
  for (let i = 0; i < maxSearchDays; i++, date = date.add({ days: 1 })) {
    const end = calendar.day(unitId, date).stretches.at(-1)?.toMs;
    if (end === undefined) continue;
    left -= 1;
    if (left <= 0) return end;
  }
  throw new RangeError(`no ${days} working days within ${maxSearchDays} days`);
}

/** Working days after the day of `fromMs`, up to and with the day of `toMs`; negative the other way round. At most 1000 days are looked at. */
export function workingDaysBetween(calendar: Calendar, unitId: string | null, fromMs: number, toMs: number): number {
  if (toMs < fromMs) {
    const days = workingDaysBetween(calendar, unitId, toMs, fromMs);
    return days === 0 ? 0 : -days;
  }
  const last = plainDateOf(toMs);
  let date = plainDateOf(fromMs);
  let count = 0;
  for (let i = 0; i < maxSearchDays && Temporal.PlainDate.compare(date, last) < 0; i++) {
    date = date.add({ days: 1 });
    if (calendar.day(unitId, date).hours.length > 0) count += 1;
  }
  return count;
}

/** Whole working days until a term ends: 0 on its last day, -1 from the moment it has passed, -2 on the second working day after. */
export function workingDaysLeft(calendar: Calendar, unitId: string | null, nowMs: number, dueMs: number): number {
  const days = workingDaysBetween(calendar, unitId, nowMs, dueMs);
  return nowMs > dueMs ? Math.min(days, -1) : days;
}

/** Every day of a year, as a unit works it. */
export function daysOfYear(calendar: Calendar, unitId: string | null, year: number): CalendarDay[] {
  const days: CalendarDay[] = [];
  for (
    let date = Temporal.PlainDate.from({ year, month: 1, day: 1 });
    date.year === year;
    date = date.add({ days: 1 })
  ) {
    const { stretches: _, ...day } = calendar.day(unitId, date);
    days.push(day);
  }
  return days;
}

function workedDay(rules: CalendarRules, unitId: string | null, iso: string, date: Temporal.PlainDate): WorkedDay {
  const week = rules.schedules.findLast((row) => holdsFor(row, unitId) && covers(row.content.period, iso))?.content
    .week;
  const hoursOn = (day: number) => week?.[weekday.options[day - 1] ?? 'mon'] ?? [];
  const row = rules.exceptions.findLast((one) => holdsFor(one, unitId) && covers(one.content.period, iso));
  let hours = hoursOn(date.dayOfWeek);
  if (row !== undefined) {
    const { day } = row.content;
    if (day.type === 'off') hours = [];
    else if (day.type === 'half') hours = halfOf(hours, day.half);
    else if (day.type === 'swap') hours = week?.[day.like] ?? [];
    else hours = day.hours;
  }
  const midnight = startOfDayMs(date);
  return {
    date: iso,
    hours,
    half: hours.length > 0 && (isWithin(hours, 0, afternoonMinutes) || isWithin(hours, noonMinutes, 24 * 60)),
    exception:
      row === undefined
        ? null
        : {
            id: row.id,
            name: row.content.name,
            cause: row.content.day.type === 'hours' ? 'own' : row.content.day.type,
          },
    stretches: hours.map(({ fromMinutes, toMinutes }) => ({
      fromMs: midnight + fromMinutes * 60_000,
      toMs: midnight + toMinutes * 60_000,
    })),
  };
}

function halfOf(hours: DayHours, half: 'morning' | 'afternoon'): DayHours {
  return hours.flatMap(({ fromMinutes, toMinutes }) => {
    const over = fromMinutes < noonMinutes && toMinutes > afternoonMinutes;
    if (half === 'morning') {
      return fromMinutes < noonMinutes ? [{ fromMinutes, toMinutes: over ? noonMinutes : toMinutes }] : [];
    }
    if (fromMinutes >= noonMinutes) return [{ fromMinutes, toMinutes }];
    return over ? [{ fromMinutes: noonMinutes, toMinutes }] : [];
  });
}

function isWithin(hours: DayHours, fromMinutes: number, toMinutes: number): boolean {
  return hours.every((one) => one.fromMinutes >= fromMinutes && one.toMinutes <= toMinutes);
}
