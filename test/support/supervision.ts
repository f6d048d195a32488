import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reachOf } from '../../server/access/roles-policy.ts';
import type { Role } from '../../server/contracts/roles.ts';
import { AppError } from '../../server/platform/errors.ts';
import { Events } from '../../server/platform/events.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { PictureFiles } from '../../server/platform/picture-files.ts';
import type { RecordedTimeline, Recorder } from '../../server/recorder/recorder.ts';
import { AttachmentStore } from '../../server/storage/attachment.store.ts';
import { CaseNewsStore } from '../../server/storage/case-news.store.ts';
import { ConclusionDraftStore } from '../../server/storage/conclusion-draft.store.ts';
import { IncidentStore } from '../../server/storage/incident.store.ts';
import { IncidentListStore } from '../../server/storage/incident-list.store.ts';
import { IncidentSweepStore } from '../../server/storage/incident-sweep.store.ts';
import { type City, loadCity } from '../../server/supervision/city.ts';
import { AttachmentFiles } from '../../server/supervision/incidents/attachment-files.ts';
import { Attachments } from '../../server/supervision/incidents/attachments.ts';
import type { Stepped } from '../../server/supervision/incidents/case-steps.ts';
import { CaseSweep } from '../../server/supervision/incidents/case-sweep.ts';
import { IncidentFootage } from '../../server/supervision/incidents/footage.ts';
import { IncidentList } from '../../server/supervision/incidents/incident-list.ts';
import { type IncidentEvents, Incidents } from '../../server/supervision/incidents/incidents.ts';
import { type Account, PeopleDirectory } from '../../server/supervision/people.ts';
import type { AuditRecord, Supervisor } from '../../server/supervision/supervisor.ts';
import { type TemporaryDatabase, temporaryDatabase } from './database.ts';

export { reachOf };

export const demoCity = (): City => loadCity(fileURLToPath(new URL('../../config/demo', import.meta.url)));

/** Local time in the city as UTC epoch ms: `at('2026-11-24 09:30')`. */
export function at(local: string): number {
  return Temporal.PlainDateTime.from(local.replace(' ', 'T')).toZonedDateTime('Asia/Ho_Chi_Minh').epochMilliseconds;
}

export function person(role: Role, name: string = role, unitId: string | null = null): Supervisor {
  return { userId: `u-${name}`, name, role, unitId };
}

/** A recorder as supervision sees it: cameras `cam-1` (Hồng Hà) and `cam-2` (Bãi Cháy), whose footage the test decides. */
export class FakeRecorder implements Pick<Recorder, 'hold' | 'release' | 'still' | 'timeline'> {
  holds = new Map<string, { cameraId: string; fromMs: number; toMs: number }>();
  /** Time of the picture that a stream gives; undefined is none. */
  pictures: Partial<Record<'main' | 'sub', (atMs: number) => number | undefined>> = { main: (atMs) => atMs - 400 };
  released: string[] = [];
  readonly #allHolds: { owner: string; hold: { cameraId: string; fromMs: number; toMs: number } }[] = [];
  holdFails = 0;
  stillCalls = 0;
  timelineCalls = 0;
  recorded: RecordedTimeline | null = null;

  async hold(owner: string, cameraId: string, fromMs: number, toMs: number): Promise<void> {
    if (this.holdFails-- > 0) throw new AppError('unavailable', 'recorder_away');
    this.holds.set(owner, { cameraId, fromMs, toMs });
    this.#allHolds.push({ owner, hold: { cameraId, fromMs, toMs } });
  }

  heldBy(owner: string): { cameraId: string; fromMs: number; toMs: number }[] {
    return this.#allHolds.filter((one) => one.owner === owner).map(({ hold }) => hold);
  }

  async release(owner: string): Promise<void> {
    this.released.push(owner);
    this.holds.delete(owner);
  }

  async still(_cameraId: string, stream: 'main' | 'sub', atMs = 0) {
    this.stillCalls += 1;
    const mediaTimeMs = this.pictures[stream]?.(atMs);
    if (mediaTimeMs === undefined) throw new AppError('not_found', 'nothing_recorded');
    return { jpeg: new TextEncoder().encode(`${stream}@${mediaTimeMs}`), mediaTimeMs };
  }

  async timeline(_cameraId: string, _stream: 'main' | 'sub', fromMs: number, toMs: number): Promise<RecordedTimeline> {
    this.timelineCalls += 1;
    return this.recorded ?? { recorded: [[fromMs, toMs]], gaps: [] };
  }
}

