import type { Accounts } from '../access/accounts.ts';
import type { Actor } from '../access/actor.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Setup } from '../access/setup.ts';
import type { ViewLog } from '../access/view-log.ts';
import type { CameraDirectory } from '../cameras/directory.ts';
import type { Discoveries } from '../cameras/discoveries.ts';
import type { CameraHealthService } from '../cameras/health/camera-health.ts';
import type { PtzControl } from '../cameras/ptz.ts';
import type { CameraRegistry } from '../cameras/registry.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Recorder } from '../recorder/recorder.ts';
import type { CalendarFiles } from '../supervision/calendar/imports.ts';
import type { WorkingCalendar } from '../supervision/calendar/working-calendar.ts';
import type { City } from '../supervision/city.ts';
import type { Attachments } from '../supervision/incidents/attachments.ts';
import type { Comments } from '../supervision/incidents/comments.ts';
import type { Figures } from '../supervision/incidents/figures.ts';
import type { Incidents } from '../supervision/incidents/incidents.ts';
import type { Repeats } from '../supervision/incidents/repeats.ts';
import type { SavedFilters } from '../supervision/incidents/saved-filters.ts';
import type { SecondReadings } from '../supervision/incidents/second-readings.ts';
import type { Watchers } from '../supervision/incidents/watchers.ts';
import type { Notifications } from '../supervision/notifications/notifications.ts';
import type { SavedViews } from '../supervision/views/saved-views.ts';

/** What routes, media and sockets work with. */
export interface Services {
  clock: Clock;
  log: Logger;
  city: City;
  sessions: Sessions;
  accounts: Accounts;
  setup: Setup;
  auditLog: AuditLog;
  viewLog: ViewLog;
  registry: CameraRegistry;
  cameraHealth: CameraHealthService<Actor>;
  directory: CameraDirectory;
  discoveries: Discoveries;
  recorder: Recorder;
  incidents: Incidents<Actor>;
  attachments: Attachments;
  comments: Comments<Actor>;
  watchers: Watchers;
  savedFilters: SavedFilters;
  figures: Figures;
  repeats: Repeats;
  secondReadings: SecondReadings<Actor>;
  ptz: PtzControl;
  savedViews: SavedViews<Actor>;
  notifications: Notifications<Actor>;
  workingCalendar: WorkingCalendar<Actor>;
  calendarFiles: CalendarFiles<Actor>;
  /** Days that a stream is kept which has none of its own. */
  defaultRetentionDays: number;
}
