import type { Migration } from './migration.ts';

/**
 * Settings that many cameras share. Of each camera it is kept where its settings come from, as JSON by name (`camera` or `profile`); null is
 * a camera of before, whose settings are its own where they are not the city's. Times are UTC epoch ms; flags are 0 or 1.
 */
export const cameraProfiles: Migration = {
  name: '0016_camera_profiles',
  async up(db) {
    await db.schema
      .createTable('camera_profiles')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('settings', 'text', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('changed_at_ms', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.alterTable('cameras').addColumn('profile_id', 'text').execute();
    await db.schema.alterTable('cameras').addColumn('setting_sources', 'text').execute();
    await db.schema.createIndex('cameras_profile').on('cameras').column('profile_id').execute();
  },
};
