import type { ApplyCalendarImport, CalendarImportPreview, CalendarImportResult } from '../../contracts/calendar.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { City } from '../city.ts';
import { dateOf } from '../local-time.ts';
import type { ChangedBy } from './changes.ts';
import { exportExceptions } from './ical-export.ts';
import { readEvents } from './ical-read.ts';
import { planImport } from './import-plan.ts';
import type { WorkingCalendar } from './working-calendar.ts';

interface CalendarFilesOptions<R> {
  calendar: WorkingCalendar<R>;
  city: Pick<City, 'name' | 'units'>;
  clock: Clock;
}

/** Exceptions of the calendar as iCalendar files, both ways. */
export class CalendarFiles<R> {
  readonly #options: CalendarFilesOptions<R>;

  constructor(options: CalendarFilesOptions<R>) {
    this.#options = options;
  }

  /** What a file would do, row by row, without doing it. Errors: `calendar_file_unreadable`, `calendar_file_too_many`. */
  preview(text: string): CalendarImportPreview {
    return { version: this.#options.calendar.version, items: this.#plan(text).map(({ item }) => item) };
  }

  /**
   * Does what the preview of the same file showed, all or nothing.
   * Errors: `version_conflict` where the calendar has changed since, and those of `preview` and of a change.
   */
  async apply({ version, text, leaveOut }: ApplyCalendarImport, by: ChangedBy<R>): Promise<CalendarImportResult> {
    const { calendar } = this.#options;
    const left = new Set(leaveOut);
    const result = { added: 0, changed: 0, ignored: 0 };
    const plan = () => {
      if (calendar.version !== version) {
        throw new AppError('conflict', 'version_conflict', { params: { version: calendar.version } });
      }
      return this.#plan(text).flatMap(({ item, change }) => {
        if (change === null || left.has(item.key)) {
          result.ignored += 1;
          return [];
        }
        if (item.action === 'change') result.changed += 1;
        else result.added += 1;
        return [change];
      });
    };
    await calendar.change(plan, by, 'calendar.imported');
    return { version: calendar.version, ...result };
  }

  /** The exceptions that `mayKnow` lets through as an iCalendar file (RFC 5545). */
  export(mayKnow: (unitIds: readonly string[]) => boolean): string {
    const rows = this.#options.calendar.rows.flatMap(({ content, ...row }) =>
      content.kind === 'exception' && mayKnow(content.unitIds) ? [{ ...row, content }] : [],
    );
    return exportExceptions(rows, this.#options.city.name);
  }

  #plan(text: string) {
    const { calendar, city, clock } = this.#options;
    const events = readEvents(text, dateOf(clock.nowMs()));
    return planImport(events, calendar.rows, (id) => city.units.find(id) !== undefined);
  }
}
