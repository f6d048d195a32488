import { type Flag, fromFlag, toFlag } from './columns.ts';
import type { Queries } from './database.ts';

export interface IncidentWatcherTable {
  incident_id: string;
  account_id: string;
  /** 0 where the person has stopped, so that acting on the case does not start it again. */
  watching: Flag;
  since_ms: number;
}

export class WatcherStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** Accounts that watch a case. */
  async of(incidentId: string): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('incident_watchers')
      .select('account_id')
      .where('incident_id', '=', incidentId)
      .where('watching', '=', 1)
      .orderBy('since_ms')
      .orderBy('account_id')
      .execute();
    return rows.map((row) => row.account_id);
  }

  async watches(incidentId: string, accountId: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('incident_watchers')
      .select('watching')
      .where('incident_id', '=', incidentId)
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    return row !== undefined && fromFlag(row.watching);
  }

  /** What the person has said holds, whatever was before. */
  async set(incidentId: string, accountId: string, watching: boolean, nowMs: number): Promise<void> {
    const change = { watching: toFlag(watching), since_ms: nowMs };
    await this.#db
      .insertInto('incident_watchers')
      .values({ incident_id: incidentId, account_id: accountId, ...change })
      .onConflict((c) => c.columns(['incident_id', 'account_id']).doUpdateSet(change))
      .execute();
  }

  /** Starts watching unless the person watches already or has stopped. */
  async begin(incidentId: string, accountId: string, nowMs: number, within: Queries = this.#db): Promise<void> {
    await within
      .insertInto('incident_watchers')
      .values({ incident_id: incidentId, account_id: accountId, watching: 1, since_ms: nowMs })
      .onConflict((c) => c.columns(['incident_id', 'account_id']).doNothing())
      .execute();
  }
}
