import { setTimeout as sleep } from 'node:timers/promises';
import { entryDetails, type Incident } from '../../contracts/incidents.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { PictureFiles } from '../../platform/picture-files.ts';
import type { Recorder } from '../../recorder/recorder.ts';
import type { IncidentRow, IncidentStore } from '../../storage/incident.store.ts';

/** An older picture does not show the moment: better none than one of something else. */
const maxStillAgeMs = 10_000;
/** What is not on the disk so long after its end will not come any more. */
const maxUnwrittenMs = 60_000;
const defaultRetryDelaysMs = [1000, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];

export interface FootageOptions {
  recorder: Pick<Recorder, 'hold' | 'release' | 'still' | 'timeline'>;
  store: IncidentStore;
  files: PictureFiles;
  clock: Clock;
  log: Logger;
  /** Pauses between attempts. A still that is not there after the last one counts as missing; a hold goes on at the last pause. */
  retryDelaysMs?: readonly number[] | undefined;
  /** A recorder that does not answer holds up neither a reader nor the stop for longer than this; 2 s when left out. */
  maxWaitMs?: number | undefined;
  /** Hears, once a case, that the end of its stretch is recorded or will not come any more. */
  complete?: ((incidentId: string) => void) | undefined;
}

/** Keeps what a case needs of the recordings: has the stretch held and takes the still, in the background and again until it is done. */
export class IncidentFootage {
  readonly #options: FootageOptions;
  readonly #delays: readonly number[];
  readonly #maxWaitMs: number;
  readonly #stopped = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Map<string, IncidentRow>();
  readonly #attempts = new Map<string, Promise<unknown>>();

  constructor(options: FootageOptions) {
    this.#options = options;
    this.#delays = options.retryDelaysMs ?? defaultRetryDelaysMs;
    this.#maxWaitMs = options.maxWaitMs ?? 2000;
  }

  /** Begins at once and returns; a case that is already looked after is looked after once more then. */
  keep(row: IncidentRow): void {
    if (this.#stopped.signal.aborted) return;
    if (this.#running.has(row.id)) {
      this.#again.set(row.id, row);
      return;
    }
    const run = this.#fresh(row)
      .then((fresh) => this.#run(fresh))
      .catch((error: unknown) => {
        if (this.#stopped.signal.aborted) return;
        this.#options.log.error({ incident: row.id, err: error }, 'the footage of a case could not be kept');
      })
      .finally(() => {
        this.#running.delete(row.id);
        const next = this.#again.get(row.id);
        this.#again.delete(row.id);
        if (next !== undefined) this.keep(next);
      });
    this.#running.set(row.id, run);
  }

  /** What was done for the case meanwhile is not done again, but for the hold when it is asked for anew. */
  async #fresh(row: IncidentRow): Promise<IncidentRow> {
    const now = await this.#options.store.find(row.id);
    return now === undefined ? row : { ...now, held: row.held };
  }

  /** Takes up what an earlier run of the program left undone. */
  async resume(): Promise<void> {
    for (const row of await this.#options.store.awaitingFootage()) this.keep(row);
  }

  /** Holds again what is held already: a recorder that had to make its index anew may have forgotten it. */
  async holdAgain(): Promise<void> {
    for (const row of await this.#options.store.holding()) await this.#holdAll(row);
  }

  /** Gives the footage of a case free: retention takes it then. */
  async release(row: Pick<IncidentRow, 'id'>): Promise<void> {
    await this.#options.recorder.release(holderOf(row));
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

  /**
   * What is recorded of the stretch. `pending`: its end is still to come, or still on its way to the disk. A recorder that cannot answer gives
   * nothing recorded.
   */
  async of(row: IncidentRow): Promise<Incident['footage']> {
    const { recorder, clock, log } = this.#options;
    const sinceEndMs = clock.nowMs() - row.to_ms;
    try {
      const { recorded, gaps } = await recorder.timeline(row.camera_id, 'main', row.from_ms, row.to_ms);
      const recordedMs = recorded.reduce((sum, [from, to]) => sum + to - from, 0);
      const knownToMs = Math.max(row.from_ms, recorded.at(-1)?.[1] ?? 0, gaps.at(-1)?.to ?? 0);
      const pending = sinceEndMs < 0 || (knownToMs < row.to_ms && sinceEndMs < maxUnwrittenMs);
      return { recorded, gaps, complete: recordedMs >= row.to_ms - row.from_ms, pending };
    } catch (error) {
      log.warn({ incident: row.id, camera: row.camera_id, reason: errorMessage(error) }, 'no timeline for a case');
      return { recorded: [], gaps: [], complete: false, pending: sinceEndMs < 0 };
    }
  }

  async #run(row: IncidentRow): Promise<void> {
    await this.#holdAndStill(row);
    if (row.footage_told === 0) await this.#awaitEnd(row);
  }

  async #holdAndStill(row: IncidentRow): Promise<void> {
    let held = row.held !== 0;
    let still = row.still !== 'pending';
    for (let attempt = 0; !this.#stopped.signal.aborted && !(held && still); ) {
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

  /** Tells once that the end of the stretch has come. */
  async #awaitEnd(row: IncidentRow): Promise<void> {
    const { clock, store, complete } = this.#options;
    while (!this.#stopped.signal.aborted) {
      const ahead = row.to_ms - clock.nowMs();
      if (ahead <= 0 && !(await this.of(row)).pending) {
        if (await store.tellFootage(row.id)) complete?.(row.id);
        return;
      }
      await this.#pause(ahead > 0 ? ahead : (this.#delays[0] ?? 1000));
    }
  }

  async #hold(row: IncidentRow): Promise<boolean> {
    const { store, log } = this.#options;
    try {
      await this.#holdAll(row);
    } catch (error) {
      log.warn({ incident: row.id, camera: row.camera_id, reason: errorMessage(error) }, 'footage is not yet held');
      return false;
    }
    await store.setHeld(row.id);
    return true;
  }

  /** The stretch of the case, and those that the unit answered with. */
  async #holdAll(row: Pick<IncidentRow, 'id' | 'camera_id' | 'from_ms' | 'to_ms'>): Promise<void> {
    const { recorder, store } = this.#options;
    await recorder.hold(holderOf(row), row.camera_id, row.from_ms, row.to_ms);
    for (const { step, details } of await store.entries(row.id)) {
      if (step !== 'explain') continue;
      for (const { cameraId, fromMs, toMs } of entryDetails.parse(JSON.parse(details)).stretches ?? []) {
        await recorder.hold(holderOf(row), cameraId, fromMs, toMs);
      }
    }
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
