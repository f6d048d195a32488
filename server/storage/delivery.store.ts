import type { DeliveryChannel, DeliveryKind, DeliveryState } from '../contracts/notices.ts';
import type { Queries } from './database.ts';

/** One mail to one person, or one call of one webhook, until it is done or given up. */
export interface DeliveryTable {
  id: string;
  channel: DeliveryChannel;
  /** Id of the account or of the webhook. */
  target_id: string;
  kind: DeliveryKind;
  /** The notice that a mail tells; its text is made when it is sent. */
  notice_id: string | null;
  /** What must be delivered once only, whoever asks how often. */
  once_key: string | null;
  /** The body of a webhook as JSON. */
  payload: string | null;
  state: DeliveryState;
  attempts: number;
  created_at_ms: number;
  /** When it is due; while an attempt is under way: when that is taken to be lost. */
  next_at_ms: number;
  ended_at_ms: number | null;
  failure_code: string | null;
  failure_detail: string | null;
}
export type DeliveryRow = DeliveryTable;

export interface DeliveryListQuery {
  state: DeliveryState | null;
  channel: DeliveryChannel | null;
  before: { atMs: number; id: string } | null;
  limit: number;
}

/** The outbox. */
export class DeliveryStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** False when something with the same `once_key` is there. */
  async insert(row: DeliveryRow, within: Queries = this.#db): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await within
      .insertInto('deliveries')
      .values(row)
      .onConflict((conflict) => conflict.column('once_key').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  byId(id: string): Promise<DeliveryRow | undefined> {
    return this.#db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
  }

  due(channel: DeliveryChannel, nowMs: number, limit: number): Promise<DeliveryRow[]> {
    return this.#db
      .selectFrom('deliveries')
      .selectAll()
      .where('state', '=', 'waiting')
      .where('next_at_ms', '<=', nowMs)
      .where('channel', '=', channel)
      .orderBy('next_at_ms')
      .limit(limit)
      .execute();
  }

  /** Takes a due delivery for one attempt, until `lostAtMs`; false when somebody else took it. */
  async claim(row: DeliveryRow, lostAtMs: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('deliveries')
      .set({ next_at_ms: lostAtMs, attempts: row.attempts + 1 })
      .where('id', '=', row.id)
      .where('state', '=', 'waiting')
      .where('next_at_ms', '=', row.next_at_ms)
      .where('attempts', '=', row.attempts)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async update(id: string, changes: Partial<Omit<DeliveryRow, 'id'>>): Promise<void> {
    await this.#db.updateTable('deliveries').set(changes).where('id', '=', id).execute();
  }

  /** Begins a dead delivery anew; false when it is not dead. */
  async revive(id: string, nowMs: number, within: Queries): Promise<boolean> {
    const { numUpdatedRows } = await within
      .updateTable('deliveries')
      .set({ state: 'waiting', attempts: 0, next_at_ms: nowMs, ended_at_ms: null })
      .where('id', '=', id)
      .where('state', '=', 'dead')
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** Drops what waits for a target that is gone. */
  async dropFor(channel: DeliveryChannel, targetId: string, nowMs: number, within: Queries = this.#db): Promise<void> {
    await within
      .updateTable('deliveries')
      .set({ state: 'dropped', ended_at_ms: nowMs, payload: null })
      .where('channel', '=', channel)
      .where('target_id', '=', targetId)
      .where('state', '=', 'waiting')
      .execute();
  }

  async countSince(
    channel: DeliveryChannel,
    targetId: string,
    sinceMs: number,
    kind: DeliveryKind | null,
    within: Queries = this.#db,
  ): Promise<number> {
    let select = within
      .selectFrom('deliveries')
      .select((eb) => eb.fn.countAll<number | bigint | string>().as('count'))
      .where('channel', '=', channel)
      .where('target_id', '=', targetId)
      .where('created_at_ms', '>', sinceMs);
    if (kind !== null) select = select.where('kind', '=', kind);
    return Number((await select.executeTakeFirst())?.count ?? 0);
  }

  /** Newest first. */
  list(query: DeliveryListQuery): Promise<DeliveryRow[]> {
    const { before, state, channel } = query;
    let select = this.#db.selectFrom('deliveries').selectAll();
    if (state !== null) select = select.where('state', '=', state);
    if (channel !== null) select = select.where('channel', '=', channel);
    if (before !== null) {
      select = select.where((eb) =>
        eb.or([
          eb('created_at_ms', '<', before.atMs),
          eb.and([eb('created_at_ms', '=', before.atMs), eb('id', '<', before.id)]),
        ]),
      );
    }
    return select.orderBy('created_at_ms', 'desc').orderBy('id', 'desc').limit(query.limit).execute();
  }

  async counts(): Promise<Map<DeliveryState, number>> {
    const rows = await this.#db
      .selectFrom('deliveries')
      .select((eb) => ['state', eb.fn.countAll<number | bigint | string>().as('count')])
      .groupBy('state')
      .execute();
    return new Map(rows.map(({ state, count }) => [state, Number(count)]));
  }

  /** Forgets what ended before `endedMs` (sent, dropped) and what died before `deadMs`. */
  async deleteEnded(endedMs: number, deadMs: number): Promise<void> {
    await this.#db
      .deleteFrom('deliveries')
      .where((eb) =>
        eb.or([
          eb.and([eb('state', 'in', ['sent', 'dropped']), eb('ended_at_ms', '<', endedMs)]),
          eb.and([eb('state', '=', 'dead'), eb('ended_at_ms', '<', deadMs)]),
        ]),
      )
      .execute();
  }
}
