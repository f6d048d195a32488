import type { Stretch } from '../contracts/common.ts';
import type { UnitsFile } from './city-schema.ts';
import { type CalendarFile, type DayHours, type Weekday, weekday } from './city-schema.ts';
import { plainDateOf, startOfDayMs } from './local-time.ts';

/**
 * When desks are open and which days count. Everywhere below `unitId` may be null: the hours of the city's own offices, from
 * the rows that are for every unit.
 */
export interface Calendar {
  /** Only later than this after the start of work does somebody count as late. */
  readonly graceMs: number;
  readonly schedules: readonly Schedule[];
  readonly exceptions: readonly Exception[];
  /** Working stretches already worked out, by unit and date. */
  readonly known: Map<string, readonly Stretch[]>;
}

interface Row {
  /** MM-DD (every year) or YYYY-MM-DD, both inclusive; null is always. */
  period: { from: string; to: string } | null;
  /** Null is every unit. */
  unitIds: ReadonlySet<string> | null;
}

interface Schedule extends Row {
  week: ReadonlyMap<Weekday, DayHours>;
}

interface Exception extends Row {
  /** The hours of the day, or the day of the week like which it is worked. */
  hours: DayHours | Weekday;
}

const maxKnown = 50_000;
/** Far beyond any run of days off; the configuration is checked to have a working week all the year round. */
const maxSearchDays = 1000;
const maxRangeDays = 400;

/** The calendar of a checked file; `units` tells which units a row for a kind of unit is for. */
export function createCalendar(file: CalendarFile, units: UnitsFile['units']): Calendar {
  const selected = (row: { units?: string[] | undefined; kinds?: string[] | undefined }) => {
    if (row.units === undefined && row.kinds === undefined) return null;
    const ofKind = units.filter((unit) => row.kinds?.includes(unit.kind)).map((unit) => unit.id);
    return new Set([...(row.units ?? []), ...ofKind]);
  };
  return {
    graceMs: file.graceMinutes * 60_000,
    schedules: file.schedules.map((row) => ({
      period: row.from === undefined || row.to === undefined ? null : { from: row.from, to: row.to },
      unitIds: selected(row),
      week: new Map(row.week.flatMap(({ days, hours }) => days.map((day) => [day, hours] as const))),
    })),
    exceptions: file.exceptions.map((row) => ({
      period: { from: row.date, to: row.until ?? row.date },
      unitIds: selected(row),
      hours: row.like ?? row.hours ?? [],
    })),
    known: new Map(),
  };
}

/** Working stretches in [fromMs, toMs), sorted and cut to the range; at most 400 days from `fromMs` on. */
export function workingStretches(calendar: Calendar, unitId: string | null, fromMs: number, toMs: number): Stretch[] {
  const stretches: Stretch[] = [];
  let date = plainDateOf(fromMs);
  for (let i = 0; i < maxRangeDays && startOfDayMs(date) < toMs; i++, date = date.add({ days: 1 })) {
    for (const stretch of stretchesOf(calendar, unitId, date)) {
      const cut = { fromMs: Math.max(stretch.fromMs, fromMs), toMs: Math.min(stretch.toMs, toMs) };
      if (cut.fromMs < cut.toMs) stretches.push(cut);
    }
  }
  return stretches;
}

export function isWorking(calendar: Calendar, unitId: string | null, atMs: number): boolean {
  return stretchesOf(calendar, unitId, plainDateOf(atMs)).some((s) => s.fromMs <= atMs && atMs < s.toMs);
}

/**
 * The end of the working day on which a term of `days` working days ends, counted from the day after the one of `fromMs`.
 * A half day is a working day. With 0 days: the end of that day itself, or of the next working day when it is none.
 */
export function addWorkingDays(calendar: Calendar, unitId: string | null, fromMs: number, days: number): number {
  let date = plainDateOf(fromMs);
  let left = days;
  if (days > 0) date = date.add({ days: 1 });
  for (let i = 0; i < maxSearchDays; i++, date = date.add({ days: 1 })) {
    const end = stretchesOf(calendar, unitId, date).at(-1)?.toMs;
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
    if (stretchesOf(calendar, unitId, date).length > 0) count += 1;
  }
  return count;
}

/** Whole working days until a term ends: 0 on its last day, -1 from the moment it has passed, -2 on the second working day after. */
export function workingDaysLeft(calendar: Calendar, unitId: string | null, nowMs: number, dueMs: number): number {
  const days = workingDaysBetween(calendar, unitId, nowMs, dueMs);
  return nowMs > dueMs ? Math.min(days, -1) : days;
}

function stretchesOf(calendar: Calendar, unitId: string | null, date: Temporal.PlainDate): readonly Stretch[] {
  const iso = date.toString();
  const key = `${unitId ?? ''} ${iso}`;
  const known = calendar.known.get(key);
  if (known !== undefined) return known;
  const midnight = startOfDayMs(date);
  const stretches = hoursOf(calendar, unitId, iso, date.dayOfWeek).map(({ fromMinutes, toMinutes }) => ({
    fromMs: midnight + fromMinutes * 60_000,
    toMs: midnight + toMinutes * 60_000,
  }));
  if (calendar.known.size >= maxKnown) calendar.known.clear();
  calendar.known.set(key, stretches);
  return stretches;
}

function hoursOf(calendar: Calendar, unitId: string | null, iso: string, dayOfWeek: number): DayHours {
  const exception = calendar.exceptions.findLast((row) => holds(row, unitId, iso));
  if (exception !== undefined && typeof exception.hours !== 'string') return exception.hours;
  const week = calendar.schedules.findLast((row) => holds(row, unitId, iso))?.week;
  const day = typeof exception?.hours === 'string' ? exception.hours : weekday.options[dayOfWeek - 1];
  return (day === undefined ? undefined : week?.get(day)) ?? [];
}

function holds({ period, unitIds }: Row, unitId: string | null, iso: string): boolean {
  if (unitIds !== null && (unitId === null || !unitIds.has(unitId))) return false;
  if (period === null) return true;
  const { from, to } = period;
  const day = from.length === 5 ? iso.slice(5) : iso;
  // A yearly period may run over the new year.
  return from <= to ? from <= day && day <= to : from <= day || day <= to;
}
