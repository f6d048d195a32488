/** SQLite's primary result codes for what may be over after a time: busy, locked, read-only, I/O error, damaged, full, cannot be opened, no database. */
const passing: ReadonlySet<number> = new Set([5, 6, 8, 10, 11, 13, 14, 26]);

const againMs = 500;

interface Waiting {
  work: () => void;
  done: PromiseWithResolvers<void>;
}

/**
 * What recording writes to the index, in order. While the index refuses (another program has it locked, its disk is full or fails), recording goes
 * on: the writes wait here and are tried again until they are taken. When the process ends before, the next start finds files without rows and
 * time without gaps, and accounts for both.
 */
export class IndexWrites {
  readonly #transaction: (work: () => void) => void;
  /** Told with the error when the index begins to refuse, and with null when it takes again. */
  readonly #refuses: (error: Error | null) => void;
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #refused: Error | null = null;
  #ended = false;

  constructor(transaction: (work: () => void) => void, refuses: (error: Error | null) => void) {
    this.#transaction = transaction;
    this.#refuses = refuses;
  }

  /** Why the index takes nothing now, or null. */
  get refused(): Error | null {
    return this.#refused;
  }

  /**
   * Done at once when the index takes it; resolves when it is done. Throws what no waiting would mend. Rejects when the writes are ended before.
   */
  write(work: () => void): Promise<void> {
    const done = Promise.withResolvers<void>();
    // Whoever does not wait for it has nothing to do about it either.
    done.promise.catch(() => {});
    if (this.#ended) {
      done.reject(new Error('the archive index is closed'));
      return done.promise;
    }
    this.#waiting.push({ work, done });
    if (this.#refused === null) this.#flush();
    return done.promise;
  }

  /** The last attempt; what is refused now is left to the next start. */
  end(): void {
    this.#flush();
    this.#ended = true;
    clearTimeout(this.#timer);
    for (const { done } of this.#waiting.splice(0))
      done.reject(this.#refused ?? new Error('the archive index is closed'));
  }

  #flush(): void {
    clearTimeout(this.#timer);
    while (this.#waiting.length > 0) {
      const next = this.#waiting[0];
      if (next === undefined) break;
      try {
        this.#transaction(next.work);
      } catch (error) {
        if (!mayPass(error)) {
          this.#waiting.shift();
          next.done.reject(error);
          throw error;
        }
        this.#tell(error as Error);
        this.#timer = setTimeout(() => this.#flushLater(), againMs);
        return;
      }
      this.#waiting.shift();
      this.#tell(null);
      next.done.resolve();
    }
  }

  #flushLater(): void {
    try {
      this.#flush();
    } catch {
      // Told to whoever waits for that write; the others go on.
      this.#timer = setTimeout(() => this.#flushLater(), againMs);
    }
  }

  #tell(error: Error | null): void {
    const changed = (error === null) !== (this.#refused === null);
    this.#refused = error;
    if (changed) this.#refuses(error);
  }
}

function mayPass(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return typeof errcode === 'number' && passing.has(errcode & 0xff);
}
