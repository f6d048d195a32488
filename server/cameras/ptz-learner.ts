import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';

export interface PtzLearnerOptions {
  cameras: () => readonly { id: string; enabled: boolean; ptz: boolean | null }[];
  /** Asks the camera whether it can be steered, and keeps the answer. */
  learn: (cameraId: string, signal: AbortSignal) => Promise<void>;
  log: Logger;
  /** Between two rounds, in ms. */
  everyMs?: number;
}

/** Cameras that were added before it was asked for are asked whether they can be steered, one at a time, until they have answered. */
export class PtzLearner {
  readonly #options: PtzLearnerOptions;
  readonly #over = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: PtzLearnerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { cameras, learn, log, everyMs = 1_800_000 } = this.#options;
    const { signal } = this.#over;
    while (!signal.aborted) {
      const unknown = cameras().filter(({ enabled, ptz }) => enabled && ptz === null);
      if (unknown.length === 0) return;
      for (const { id } of unknown) {
        if (signal.aborted) return;
        await learn(id, AbortSignal.any([signal, AbortSignal.timeout(10_000)])).catch((error) => {
          log.debug({ camera: id, reason: errorMessage(error) }, 'a camera does not say whether it can be steered');
        });
      }
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}
