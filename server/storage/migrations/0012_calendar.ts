import type { Migration } from './migration.ts';

/** The working calendar: its rows as JSON, and the one row that counts its versions. Times are UTC epoch ms. */
export const calendar: Migration = {
  name: '0012_calendar',
  async up(db) {
    await db.schema
      .createTable('calendar_rows')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('content', 'text', (c) => c.notNull())
      .addColumn('uid', 'text')
      .addColumn('position', 'bigint', (c) => c.notNull())
      .addColumn('version', 'bigint', (c) => c.notNull())
      .addColumn('changed_at_ms', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('calendar_state')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('version', 'bigint', (c) => c.notNull())
      .addColumn('file_hash', 'text', (c) => c.notNull())
      .addColumn('file_taken_at_ms', 'bigint', (c) => c.notNull())
      .execute();
  },
};
