import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../../scripts/simulator/fleet.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';
import type { Camera } from '../../server/contracts/cameras.ts';
import type { StreamName } from '../../server/contracts/common.ts';
import type { Timeline } from '../../server/contracts/timeline.ts';
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
  await until(async () => (streamOf(await present(), 'main')?.bytesPerSecond ?? 0) > 1000);
  const fromMs = Date.now();
  expect((await patch({ sound: { main: true } })).json.sound).toEqual({ main: true, sub: false });
  await until(async () => streamOf(await present(), 'main')?.codecString?.includes('mp4a.40.2') ?? false);
  await until(async () => (await timeline('main')).recorded.length === 2);
  const gaps = (await timeline('main', fromMs - 1000)).gaps.filter(({ reason }) => reason !== 'schedule');
  expect(gaps.map(({ reason }) => reason)).toEqual(['planned']);
  expect((await timeline('sub')).recorded).toHaveLength(1);
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

test('a camera that is switched off is stopped at once, in the answer and in every reading', async () => {
  const answers = [(await patch({ enabled: false })).json as Camera, await present()];
  for (const { state, sinceMs, streams } of answers) {
    expect([state, ...streams.map((stream) => stream.state)]).toEqual(['stopped', 'stopped', 'stopped']);
    expect(Date.now() - sinceMs).toBeLessThan(10_000);
  }
  expect((await lastAudit()).details).toEqual({ before: { enabled: true }, after: { enabled: false } });
});
