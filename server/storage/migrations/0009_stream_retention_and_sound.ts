import type { Migration } from './migration.ts';

/** For how many days a stream is kept (null: as long as the city says), and whether its sound is recorded. */
export const streamRetentionAndSound: Migration = {
  name: '0009_stream_retention_and_sound',
  async up(db) {
    await db.schema.alterTable('camera_streams').addColumn('retention_days', 'integer').execute();
    await db.schema
      .alterTable('camera_streams')
      .addColumn('sound', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
  },
};
