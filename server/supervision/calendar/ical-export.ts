import ICAL from 'ical.js';
import type { CalendarException } from '../../contracts/calendar.ts';
import { icalCategories, icalProperties, icalWeekdays, ownUid } from './ical-words.ts';

export interface ExportedRow {
  readonly id: string;
  readonly version: number;
  readonly changedAtMs: number;
  readonly uid: string | null;
  readonly content: CalendarException;
}

/** A yearly day is told by its first year, a leap year, so that 29 February is in it. */
const firstYearly = 2024;

/** The exceptions as an iCalendar file (RFC 5545): our import makes the very same rows of it. */
export function exportExceptions(rows: readonly ExportedRow[], calendarName: string): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.updatePropertyWithValue('version', '2.0');
  calendar.updatePropertyWithValue('prodid', '-//Lien Thong//Working calendar//VI');
  calendar.updatePropertyWithValue('calscale', 'GREGORIAN');
  calendar.updatePropertyWithValue('method', 'PUBLISH');
  calendar.updatePropertyWithValue('x-wr-calname', calendarName);
  for (const row of rows) calendar.addSubcomponent(eventOf(row));
  return `${calendar.toString()}\r\n`;
}

function eventOf({ id, version, changedAtMs, uid, content }: ExportedRow): ICAL.Component {
  const { period, name, day, unitIds, kinds } = content;
  const event = new ICAL.Component('vevent');
  const yearly = period.from.length === 5;
  const first = Temporal.PlainDate.from(yearly ? `${firstYearly}-${period.from}` : period.from);
  const lastYear = period.to < period.from ? firstYearly + 1 : firstYearly;
  const last = Temporal.PlainDate.from(yearly ? `${lastYear}-${period.to}` : period.to);
  event.updatePropertyWithValue('uid', uid ?? ownUid(id));
  event.updatePropertyWithValue('dtstamp', ICAL.Time.fromJSDate(new Date(changedAtMs), true));
  event.updatePropertyWithValue('sequence', version);
  event.updatePropertyWithValue('dtstart', dateOf(first));
  // The day after the last (section 3.6.1).
  event.updatePropertyWithValue('dtend', dateOf(last.add({ days: 1 })));
  if (yearly) event.updatePropertyWithValue('rrule', ICAL.Recur.fromString('FREQ=YEARLY'));
  event.updatePropertyWithValue('summary', name);
  event.updatePropertyWithValue('categories', icalCategories[day.type]);
  event.updatePropertyWithValue('transp', 'TRANSPARENT');
  if (day.type === 'hours') event.updatePropertyWithValue(icalProperties.hours, day.hours.map(hoursText).join(','));
  if (day.type === 'half') event.updatePropertyWithValue(icalProperties.half, day.half.toUpperCase());
  if (day.type === 'swap') {
    const like = Object.entries(icalWeekdays).find(([, weekday]) => weekday === day.like)?.[0] ?? '';
    event.updatePropertyWithValue(icalProperties.like, like);
  }
  if (unitIds.length > 0) event.updatePropertyWithValue(icalProperties.units, unitIds.join(','));
  if (kinds.length > 0) event.updatePropertyWithValue(icalProperties.kinds, kinds.join(','));
  return event;
}

function dateOf({ year, month, day }: Temporal.PlainDate): ICAL.Time {
  return ICAL.Time.fromData({ year, month, day, isDate: true });
}

function hoursText({ fromMinutes, toMinutes }: { fromMinutes: number; toMinutes: number }): string {
  return [fromMinutes, toMinutes]
    .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`)
    .join('-');
}
