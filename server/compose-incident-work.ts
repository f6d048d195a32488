import { randomInt } from 'node:crypto';
import type { Accounts } from './access/accounts.ts';
import type { Actor } from './access/actor.ts';
import type { AuditLog } from './access/audit-log.ts';
import { reachOf } from './access/roles-policy.ts';
import type { Clock } from './platform/clock.ts';
import type { Events } from './platform/events.ts';
import type { Logger } from './platform/log.ts';
import type { Database } from './storage/database.ts';
import type { IncidentStore } from './storage/incident.store.ts';
import { IncidentFiguresStore } from './storage/incident-figures.store.ts';
import { IncidentListStore } from './storage/incident-list.store.ts';
import type { City } from './supervision/city.ts';
import { Comments } from './supervision/incidents/comments.ts';
import { Figures } from './supervision/incidents/figures.ts';
import { followCases } from './supervision/incidents/follow-cases.ts';
import { IncidentList } from './supervision/incidents/incident-list.ts';
import type { IncidentEvents } from './supervision/incidents/incidents.ts';
import { Repeats } from './supervision/incidents/repeats.ts';
import { SavedFilters } from './supervision/incidents/saved-filters.ts';
import { SecondReadings } from './supervision/incidents/second-readings.ts';
import { Watchers } from './supervision/incidents/watchers.ts';

export interface IncidentWorkParts {
  database: Database;
  city: City;
  incidentStore: IncidentStore;
  incidentEvents: Events<IncidentEvents>;
  accounts: Accounts;
  auditLog: AuditLog;
  clock: Clock;
  log: Logger;
}

const lots = 2 ** 40;

/** Puts together what surrounds the cases: list and figures, comments and watchers, saved filters, second readings. */
export function composeIncidentWork(parts: IncidentWorkParts) {
  const { database, city, incidentStore: incidents, incidentEvents, accounts, auditLog, clock, log } = parts;
  const { repeats, secondReading } = city.workflow;
  const colleagues = () => accounts.list();
  const audit: ConstructorParameters<typeof Comments<Actor>>[0]['audit'] = (record, within) =>
    auditLog.append(record, within);
  const shared = { database, incidents, colleagues, reachOf, clock };
  const watchers = new Watchers(shared);
  const secondReadings = new SecondReadings<Actor>({
    ...shared,
    city,
    percent: secondReading.percent,
    random: () => randomInt(lots) / lots,
    audit,
  });
  const figuresStore = new IncidentFiguresStore(database.kysely);
  const ranges = { city, reachOf, repeatDays: repeats.days, clock };
  return {
    list: new IncidentList({ store: new IncidentListStore(database.kysely), ...ranges }),
    figures: new Figures({ store: figuresStore, ...ranges }),
    repeats: new Repeats({
      incidents,
      store: figuresStore,
      days: repeats.days,
      reachOf,
      calendar: city.calendar,
      clock,
    }),
    comments: new Comments<Actor>({
      ...shared,
      audit,
      commented: (news) => incidentEvents.emit('commented', news),
    }),
    watchers,
    savedFilters: new SavedFilters({ database, reachOf, clock }),
    secondReadings,
    /** Ends what follows the cases, once what has begun is done. */
    stop: followCases({ incidents, events: incidentEvents, watchers, log }),
  };
}
