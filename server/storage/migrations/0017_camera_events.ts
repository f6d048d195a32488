import type { Migration } from './migration.ts';

/** What cameras tell of themselves, and of which it is kept. `to_ms` is null while it goes on. Times are UTC epoch ms; flags are 0 or 1. */
export const cameraEvents: Migration = {
  name: '0017_camera_events',
  async up(db) {
    await db.schema
      .alterTable('cameras')
      .addColumn('events', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createTable('camera_events')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('from_ms', 'bigint', (c) => c.notNull())
      .addColumn('to_ms', 'bigint')
      .execute();
    await db.schema
      .createIndex('camera_events_time')
      .on('camera_events')
      .columns(['camera_id', 'from_ms', 'id'])
      .execute();
    await db.schema.createIndex('camera_events_age').on('camera_events').column('from_ms').execute();
  },
};
