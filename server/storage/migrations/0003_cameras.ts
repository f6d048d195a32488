import type { Migration } from './migration.ts';

/** Cameras and the streams that are recorded of them. A removed camera keeps its row: old footage and incidents still name it. */
export const cameras: Migration = {
  name: '0003_cameras',
  async up(db) {
    await db.schema
      .createTable('cameras')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('unit_id', 'text', (c) => c.notNull())
      .addColumn('desk_ids', 'text', (c) => c.notNull())
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('simulated', 'integer', (c) => c.notNull())
      .addColumn('host', 'text', (c) => c.notNull())
      .addColumn('onvif', 'text')
      .addColumn('endpoint', 'text')
      .addColumn('certificate_sha256', 'text')
      .addColumn('manufacturer', 'text', (c) => c.notNull())
      .addColumn('model', 'text', (c) => c.notNull())
      .addColumn('firmware', 'text', (c) => c.notNull())
      .addColumn('serial', 'text', (c) => c.notNull())
      .addColumn('credentials', 'text')
      .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('changed_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('removed_at_ms', 'bigint')
      .execute();
    await db.schema.createIndex('cameras_unit').on('cameras').column('unit_id').execute();

    await db.schema
      .createTable('camera_streams')
      .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id').onDelete('cascade'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('url_as_sent', 'text', (c) => c.notNull())
      .addColumn('profile_token', 'text')
      .addColumn('codec', 'text', (c) => c.notNull())
      .addColumn('width', 'integer', (c) => c.notNull())
      .addColumn('height', 'integer', (c) => c.notNull())
      .addColumn('fps', 'real', (c) => c.notNull())
      .addPrimaryKeyConstraint('camera_streams_pk', ['camera_id', 'name'])
      .execute();
  },
};
