import { access } from './0001_access.ts';
import { cameras } from './0003_cameras.ts';
import { incidents } from './0004_incidents.ts';
import { recordingHours } from './0005_recording_hours.ts';
import { cameraPlacements } from './0006_camera_placements.ts';
import { savedViews } from './0008_saved_views.ts';
import { streamRetentionAndSound } from './0009_stream_retention_and_sound.ts';
import { cameraPtz } from './0010_camera_ptz.ts';
import { incidentWorkflow } from './0011_incident_workflow.ts';
import { calendar } from './0012_calendar.ts';
import { notices } from './0013_notices.ts';
import { incidentWork } from './0014_incident_work.ts';
import { cameraHealth } from './0015_camera_health.ts';
import { cameraProfiles } from './0016_camera_profiles.ts';
import { cameraEvents } from './0017_camera_events.ts';
import { termsAndNews } from './0018_terms_and_news.ts';
import type { Migration } from './migration.ts';

/** In the order in which they run. */
export const migrations: readonly Migration[] = [
  access,
  cameras,
  incidents,
  recordingHours,
  cameraPlacements,
  savedViews,
  streamRetentionAndSound,
  cameraPtz,
  incidentWorkflow,
  calendar,
  notices,
  incidentWork,
  cameraHealth,
  cameraProfiles,
  cameraEvents,
  termsAndNews,
];
