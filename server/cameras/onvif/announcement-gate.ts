export interface GateOptions {
  /** Messages that are let through in a window, of one source and of all. */
  perSource: number;
  total: number;
  windowMs: number;
}

const defaults: GateOptions = { perSource: 100, total: 400, windowMs: 10_000 };

/** Lets a bounded number of messages through, and no source take the place of the others; what it remembers is bounded too. */
export class AnnouncementGate {
  readonly #options: GateOptions;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #total = 0;
  readonly #bySource = new Map<string, number>();

  constructor(options: GateOptions = defaults) {
    this.#options = options;
  }

  /** Whether a message of `source` at `nowMs` (of a clock that never jumps) is looked at. */
  passes(source: string, nowMs: number): boolean {
    const { perSource, total, windowMs } = this.#options;
    if (nowMs - this.#sinceMs >= windowMs) {
      this.#sinceMs = nowMs;
      this.#total = 0;
      this.#bySource.clear();
    }
    const seen = this.#bySource.get(source) ?? 0;
    if (seen >= perSource || this.#total >= total) return false;
    this.#total += 1;
    this.#bySource.set(source, seen + 1);
    return true;
  }
}
