import type { Watching } from '../../contracts/incident-work.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../storage/database.ts';
import type { IncidentStore } from '../../storage/incident.store.ts';
import { WatcherStore } from '../../storage/watcher.store.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { type Colleagues, seesTheCity, visibleCase } from './colleagues.ts';

export interface WatchersOptions {
  database: Database;
  incidents: Pick<IncidentStore, 'find'>;
  colleagues: Colleagues;
  reachOf: ReachOf;
  clock: Clock;
}

/** Who follows which case. Whoever acts on a case, comments on it or is assigned to it follows it until they stop. */
export class Watchers {
  readonly #options: WatchersOptions;
  readonly #store: WatcherStore;

  constructor(options: WatchersOptions) {
    this.#options = options;
    this.#store = new WatcherStore(options.database.kysely);
  }

  /** Errors: `incident_unknown`, also for a case that the person may not see. */
  async of(actor: Supervisor, incidentId: string): Promise<Watching> {
    const { colleagues, reachOf } = this.#options;
    await this.#visible(actor, incidentId);
    const watching = await this.#store.watches(incidentId, actor.userId);
    if (!seesTheCity(actor, reachOf)) return { watching, watchers: null };
    const [ids, people] = await Promise.all([this.#store.of(incidentId), colleagues()]);
    const watchers = ids.flatMap((id) => {
      const person = people.find((colleague) => colleague.id === id && !colleague.disabled);
      return person === undefined ? [] : [{ userId: id, name: person.name, role: person.role }];
    });
    return { watching, watchers };
  }

  /** Follows the case or stops. Errors: `incident_unknown`. */
  async set(actor: Supervisor, incidentId: string, watching: boolean): Promise<Watching> {
    await this.#visible(actor, incidentId);
    await this.#store.set(incidentId, actor.userId, watching, this.#options.clock.nowMs());
    return this.of(actor, incidentId);
  }

  /** Somebody acted on the case or is assigned to it: they follow it, unless they have stopped. */
  begin(incidentId: string, accountId: string): Promise<void> {
    return this.#store.begin(incidentId, accountId, this.#options.clock.nowMs());
  }

  /** Accounts that follow the case; what each of them may see of it is the caller's to check. */
  idsOf(incidentId: string): Promise<string[]> {
    return this.#store.of(incidentId);
  }

  #visible(actor: Supervisor, incidentId: string) {
    return visibleCase(actor, incidentId, { store: this.#options.incidents, reachOf: this.#options.reachOf });
  }
}
