import type { DigestChoice } from '../../contracts/notices.ts';
import { type Calendar, workingStretches } from '../calendar.ts';
import { plainDateOf, startOfDayMs, timeZone } from '../local-time.ts';

const dayMs = 86_400_000;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** When the quiet hours in which `atMs` lies end; `atMs` itself outside of them. They may run over midnight. */
export function afterQuietHours(quiet: { from: string; to: string } | null, atMs: number): number {
  if (quiet === null) return atMs;
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone);
  const now = local.hour * 60 + local.minute;
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  const inside = from < to ? now >= from && now < to : now >= from || now < to;
  if (!inside) return atMs;
  const midnight = startOfDayMs(now < to ? local.toPlainDate() : local.toPlainDate().add({ days: 1 }));
  return midnight + to * 60_000;
}

/**
 * The newest time of a digest at or before `nowMs` and not more than `lateMs` ago, as UTC epoch ms; null when there is none. So what a
 * server missed while it was down is made up for, and not for days.
 */
export function digestDue(choice: DigestChoice, calendar: Calendar, nowMs: number, lateMs: number): number | null {
  const today = plainDateOf(nowMs);
  const times = [today, today.subtract({ days: 1 })].flatMap((date) => {
    const midnight = startOfDayMs(date);
    if (choice.workingDaysOnly && workingStretches(calendar, null, midnight, midnight + dayMs).length === 0) return [];
    return choice.times.map((time) => midnight + minutesOf(time) * 60_000);
  });
  const due = times.filter((atMs) => atMs <= nowMs && nowMs - atMs <= lateMs);
  return due.length === 0 ? null : Math.max(...due);
}
