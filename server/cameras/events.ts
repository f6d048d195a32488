import { setTimeout as delay } from 'node:timers/promises';
import type { CameraEvent, CameraEventKind, EventListening } from '../contracts/camera-events.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError, errorMessage } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import type { CameraEventRow, CameraEventStore } from '../storage/camera-event.store.ts';
import { type Allowance, allowanceAt, eventRate, type Known, newsOf, verdictOn } from './event-policy.ts';
import type { DeviceEvent } from './onvif/events.ts';

/** One attempt to listen to a camera; resolves when `stop` is aborted, or rejects where it cannot be begun. */
export type Listen = (
  cameraId: string,
  stop: AbortSignal,
  tell: {
    event: (event: DeviceEvent) => void;
    state: (state: 'subscribed' | 'lost', cause: string | null) => void;
  },
) => Promise<'unsupported' | 'ended'>;

export interface CameraEventWatchOptions {
  store: CameraEventStore;
  listen: Listen;
  /** Whether what the camera tells is to be kept now. */
  wanted: (cameraId: string) => boolean;
  cameras: () => readonly { id: string }[];
  clock: Clock;
  log: Logger;
  /** How long events are kept, in ms. */
  keepMs?: number;
  /** Before the first new attempt after one that failed, doubled up to five minutes. */
  againMs?: number;
}

interface Watched {
  stop: AbortController;
  done: Promise<void>;
  state: EventListening;
  /** The last event by kind and source. */
  last: Map<string, Known>;
  allowance: Allowance;
  /** Writes follow each other. */
  turn: Promise<unknown>;
  waiting: number;
}

const usualKeepMs = 30 * 86_400_000;
const cleanEveryMs = 3_600_000;
const longestPauseMs = 300_000;
/** Cameras count tries, and lock accounts. */
const refusedPauseMs = 900_000;
const refusals: ReadonlySet<string> = new Set(['bad_credentials', 'locked_out', 'basic_only', 'credentials_needed']);
/** Of one camera: sources that it invents one after the other are not remembered for ever, nor news that the database does not take. */
const mostSources = 64;
const mostWaiting = 256;
const mostOnTimeline = 2_000;

