import {
  type CalendarAlarm,
  type CalendarContent,
  type CalendarException,
  type CalendarGrace,
  type CalendarPeriod,
  type CalendarSchedule,
  daysIn,
} from '../../contracts/calendar.ts';
import type { Unit } from '../../contracts/units.ts';

/** A row made ready to be asked: for which units it holds, or for all (null). */
export interface Rule<C extends CalendarContent> {
  readonly id: string;
  readonly content: C;
  readonly unitIds: ReadonlySet<string> | null;
}

/** Rows by kind; of those that hold for a unit on a date the LAST one counts. */
export interface CalendarRules {
  readonly graces: readonly Rule<CalendarGrace>[];
  readonly schedules: readonly Rule<CalendarSchedule>[];
  readonly exceptions: readonly Rule<CalendarException>[];
}

type Units = readonly Pick<Unit, 'id' | 'kind'>[];

/**
 * The particular holds over the general: a row for named units over one for a kind of unit over one for all; then one of single
 * dates over one of every year over one that holds always; then the shorter period; then the one that was entered later.
 */
export function compileRules(
  rows: readonly { readonly id: string; readonly content: CalendarContent }[],
  units: Units,
): CalendarRules {
  const sorted = rows
    .map((row) => ({ ...row, unitIds: unitsOf(row.content, units), weight: weightOf(row.content) }))
    .sort((a, b) => compare(a.weight, b.weight));
  const graces: Rule<CalendarGrace>[] = [];
  const schedules: Rule<CalendarSchedule>[] = [];
  const exceptions: Rule<CalendarException>[] = [];
  for (const { id, content, unitIds } of sorted) {
    if (content.kind === 'grace') graces.push({ id, content, unitIds });
    else if (content.kind === 'schedule') schedules.push({ id, content, unitIds });
    else exceptions.push({ id, content, unitIds });
  }
  return { graces, schedules, exceptions };
}

function unitsOf({ unitIds, kinds }: CalendarContent, units: Units): ReadonlySet<string> | null {
  if (unitIds.length === 0 && kinds.length === 0) return null;
  return new Set([...unitIds, ...units.filter((unit) => kinds.includes(unit.kind)).map((unit) => unit.id)]);
}

function weightOf(content: CalendarContent): number[] {
  const period = content.kind === 'grace' ? null : content.period;
  return [
    content.unitIds.length > 0 ? 2 : content.kinds.length > 0 ? 1 : 0,
    period === null ? 0 : period.from.length === 5 ? 1 : 2,
    period === null ? 0 : -daysIn(period),
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const difference = value - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function holdsFor({ unitIds }: Rule<CalendarContent>, unitId: string | null): boolean {
  return unitIds === null || (unitId !== null && unitIds.has(unitId));
}

/** Whether YYYY-MM-DD lies in the period. A yearly one may run over the new year. */
export function covers(period: CalendarPeriod | null, iso: string): boolean {
  if (period === null) return true;
  const { from, to } = period;
  const day = from.length === 5 ? iso.slice(5) : iso;
  return from <= to ? from <= day && day <= to : from <= day || day <= to;
}

/**
 * The first day of the year, MM-DD, that no yearly schedule for every unit covers, or null. Terms count on there being a working day
 * within reach of any date, this year and in years of which nothing is known yet, so schedules of single dates alone do not do.
 */
export function uncoveredDay(contents: readonly CalendarContent[]): string | null {
  const periods = contents.flatMap((row) =>
    row.kind === 'schedule' &&
    row.unitIds.length === 0 &&
    row.kinds.length === 0 &&
    row.period?.from.length !== 10 &&
    Object.values(row.week).some((hours) => hours.length > 0)
      ? [row.period]
      : [],
  );
  // A leap year, so that 29 February is looked at.
  for (let day = Temporal.PlainDate.from('2028-01-01'); day.year === 2028; day = day.add({ days: 1 })) {
    const iso = day.toString();
    if (!periods.some((period) => covers(period, iso))) return iso.slice(5);
  }
  return null;
}

/** From this day on the next year is looked at: the government announces Tết in the autumn. */
const nextYearFrom = '10-01';

/**
 * What an administrator has yet to enter. A year counts as entered once a day off of its own, for all units, stands in it; days that
 * return every year do not tell, since Tết and the days off around holidays are set anew each year.
 */
export function calendarAlarms(contents: readonly CalendarContent[], today: string): CalendarAlarm[] {
  const year = Number(today.slice(0, 4)) + (today.slice(5) >= nextYearFrom ? 1 : 0);
  const entered = contents.some(
    (row) =>
      row.kind === 'exception' &&
      row.day.type === 'off' &&
      row.unitIds.length === 0 &&
      row.kinds.length === 0 &&
      row.period.from.length === 10 &&
      row.period.from.slice(0, 4) <= String(year) &&
      String(year) <= row.period.to.slice(0, 4),
  );
  return entered ? [] : [{ code: 'holidays_missing', year }];
}
