import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Calendar } from '../calendar.ts';
import { noRelation, receives } from './notice-policy.ts';
import type { Notices } from './notices.ts';
import type { NoticeSources } from './sources.ts';
import { digestDue } from './time-policy.ts';

const morning = { times: ['08:00'], workingDaysOnly: true };
const lateMs = 6 * 3_600_000;

/**
 * Tells readers on the morning of a working day how many cases wait for a second, blind reading. Not when a case is drawn: whoever saw that
 * together with a decision would know which it is.
 */
export class ReadingReminders {
  readonly #options: {
    sources: NoticeSources;
    notices: Notices;
    calendar: () => Calendar;
    clock: Clock;
    log: Logger;
  };

  constructor(options: {
    sources: NoticeSources;
    notices: Notices;
    calendar: () => Calendar;
    clock: Clock;
    log: Logger;
  }) {
    this.#options = options;
  }

  async tick(): Promise<void> {
    const { sources, notices, calendar, clock, log } = this.#options;
    const dueMs = digestDue(morning, calendar(), clock.nowMs(), lateMs);
    if (dueMs === null) return;
    const kind = 'second_reading_waiting';
    const relation = { ...noRelation, reader: true };
    for (const person of await sources.people()) {
      if (person.disabled || !receives({ kind, role: person.role, relation }, sources.reachOf)) continue;
      const id = `r${dueMs}-${person.userId}`;
      try {
        if (dueMs < person.createdAtMs || (await notices.exists(id))) continue;
        const waiting = await sources.readingsWaiting(person);
        await notices.add(
          waiting.map((reading) => ({
            person,
            kind,
            foldKey: String(dueMs),
            subject: { type: 'reading', id: reading },
            id,
          })),
        );
      } catch (error) {
        log.error({ err: error, account: person.userId }, 'a reader could not be told of second readings');
      }
    }
  }
}
