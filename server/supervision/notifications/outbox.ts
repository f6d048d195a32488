import type { DeliveryChannel, DeliveryKind } from '../../contracts/notices.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import type { Queries } from '../../storage/database.ts';
import type { DeliveryRow, DeliveryStore } from '../../storage/delivery.store.ts';
import { nextAttemptAt, type Outcome } from './retry-policy.ts';

/** Makes one attempt. It must end by itself within `lostAfterMs`, or when `signal` is aborted. */
export type Send = (row: DeliveryRow, signal: AbortSignal) => Promise<Outcome>;

export interface OutboxOptions {
  store: DeliveryStore;
  clock: Clock;
  log: Logger;
  send: Record<DeliveryChannel, Send>;
  /** How many of a channel are under way at once. */
  atOnce: Record<DeliveryChannel, number>;
  /** Told of a delivery that was given up. */
  dead: (row: DeliveryRow) => void;
  /** In [0, 1), for spreading retries. */
  chance?: () => number;
}

export interface NewDelivery {
  channel: DeliveryChannel;
  targetId: string;
  kind: DeliveryKind;
  noticeId?: string;
  onceKey?: string;
  payload?: string;
  dueMs: number;
}

/** An attempt that has told nothing for so long died with its process, and is made again. */
export const lostAfterMs = 5 * 60_000;
const longestDetail = 300;

/**
 * What is to leave the house: kept in the database until it is delivered or given up, so that neither a restart nor a server that is
 * away loses anything, and whoever caused it never waits. A crash between delivery and its record delivers twice, under the same id.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #stopping = new AbortController();
  readonly #underWay: Record<DeliveryChannel, Set<Promise<void>>> = { mail: new Set(), webhook: new Set() };

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** False when something with the same `onceKey` was put in before. */
  put(delivery: NewDelivery, within?: Queries): Promise<boolean> {
    const nowMs = this.#options.clock.nowMs();
    const row: DeliveryRow = {
      id: newId(),
      channel: delivery.channel,
      target_id: delivery.targetId,
      kind: delivery.kind,
      notice_id: delivery.noticeId ?? null,
      once_key: delivery.onceKey ?? null,
      payload: delivery.payload ?? null,
      state: 'waiting',
      attempts: 0,
      created_at_ms: nowMs,
      next_at_ms: delivery.dueMs,
      ended_at_ms: null,
      failure_code: null,
      failure_detail: null,
    };
    return this.#options.store.insert(row, within);
  }

  /** Begins attempts at what is due, as many at once as may be; returns when they have begun. */
  async tick(): Promise<void> {
    for (const channel of ['mail', 'webhook'] as const) await this.#begin(channel);
  }

  /** Settles when no attempt is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.mail.size + this.#underWay.webhook.size > 0) {
      await Promise.allSettled([...this.#underWay.mail, ...this.#underWay.webhook]);
    }
  }

  /** Breaks off what is under way: it is tried again at the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.idle();
  }

  async #begin(channel: DeliveryChannel): Promise<void> {
    const { store, clock, atOnce } = this.#options;
    const underWay = this.#underWay[channel];
    const free = atOnce[channel] - underWay.size;
    if (free <= 0 || this.#stopping.signal.aborted) return;
    const nowMs = clock.nowMs();
    for (const row of await store.due(channel, nowMs, free)) {
      const lostAtMs = nowMs + lostAfterMs;
      if (!(await store.claim(row, lostAtMs)) || this.#stopping.signal.aborted) continue;
      const attempt = this.#attempt({ ...row, attempts: row.attempts + 1 })
        .catch((error) => this.#options.log.error({ err: error, delivery: row.id }, 'a delivery could not be recorded'))
        .finally(() => underWay.delete(attempt));
      underWay.add(attempt);
    }
  }

  async #attempt(row: DeliveryRow): Promise<void> {
    const { store, clock, send } = this.#options;
    let outcome: Outcome;
    try {
      outcome = await send[row.channel](row, this.#stopping.signal);
    } catch (error) {
      this.#options.log.error({ err: error, delivery: row.id }, 'a delivery failed unexpectedly');
      outcome = { kind: 'failed', permanent: false, code: 'internal', detail: errorMessage(error) };
    }
    const nowMs = clock.nowMs();
    if (this.#stopping.signal.aborted && outcome.kind !== 'sent') {
      await store.update(row.id, { attempts: row.attempts - 1, next_at_ms: nowMs });
      return;
    }
    await this.#record(row, outcome, nowMs);
  }

  async #record(row: DeliveryRow, outcome: Outcome, nowMs: number): Promise<void> {
    const { store, log, chance = Math.random } = this.#options;
    switch (outcome.kind) {
      case 'sent':
        return store.update(row.id, { state: 'sent', ended_at_ms: nowMs, failure_code: null, failure_detail: null });
      case 'dropped':
        return store.update(row.id, { state: 'dropped', ended_at_ms: nowMs, payload: null });
      case 'later':
        return store.update(row.id, { attempts: row.attempts - 1, next_at_ms: outcome.atMs });
      case 'failed': {
        const failure = { failure_code: outcome.code, failure_detail: printable(outcome.detail) };
        const nextMs = nextAttemptAt(row.attempts, outcome.permanent, nowMs, chance());
        if (nextMs !== null) return store.update(row.id, { ...failure, next_at_ms: nextMs });
        await store.update(row.id, { ...failure, state: 'dead', ended_at_ms: nowMs });
        log.warn({ delivery: row.id, channel: row.channel, code: outcome.code }, 'a delivery was given up');
        this.#options.dead(row);
      }
    }
  }
}

/** What another machine said, on one line. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, longestDetail);
}
