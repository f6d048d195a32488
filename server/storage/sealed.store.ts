import type { Queries } from './database.ts';

/** A secret that is kept sealed: of a camera, or of an address that is called with news. */
export interface SealedRow {
  /** To what it is bound. */
  name: string;
  sealed: string;
}

/** Everything that is sealed with the key of the cameras' credentials, for when that changes. */
export class SealedStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** Puts what `reseal` makes of each in its place, all or nothing; null leaves it as it is. */
  async resealAll(reseal: (row: SealedRow) => string | null): Promise<void> {
    await this.#db.transaction().execute(async (within) => {
      const cameras = await within
        .selectFrom('cameras')
        .select(['id', 'credentials'])
        .where('credentials', 'is not', null)
        .execute();
      for (const { id, credentials } of cameras) {
        const sealed = credentials === null ? null : reseal({ name: id, sealed: credentials });
        if (sealed !== null)
          await within.updateTable('cameras').set({ credentials: sealed }).where('id', '=', id).execute();
      }
      for (const { id, sealed_secret } of await within
        .selectFrom('webhooks')
        .select(['id', 'sealed_secret'])
        .execute()) {
        const sealed = reseal({ name: `webhook:${id}`, sealed: sealed_secret });
        if (sealed !== null)
          await within.updateTable('webhooks').set({ sealed_secret: sealed }).where('id', '=', id).execute();
      }
    });
  }
}
