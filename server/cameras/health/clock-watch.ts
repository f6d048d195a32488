import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { CameraList } from './hosts.ts';

/** A clock drifts by seconds a day; one that is wrong, or did not answer, is asked again sooner. */
const goodForMs = 6 * 3_600_000;
const againMs = 20 * 60_000;
const lookEveryMs = 30_000;
const askWithinMs = 10_000;

export interface ClockWatchOptions {
  cameras: CameraList;
  /** The camera's clock less ours in ms; null where it tells none. */
  ask: (cameraId: string, signal: AbortSignal) => Promise<number | null>;
  /** Whether the camera answers at all. */
  answers: (cameraId: string) => boolean;
  isWrong: (skewMs: number) => boolean;
  clock: Clock;
  log: Logger;
  onAnswer: () => void;
}

/** Asks cameras for their time, one at a time. */
export class ClockWatch {
  readonly #options: ClockWatchOptions;
  readonly #skews = new Map<string, { skewMs: number | null; askedMs: number }>();
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ClockWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), lookEveryMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#turn;
  }

  /** Null where the camera was asked in vain, undefined where it was not asked. */
  skewMs(cameraId: string): number | null | undefined {
    return this.#skews.get(cameraId)?.skewMs;
  }

  forget(cameraId: string): void {
    this.#skews.delete(cameraId);
  }

  /** Asks those whose answer is too old. */
  look(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#look());
    return this.#turn;
  }

  async #look(): Promise<void> {
    const { cameras, answers, onAnswer } = this.#options;
    const due = cameras
      .list()
      .filter(({ id, enabled, onvif }) => enabled && onvif !== null && this.#isDue(id) && answers(id));
    for (const { id } of due) {
      if (this.#stopping.signal.aborted) return;
      await this.#ask(id);
      onAnswer();
    }
  }

  #isDue(cameraId: string): boolean {
    const known = this.#skews.get(cameraId);
    if (known === undefined) return true;
    const settled = known.skewMs !== null && !this.#options.isWrong(known.skewMs);
    return this.#options.clock.monotonicMs() - known.askedMs >= (settled ? goodForMs : againMs);
  }

  async #ask(cameraId: string): Promise<void> {
    const { ask, clock, log } = this.#options;
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(askWithinMs)]);
    let skewMs: number | null = null;
    try {
      skewMs = await ask(cameraId, signal);
    } catch (error) {
      log.debug({ camera: cameraId, reason: errorMessage(error) }, 'a camera does not tell its time');
    }
    this.#skews.set(cameraId, { skewMs, askedMs: clock.monotonicMs() });
  }
}
