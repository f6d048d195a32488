import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CameraHealthService } from '../../server/cameras/health/camera-health.ts';
import type { KnownCamera, Person, StreamSource } from '../../server/cameras/health/hosts.ts';
import type { PictureInput } from '../../server/cameras/health/picture-policy.ts';
import type { NewIncident } from '../../server/cameras/health/proposals.ts';
import type { DayTimeline } from '../../server/cameras/health/uptime-policy.ts';
import type { CameraStream } from '../../server/contracts/cameras.ts';
import { AppError } from '../../server/platform/errors.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { temporaryDatabase } from './database.ts';
import { manualClock } from './manual-clock.ts';

const minuteMs = 60_000;
const dayMs = 24 * 3_600_000;

export type HealthBench = Awaited<ReturnType<typeof openHealthBench>>;

/**
 * The health of cameras over a database of its own, with a recorder, pictures and a calendar that the test decides. Days are those of UTC.
 */
export async function openHealthBench(cameraIds: readonly string[], picture: PictureInput) {
  const database = await temporaryDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-health-'));
  const clock = manualClock();
  const bornMs = clock.nowMs() - 3 * dayMs;
  const cameras = new Map<string, KnownCamera>(cameraIds.map((id) => [id, knownCamera(id, bornMs)]));
  const streams = new Map<string, CameraStream[]>(cameraIds.map((id) => [id, [recorded(bornMs)]]));
  const pictures = new Map<string, PictureInput>(cameraIds.map((id) => [id, picture]));
  const state = {
    working: true,
    skewMs: 0 as number | null,
    incidentFails: false,
    auditFails: false,
    timeline: (fromMs: number, toMs: number): DayTimeline => ({ recorded: [[fromMs, toMs]], gaps: [] }),
  };
  const audited: { action: string; subject: string; actor: Person; details: object }[] = [];
  const incidents: (NewIncident & { by: string })[] = [];
  const told: string[] = [];
  const source: StreamSource = {
    states: async () => [...streams].map(([cameraId, all]) => ({ cameraId, streams: all })),
    samples: async (places) =>
      places.flatMap(({ cameraId, stream }) => {
        const shown = pictures.get(cameraId);
        return shown === undefined ? [] : [{ cameraId, stream, mediaTimeMs: clock.nowMs(), ...shown }];
      }),
    still: async (cameraId, stream, atMs = clock.nowMs()) => {
      if (stream === 'sub') throw new AppError('not_found', 'camera_unknown');
      return { jpeg: new TextEncoder().encode(`${cameraId}@${atMs - bornMs}`), mediaTimeMs: atMs };
    },
    timeline: async (_cameraId, _stream, fromMs, toMs) => state.timeline(fromMs, toMs),
  };

  const open = () => {
    const service = new CameraHealthService<Person>({
      database: database.kysely,
      dataDir,
      cameras: { list: () => [...cameras.values()], get: (id) => cameras.get(id) },
      source,
      askClock: async () => state.skewMs,
      isWorking: () => state.working,
      unitName: (unitId) => `Đơn vị ${unitId}`,
      createIncident: async (actor, incident, _address, also) => {
        if (state.incidentFails) throw new AppError('invalid', 'time_out_of_bounds');
        const id = `case-${incidents.length + 1}`;
        await database.kysely.transaction().execute((trx) => also(id, trx));
        incidents.push({ ...incident, by: actor.userId });
        return { id };
      },
      dayOf: (atMs) => new Date(atMs).toISOString().slice(0, 10),
      startOfDay: (day) => Date.parse(`${day}T00:00:00Z`),
      audit: async (record, within) => {
        // Through the transaction that is handed over: the database itself would wait for ever.
        await within.selectFrom('camera_health').select('part').limit(1).execute();
        if (state.auditFails) throw new AppError('unavailable', 'database_away');
        audited.push(record);
      },
      clock,
      log: silentLogger,
      sampleMs: minuteMs,
      lastingMs: 5 * minuteMs,
    });
    service.watch.on('camera.troubled', ({ cameraId, part, cause }) => told.push(`${cameraId} ${part} ${cause}`));
    service.watch.on('camera.recovered', ({ cameraId, part }) => told.push(`${cameraId} ${part} well`));
    return service;
  };

  const bench = {
    ...{ database, clock, cameras, streams, pictures, state, audited, incidents, told, source, bornMs },
    service: open(),
    /** As a program that was killed and started again. */
    async restart() {
      bench.service = open();
      await Promise.all([bench.service.watch.read(), bench.service.references.read()]);
    },
    /** Lets minutes pass, with one look at pictures and states in each. */
    async pass(minutes: number) {
      for (let i = 0; i < minutes; i += 1) {
        clock.advance(minuteMs);
        await bench.service.pictures.round();
        await bench.service.watch.look();
        await bench.service.proposals.settled();
      }
    },
    part(cameraId: string, part: string) {
      return bench.service.watch.partsOf(cameraId).find((one) => one.part === part);
    },
    async close() {
      await bench.service.stop();
      await database.close();
      rmSync(dataDir, { recursive: true });
    },
  };
  return bench;
}

function knownCamera(id: string, createdAtMs: number): KnownCamera {
  return {
    id,
    name: `Camera ${id}`,
    unitId: 'u1',
    enabled: true,
    ptz: false,
    onvif: 'http://camera/',
    createdAtMs,
    streams: [],
  };
}

export function recorded(sinceMs: number): CameraStream {
  return {
    ...{ name: 'main', codec: 'h264', width: 640, height: 360, fps: 25, codecString: 'avc1' },
    ...{ state: 'recording', cause: null, sinceMs },
  };
}