export interface IncidentBench {
  incidents: Incidents;
  store: IncidentStore;
  footage: IncidentFootage;
  stills: PictureFiles;
  recorder: FakeRecorder;
  database: TemporaryDatabase;
  city: City;
  audited: AuditRecord[];
  emitted: string[];
  folder: string;
  /** Everybody with an account. */
  accounts: Account[];
  attachments: Attachments;
  sweep: CaseSweep;
  /** Another server over the same database. */
  otherSweep: CaseSweep;
  /** The time that the service reads. */
  nowMs: number;
  /** The unit in which every camera stood at a moment; undefined is its usual one. */
  unitAt: (atMs: number) => string | undefined;
  /** Makes the next audit entry fail. */
  auditFails: boolean;
  /** Whether people are told of terms; false: the server dies before. */
  tells: boolean;
  telling: Promise<void>[];
  /** Takes part in the transaction of every step. */
  stepped: Stepped;
  close(): Promise<void>;
}

const cameras = [
  { id: 'cam-1', name: 'Quầy số 1', unitId: 'hong-ha' },
  { id: 'cam-2', name: 'Quầy Đăng ký hộ tịch', unitId: 'bai-chay' },
];

/** The incident service on a real database in a folder of its own. */
export async function openIncidentBench(
  options: { retryDelaysMs?: number[]; maxWaitMs?: number } = {},
): Promise<IncidentBench> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-incidents-'));
  const database = await temporaryDatabase();
  const store = new IncidentStore(database.kysely);
  const recorder = new FakeRecorder();
  const stills = new PictureFiles(join(folder, 'stills'));
  const events = new Events<IncidentEvents>(silentLogger);
  const city = demoCity();
  const clock = { nowMs: () => bench.nowMs, monotonicMs: () => performance.now() };
  const retryDelaysMs = options.retryDelaysMs ?? [5, 5, 5];
  const { maxWaitMs } = options;
  const log = silentLogger;
  const footage = new IncidentFootage({
    recorder,
    store,
    files: stills,
    clock,
    log,
    retryDelaysMs,
    maxWaitMs,
    complete: (incidentId) => events.emit('footage', { incidentId }),
  });
  const attachmentStore = new AttachmentStore(database.kysely);
  const attachments = new Attachments({
    store: attachmentStore,
    files: new AttachmentFiles(folder),
    incidents: store,
    reachOf,
    clock,
    log,
    maxBytes: 100_000,
  });
  const news = new CaseNewsStore(database.kysely);
  const sweep = () =>
    new CaseSweep({
      store,
      sweepStore: new IncidentSweepStore(database.kysely),
      news,
      city,
      footage,
      attachments,
      audit: async ({ action, subject, details }, within) => {
        await within.selectFrom('incidents').select('id').limit(1).execute();
        bench.audited.push({ actor: person('admin', 'system'), address: '', action, subject, details });
      },
      events,
      clock,
      log,
    });
  const bench: IncidentBench = {
    attachments,
    sweep: sweep(),
    otherSweep: sweep(),
    store,
    footage,
    stills,
    recorder,
    database,
    city,
    folder,
    audited: [],
    emitted: [],
    accounts: [],
    // A Tuesday in winter hours.
    nowMs: at('2026-11-24 09:30'),
    unitAt: () => undefined,
    auditFails: false,
    tells: true,
    telling: [],
    stepped: async () => {},
    incidents: new Incidents({
      store,
      attachments: attachmentStore,
      drafts: new ConclusionDraftStore(database.kysely),
      people: new PeopleDirectory({ accounts: async () => bench.accounts, reachOf }),
      list: new IncidentList({ store: new IncidentListStore(database.kysely), city, reachOf, repeatDays: 90, clock }),
      stepped: (row, entry, within) => bench.stepped(row, entry, within),
      city,
      cameraOf: (id, atMs) => {
        const camera = cameras.find((known) => known.id === id);
        return camera && { ...camera, unitId: bench.unitAt(atMs) ?? camera.unitId };
      },
      reachOf,
      audit: async (record, within) => {
        if (bench.auditFails) throw new Error('the audit log is away');
        // Through the transaction that is handed over: the database itself would wait for ever.
        await within.selectFrom('incidents').select('id').limit(1).execute();
        bench.audited.push(record);
      },
      events,
      footage,
      stills,
      clock,
    }),
    async close() {
      await footage.stop();
      await Promise.all(bench.telling);
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
  events.on('created', ({ incidentId }) => bench.emitted.push(`created ${incidentId}`));
  events.on('changed', ({ incidentId }) => bench.emitted.push(`changed ${incidentId}`));
  events.on('footage', ({ incidentId }) => bench.emitted.push(`footage ${incidentId}`));
  events.on('due', ({ newsId, incidentId, state, due }) => {
    bench.emitted.push(`${due} ${state} ${incidentId}`);
    if (bench.tells) bench.telling.push(news.remove([newsId]));
  });
  return bench;
}
