import { silentLogger } from '../../server/platform/log.ts';
import type { CalendarAuditRecord } from '../../server/supervision/calendar/changes.ts';
import { WorkingCalendar } from '../../server/supervision/calendar/working-calendar.ts';
import type { City } from '../../server/supervision/city.ts';
import { temporaryDatabase } from './database.ts';
import { at, demoCity } from './supervision.ts';

export interface CalendarBench {
  city: City;
  /** What was written to the audit log, in order. */
  audited: CalendarAuditRecord<string>[];
  /** Opens the calendar on the same database, as a start of the server does. */
  open(city?: City): Promise<WorkingCalendar<string>>;
  close(): Promise<void>;
}

/** The calendar of the demo city over a database of its own; it is a Tuesday in November 2026. */
export async function openCalendarBench(): Promise<CalendarBench> {
  const database = await temporaryDatabase();
  const city = demoCity();
  const audited: CalendarAuditRecord<string>[] = [];
  const clock = { nowMs: () => at('2026-11-24 09:30'), monotonicMs: () => 0 };
  const audit = async (record: CalendarAuditRecord<string>) => audited.push(record);
  return {
    city,
    audited,
    open: (of = city) => WorkingCalendar.open({ database, city: of, clock, log: silentLogger, audit }),
    close: () => database.close(),
  };
}
