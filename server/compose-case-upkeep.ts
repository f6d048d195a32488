import type { AuditLog } from './access/audit-log.ts';
import { reachOf } from './access/roles-policy.ts';
import type { Clock } from './platform/clock.ts';
import type { Events } from './platform/events.ts';
import type { Logger } from './platform/log.ts';
import type { AttachmentStore } from './storage/attachment.store.ts';
import { CaseNewsStore } from './storage/case-news.store.ts';
import type { Database } from './storage/database.ts';
import type { IncidentStore } from './storage/incident.store.ts';
import { IncidentSweepStore } from './storage/incident-sweep.store.ts';
import type { City } from './supervision/city.ts';
import { AttachmentFiles } from './supervision/incidents/attachment-files.ts';
import { Attachments } from './supervision/incidents/attachments.ts';
import { CaseSweep } from './supervision/incidents/case-sweep.ts';
import type { IncidentFootage } from './supervision/incidents/footage.ts';
import type { IncidentEvents } from './supervision/incidents/incidents.ts';

export interface CaseUpkeepParts {
  dataDir: string;
  database: Database;
  city: City;
  incidentStore: IncidentStore;
  attachmentStore: AttachmentStore;
  incidentEvents: Events<IncidentEvents>;
  footage: IncidentFootage;
  auditLog: AuditLog;
  clock: Clock;
  log: Logger;
}

/** The files of cases, and what time brings about in them. */
export function composeCaseUpkeep(parts: CaseUpkeepParts): { attachments: Attachments; sweep: CaseSweep } {
  const { dataDir, database, city, incidentStore, attachmentStore, incidentEvents, footage, auditLog } = parts;
  const { clock, log } = parts;
  const files = new AttachmentFiles(dataDir);
  const attachments = new Attachments({ store: attachmentStore, files, incidents: incidentStore, reachOf, clock, log });
  const sweep = new CaseSweep({
    store: incidentStore,
    news: new CaseNewsStore(database.kysely),
    sweepStore: new IncidentSweepStore(database.kysely),
    city,
    footage,
    attachments,
    audit: (record, within) => auditLog.append({ ...record, actor: 'system' }, within),
    events: incidentEvents,
    clock,
    log,
  });
  return { attachments, sweep };
}
