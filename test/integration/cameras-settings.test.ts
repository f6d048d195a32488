import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../../scripts/simulator/fleet.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';
import { openCredentialVault } from '../../server/cameras/credentials.ts';
import { createNetworkPolicy } from '../../server/cameras/networks.ts';
import { CameraRegistry } from '../../server/cameras/registry.ts';
import { compose } from '../../server/compose.ts';
import { type Camera, createCameraRequest } from '../../server/contracts/cameras.ts';
import type { StreamName } from '../../server/contracts/common.ts';
import type { Timeline } from '../../server/contracts/timeline.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { loadConfiguration } from '../../server/platform/configuration.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { recordingPath } from '../../server/recorder/archive/paths.ts';
import { CameraStore } from '../../server/storage/camera.store.ts';
import { openDatabase } from '../../server/storage/database.ts';
import { recordFootage } from '../support/archive-fixture.ts';
import { onboard, type Person, TestProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

/** What an administrator sets of a camera, in the running product: one camera with a microphone. */
let product: TestProduct;
let fleet: Fleet;
let admin: Person;
let leader: Person;
let camera: Camera;
let startedMs: number;

beforeAll(async () => {
  const scene = castScene(0, 'QUẦY SỐ 1', 'Phường Hồng Hà');
  const one = { id: 'a', name: 'Camera a', desk: 'Quầy số 1', scene, username: 'admin', password: 'pw', audio: 'aac' };
  fleet = await startFleet({ cameras: [one as never], loopFrames: 100, discovery: false });
  const started = await TestProduct.start();
  ({ product, admin } = started);
  startedMs = Date.now();
  camera = (await onboard(admin, fleet, ['hong-ha']))[0] as Camera;
  leader = await product.person(admin, 'leader');
});

afterAll(async () => {
  await product?.stop();
  await fleet?.stop();
});

const path = () => `/api/cameras/${camera.id}`;
const present = async () => (await admin.call('GET', path())).json as Camera;
const patch = (body: object) => admin.call('PATCH', path(), body);
const streamOf = (from: Camera, name: StreamName) => from.streams.find((stream) => stream.name === name);
const timeline = async (stream: StreamName, from = startedMs) =>
  (await leader.call('GET', `${path()}/timeline?stream=${stream}&from=${from}&to=${Date.now()}`)).json as Timeline;
const lastAudit = async () => (await admin.call('GET', '/api/audit?limit=1&action=camera.changed')).json.items[0];

test('days are set by stream, within bounds, told in the log as before and after, and disturb no recording', async () => {
  const before = await present();
  expect(before).toMatchObject({
    retentionDays: { main: null, sub: null },
    sound: { main: false, sub: false },
  });
  expect((await patch({ retentionDays: { main: 90, sub: 7 } })).json.retentionDays).toEqual({ main: 90, sub: 7 });
  expect((await patch({ retentionDays: { sub: null } })).json.retentionDays).toEqual({ main: 90, sub: null });
  expect((await lastAudit()).details).toEqual({
    before: { 'retentionDays.sub': 7 },
    after: { 'retentionDays.sub': null },
  });
  for (const days of [0, 1.5, 3651]) expect((await patch({ retentionDays: { main: days } })).status).toBe(400);
  expect((await leader.call('GET', `${path()}/archive`)).status).toBe(403);
  const after = await present();
  for (const name of ['main', 'sub'] as const) {
    expect(streamOf(after, name)?.sinceMs).toBe(streamOf(before, name)?.sinceMs);
    expect((await timeline(name)).recorded).toHaveLength(1);
  }
  const seen = (await leader.call('GET', path())).json;
  expect([seen.retentionDays, seen.sound]).toEqual([undefined, undefined]);
});

test('sound begins with one restart of its stream, which is explained as planned, and the other stream goes on', async () => {
  const fromMs = Date.now();
  expect((await patch({ sound: { main: true } })).json.sound).toEqual({ main: true, sub: false });
  await until(async () => streamOf(await present(), 'main')?.codecString?.includes('mp4a.40.2') ?? false);
  await until(async () => (await timeline('main')).recorded.length === 2);
  const gaps = (await timeline('main', fromMs - 1000)).gaps.filter(({ reason }) => reason !== 'schedule');
  expect(gaps.map(({ reason }) => reason)).toEqual(['planned']);
  expect((await timeline('sub')).recorded).toHaveLength(1);
  await until(async () => (streamOf(await present(), 'sub')?.bytesPerSecond ?? 0) > 1000);
  // The restart closed a file of the one stream; of the other one the first is still being written.
  expect((await admin.call('GET', `${path()}/archive`)).json).toEqual({
    defaultRetentionDays: 30,
    streams: [
      { name: 'main', oldestMs: expect.any(Number) },
      { name: 'sub', oldestMs: null },
    ],
  });
  expect((await lastAudit()).details).toEqual({ before: { 'sound.main': false }, after: { 'sound.main': true } });
});

test('a change of the calendar is followed at once by a stream that is recorded in working hours, without a restart', async () => {
  const { today } = (await admin.call('GET', '/api/calendar')).json;
  // Two dates, so that it does not matter when midnight comes.
  const tomorrow = Temporal.PlainDate.from(today).add({ days: 1 }).toString();
  const content = (day: object) => ({
    kind: 'exception',
    name: 'Ngày thử',
    period: { from: today, to: tomorrow },
    unitIds: ['hong-ha'],
    kinds: [],
    day,
  });
  const allDay = content({ type: 'hours', hours: [{ fromMinutes: 0, toMinutes: 1440 }] });
  const sub = async () => {
    const stream = streamOf(await present(), 'sub');
    return stream?.state === 'stopped' ? stream.cause : stream?.state;
  };
  let row = (await admin.call('POST', '/api/calendar/rows', { content: allDay })).json;
  const change = async (next: object) => {
    const answer = await admin.call('PUT', `/api/calendar/rows/${row.id}`, { version: row.version, content: next });
    row = answer.json;
    return answer.status;
  };
  await patch({ recording: { sub: { mode: 'working_hours', leadMinutes: 0, tailMinutes: 0 } } });
  await until(async () => (await sub()) === 'recording');
  const main = streamOf(await present(), 'main')?.sinceMs;
  expect(await change(content({ type: 'off' }))).toBe(200);
  await until(async () => (await sub()) === 'schedule');
  expect(await change(allDay)).toBe(200);
  await until(async () => (await sub()) === 'recording');
  expect(streamOf(await present(), 'main')?.sinceMs).toBe(main);
  expect(
    (await leader.call('PUT', `/api/calendar/rows/${row.id}`, { version: row.version, content: allDay })).status,
  ).toBe(403);
  await patch({ recording: { sub: { mode: 'continuous', leadMinutes: 0, tailMinutes: 0 } } });
  const gone = await admin.call('DELETE', `/api/calendar/rows/${row.id}?version=${row.version}`);
  expect(gone.status).toBe(204);
});

test('a camera that is switched off is stopped at once, in the answer and in every reading', async () => {
  const answers = [(await patch({ enabled: false })).json as Camera, await present()];
  for (const { state, sinceMs, streams } of answers) {
    expect([state, ...streams.map((stream) => stream.state)]).toEqual(['stopped', 'stopped', 'stopped']);
    expect(Date.now() - sinceMs).toBeLessThan(10_000);
  }
  expect((await lastAudit()).details).toEqual({ before: { enabled: true }, after: { enabled: false } });
});

test('a start deletes by the days of each stream, those of removed cameras too', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-retention-'));
  const database = await openDatabase({ sqlitePath: join(dataDir, 'lienthong.sqlite'), log: silentLogger });
  const registry = new CameraRegistry({
    store: new CameraStore(database.kysely),
    vault: openCredentialVault(join(dataDir, 'secrets', 'camera-credentials.key')),
    clock: systemClock,
    log: silentLogger,
    policy: createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] }),
    desksOfUnit: async () => [],
  });
  const removed = async (port: number, days: number | null) => {
    const rtsp = { main: `rtsp://127.0.0.1:${port}/main` };
    const wanted = { name: `Quầy ${port}`, unitId: 'hong-ha', rtsp, retentionDays: { main: days } };
    const { id } = await registry.create(createCameraRequest.parse(wanted));
    await registry.remove(id);
    return id;
  };
  // Forty days old: past the city's thirty.
  const startMs = Math.floor(Date.now() / 1000 - 40 * 86_400) * 1000;
  const ids = [await removed(1, 90), await removed(2, null), await removed(3, 10)];
  await database.close();
  for (const id of ids) await recordFootage(dataDir, id, startMs, { seconds: 1 });
  const kept = () =>
    ids.map((cameraId) => existsSync(join(dataDir, 'archive', recordingPath({ cameraId, stream: 'main', startMs }))));
  const config = new URL('../fixtures/product.yaml', import.meta.url).pathname;
  const configuration = loadConfiguration({ LIENTHONG_CONFIG: config, LIENTHONG_DATA_DIR: dataDir }, dataDir);
  // The first start takes the files in, the second one finds them too old.
  await (await compose(configuration, silentLogger)).stop();
  const again = await compose(configuration, silentLogger);
  await until(async () => !kept().slice(1).some(Boolean));
  await again.stop();
  expect(kept()).toEqual([true, false, false]);
  rmSync(dataDir, { recursive: true });
});
