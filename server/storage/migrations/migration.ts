import type { Kysely } from 'kysely';

/** One step of the schema. It runs once, in a transaction of its own, and is never edited after a release. */
export interface Migration {
  /** `0001_access`: the number orders the steps. */
  name: string;
  up(db: Kysely<unknown>): Promise<void>;
}
