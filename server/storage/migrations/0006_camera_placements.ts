import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** Which unit a camera stood in from when on: what is flagged of the past belongs to the unit of its time. Times are UTC epoch ms. */
export const cameraPlacements: Migration = {
  name: '0006_camera_placements',
  async up(db) {
    await db.schema
      .createTable('camera_placements')
      .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id').onDelete('cascade'))
      .addColumn('from_ms', 'bigint', (c) => c.notNull())
      .addColumn('unit_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('camera_placements_pk', ['camera_id', 'from_ms'])
      .execute();
    await sql`insert into camera_placements (camera_id, from_ms, unit_id) select id, created_at_ms, unit_id from cameras`.execute(
      db,
    );
  },
};
