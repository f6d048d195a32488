import { readFile } from 'node:fs/promises';
import type { Accounts } from './access/accounts.ts';
import type { Actor } from './access/actor.ts';
import type { AuditLog } from './access/audit-log.ts';
import { reachOf } from './access/roles-policy.ts';
import { includesUnit, unitsVisible } from './access/scope.ts';
import type { CredentialVault } from './cameras/credentials.ts';
import type { CameraDirectory } from './cameras/directory.ts';
import type { HealthWatch } from './cameras/health/health-watch.ts';
import { createNetworkPolicy, resolveHost } from './cameras/networks.ts';
import { cameraState } from './cameras/present-camera.ts';
import type { CameraRegistry } from './cameras/registry.ts';
import type { CameraState } from './contracts/cameras.ts';
import type { Clock } from './platform/clock.ts';
import type { Configuration } from './platform/configuration.ts';
import { ConfigurationError } from './platform/configuration-file.ts';
import { AppError } from './platform/errors.ts';
import type { Events } from './platform/events.ts';
import type { Logger } from './platform/log.ts';
import type { Recorder } from './recorder/recorder.ts';
import { CaseNewsStore } from './storage/case-news.store.ts';
import type { Database } from './storage/database.ts';
import type { IncidentStore } from './storage/incident.store.ts';
import { WatcherStore } from './storage/watcher.store.ts';
import type { WorkingCalendar } from './supervision/calendar/working-calendar.ts';
import type { City } from './supervision/city.ts';
import type { Comments } from './supervision/incidents/comments.ts';
import type { IncidentEvents, Incidents } from './supervision/incidents/incidents.ts';
import type { SecondReadings } from './supervision/incidents/second-readings.ts';
import type { Wellness } from './supervision/notifications/condition-watch.ts';
import { digestFactsOf } from './supervision/notifications/digest-facts.ts';
import { createMailSender, type MailSender } from './supervision/notifications/mail-sender.ts';
import { type CameraReport, Notifications } from './supervision/notifications/notifications.ts';
import type { NoticeSources } from './supervision/notifications/sources.ts';

const hourMs = 3_600_000;

export interface NotificationParts {
  configuration: Configuration;
  database: Database;
  clock: Clock;
  log: Logger;
  city: City;
  accounts: Accounts;
  auditLog: AuditLog;
  vault: CredentialVault;
  registry: CameraRegistry;
  directory: CameraDirectory;
  health: Pick<HealthWatch, 'on'>;
  recorder: Recorder;
  incidents: Incidents<Actor>;
  incidentStore: IncidentStore;
  incidentEvents: Events<IncidentEvents>;
  comments: Comments<Actor>;
  secondReadings: SecondReadings<Actor>;
  workingCalendar: Pick<WorkingCalendar<Actor>, 'alarms' | 'on'>;
}

/** Puts notifications together with what they tell of. `start` begins; `stop` ends all of it. */
export async function composeNotifications(parts: NotificationParts): Promise<{
  notifications: Notifications<Actor>;
  start(): Promise<void>;
  stop(): Promise<void>;
}> {
  const { configuration, database, clock, log, city, auditLog, vault } = parts;
  const settings = configuration.notifications;
  const mail = await mailSenderOf(settings.mail);
  const networks = createNetworkPolicy(settings.webhooks);
  const categories = new Map(city.categories.map((category) => [category.code, category]));
  const news = new CaseNewsStore(database.kysely);
  const notifications = new Notifications<Actor>({
    database,
    sources: sourcesOf(parts),
    cameraStates: () => cameraStates(parts),
    calendar: () => city.calendar,
    newsTold: (ids) => news.remove(ids),
    audit: (record, within) => auditLog.append(record, within),
    vault: {
      seal: (name, secret) => vault.seal(`webhook:${name}`, { username: '', password: secret }),
      open: (name, sealed) => vault.open(`webhook:${name}`, sealed).password,
    },
    clock,
    log,
    mail,
    webhooks: { resolve: (host) => resolveHost(host, networks), allowHttp: settings.webhooks.allowHttp },
    categoryName: (code, language) => categories.get(code)?.[language] ?? '',
    settings,
  });
  let ends: (() => void)[] = [];
  return {
    notifications,
    async start() {
      await notifications.start();
      ends = follow(notifications, parts);
      const { alarms } = await parts.recorder.health();
      const codes = alarms.map(({ code }): string => code);
      notifications.alarmsOn((await holidaysMissing(parts)) ? [...codes, 'holidays_missing'] : codes);
    },
    async stop() {
      for (const end of ends) end();
      await notifications.stop();
    },
  };
}

/** Errors: `configuration_invalid`, for files that cannot be read. */
async function mailSenderOf(mail: Configuration['notifications']['mail']): Promise<MailSender | null> {
  if (mail.host === '') return null;
  const read = async (path: string, setting: string) => {
    if (path === '') return '';
    try {
      return await readFile(path, 'utf8');
    } catch (cause) {
      throw new ConfigurationError(
        path,
        [{ path: `notifications.mail.${setting}`, expected: 'a readable file' }],
        cause,
      );
    }
  };
  const password = (await read(mail.passwordFile, 'passwordFile')).split(/\r?\n/, 1)[0] ?? '';
  const ca = await read(mail.caFile, 'caFile');
  return createMailSender({ ...mail, password, ...(ca === '' ? {} : { ca }) });
}

