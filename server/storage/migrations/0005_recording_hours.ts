import type { Migration } from './migration.ts';

/** When a stream is recorded, as JSON; null is continuously. */
export const recordingHours: Migration = {
  name: '0005_recording_hours',
  async up(db) {
    await db.schema.alterTable('camera_streams').addColumn('recording', 'text').execute();
  },
};
