import type { Logger } from './log.ts';

type End = () => Promise<unknown> | unknown;

/**
 * Ends what was started, the last first. A part may be urgent: it has its turn like the others, but waits for them no longer than `patienceMs`, so that
 * one of them that hangs on something silent (a database, a network) does not keep it from bringing what it holds to the disk.
 */
export class StopOrder {
  readonly #parts: { end: End; urgent: boolean }[] = [];
  readonly #log: Logger;
  readonly #patienceMs: number;

  constructor(log: Logger, patienceMs: number) {
    this.#log = log;
    this.#patienceMs = patienceMs;
  }

  push(...ends: End[]): void {
    for (const end of ends) this.#parts.push({ end, urgent: false });
  }

  pushUrgent(end: End): void {
    this.#parts.push({ end, urgent: true });
  }

  /** Returns when everything has ended. A part that fails is logged and keeps no other from its end. */
  async stop(): Promise<void> {
    const parts = this.#parts.splice(0).reverse();
    const ends = parts.map(({ end, urgent }) => ({ urgent, end: once(() => this.#ended(end)) }));
    const hurry = setTimeout(() => {
      for (const { end, urgent } of ends) if (urgent) void end();
    }, this.#patienceMs);
    for (const { end } of ends) await end();
    clearTimeout(hurry);
  }

  async #ended(end: End): Promise<void> {
    try {
      await end();
    } catch (error) {
      this.#log.error({ err: error }, 'a part did not stop cleanly');
    }
  }
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}
