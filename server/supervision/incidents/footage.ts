import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '../../contracts/incidents.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { Recorder } from '../../recorder/recorder.ts';
import type { IncidentRow, IncidentStore } from '../../storage/incident.store.ts';
import type { StillFiles } from './still-files.ts';

/** An older picture does not show the moment: better none than one of something else. */
const maxStillAgeMs = 10_000;
const defaultRetryDelaysMs = [1000, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];

export interface FootageOptions {
  recorder: Pick<Recorder, 'hold' | 'still' | 'timeline'>;
  store: IncidentStore;
  files: StillFiles;
  clock: Clock;
  log: Logger;
  /** Pauses between attempts. A still that is not there after the last one counts as missing; a hold goes on at the last pause. */
  retryDelaysMs?: readonly number[] | undefined;
  /** A recorder that does not answer holds up neither a reader nor the stop for longer than this; 2 s when left out. */
  maxWaitMs?: number | undefined;
}

/** Keeps what a case needs of the recordings: has the stretch held and takes the still, in the background and again until it is done. */
export class IncidentFootage {
  readonly #options: FootageOptions;
  readonly #delays: readonly number[];
  readonly #maxWaitMs: number;
  readonly #stopped = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  readonly #attempts = new Map<string, Promise<unknown>>();

  constructor(options: FootageOptions) {
    this.#options = options;
    this.#delays = options.retryDelaysMs ?? defaultRetryDelaysMs;
    this.#maxWaitMs = options.maxWaitMs ?? 2000;
  }

  /** Begins at once and returns; does nothing when the case is already looked after. */
  keep(row: IncidentRow): void {
    if (this.#stopped.signal.aborted || this.#running.has(row.id)) return;
    const run = this.#run(row)
      .catch((error: unknown) => {
        if (this.#stopped.signal.aborted) return;
        this.#options.log.error({ incident: row.id, err: error }, 'the footage of a case could not be kept');
      })
      .finally(() => this.#running.delete(row.id));
    this.#running.set(row.id, run);
  }

  /** Takes up what an earlier run of the program left undone. */
  async resume(): Promise<void> {
    for (const row of await this.#options.store.awaitingFootage()) this.keep(row);
  }

  /** Holds again what is held already: a recorder that had to make its index anew may have forgotten it. */
  async holdAgain(): Promise<void> {
    const { recorder, store } = this.#options;
    for (const row of await store.holding()) {
      await recorder.hold(holderOf(row), row.camera_id, row.from_ms, row.to_ms);
    }
  }

  /** Resolves when the attempt that is under way for this case, if any, has ended, and after `maxWaitMs` at the latest. */
  async attempted(incidentId: string): Promise<void> {
    const attempt = this.#attempts.get(incidentId);
    if (attempt !== undefined) await atMost(this.#maxWaitMs, attempt);
  }

  /** Ends all waiting, within `maxWaitMs`; what is undone is taken up by `resume` of the next start. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await atMost(this.#maxWaitMs, Promise.all(this.#running.values()));
  }

  /** What is recorded of the stretch. `pending`: its end is still to come. A recorder that cannot answer gives nothing recorded. */
  async of(row: IncidentRow): Promise<Incident['footage']> {
    const { recorder, clock, log } = this.#options;
    const pending = row.to_ms > clock.nowMs();
    try {
      const { recorded, gaps } = await recorder.timeline(row.camera_id, 'main', row.from_ms, row.to_ms);
      const recordedMs = recorded.reduce((sum, [from, to]) => sum + to - from, 0);
      return { recorded, gaps, complete: recordedMs >= row.to_ms - row.from_ms, pending };
    } catch (error) {
      log.warn({ incident: row.id, camera: row.camera_id, reason: errorMessage(error) }, 'no timeline for a case');
      return { recorded: [], gaps: [], complete: false, pending };
    }
  }

  async #run(row: IncidentRow): Promise<void> {
    let held = row.held !== 0;
    let still = row.still !== 'pending';
    for (let attempt = 0; !this.#stopped.signal.aborted; ) {
      const ahead = still ? 0 : row.at_ms - this.#options.clock.nowMs();
      const work = (async () => {
        held ||= await this.#hold(row);
        if (ahead <= 0) still ||= await this.#takeStill(row);
      })();
      this.#attempts.set(row.id, work);
      await work.finally(() => this.#attempts.delete(row.id));
      if (held && still) return;
      if (ahead > 0 && held) {
        await this.#pause(ahead);
        continue;
      }
      const delay = this.#delays[attempt];
      if (delay === undefined && !still) {
        await this.#options.store.setStill(row.id, 'missing');
        this.#options.log.warn({ incident: row.id, camera: row.camera_id }, 'there is no still of a case');
        still = true;
        continue;
      }
      attempt = Math.min(attempt + 1, this.#delays.length);
      await this.#pause(delay ?? this.#delays.at(-1) ?? 60_000);
    }
  }

  async #hold(row: IncidentRow): Promise<boolean> {
    const { recorder, store, log } = this.#options;
    try {
      await recorder.hold(holderOf(row), row.camera_id, row.from_ms, row.to_ms);
    } catch (error) {
      log.warn({ incident: row.id, camera: row.camera_id, reason: errorMessage(error) }, 'footage is not yet held');
      return false;
    }
    await store.setHeld(row.id);
    return true;
  }

  /** From the main stream, else from the sub stream. */
  async #takeStill(row: IncidentRow): Promise<boolean> {
    const { recorder, store, files, log } = this.#options;
    for (const stream of ['main', 'sub'] as const) {
      try {
        const { jpeg, mediaTimeMs } = await recorder.still(row.camera_id, stream, row.at_ms);
        if (row.at_ms - mediaTimeMs > maxStillAgeMs) continue;
        await files.write(row.id, jpeg);
      } catch (error) {
        log.debug({ incident: row.id, camera: row.camera_id, stream, reason: errorMessage(error) }, 'no still yet');
        continue;
      }
      await store.setStill(row.id, 'kept');
      return true;
    }
    return false;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => undefined);
  }
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const settled = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}

const holderOf = ({ id }: { id: string }) => `incident:${id}`;
