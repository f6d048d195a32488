import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Calendar } from '../calendar.ts';
import { mayEverReceive } from './notice-policy.ts';
import type { Notices } from './notices.ts';
import type { SettingsOfPeople } from './settings.ts';
import type { NoticeSources } from './sources.ts';
import { digestDue } from './time-policy.ts';

/** A digest that a server was down for is made up for so long, and then is left to the next one. */
const lateMs = 6 * 3_600_000;

export interface DigestsOptions {
  sources: NoticeSources;
  settings: SettingsOfPeople;
  notices: Notices;
  calendar: () => Calendar;
  clock: Clock;
  log: Logger;
}

/** Digests at each person's hours. One is known by the person and its time, so that no restart sends it twice. */
export class Digests {
  readonly #options: DigestsOptions;

  constructor(options: DigestsOptions) {
    this.#options = options;
  }

  async tick(): Promise<void> {
    const { sources, settings, notices, calendar, clock, log } = this.#options;
    const nowMs = clock.nowMs();
    const resolve = await settings.all();
    for (const person of await sources.people()) {
      if (person.disabled || !mayEverReceive('digest', person.role, sources.reachOf)) continue;
      const { digest: choice, channels } = resolve(person);
      const { console, mail } = channels('digest');
      if (!console && !mail) continue;
      const dueMs = digestDue(choice, calendar(), nowMs, lateMs);
      // Nobody is made up for what was before the account.
      if (dueMs === null || dueMs < person.createdAtMs) continue;
      const id = `d${dueMs}-${person.userId}`;
      if (await notices.exists(id)) continue;
      try {
        const digest = await sources.digest(person, nowMs);
        await notices.add([{ person, kind: 'digest', foldKey: String(dueMs), subject: null, details: { digest }, id }]);
      } catch (error) {
        log.error({ err: error, account: person.userId }, 'a digest could not be made');
      }
    }
  }
}
