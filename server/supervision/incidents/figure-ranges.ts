import { type Calendar, workingDaysBetween } from '../calendar.ts';
import { plainDateOf, startOfDayMs } from '../local-time.ts';

/** Cases that are `fromDays` to `toDays` working days old were flagged in [fromMs, toMs); null is without bound. */
export interface AgeRange {
  fromDays: number;
  toDays: number | null;
  fromMs: number | null;
  toMs: number | null;
}

const ages: readonly (readonly [from: number, to: number | null])[] = [
  [0, 2],
  [3, 5],
  [6, 10],
  [11, null],
];
const maxSearchDays = 1000;
const mostMonths = 24;

/** The ages of open cases in working days of the city, as stretches of the time in which they were flagged. */
export function ageRanges(calendar: Calendar, nowMs: number): AgeRange[] {
  return ages.map(([fromDays, toDays]) => ({
    fromDays,
    toDays,
    fromMs: toDays === null ? null : flaggedFrom(calendar, nowMs, toDays),
    toMs: fromDays === 0 ? null : flaggedFrom(calendar, nowMs, fromDays - 1),
  }));
}

/** The earliest moment from which on at most `days` working days have passed since. */
function flaggedFrom(calendar: Calendar, nowMs: number, days: number): number {
  let date = plainDateOf(nowMs);
  for (let i = 0; i < maxSearchDays; i++) {
    const before = date.subtract({ days: 1 });
    if (workingDaysBetween(calendar, null, startOfDayMs(before), nowMs) > days) return startOfDayMs(date);
    date = before;
  }
  return 0;
}

/** The months that [fromMs, toMs) touches, cut to it, the latest 24; the last twelve months where it has no start. */
export function monthRanges(
  fromMs: number | undefined,
  toMs: number | undefined,
  nowMs: number,
): { month: string; fromMs: number; toMs: number }[] {
  const endMs = toMs ?? nowMs + 1;
  const last = plainDateOf(endMs - 1).toPlainYearMonth();
  const wanted = fromMs === undefined ? last.subtract({ months: 11 }) : plainDateOf(fromMs).toPlainYearMonth();
  const earliest = last.subtract({ months: mostMonths - 1 });
  const ranges = [];
  let month = Temporal.PlainYearMonth.compare(wanted, earliest) < 0 ? earliest : wanted;
  for (; Temporal.PlainYearMonth.compare(month, last) <= 0; month = month.add({ months: 1 })) {
    const monthFromMs = startOfDayMs(month.toPlainDate({ day: 1 }));
    const monthToMs = startOfDayMs(month.add({ months: 1 }).toPlainDate({ day: 1 }));
    ranges.push({
      month: month.toString(),
      fromMs: Math.max(monthFromMs, fromMs ?? 0),
      toMs: Math.min(monthToMs, toMs ?? monthToMs),
    });
  }
  return ranges;
}