/** Listens to the cameras of which it is wanted, and keeps what they tell, for a while and within bounds. */
export class CameraEventWatch {
  readonly #options: CameraEventWatchOptions;
  readonly #watched = new Map<string, Watched>();
  /** Cameras that are let go. */
  readonly #ending = new Set<Promise<void>>();
  #cleaning: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: CameraEventWatchOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#options.store.closeOpen();
    await this.clean();
    this.#cleaning = setInterval(() => void this.clean(), cleanEveryMs);
    this.#cleaning.unref();
    for (const { id } of this.#options.cameras()) this.follow(id);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#cleaning);
    await Promise.all([...this.#ending, ...[...this.#watched.keys()].map((id) => this.#end(id))]);
  }

  /** The camera was changed or removed: it is listened to anew, or no more. */
  follow(cameraId: string): void {
    const before = this.#watched.get(cameraId) ? this.#end(cameraId) : Promise.resolve();
    this.#ending.add(before);
    void before.finally(() => this.#ending.delete(before));
    if (this.#stopped || !this.#options.wanted(cameraId)) return;
    const { clock, log } = this.#options;
    const nowMs = clock.nowMs();
    const watched: Watched = {
      ...{ stop: new AbortController(), done: Promise.resolve(), last: new Map(), turn: Promise.resolve(), waiting: 0 },
      state: { state: 'waiting', sinceMs: nowMs, cause: null, dropped: 0 },
      allowance: { left: eventRate.most, atMs: nowMs },
    };
    this.#watched.set(cameraId, watched);
    watched.done = before
      .then(() => this.#run(cameraId, watched))
      .catch((error) =>
        log.error({ camera: cameraId, err: errorMessage(error) }, 'a camera is not listened to any more'),
      );
  }

  listening(cameraId: string): EventListening {
    const off = { state: 'off', sinceMs: 0, cause: null, dropped: 0 } as const;
    return { ...(this.#watched.get(cameraId)?.state ?? off) };
  }

  /** Those that touch [fromMs, toMs), oldest first, the latest 2,000. */
  async between(cameraId: string, fromMs: number, toMs: number): Promise<CameraEvent[]> {
    return (await this.#options.store.between(cameraId, fromMs, toMs, mostOnTimeline)).map(present);
  }

  /** Newest first. Errors: `cursor_invalid`. */
  async page(
    cameraId: string,
    query: { kind?: CameraEventKind | undefined; cursor?: string | undefined; limit: number },
  ): Promise<{ items: CameraEvent[]; next: string | null }> {
    const { kind, limit } = query;
    const before = query.cursor === undefined ? null : placeOf(query.cursor);
    const rows = await this.#options.store.page(cameraId, { kind, before, limit: limit + 1 });
    const items = rows.slice(0, limit).map(present);
    const last = items.at(-1);
    return { items, next: rows.length > limit && last ? `${last.fromMs}.${last.id}` : null };
  }

  async clean(): Promise<void> {
    const { store, clock, log, keepMs = usualKeepMs } = this.#options;
    await store.removeBefore(clock.nowMs() - keepMs).catch((error) => {
      log.error({ err: errorMessage(error) }, 'old events of cameras stay');
    });
  }

  async #run(cameraId: string, watched: Watched): Promise<void> {
    const { listen, log, againMs = 2_000 } = this.#options;
    const { signal } = watched.stop;
    for (let pauseMs = againMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        const end = await listen(cameraId, signal, {
          event: (event) => this.#told(cameraId, watched, event),
          state: (state, cause) => {
            if (state === 'subscribed') pauseMs = againMs;
            this.#show(cameraId, watched, state === 'subscribed' ? 'listening' : 'lost', cause);
          },
        });
        if (end === 'unsupported') {
          this.#show(cameraId, watched, 'unsupported', null);
          return;
        }
      } catch (error) {
        if (signal.aborted) return;
        log.debug({ camera: cameraId, reason: errorMessage(error) }, 'a camera cannot be listened to');
        const cause = causeOf(error);
        this.#show(cameraId, watched, 'lost', cause);
        if (refusals.has(cause)) pauseMs = refusedPauseMs;
      }
      await delay(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  #show(cameraId: string, watched: Watched, state: EventListening['state'], cause: string | null): void {
    const before = watched.state;
    if (before.state === state && before.cause === cause) return;
    const nowMs = this.#options.clock.nowMs();
    watched.state = { state, sinceMs: nowMs, cause, dropped: 0 };
    this.#options.log.info({ camera: cameraId, state, cause }, 'events of a camera');
    // What happens from here on is not heard; what went on is told anew once it is listened to again.
    if (before.state === 'listening') this.#closeAll(watched, nowMs);
  }

  #told(cameraId: string, watched: Watched, event: DeviceEvent): void {
    const news = newsOf(event);
    if (!news) return;
    const { store, clock } = this.#options;
    const nowMs = clock.nowMs();
    const key = `${news.kind}/${news.source}`;
    const last = watched.last.get(key);
    const verdict = verdictOn(news, last, nowMs);
    if (verdict === 'nothing') return;
    if (verdict === 'end' || verdict === 'resume') {
      if (!last) return;
      last.toMs = verdict === 'end' ? nowMs : null;
      const { id, toMs } = last;
      this.#write(watched, () => store.setEnd(id, toMs));
      return;
    }
    watched.allowance = allowanceAt(watched.allowance, nowMs);
    if (watched.allowance.left === 0 || watched.waiting >= mostWaiting) {
      watched.state.dropped += 1;
      return;
    }
    watched.allowance.left -= 1;
    const row: CameraEventRow = {
      ...{ id: newId(), camera_id: cameraId, kind: news.kind, source: news.source, from_ms: nowMs },
      to_ms: verdict === 'moment' ? nowMs : null,
    };
    this.#write(watched, () => store.insert(row));
    watched.last.delete(key);
    watched.last.set(key, { id: row.id, fromMs: nowMs, toMs: row.to_ms });
    this.#forgetOldest(watched, nowMs);
  }

  #forgetOldest(watched: Watched, nowMs: number): void {
    for (const [key, { id, toMs }] of watched.last) {
      if (watched.last.size <= mostSources) return;
      watched.last.delete(key);
      if (toMs === null) this.#write(watched, () => this.#options.store.setEnd(id, nowMs));
    }
  }

  #closeAll(watched: Watched, nowMs: number): void {
    for (const known of watched.last.values()) {
      if (known.toMs !== null) continue;
      known.toMs = nowMs;
      this.#write(watched, () => this.#options.store.setEnd(known.id, nowMs));
    }
  }

  #write(watched: Watched, work: () => Promise<void>): void {
    watched.waiting += 1;
    watched.turn = watched.turn.then(work).then(
      () => {
        watched.waiting -= 1;
      },
      (error) => {
        watched.waiting -= 1;
        this.#options.log.error({ err: errorMessage(error) }, 'an event of a camera could not be kept');
      },
    );
  }

  async #end(cameraId: string): Promise<void> {
    const watched = this.#watched.get(cameraId);
    if (!watched) return;
    this.#watched.delete(cameraId);
    watched.stop.abort();
    await watched.done;
    this.#closeAll(watched, this.#options.clock.nowMs());
    await watched.turn;
  }
}

function present(row: CameraEventRow): CameraEvent {
  return { id: row.id, kind: row.kind, fromMs: row.from_ms, toMs: row.to_ms, source: row.source };
}

function placeOf(cursor: string): { fromMs: number; id: string } {
  const [, fromMs, id] = /^(\d{1,16})\.([0-9a-z]{1,64})$/.exec(cursor) ?? [];
  if (fromMs === undefined || id === undefined) throw new AppError('invalid', 'cursor_invalid');
  return { fromMs: Number(fromMs), id };
}

function causeOf(error: unknown): string {
  if (error instanceof Error && 'failure' in error) return String(error.failure);
  return error instanceof AppError ? error.code : 'failed';
}