function sourcesOf({
  database,
  city,
  accounts,
  directory,
  recorder,
  incidents,
  incidentStore,
  comments,
  secondReadings,
}: NotificationParts): NoticeSources {
  const watchers = new WatcherStore(database.kysely);
  return {
    people: async () => (await accounts.list()).map(({ id, ...account }) => ({ userId: id, ...account })),
    audience: (caseId) => incidents.audience(caseId),
    relations: async (caseId) => {
      const row = await incidentStore.find(caseId);
      if (row === undefined) return undefined;
      return {
        unitId: row.unit_id,
        flaggerId: row.flagged_by_id,
        concluderId: row.concluded_by_id,
        assigneeId: row.assignee_id,
        watcherIds: await watchers.of(caseId),
      };
    },
    comment: async (commentId) => {
      const news = await comments.news(commentId);
      return news && { authorId: news.authorId, mentionedIds: news.mentioned };
    },
    camera: (id) => {
      const camera = directory.get(id);
      if (camera === undefined) return undefined;
      const { name, unitId } = camera;
      return { id, name, unitId, unitName: city.units.find(unitId)?.name ?? unitId };
    },
    readingsWaiting: async (person) => (await secondReadings.list(person)).open.map(({ id }) => id),
    digest: (person, nowMs) =>
      digestFactsOf(person, nowMs, {
        cases: (reader, query) => incidents.list(reader, query),
        cameras: async (reader) => {
          const scope = unitsVisible(reader);
          const states = await statesOf(directory, recorder);
          return states
            .filter(({ unitId }) => includesUnit(scope, unitId))
            .map(({ id, state }) => ({ id, down: state === 'offline' || state === 'auth_failed' }));
        },
        coverage: (ids, fromMs, toMs) => coverageOf(recorder, ids, fromMs, toMs),
      }),
    reachOf,
  };
}

/** Whether days off are not entered, and there is somebody to tell it to: what was told to nobody would never be told again. */
async function holidaysMissing({ workingCalendar, accounts }: NotificationParts): Promise<boolean> {
  if (workingCalendar.alarms().length === 0) return false;
  return (await accounts.list()).some(({ role, disabled }) => reachOf(role, 'manage_system') === 'city' && !disabled);
}

/** Tells the notifications what happens elsewhere; returns what ends that. */
function follow(notifications: Notifications<Actor>, parts: NotificationParts): (() => void)[] {
  const { incidentEvents, registry, recorder, health, workingCalendar } = parts;
  const lookAtCalendar = () => {
    holidaysMissing(parts).then(
      (missing) => notifications.alarm('holidays_missing', missing),
      (error) => parts.log.error({ err: error }, 'the calendar could not be looked at'),
    );
  };
  // A year comes without anybody changing the calendar.
  const hourly = setInterval(lookAtCalendar, hourMs).unref();
  return [
    () => clearInterval(hourly),
    workingCalendar.on('changed', lookAtCalendar),
    incidentEvents.on('created', ({ incidentId }) => notifications.handle({ what: 'flagged', incidentId })),
    incidentEvents.on('changed', ({ incidentId, step, actorId }) =>
      notifications.handle({ what: 'step', incidentId, step, actorId }),
    ),
    incidentEvents.on('due', (due) => notifications.handle({ what: 'due', ...due })),
    incidentEvents.on('commented', ({ incidentId, commentId }) =>
      notifications.handle({ what: 'commented', incidentId, commentId }),
    ),
    registry.on('camera.removed', ({ cameraId }) => notifications.cameraRemoved(cameraId)),
    health.on('camera.troubled', ({ cameraId, part, cause }) => {
      // Of the connection the states of the streams tell sooner; a wrong clock is no camera that is down.
      if (part === 'picture') notifications.picture(cameraId, cause);
    }),
    health.on('camera.recovered', ({ cameraId, part }) => {
      if (part === 'picture') notifications.picture(cameraId, null);
    }),
    recorder.on('alarm', ({ code, active, cameraId }) => {
      // Of one camera: its health tells it.
      if (cameraId === undefined) notifications.alarm(code, active);
    }),
  ];
}

async function statesOf(directory: CameraDirectory, recorder: Recorder) {
  const streams = new Map((await recorder.states()).map((camera) => [camera.cameraId, camera.streams]));
  return directory.list().map(({ id, unitId, enabled, createdAtMs }) => ({
    id,
    unitId,
    ...cameraState(streams.get(id) ?? [], enabled, createdAtMs),
  }));
}

const wellness: Record<CameraState, Wellness> = {
  online: 'well',
  connecting: 'unclear',
  offline: 'bad',
  auth_failed: 'bad',
  stopped: 'off',
};

async function cameraStates({ directory, recorder }: NotificationParts): Promise<CameraReport[]> {
  const states = await statesOf(directory, recorder);
  return states.map(({ id, state }) => ({
    cameraId: id,
    is: wellness[state],
    trouble: state === 'auth_failed' ? 'auth_failed' : 'offline',
  }));
}

/** Per cent of the main streams' scheduled time that is recorded; null where none was scheduled. */
async function coverageOf(
  recorder: Recorder,
  cameraIds: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<number | null> {
  let scheduled = 0;
  let recorded = 0;
  for (const id of cameraIds) {
    try {
      const { scheduledMs, recordedMs } = await recorder.completeness(id, 'main', fromMs, toMs);
      scheduled += scheduledMs;
      recorded += recordedMs;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'camera_unknown')) throw error;
    }
  }
  return scheduled === 0 ? null : Math.floor((recorded / scheduled) * 1000) / 10;
}
