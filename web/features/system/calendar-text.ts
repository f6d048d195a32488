import {
  type CalendarContent,
  type CalendarPeriod,
  type DayHours,
  dayHours,
  isDate,
  isDay,
} from '../../../server/contracts/calendar.ts';

/** How hours and dates of the calendar are written and read. */

const two = (n: number) => String(n).padStart(2, '0');
const clock = (minutes: number) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

/** `07:30–12:00, 13:00–16:30`; empty for a day off. */
export function formatHours(hours: DayHours): string {
  return hours.map(({ fromMinutes, toMinutes }) => `${clock(fromMinutes)}–${clock(toMinutes)}`).join(', ');
}

const STRETCH = /^(\d{1,2})(?:[:h.](\d{2})?)?\s*(?:-|–|—|đến|to)\s*(\d{1,2})(?:[:h.](\d{2})?)?$/i;

/** Reads `7:30-12:00, 13h–16h30`; empty text is a day off, null is no hours (also hours that overlap or run backwards). */
export function parseHours(text: string): DayHours | null {
  const parts = text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const hours: DayHours = [];
  for (const part of parts) {
    const match = STRETCH.exec(part);
    if (match === null) return null;
    const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match
      .slice(1)
      .map((digits) => Number(digits ?? 0));
    if (fromMinute > 59 || toMinute > 59) return null;
    hours.push({ fromMinutes: fromHour * 60 + fromMinute, toMinutes: toHour * 60 + toMinute });
  }
  return dayHours.safeParse(hours).success ? hours : null;
}

/** `2026-04-30` → `30/04/2026`, `04-30` → `30/04`. */
export function formatCalendarDate(iso: string): string {
  return iso.split('-').reverse().join('/');
}

/** Reads `30/4/2026`, or `30/4` for every year; null where there is no such day. */
export function parseCalendarDate(text: string): string | null {
  const match = /^\s*(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?\s*$/.exec(text);
  if (match === null) return null;
  const day = `${two(Number(match[2]))}-${two(Number(match[1]))}`;
  const date = match[3] === undefined ? day : `${match[3]}-${day}`;
  return isDate(date) || isDay(date) ? date : null;
}

/** `30/04/2026`, `05/02/2027 – 11/02/2027`. */
export function formatPeriod({ from, to }: CalendarPeriod): string {
  return from === to ? formatCalendarDate(from) : `${formatCalendarDate(from)} – ${formatCalendarDate(to)}`;
}

/** Whether a period touches a year; one of every year touches all. */
export function touchesYear({ from, to }: CalendarPeriod, year: number): boolean {
  return from.length === 5 || (Number(from.slice(0, 4)) <= year && year <= Number(to.slice(0, 4)));
}

/** Rows in the order of their dates within a year, those of every year first. */
export function byDate(a: CalendarContent, b: CalendarContent): number {
  const key = (content: CalendarContent) =>
    content.kind === 'grace' || content.period === null ? '' : content.period.from.slice(-5);
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}

/** The dates of a month, Monday first; null before its first and after its last. */
export function weeksOf(year: number, month: number): (string | null)[][] {
  const before = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const cells = Array.from({ length: Math.ceil((before + length) / 7) * 7 }, (_, i) => {
    const day = i - before + 1;
    return day < 1 || day > length ? null : `${year}-${two(month)}-${two(day)}`;
  });
  return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(7 * i, 7 * i + 7));
}

/** The date so many days away. */
export function shiftDate(iso: string, days: number): string {
  return new Date(Date.parse(iso) + days * 86_400_000).toISOString().slice(0, 10);
}
