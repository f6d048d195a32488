import type { Actor } from './access/actor.ts';
import type { AuditLog } from './access/audit-log.ts';
import { reachOf } from './access/roles-policy.ts';
import type { CameraDirectory } from './cameras/directory.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import type { Recorder } from './recorder/recorder.ts';
import type { Database } from './storage/database.ts';
import { IncidentListStore } from './storage/incident-list.store.ts';
import type { City } from './supervision/city.ts';
import type { Incidents } from './supervision/incidents/incidents.ts';
import { CaseLists } from './supervision/reports/case-lists.ts';
import { CasePrints } from './supervision/reports/case-prints.ts';
import { ReportMaker } from './supervision/reports/report-maker.ts';

export interface ReportParts {
  database: Database;
  city: City;
  recorder: Recorder;
  directory: CameraDirectory;
  incidents: Incidents<Actor>;
  auditLog: AuditLog;
  clock: Clock;
  log: Logger;
}

/** Puts together what makes papers and lists that are taken out of the system. */
export function composeReports(parts: ReportParts) {
  const { database, city, recorder, directory, incidents, auditLog, clock, log } = parts;
  const maker = new ReportMaker({ log });
  const audit: ConstructorParameters<typeof CasePrints<Actor>>[0]['audit'] = (record) => auditLog.append(record);
  const shared = { city, maker, reachOf, audit, clock };
  const store = new IncidentListStore(database.kysely);
  return {
    reports: {
      prints: new CasePrints<Actor>({
        ...shared,
        incidents,
        recorder,
        deskIdsOf: (cameraId) => directory.get(cameraId)?.deskIds ?? [],
      }),
      lists: new CaseLists<Actor>({ ...shared, store, repeatDays: city.workflow.repeats.days }),
    },
    stop: () => maker.stop(),
  };
}
