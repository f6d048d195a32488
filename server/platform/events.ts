import type { Logger } from './log.ts';

/** A typed emitter for plain data. A listener that throws is logged and never disturbs the sender or another listener. */
export class Events<M extends object> {
  readonly #listeners = new Map<keyof M, Set<(payload: never) => void>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Returns the function that ends the subscription. */
  on<K extends keyof M>(name: K, listener: (payload: M[K]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  emit<K extends keyof M>(name: K, payload: M[K]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        (listener as (payload: M[K]) => void)(payload);
      } catch (error) {
        this.#log.error({ event: String(name), err: error }, 'an event listener failed');
      }
    }
  }
}
