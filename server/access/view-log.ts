import type { StreamName } from '../contracts/common.ts';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import type { Database } from '../storage/database.ts';
import { type ViewRow, ViewStore } from '../storage/view.store.ts';
import type { Actor } from './actor.ts';
import { addSeen, keptAfterWrite, maxPictures, maxStretches, type SeenStretch } from './view-stretches.ts';

/** What one media request shows to whom. Times are those of the pictures, UTC epoch ms, [from, to); a single picture is 1 ms long. */
export interface SeenMedia {
  actor: Actor;
  cameraId: string;
  stream: StreamName;
  kind: 'live' | 'recorded';
  mediaFromMs: number;
  mediaToMs: number;
}

export interface ViewLogOptions {
  database: Database;
  clock: Clock;
  log: Logger;
  /** Rows are kept so long after the view: 24 months. */
  retentionMonths?: number;
}

interface View {
  seen: SeenMedia;
  /** On the monotonic clock. */
  lastSeenAt: number;
  writtenAt: number;
  stretches: SeenStretch[];
}

/** Without a request for so long, a view is over. */
const pauseMs = 15_000;
/** A view that goes on is written so often; what a crash can lose. */
const writeEveryMs = 60_000;
const tickMs = 5000;
const cleanEveryMs = 24 * 3_600_000;
const cleanBatch = 5000;
/** More views at once are written early, so that memory stays bounded. */
const maxViews = 20_000;

/**
 * Who watched which camera, live or recorded, when, and which stretch of its time. Media requests come many times a second,
 * so they are merged in memory into views (per session, camera, stream and kind) and written when a view pauses, every
 * minute while it goes on, and at `flush`.
 */
export class ViewLog {
  readonly #store: ViewStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #retentionMonths: number;
  readonly #views = new Map<string, View>();
  #writing: Promise<void> = Promise.resolve();
  #cleanedAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ViewLogOptions) {
    this.#store = new ViewStore(options.database.kysely);
    this.#clock = options.clock;
    this.#log = options.log;
    this.#retentionMonths = options.retentionMonths ?? 24;
  }

  /** To be called for every media request that is answered. Touches memory only and never throws. */
  seen(media: SeenMedia): void {
    // Whoever looks for a moment sees single pictures of a day: what lies between them must not pass for watched.
    const isPicture = media.kind === 'recorded' && media.mediaToMs - media.mediaFromMs <= 1;
    const key = `${media.actor.sessionId} ${media.cameraId} ${media.stream} ${isPicture ? 'picture' : media.kind}`;
    const at = this.#clock.monotonicMs();
    let view = this.#views.get(key);
    if (view !== undefined && isPicture && view.stretches.length >= maxPictures) view.lastSeenAt = at - pauseMs;
    if (view === undefined || at - view.lastSeenAt >= pauseMs) {
      if (view !== undefined) this.#views.set(`${key} ${newId()}`, view);
      view = { seen: media, lastSeenAt: at, writtenAt: at, stretches: [] };
      this.#views.set(key, view);
      if (this.#views.size === maxViews) this.flush().catch((error) => this.#failed(error));
    }
    view.lastSeenAt = at;
    addSeen(
      view.stretches,
      this.#clock.nowMs(),
      media.mediaFromMs,
      media.mediaToMs,
      newId,
      isPicture ? maxPictures : maxStretches,
    );
  }

  /** Looks for views to write every few seconds, and once a day for rows whose time is over. */
  start(): void {
    this.#timer ??= setInterval(() => {
      this.tick().catch((error) => this.#failed(error));
    }, tickMs).unref();
  }

  /** Writes everything and ends. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.flush();
  }

  /** Writes the views that are due. What could not be written stays, and is tried again the next time. */
  async tick(): Promise<void> {
    const at = this.#clock.monotonicMs();
    await this.#write((view) => at - view.lastSeenAt >= pauseMs || at - view.writtenAt >= writeEveryMs);
    if (this.#cleanedAt === undefined || at - this.#cleanedAt >= cleanEveryMs) {
      this.#cleanedAt = at;
      await this.clean();
    }
  }

  /** Writes all views as they stand. */
  async flush(): Promise<void> {
    await this.#write(() => true);
  }

  /** Deletes the rows that are older than the retention, in batches. */
  async clean(): Promise<void> {
    const now = Temporal.Instant.fromEpochMilliseconds(this.#clock.nowMs()).toZonedDateTimeISO('UTC');
    const beforeMs = now.subtract({ months: this.#retentionMonths }).epochMilliseconds;
    let deleted: number;
    do {
      deleted = await this.#store.deleteBefore(beforeMs, cleanBatch);
    } while (deleted === cleanBatch);
  }

  /** One writer at a time, so that an older state of a view never overwrites a newer one. */
  #write(isDue: (view: View) => boolean): Promise<void> {
    const turn = this.#writing.then(() => this.#writeNow(isDue));
    this.#writing = turn.catch(() => {});
    return turn;
  }

  async #writeNow(isDue: (view: View) => boolean): Promise<void> {
    const at = this.#clock.monotonicMs();
    const due = [...this.#views].filter(([, view]) => isDue(view));
    const written = due.flatMap(([, view]) => view.stretches.filter((stretch) => stretch.dirty));
    if (written.length > 0) {
      const rows = due.flatMap(([, view]) => rowsOf(view));
      for (const stretch of written) stretch.dirty = false;
      try {
        await this.#store.put(rows);
      } catch (error) {
        for (const stretch of written) stretch.dirty = true;
        throw error;
      }
    }
    for (const [key, view] of due) {
      view.writtenAt = at;
      view.stretches = keptAfterWrite(view.stretches);
      const over = at - view.lastSeenAt >= pauseMs && view.stretches.every((stretch) => !stretch.dirty);
      if (over && this.#views.get(key) === view) this.#views.delete(key);
    }
  }

  #failed(error: unknown): void {
    this.#log.error({ err: error }, 'the log of views could not be written; it is tried again');
  }
}

function rowsOf(view: View): ViewRow[] {
  const { actor, cameraId, stream, kind } = view.seen;
  return view.stretches
    .filter((stretch) => stretch.dirty)
    .map((stretch) => ({
      id: stretch.id,
      user_id: actor.userId,
      user_name: actor.name,
      role: actor.role,
      session_id: actor.sessionId,
      camera_id: cameraId,
      stream,
      kind,
      from_ms: stretch.fromMs,
      to_ms: stretch.toMs,
      media_from_ms: stretch.mediaFromMs,
      media_to_ms: stretch.mediaToMs,
    }));
}
