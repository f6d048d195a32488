import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { Role } from '../../server/contracts/roles.ts';
import { silentLogger } from '../../server/platform/log.ts';
import type { MailSender } from '../../server/supervision/notifications/mail-sender.ts';
import {
  type CameraReport,
  Notifications,
  type NotificationsOptions,
} from '../../server/supervision/notifications/notifications.ts';
import type { CaseRelations, CommentFacts, NoticePerson } from '../../server/supervision/notifications/sources.ts';
import type { AuditRecord, Supervisor } from '../../server/supervision/supervisor.ts';
import { type TemporaryDatabase, temporaryDatabase } from './database.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { at, demoCity, reachOf } from './supervision.ts';

/** A case as the notifications ask for it, which the test may change at any moment. */
export interface FakeCase extends CaseRelations {
  summary: IncidentSummary;
  sent: boolean;
}

export interface NotificationsBench {
  notifications: Notifications;
  database: TemporaryDatabase;
  clock: ManualClock;
  cases: Map<string, FakeCase>;
  comments: Map<string, CommentFacts>;
  people: NoticePerson[];
  cameras: Map<string, { unitId: string; state: CameraReport['is']; trouble: string }>;
  audited: AuditRecord[];
  /** Second readings that wait for everyone who may read. */
  readings: string[];
  /** News that people were told of. */
  newsTold: string[];
  person(role: Role, name?: string, unitId?: string | null): Promise<NoticePerson>;
  /** A case of Hồng Hà that `flagger` flagged. */
  case(id: string, flagger: Supervisor, more?: Partial<FakeCase>): FakeCase;
  /** Works on everything that the time asks for, and waits for it. */
  work(): Promise<void>;
  /** The same services over the same database, as after a restart. */
  restart(options?: BenchOptions): Promise<void>;
  close(): Promise<void>;
}

export type BenchOptions = {
  mail?: MailSender | null;
  webhooks?: NotificationsOptions<Supervisor>['webhooks'];
  settings?: Partial<NotificationsOptions<Supervisor>['settings']>;
};

export async function openNotificationsBench(options: BenchOptions = {}): Promise<NotificationsBench> {
  const database = await temporaryDatabase();
  // A Tuesday in winter hours.
  const clock = manualClock(at('2026-11-24 09:30'));
  const city = demoCity();
  const make = (chosen: BenchOptions) =>
    new Notifications({
      database,
      sources: {
        people: async () => bench.people,
        audience: async (id) => {
          const found = bench.cases.get(id);
          return (person) => {
            if (found === undefined) return null;
            if (reachOf(person.role, 'play_back') === 'city') return found.summary;
            const own = person.role === 'unit_head' && person.unitId === found.unitId && found.sent;
            return own ? { ...found.summary, flaggedBy: null, note: '' } : null;
          };
        },
        relations: async (id) => bench.cases.get(id),
        comment: async (id) => bench.comments.get(id),
        camera: (id) => {
          const camera = bench.cameras.get(id);
          return camera && { id, name: `Camera ${id}`, unitId: camera.unitId, unitName: `Đơn vị ${camera.unitId}` };
        },
        readingsWaiting: async () => bench.readings,
        digest: async () => ({
          open: bench.cases.size,
          overdue: 0,
          byState: { flagged: bench.cases.size },
          bySeverity: { '1': 0, '2': bench.cases.size, '3': 0 },
          cameras: bench.cameras.size,
          camerasDown: 0,
          coveragePercent: 99.5,
        }),
        reachOf,
      },
      cameraStates: async () =>
        [...bench.cameras].map(([cameraId, { state: is, trouble }]) => ({ cameraId, is, trouble })),
      calendar: () => city.calendar,
      newsTold: async (ids) => void bench.newsTold.push(...ids),
      audit: async (record, within) => {
        await within.selectFrom('accounts').select('id').limit(1).execute();
        bench.audited.push(record);
      },
      vault: {
        seal: (name, secret) => Buffer.from(`${name} ${secret}`).toString('base64'),
        open: (_name, sealed) => Buffer.from(sealed, 'base64').toString().split(' ')[1] ?? '',
      },
      clock,
      log: silentLogger,
      mail: chosen.mail ?? null,
      webhooks: chosen.webhooks ?? { resolve: async (host) => host, allowHttp: true },
      categoryName: (code, language) => city.categories.find((one) => one.code === code)?.[language] ?? '',
      chance: () => 0.5,
      settings: {
        publicUrl: 'https://giamsat.example.vn/',
        keepDays: 90,
        perPersonHour: 60,
        cameraDownSeconds: 60,
        cameraWellMinutes: 10,
        digest: { times: ['07:00'], workingDaysOnly: true },
        mail: { atOnce: 2, perPersonHour: 20 },
        webhooks: { atOnce: 4 },
        ...chosen.settings,
      },
    });
  const bench: NotificationsBench = {
    notifications: make(options),
    database,
    clock,
    cases: new Map(),
    comments: new Map(),
    people: [],
    cameras: new Map(),
    audited: [],
    readings: [],
    newsTold: [],
    async person(role, name = role, unitId = null) {
      const userId = `u-${name.replaceAll(' ', '-')}`;
      await database.kysely
        .insertInto('accounts')
        .values({
          id: userId,
          username: name,
          name: `Người ${name}`,
          role,
          unit_id: unitId,
          password_hash: '',
          disabled: 0,
          created_at_ms: clock.nowMs(),
          last_sign_in_ms: null,
        })
        .execute();
      const account = { username: name, disabled: false, createdAtMs: clock.nowMs() };
      const person = { userId, name: `Người ${name}`, role, unitId, ...account };
      bench.people.push(person);
      return person;
    },
    case(id, flagger, more = {}) {
      const made: FakeCase = {
        summary: summaryOf(id, flagger, clock.nowMs()),
        sent: false,
        unitId: 'hong-ha',
        flaggerId: flagger.userId,
        concluderId: null,
        assigneeId: null,
        watcherIds: [],
        ...more,
      };
      bench.cases.set(id, made);
      return made;
    },
    async work() {
      await bench.notifications.settled();
      await bench.notifications.tick();
      await bench.notifications.settled();
    },
    async restart(again = options) {
      await bench.notifications.stop();
      bench.notifications = make(again);
      await bench.notifications.start();
    },
    async close() {
      await bench.notifications.stop();
      await database.close();
    },
  };
  return bench;
}

function summaryOf(id: string, flagger: Supervisor, nowMs: number): IncidentSummary {
  return {
    id,
    number: `VV-2026-${id.replace(/\D/g, '').padStart(4, '0')}`,
    version: 1,
    state: 'flagged',
    category: 'VT01',
    severity: 2,
    cameraId: 'cam-1',
    cameraName: 'Quầy số 1',
    unitId: 'hong-ha',
    unitName: 'UBND phường Hồng Hà',
    atMs: nowMs,
    fromMs: nowMs - 30_000,
    toMs: nowMs + 30_000,
    note: 'Ghi chú mật của người ghi nhận',
    flaggedBy: { name: flagger.name, role: flagger.role },
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    dueAtMs: nowMs + 2 * 86_400_000,
    workingDaysLeft: 2,
    conclusion: null,
    still: `/media/incidents/${id}/still.jpg`,
  } as IncidentSummary;
}
