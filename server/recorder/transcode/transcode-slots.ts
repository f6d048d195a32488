import { AppError } from '../../platform/errors.ts';

/** Places for transcodes: each takes a core or more, and recording goes first. */
export class TranscodeSlots {
  readonly #size: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Takes a place, after `waitMs` at most; returns the function that gives it back. Errors: `transcodes_busy`. */
  async enter(waitMs: number): Promise<() => void> {
    const deadline = performance.now() + waitMs;
    while (this.#taken >= this.#size) {
      const leftMs = deadline - performance.now();
      if (this.#size === 0 || leftMs <= 0) throw new AppError('unavailable', 'transcodes_busy');
      await this.#change(leftMs);
    }
    this.#taken += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#taken -= 1;
      // The first in line is asked alone; whoever finds no place waits on.
      const [first] = this.#waiting;
      first?.();
    };
  }

  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, ms);
      this.#waiting.add(go);
    });
  }
}
