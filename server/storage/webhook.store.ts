import type { Flag } from './columns.ts';
import type { Queries } from './database.ts';

export interface WebhookTable {
  id: string;
  name: string;
  url: string;
  /** JSON list of kinds. */
  kinds: string;
  /** Encrypted; the key stands in a file beside the database. */
  sealed_secret: string;
  enabled: Flag;
  created_at_ms: number;
  /** Of the last call. */
  last_at_ms: number | null;
  last_ok: Flag | null;
}
export type WebhookRow = WebhookTable;

/** Addresses that are called with news. */
export class WebhookStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  list(): Promise<WebhookRow[]> {
    return this.#db.selectFrom('webhooks').selectAll().orderBy('created_at_ms').orderBy('id').execute();
  }

  byId(id: string, within: Queries = this.#db): Promise<WebhookRow | undefined> {
    return within.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async insert(row: WebhookRow, within: Queries): Promise<void> {
    await within.insertInto('webhooks').values(row).execute();
  }

  async update(id: string, changes: Partial<Omit<WebhookRow, 'id'>>, within: Queries = this.#db): Promise<void> {
    await within.updateTable('webhooks').set(changes).where('id', '=', id).execute();
  }

  async remove(id: string, within: Queries): Promise<void> {
    await within.deleteFrom('webhooks').where('id', '=', id).execute();
  }
}
