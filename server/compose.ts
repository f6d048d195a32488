import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Accounts } from './access/accounts.ts';
import type { Actor } from './access/actor.ts';
import { AuditLog } from './access/audit-log.ts';
import { permits, reachOf } from './access/roles-policy.ts';
import { mayWatch } from './access/scope.ts';
import { Sessions } from './access/sessions.ts';
import { Setup } from './access/setup.ts';
import { ViewLog } from './access/view-log.ts';
import { CameraAnnouncements } from './cameras/announcements.ts';
import { settleKeyFile } from './cameras/credential-keys.ts';
import { openCredentialVault } from './cameras/credentials.ts';
import { CameraDirectory } from './cameras/directory.ts';
import { Discoveries } from './cameras/discoveries.ts';
import { CameraHealthService } from './cameras/health/camera-health.ts';
import { createNetworkPolicy, findHost } from './cameras/networks.ts';
import { PtzDevice } from './cameras/onvif/ptz.ts';
import { PtzControl } from './cameras/ptz.ts';
import { CameraRegistry } from './cameras/registry.ts';
import { StreamRetention } from './cameras/retention.ts';
import { composeCameraWork } from './compose-cameras.ts';
import { composeCaseUpkeep } from './compose-case-upkeep.ts';
import { composeIncidentWork } from './compose-incident-work.ts';
import { composeNotifications } from './compose-notifications.ts';
import { composeReports } from './compose-reports.ts';
import { createApps } from './http/app.ts';
import { ClientAddresses } from './http/client-address.ts';
import { consoleFiles } from './http/console-files.ts';
import { Listener } from './http/listener.ts';
import { MediaHandler } from './http/media-handler.ts';
import { metricsRouter } from './http/metrics.ts';
import { openApiRouter } from './http/openapi.ts';
import { apiRoutes } from './http/routes/index.ts';
import type { Services } from './http/services.ts';
import { ownCertificate, readCertificate } from './http/tls.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import type { Configuration } from './platform/configuration.ts';
import { ConfigurationError } from './platform/configuration-file.ts';
import { Events } from './platform/events.ts';
import type { Logger } from './platform/log.ts';
import { PictureFiles } from './platform/picture-files.ts';
import { StopOrder } from './platform/stop-order.ts';
import { Realtime } from './realtime/socket-server.ts';
import { createRecorder } from './recorder/create-recorder.ts';
import type { Recorder } from './recorder/recorder.ts';
import { AttachmentStore } from './storage/attachment.store.ts';
import { CameraStore } from './storage/camera.store.ts';
import { CameraProfileStore } from './storage/camera-profile.store.ts';
import { ConclusionDraftStore } from './storage/conclusion-draft.store.ts';
import { databasePlace, openDatabase } from './storage/database.ts';
import { IncidentStore } from './storage/incident.store.ts';
import { CalendarFiles } from './supervision/calendar/imports.ts';
import { WorkingCalendar } from './supervision/calendar/working-calendar.ts';
import { isWorking } from './supervision/calendar.ts';
import { type City, loadCity } from './supervision/city.ts';
import { IncidentFootage } from './supervision/incidents/footage.ts';
import { type IncidentEvents, Incidents } from './supervision/incidents/incidents.ts';
import { dateOf, startOfDayMs } from './supervision/local-time.ts';
import { PeopleDirectory } from './supervision/people.ts';
import { recordingSchedule } from './supervision/recording-hours.ts';
import { SavedViews } from './supervision/views/saved-views.ts';

export interface Product {
  /** Address for a browser on this machine. */
  url: string;
  /** Token of the set-up link while there is no account; told once. */
  setupToken: string | null;
  stop(): Promise<void>;
}

const hourMs = 3_600_000;
/** So long at most do the files of the recordings wait for parts that do not end; it leaves time to close them. */
const recorderWaitsMs = 1000;
const consoleFolder = fileURLToPath(new URL('../dist/console', import.meta.url));

