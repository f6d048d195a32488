import type { AccountTable } from './account.store.ts';
import type { AttachmentTable } from './attachment.store.ts';
import type { AuditHeadTable, AuditTable } from './audit.store.ts';
import type { CalendarRowTable, CalendarStateTable } from './calendar.store.ts';
import type { CameraPlacementTable, CameraStreamTable, CameraTable } from './camera.store.ts';
import type { CameraEventTable } from './camera-event.store.ts';
import type {
  CameraHealthChangeTable,
  CameraHealthTable,
  CameraReferenceTable,
  CameraUptimeTable,
} from './camera-health.store.ts';
import type { CameraProfileTable } from './camera-profile.store.ts';
import type { CameraProposalTable } from './camera-proposal.store.ts';
import type { CaseNewsTable } from './case-news.store.ts';
import type { IncidentCommentTable, IncidentMentionTable } from './comment.store.ts';
import type { ConclusionDraftTable } from './conclusion-draft.store.ts';
import type { DeliveryTable } from './delivery.store.ts';
import type { IncidentEntryTable, IncidentNumberTable, IncidentTable } from './incident.store.ts';
import type { NoticeSubjectTable, NoticeTable } from './notice.store.ts';
import type { MailAddressTable, NoticeConditionTable, NoticeSettingsTable } from './notice-settings.store.ts';
import type { IncidentFilterTable } from './saved-filter.store.ts';
import type { DefaultViewTable, SavedViewTable } from './saved-view.store.ts';
import type { SecondReadingOpenTable, SecondReadingTable } from './second-reading.store.ts';
import type { SessionTable } from './session.store.ts';
import type { SetupTokenTable } from './setup-token.store.ts';
import type { ViewTable } from './view.store.ts';
import type { IncidentWatcherTable } from './watcher.store.ts';
import type { WebhookTable } from './webhook.store.ts';

/** Every table of the supervision database; each table's interface stands in the store that alone queries it. */
export interface Schema {
  accounts: AccountTable;
  sessions: SessionTable;
  setup_tokens: SetupTokenTable;
  audit_log: AuditTable;
  audit_head: AuditHeadTable;
  view_log: ViewTable;
  cameras: CameraTable;
  camera_streams: CameraStreamTable;
  camera_placements: CameraPlacementTable;
  incidents: IncidentTable;
  incident_entries: IncidentEntryTable;
  incident_numbers: IncidentNumberTable;
  incident_attachments: AttachmentTable;
  incident_drafts: ConclusionDraftTable;
  case_news: CaseNewsTable;
  saved_views: SavedViewTable;
  default_views: DefaultViewTable;
  calendar_rows: CalendarRowTable;
  calendar_state: CalendarStateTable;
  incident_comments: IncidentCommentTable;
  incident_mentions: IncidentMentionTable;
  incident_watchers: IncidentWatcherTable;
  incident_filters: IncidentFilterTable;
  second_readings: SecondReadingTable;
  second_reading_opens: SecondReadingOpenTable;
  notices: NoticeTable;
  notice_subjects: NoticeSubjectTable;
  notice_settings: NoticeSettingsTable;
  mail_addresses: MailAddressTable;
  notice_conditions: NoticeConditionTable;
  webhooks: WebhookTable;
  deliveries: DeliveryTable;
  camera_health: CameraHealthTable;
  camera_health_changes: CameraHealthChangeTable;
  camera_uptime: CameraUptimeTable;
  camera_references: CameraReferenceTable;
  camera_proposals: CameraProposalTable;
  camera_profiles: CameraProfileTable;
  camera_events: CameraEventTable;
}
