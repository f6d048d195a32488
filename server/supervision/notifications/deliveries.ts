import {
  type Delivery,
  type DeliveryPage,
  type DeliveryQuery,
  type DeliveryState,
  deliveryState,
} from '../../contracts/notices.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { Database } from '../../storage/database.ts';
import type { DeliveryRow, DeliveryStore } from '../../storage/delivery.store.ts';
import type { Audit, Supervisor } from '../supervisor.ts';
import type { NoticeSources } from './sources.ts';
import type { Webhooks } from './webhooks.ts';

const dayMs = 24 * 3_600_000;

/** The outbox as administrators see it: whither, whether and why not. */
export class Deliveries<A extends Supervisor = Supervisor> {
  readonly #options: {
    database: Database;
    store: DeliveryStore;
    sources: NoticeSources;
    webhooks: Webhooks<A>;
    audit: Audit<A>;
    clock: Clock;
  };

  constructor(options: {
    database: Database;
    store: DeliveryStore;
    sources: NoticeSources;
    webhooks: Webhooks<A>;
    audit: Audit<A>;
    clock: Clock;
  }) {
    this.#options = options;
  }

  /** A page, newest first. Errors: `cursor_invalid`. */
  async list(query: DeliveryQuery): Promise<DeliveryPage> {
    const { store, sources, webhooks } = this.#options;
    const rows = await store.list({
      state: query.state ?? null,
      channel: query.channel ?? null,
      before: query.cursor === undefined ? null : parseCursor(query.cursor),
      limit: query.limit + 1,
    });
    const shown = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? shown.at(-1) : undefined;
    const [people, hooks, counts] = await Promise.all([sources.people(), webhooks.list(), store.counts()]);
    const names = new Map<string, string>([
      ...people.map(({ userId, name }) => [`mail ${userId}`, name] as const),
      ...hooks.map(({ id, name }) => [`webhook ${id}`, name] as const),
    ]);
    return {
      items: shown.map((row) => present(row, names.get(`${row.channel} ${row.target_id}`) ?? row.target_id)),
      next: last === undefined ? null : `${last.created_at_ms}.${last.id}`,
      counts: Object.fromEntries(deliveryState.options.map((state) => [state, counts.get(state) ?? 0])) as Record<
        DeliveryState,
        number
      >,
    };
  }

  /** Begins a delivery anew that was given up. Errors: `delivery_unknown`, `delivery_not_dead`. */
  async resend(actor: A, id: string, address: string): Promise<void> {
    const { store, clock, database, audit } = this.#options;
    if ((await store.byId(id)) === undefined) throw new AppError('not_found', 'delivery_unknown');
    await database.kysely.transaction().execute(async (trx) => {
      if (!(await store.revive(id, clock.nowMs(), trx))) throw new AppError('conflict', 'delivery_not_dead');
      await audit({ actor, address, action: 'delivery.resent', subject: `delivery:${id}`, details: {} }, trx);
    });
  }

  /** What was sent is forgotten after a week, what was given up after as long as notices are kept. */
  async forget(keepDays: number): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    await this.#options.store.deleteEnded(nowMs - 7 * dayMs, nowMs - keepDays * dayMs);
  }
}

function present(row: DeliveryRow, to: string): Delivery {
  return {
    id: row.id,
    channel: row.channel,
    to,
    kind: row.kind,
    state: row.state,
    attempts: row.attempts,
    createdAtMs: row.created_at_ms,
    nextAtMs: row.state === 'waiting' ? row.next_at_ms : null,
    endedAtMs: row.ended_at_ms,
    failure: row.failure_code === null ? null : { code: row.failure_code, detail: row.failure_detail ?? '' },
  };
}

function parseCursor(cursor: string): { atMs: number; id: string } {
  const found = /^(\d{1,16})\.([a-z0-9]{1,64})$/.exec(cursor);
  if (found?.[1] === undefined || found[2] === undefined) throw new AppError('invalid', 'cursor_invalid');
  return { atMs: Number(found[1]), id: found[2] };
}
