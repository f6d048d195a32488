import type { Migration } from './migration.ts';

/** Cases, their history, and the counter of their numbers. Times are UTC epoch ms; flags are 0 or 1. */
export const incidents: Migration = {
  name: '0004_incidents',
  async up(db) {
    await db.schema
      .createTable('incidents')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('number', 'text', (c) => c.notNull().unique())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('category', 'text', (c) => c.notNull())
      .addColumn('severity', 'integer', (c) => c.notNull())
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('camera_name', 'text', (c) => c.notNull())
      .addColumn('unit_id', 'text', (c) => c.notNull())
      .addColumn('unit_name', 'text', (c) => c.notNull())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .addColumn('from_ms', 'bigint', (c) => c.notNull())
      .addColumn('to_ms', 'bigint', (c) => c.notNull())
      .addColumn('note', 'text', (c) => c.notNull())
      .addColumn('flagged_by_id', 'text', (c) => c.notNull())
      .addColumn('flagged_by_name', 'text', (c) => c.notNull())
      .addColumn('flagged_by_role', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('updated_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('due_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('sent_at_ms', 'bigint')
      .addColumn('conclusion', 'text')
      .addColumn('search_text', 'text', (c) => c.notNull())
      .addColumn('held', 'integer', (c) => c.notNull())
      .addColumn('still', 'text', (c) => c.notNull())
      .execute();

    // Both orders of the list, whole and per unit; then each filter that is narrow enough to lead.
    const indexes: Record<string, string[]> = {
      incidents_newest: ['created_at_ms', 'id'],
      incidents_due: ['due_at_ms', 'created_at_ms desc', 'id desc'],
      incidents_unit_newest: ['unit_id', 'created_at_ms', 'id'],
      incidents_unit_due: ['unit_id', 'due_at_ms', 'created_at_ms desc', 'id desc'],
      incidents_camera: ['camera_id', 'from_ms'],
      incidents_state: ['state', 'created_at_ms', 'id'],
      incidents_sent: ['unit_id', 'state', 'due_at_ms', 'sent_at_ms'],
      incidents_footage: ['still', 'held'],
    };
    for (const [name, columns] of Object.entries(indexes)) {
      await db.schema.createIndex(name).on('incidents').columns(columns).execute();
    }

    await db.schema
      .createTable('incident_entries')
      .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
      .addColumn('seq', 'integer', (c) => c.notNull())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .addColumn('step', 'text', (c) => c.notNull())
      .addColumn('actor_id', 'text', (c) => c.notNull())
      .addColumn('actor_name', 'text', (c) => c.notNull())
      .addColumn('actor_role', 'text', (c) => c.notNull())
      .addColumn('from_state', 'text')
      .addColumn('to_state', 'text', (c) => c.notNull())
      .addColumn('conclusion', 'text')
      .addColumn('reason', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('incident_entries_key', ['incident_id', 'seq'])
      .execute();

    await db.schema
      .createTable('incident_numbers')
      .addColumn('year', 'integer', (c) => c.primaryKey())
      .addColumn('last', 'integer', (c) => c.notNull())
      .execute();
  },
};
