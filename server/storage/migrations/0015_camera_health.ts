import type { Migration } from './migration.ts';

/** How cameras do, what became of it over time, how they should look, and what was proposed as a case. Times are UTC epoch ms; flags are 0 or 1. */
export const cameraHealth: Migration = {
  name: '0015_camera_health',
  async up(db) {
    await db.schema
      .createTable('camera_health')
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('part', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('cause', 'text')
      .addColumn('detail', 'bigint')
      .addColumn('since_ms', 'bigint', (c) => c.notNull())
      .addColumn('spell_from_ms', 'bigint')
      .addColumn('spell_well_ms', 'bigint')
      .addColumn('spell_told', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('camera_health_key', ['camera_id', 'part'])
      .execute();
    await db.schema
      .createTable('camera_health_changes')
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('seq', 'integer', (c) => c.notNull())
      .addColumn('part', 'text', (c) => c.notNull())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('cause', 'text')
      .addPrimaryKeyConstraint('camera_health_changes_key', ['camera_id', 'seq'])
      .execute();
    await db.schema
      .createIndex('camera_health_changes_part')
      .on('camera_health_changes')
      .columns(['camera_id', 'part', 'at_ms'])
      .execute();
    await db.schema.createIndex('camera_health_changes_age').on('camera_health_changes').columns(['at_ms']).execute();
    await db.schema
      .createTable('camera_uptime')
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('day', 'text', (c) => c.notNull())
      .addColumn('scheduled_ms', 'bigint', (c) => c.notNull())
      .addColumn('recorded_ms', 'bigint', (c) => c.notNull())
      .addColumn('healthy_ms', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('camera_uptime_key', ['camera_id', 'day'])
      .execute();
    await db.schema.createIndex('camera_uptime_day').on('camera_uptime').column('day').execute();
    await db.schema
      .createTable('camera_references')
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('signature', 'text', (c) => c.notNull())
      .addColumn('media_time_ms', 'bigint', (c) => c.notNull())
      .addColumn('approved_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('approved_by_id', 'text', (c) => c.notNull())
      .addColumn('approved_by_name', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('camera_references_key', ['camera_id', 'kind'])
      .execute();
    await db.schema
      .createTable('camera_proposals')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('camera_name', 'text', (c) => c.notNull())
      .addColumn('unit_id', 'text', (c) => c.notNull())
      .addColumn('unit_name', 'text', (c) => c.notNull())
      .addColumn('cause', 'text', (c) => c.notNull())
      .addColumn('from_ms', 'bigint', (c) => c.notNull())
      .addColumn('to_ms', 'bigint')
      .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('still', 'integer', (c) => c.notNull())
      .addColumn('incident_id', 'text')
      .addColumn('decided_by_id', 'text')
      .addColumn('decided_by_name', 'text')
      .addColumn('decided_at_ms', 'bigint')
      .addColumn('reason', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('camera_proposals_newest')
      .on('camera_proposals')
      .columns(['state', 'created_at_ms', 'id'])
      .execute();
    await db.schema
      .createIndex('camera_proposals_camera')
      .on('camera_proposals')
      .columns(['camera_id', 'created_at_ms'])
      .execute();
  },
};
