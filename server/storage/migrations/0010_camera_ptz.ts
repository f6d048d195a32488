import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** Whether a camera can be steered. Of those that were added before, it is known only that one without ONVIF cannot. */
export const cameraPtz: Migration = {
  name: '0010_camera_ptz',
  async up(db) {
    await db.schema.alterTable('cameras').addColumn('ptz', 'integer').execute();
    await sql`update cameras set ptz = 0 where onvif is null`.execute(db);
  },
};
