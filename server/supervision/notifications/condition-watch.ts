import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { NoticeSettingsStore } from '../../storage/notice-settings.store.ts';
import { type Condition, type ConditionTerms, judgeCondition, wellCondition } from './condition-policy.ts';

/** `off`: it is switched off, so that what nobody was told of yet is nobody's business. */
export type Wellness = 'bad' | 'well' | 'unclear' | 'off';

export interface ConditionWatchOptions {
  store: NoticeSettingsStore;
  clock: Clock;
  log: Logger;
  /** Terms by name: cameras and alarms differ. */
  termsOf: (name: string) => ConditionTerms;
  /** `fact` is what the last report said besides. */
  tell: (name: string, tell: 'bad' | 'well', fact: string | null) => void;
}

interface Watched {
  is: Exclude<Wellness, 'off'>;
  condition: Condition;
  fact: string | null;
}

/**
 * Follows what lasts (a camera that is down, an alarm) and tells it once, by the policy. What people were told of is kept in the
 * database, so that a restart neither tells it again nor forgets to tell that it is over.
 */
export class ConditionWatch {
  readonly #options: ConditionWatchOptions;
  readonly #watched = new Map<string, Watched>();
  #saving: Promise<void> = Promise.resolve();

  constructor(options: ConditionWatchOptions) {
    this.#options = options;
  }

  /** Reads what people were told of before. Until somebody says how it is now, it is unclear. */
  async start(): Promise<void> {
    for (const row of await this.#options.store.conditions()) {
      const condition = { badSinceMs: row.bad_since_ms, wellSinceMs: row.well_since_ms, toldAtMs: row.told_at_ms };
      const now = this.#watched.get(row.name);
      this.#watched.set(row.name, { is: now?.is ?? 'unclear', condition, fact: now?.fact ?? null });
      if (now !== undefined) this.#judge(row.name);
    }
  }

  /** How it is from now on. */
  report(name: string, is: Wellness, fact: string | null = null): void {
    const known = this.#watched.get(name);
    if (known === undefined && is !== 'bad') return;
    if (is === 'off' && known?.condition.toldAtMs === null) {
      this.#watched.delete(name);
      return;
    }
    this.#watched.set(name, { is: is === 'off' ? 'unclear' : is, condition: known?.condition ?? wellCondition, fact });
    this.#judge(name);
  }

  /** It is not there any more (the camera was removed): nothing more is told of it. */
  forget(belongs: (name: string) => boolean): void {
    for (const name of [...this.#watched.keys()]) {
      if (!belongs(name)) continue;
      this.#watched.delete(name);
      this.#later(() => this.#options.store.removeCondition(name));
    }
  }

  /** Judges everything at the present time. */
  tick(): void {
    for (const name of [...this.#watched.keys()]) this.#judge(name);
  }

  /** What people were told of and is not over. */
  told(): string[] {
    return [...this.#watched].filter(([, { condition }]) => condition.toldAtMs !== null).map(([name]) => name);
  }

  /** Settles when everything is in the database. */
  settled(): Promise<void> {
    return this.#saving;
  }

  #judge(name: string): void {
    const watched = this.#watched.get(name);
    if (watched === undefined) return;
    const { clock, termsOf, store, tell: announce } = this.#options;
    const before = watched.condition;
    const { condition, tell } = judgeCondition(before, watched.is, clock.nowMs(), termsOf(name));
    if (condition.badSinceMs === null) this.#watched.delete(name);
    else this.#watched.set(name, { ...watched, condition });
    // What nobody was told of needs no memory beyond this process.
    if (tell !== null || (condition.toldAtMs !== null && condition.wellSinceMs !== before.wellSinceMs)) {
      this.#later(() =>
        condition.toldAtMs === null
          ? store.removeCondition(name)
          : store.putCondition({
              name,
              bad_since_ms: condition.badSinceMs,
              well_since_ms: condition.wellSinceMs,
              told_at_ms: condition.toldAtMs,
            }),
      );
    }
    if (tell !== null) announce(name, tell, watched.fact);
  }

  #later(write: () => Promise<void>): void {
    this.#saving = this.#saving
      .then(write)
      .catch((error) => this.#options.log.error({ err: error }, 'what people were told of could not be kept'));
  }
}
