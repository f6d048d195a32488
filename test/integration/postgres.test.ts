import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../../scripts/simulator/fleet.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';
import type { Camera } from '../../server/contracts/cameras.ts';
import { PostgresServer } from '../support/postgres.ts';
import { onboard, type Person, TestProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let server: PostgresServer;
let fleet: Fleet;
let product: TestProduct;
let leader: Person;
let auditor: Person;
let camera: Camera;

beforeAll(async () => {
  const only = {
    id: 'a',
    name: 'Quầy số 1',
    desk: 'Quầy số 1',
    scene: castScene(0, 'QUẦY SỐ 1', 'Phường Hồng Hà'),
    username: 'admin',
    password: 'pw-a',
  };
  [server, fleet] = await Promise.all([
    PostgresServer.start(),
    startFleet({ cameras: [only], loopFrames: 100, discovery: false }),
  ]);
  const database = { url: server.url('postgres'), passwordFile: '', connections: 5 };
  const started = await TestProduct.start({ database });
  product = started.product;
  [camera] = (await onboard(started.admin, fleet, ['hong-ha'])) as [Camera];
  leader = await product.person(started.admin, 'leader');
  auditor = await product.person(started.admin, 'auditor');
});

afterAll(async () => {
  // The product ends without its database as well.
  await server?.close();
  await product?.stop();
  await fleet?.stop();
});

const flag = () => {
  const toMs = Date.now();
  const category = 'TN01';
  return leader.call('POST', '/api/incidents', { cameraId: camera.id, category, fromMs: toMs - 1000, toMs });
};
const numbers = async () => {
  const { json } = await leader.call('GET', '/api/incidents');
  return (json.items as { number: string }[]).map(({ number }) => number);
};
const timeline = (fromMs: number) =>
  leader.call('GET', `/api/cameras/${camera.id}/timeline?from=${fromMs}&to=${Date.now()}`);

test('a case is flagged and listed, and the audit log holds', async () => {
  expect((await flag()).status).toBe(201);
  expect(await numbers()).toEqual([expect.stringMatching(/-0001$/)]);
  const { json } = await auditor.call('POST', '/api/audit/verify', {});
  expect(json).toMatchObject({ ok: true, firstBroken: null });
  expect(json.entries).toBeGreaterThan(3);
});

test('without the database requests are refused for now, the recorder goes on, and all works once it is back', async () => {
  await server.pause();
  const awayMs = Date.now();
  for (const answer of [await flag(), await leader.call('GET', '/api/incidents')]) {
    expect([answer.status, answer.json.error.code]).toEqual([503, 'database_unavailable']);
  }
  const refused = await product.call('POST', '/api/session', { body: { username: 'leader', password: 'x' } });
  expect([refused.status, refused.json.error.code]).toEqual([503, 'database_unavailable']);
  // Written meanwhile: what is live is what the recorder appends.
  const live = await product.call('GET', `/media/${camera.id}/main/live.m3u8`, { headers: { cookie: leader.cookie } });
  expect(live.status).toBe(200);
  const backMs = Date.now();
  await server.resume();
  expect((await flag()).status).toBe(201);
  expect(await numbers()).toHaveLength(2);
  // Without a gap over the time in which the database was away.
  await until(async () => {
    const { recorded } = (await timeline(awayMs)).json as { recorded: [number, number][] };
    return recorded.some(([from, to]) => from <= awayMs + 1 && to >= backMs);
  });
});