/** Puts the parts together and starts them: the only file that knows them all. What was started is stopped again when a later part fails. */
export async function compose(configuration: Configuration, log: Logger, clock: Clock = systemClock): Promise<Product> {
  const { dataDir } = configuration;
  const started = new StopOrder(log, recorderWaitsMs);
  const stop = () => started.stop();
  try {
    const city = loadCity(configuration.city);
    const database = await openDatabase({ ...databasePlace(configuration.database, dataDir), log });
    started.push(() => database.close());
    const cameraStore = new CameraStore(database.kysely);
    // Before the recorder, which cleans as soon as it starts.
    const retention = await StreamRetention.read(cameraStore);
    const policy = createNetworkPolicy(configuration.cameras);
    const archiveDir = configuration.archive.folder || join(dataDir, 'archive');
    const volumes = configuration.archive.volumes.map(({ name, path, limitBytes = null, reserveBytes = null }) => ({
      name,
      path,
      limitBytes,
      reserveBytes,
    }));
    // Volumes are disks of their own: one that is not there is offline, and no reason not to start.
    if (volumes.length === 0) await prepareArchive(archiveDir);
    const recorder = await createRecorder({
      dataDir,
      archiveDir,
      volumes,
      clock,
      log,
      findHost: (hostname) => findHost(hostname, policy),
      retentionDays: configuration.archive.retentionDays,
      keepMsOf: (cameraId, stream) => retention.keepMsOf(cameraId, stream),
      quotaBytes: configuration.archive.quotaBytes || null,
      transcodes: configuration.recorder.transcodes,
    });
    started.pushUrgent(() => recorder.stop());

    const auditLog = new AuditLog({ database, clock });
    const workingCalendar = await WorkingCalendar.open<Actor>({
      database,
      city,
      clock,
      log,
      audit: (record, within) => auditLog.append(record, within),
    });
    const sessions = new Sessions({
      database,
      audit: auditLog,
      clock,
      log,
      idleMs: configuration.sessions.idleHours * hourMs,
      absoluteMs: configuration.sessions.absoluteDays * 24 * hourMs,
    });
    sessions.start();
    started.push(() => sessions.stop());
    const accounts = new Accounts({ database, sessions, audit: auditLog, clock });
    const setup = new Setup({ database, audit: auditLog, clock });
    const viewLog = new ViewLog({ database, clock, log });
    viewLog.start();
    started.push(() => viewLog.stop());

    const vault = openCredentialVault(settleKeyFile(configuration.cameras.credentialKeyFile, dataDir, log));
    const profileStore = new CameraProfileStore(database.kysely);
    const registry: CameraRegistry = new CameraRegistry({
      store: cameraStore,
      profiles: profileStore,
      retention,
      vault,
      clock,
      log,
      policy,
      desksOfUnit: async (unitId) => city.units.find(unitId)?.desks.map((desk) => desk.id) ?? null,
      endpointAt: (onvif) => discoveries.endpointAt(onvif),
      maxCameras: configuration.cameras.maxCameras,
    });
    const discoveries: Discoveries = new Discoveries({
      clock,
      log,
      policy,
      registeredAt: (device) => directory.registeredAt(device),
      loopback: configuration.cameras.allowLoopback,
      interfaces: configuration.cameras.discoveryInterfaces,
    });
    started.push(() => discoveries.stop());
    const directory: CameraDirectory = new CameraDirectory(registry, log);

    const cameraWork = composeCameraWork({ database, registry, profileStore, directory, recorder, policy, clock, log });
    started.push(() => cameraWork.stop());

    const incidentEvents = new Events<IncidentEvents>(log);
    const incidentStore = new IncidentStore(database.kysely);
    const stills = new PictureFiles(join(dataDir, 'stills'));
    const attachmentStore = new AttachmentStore(database.kysely);
    const people = new PeopleDirectory({ accounts: () => accounts.list(), reachOf });
    const footage = new IncidentFootage({
      recorder,
      store: incidentStore,
      files: stills,
      clock,
      log,
      complete: (incidentId) => incidentEvents.emit('footage', { incidentId }),
    });
    started.push(() => footage.stop());
    const incidentWork = composeIncidentWork({
      database,
      city,
      incidentStore,
      incidentEvents,
      accounts,
      auditLog,
      clock,
      log,
    });
    started.push(() => incidentWork.stop());
    const upkeep = { dataDir, database, city, incidentStore, attachmentStore, incidentEvents, footage, auditLog };
    const { attachments, sweep } = composeCaseUpkeep({ ...upkeep, clock, log });
    const incidents = new Incidents<Actor>({
      store: incidentStore,
      attachments: attachmentStore,
      drafts: new ConclusionDraftStore(database.kysely),
      people,
      list: incidentWork.list,
      opened: (actor, incidentId) => incidentWork.secondReadings.opened(actor, incidentId),
      stepped: (row, entry, within) => incidentWork.secondReadings.consider(row, entry, within),
      city,
      cameraOf: async (id, atMs) => {
        const camera = directory.get(id);
        return camera && { ...camera, unitId: await registry.unitAt(id, atMs) };
      },
      reachOf,
      audit: (record, within) => auditLog.append(record, within),
      events: incidentEvents,
      footage,
      stills,
      clock,
    });

    const steering = new AbortController();
    const ptz = new PtzControl({
      clock,
      log,
      open: async (id) => {
        const device = await registry.device(id, steering.signal);
        return device && PtzDevice.open(device.client, device.profile);
      },
    });
    const forget = ({ cameraId }: { cameraId: string }) => void ptz.forget(cameraId);
    registry.on('camera.saved', forget);
    registry.on('camera.removed', forget);
    sessions.on('ended', ({ sessionId }) => void ptz.release(sessionId));
    started.push(() => ptz.stop().finally(() => steering.abort()));

    const announcements: CameraAnnouncements = new CameraAnnouncements({
      clock,
      log,
      cameras: () => directory.list(),
      relocate: (cameraId, onvif, signal) =>
        registry.relocate(cameraId, onvif, signal, (camera, within, before) =>
          auditLog.append(
            {
              actor: 'system',
              action: 'camera.moved',
              subject: `camera:${cameraId}`,
              details: { from: before?.onvif ?? null, to: camera.onvif },
            },
            within,
          ),
        ),
      onChange: () => cameraHealth.watch.lookSoon(),
      loopback: configuration.cameras.allowLoopback,
      interfaces: configuration.cameras.discoveryInterfaces,
    });
    started.push(() => announcements.stop());
    const cameraHealth = new CameraHealthService<Actor>({
      database: database.kysely,
      dataDir,
      cameras: directory,
      source: recorder,
      askClock: async (id, signal) => (await (await registry.device(id, signal))?.client.readClock()) ?? null,
      byeAtMs: (cameraId) => announcements.byeAtMs(cameraId),
      isWorking: (unitId, atMs) => isWorking(city.calendar, unitId, atMs),
      unitName: (unitId) => city.units.find(unitId)?.name ?? unitId,
      createIncident: (actor, incident, address, also) => incidents.create(actor, incident, address, also),
      dayOf: dateOf,
      startOfDay: (day) => startOfDayMs(Temporal.PlainDate.from(day)),
      audit: (record, within) => auditLog.append(record, within),
      clock,
      log,
      sampleMs: configuration.cameras.pictureEverySeconds * 1000,
      lastingMs: configuration.cameras.troubleAfterMinutes * 60_000,
    });

    const savedViews = new SavedViews<Actor>({
      database,
      clock,
      maySee: (reader, id) => {
        const camera = directory.get(id);
        return camera !== undefined && mayWatch(reader, camera.unitId);
      },
      mayShare: (reader) => permits(reader, 'watch_live'),
      audit: (record, within) => auditLog.append(record, within),
    });

    const { notifications, ...telling } = await composeNotifications({
      configuration,
      database,
      clock,
      log,
      city,
      accounts,
      auditLog,
      vault,
      registry,
      directory,
      health: cameraHealth.watch,
      recorder,
      incidents,
      incidentStore,
      incidentEvents,
      comments: incidentWork.comments,
      secondReadings: incidentWork.secondReadings,
      workingCalendar,
    });

    const { reports, stop: stopReports } = composeReports({
      database,
      city,
      recorder,
      directory,
      incidents,
      auditLog,
      clock,
      log,
    });
    started.push(stopReports);

    const services: Services = {
      clock,
      log,
      city,
      sessions,
      accounts,
      setup,
      auditLog,
      viewLog,
      registry,
      directory,
      cameraHealth,
      discoveries,
      inspections: cameraWork.inspections,
      cameraProfiles: cameraWork.profiles,
      cameraEvents: cameraWork.events,
      cameraReboots: cameraWork.reboots,
      cameraSnapshots: cameraWork.snapshots,
      recorder,
      incidents,
      attachments,
      ...incidentWork,
      ptz,
      savedViews,
      reports,
      notifications,
      workingCalendar,
      calendarFiles: new CalendarFiles({ calendar: workingCalendar, city, clock }),
      defaultRetentionDays: configuration.archive.retentionDays,
    };
    const routes = apiRoutes(services);
    const { server } = configuration;
    const tls =
      server.certificate !== ''
        ? await readCertificate(server.certificate, server.key)
        : await ownCertificate(join(dataDir, 'tls'), server.names, clock.nowMs());
    const openApi = openApiRouter(routes);
    const addresses = new ClientAddresses(server.trustedProxies);
    const media = new MediaHandler(services, addresses);
    const apps = createApps({
      routes,
      sessions,
      clock,
      log,
      openApi,
      addresses,
      others: [metricsRouter(recorder, media.push), consoleFiles(consoleFolder)],
    });
    const listener = new Listener({ tls, apps, media, log });
    const realtime = new Realtime(listener.server, { ...services, incidentEvents });
    await directory.start(() => realtime.camerasChanged());
    // Before everything that tells of something once only.
    await telling.start();
    started.push(() => telling.stop());
    const put = (cameraId: string, paused = false) =>
      putCamera({ registry, recorder, city }, clock.nowMs(), cameraId, paused);
    const follow = recordCameras(registry, recorder, put, log);
    // A camera that the recorder refuses, since its credentials cannot be read any more, keeps no other from being recorded.
    await Promise.all(directory.list().map(({ id }) => put(id).catch((error) => refused(log, id, error))));
    const putAll = () => {
      for (const { id } of directory.list()) follow(id, () => put(id));
    };
    await cameraWork.start({ put: (cameraId, { paused }) => put(cameraId, paused) });
    workingCalendar.on('changed', putAll);
    workingCalendar.on('changed', () => void sweep.run());
    workingCalendar.follow();
    started.push(() => workingCalendar.stop());
    if (configuration.cameras.followAnnouncements) await announcements.start();
    const lookAgain = () => cameraHealth.watch.lookSoon();
    recorder.on('stream.state', lookAgain);
    registry.on('camera.saved', lookAgain);
    registry.on('camera.removed', ({ cameraId }) => {
      cameraHealth.forget(cameraId).catch((error) => log.error({ err: error, camera: cameraId }, 'its health stays'));
    });
    await cameraHealth.start();
    started.push(() => cameraHealth.stop());
    const daily = setInterval(putAll, 24 * hourMs);
    started.push(() => clearInterval(daily));
    await holdAgain(recorder, footage, log);
    await footage.resume();
    sweep.start();
    started.push(() => sweep.stop());

    const port = await listener.listen(server.host, server.port);
    started.push(
      () => listener.close(),
      () => realtime.close(),
    );
    return { url: `https://localhost:${port}`, setupToken: await setup.prepare(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Errors: `configuration_invalid`. */
async function prepareArchive(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    const problem = { path: 'archive.folder', expected: 'expected a folder that the server may write to' };
    throw new ConfigurationError(folder, [problem], cause);
  }
}

/** What a recorder may have forgotten that had to make its index anew; until it knows, it deletes nothing. */
async function holdAgain(recorder: Recorder, footage: IncidentFootage, log: Logger): Promise<void> {
  try {
    const { alarms } = await recorder.health();
    if (alarms.some(({ code }) => code === 'archive_index_rebuilt')) await footage.holdAgain();
    await recorder.holdsKnown();
  } catch (error) {
    log.error({ err: error }, 'what must stay could not be held again: nothing is deleted until the next start');
  }
}

/** Hands the recorder what the registry knows, one camera's changes after the other; returns how a further change gets in line. */
function recordCameras(
  registry: CameraRegistry,
  recorder: Recorder,
  put: (cameraId: string) => Promise<void>,
  log: Logger,
): (cameraId: string, change: () => Promise<void>) => void {
  let turn = Promise.resolve();
  const follow = (cameraId: string, change: () => Promise<void>) => {
    turn = turn.then(change).catch((error) => refused(log, cameraId, error));
  };
  registry.on('camera.saved', ({ cameraId }) => follow(cameraId, () => put(cameraId)));
  registry.on('camera.removed', ({ cameraId }) => follow(cameraId, () => recorder.removeCamera(cameraId)));
  return follow;
}

function refused(log: Logger, cameraId: string, error: unknown): void {
  log.error({ err: error, camera: cameraId }, 'the recorder refused a camera');
}

/** The recorder knows no units: their hours go to it as stretches of time. */
async function putCamera(
  { registry, recorder, city }: { registry: CameraRegistry; recorder: Recorder; city: City },
  nowMs: number,
  cameraId: string,
  paused: boolean,
): Promise<void> {
  const { enabled, streams, unitId } = await registry.sources(cameraId);
  await recorder.putCamera({
    id: cameraId,
    enabled: enabled && !paused,
    streams: streams.map(({ recording, sound, ...source }) => ({
      ...source,
      audio: sound,
      schedule: recordingSchedule(city.calendar, unitId, recording, nowMs),
    })),
  });
}
