import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../../server/access/actor.ts';
import { AuditLog } from '../../server/access/audit-log.ts';
import { reachOf } from '../../server/access/roles-policy.ts';
import { createIncidentRequest } from '../../server/contracts/incidents.ts';
import type { Clock } from '../../server/platform/clock.ts';
import { Events } from '../../server/platform/events.ts';
import { silentLogger as log } from '../../server/platform/log.ts';
import { PictureFiles } from '../../server/platform/picture-files.ts';
import { AttachmentStore } from '../../server/storage/attachment.store.ts';
import { ConclusionDraftStore } from '../../server/storage/conclusion-draft.store.ts';
import type { Database } from '../../server/storage/database.ts';
import { IncidentStore } from '../../server/storage/incident.store.ts';
import { IncidentListStore } from '../../server/storage/incident-list.store.ts';
import type { City } from '../../server/supervision/city.ts';
import { IncidentFootage } from '../../server/supervision/incidents/footage.ts';
import { IncidentList } from '../../server/supervision/incidents/incident-list.ts';
import { type CameraPlace, type IncidentEvents, Incidents } from '../../server/supervision/incidents/incidents.ts';
import { PeopleDirectory } from '../../server/supervision/people.ts';
import type { Supervisor } from '../../server/supervision/supervisor.ts';
import { FakeRecorder } from '../support/supervision.ts';

export interface IncidentServices {
  list: IncidentList;
  create: (actor: Supervisor, flag: object) => Promise<unknown>;
  close(): Promise<void>;
}

/** The services as the server puts them together; only the recorder is a stand-in. */
export function incidentServices(
  database: Database,
  city: City,
  cameras: readonly CameraPlace[],
  clock: Clock,
): IncidentServices {
  const store = new IncidentStore(database.kysely);
  const list = new IncidentList({
    store: new IncidentListStore(database.kysely),
    city,
    reachOf,
    repeatDays: 90,
    clock,
  });
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-bench-stills-'));
  const stills = new PictureFiles(join(folder, 'stills'));
  const footage = new IncidentFootage({ recorder: new FakeRecorder(), store, files: stills, clock, log });
  const auditLog = new AuditLog({ database, clock });
  const incidents = new Incidents<Actor>({
    store,
    attachments: new AttachmentStore(database.kysely),
    drafts: new ConclusionDraftStore(database.kysely),
    list,
    city,
    people: new PeopleDirectory({ accounts: async () => [], reachOf }),
    cameraOf: (id) => cameras.find((camera) => camera.id === id),
    reachOf,
    audit: (record, within) => auditLog.append(record, within),
    events: new Events<IncidentEvents>(log),
    footage,
    stills,
    clock,
  });
  const create = (actor: Supervisor, flag: object) =>
    incidents.create({ ...actor, username: actor.userId, sessionId: 's' }, createIncidentRequest.parse(flag));
  const close = async () => {
    await footage.stop();
    rmSync(folder, { recursive: true });
  };
  return { list, create, close };
}
