import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../../scripts/simulator/fleet.ts';
import type { PtzHead, PtzOptions } from '../../scripts/simulator/onvif/ptz-head.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';
import { type Person, TestProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const kinds = {
  // Only the server's Stop ends a move of these two: they do not keep time themselves.
  dome: { ignoresTimeout: true, refusedStops: 1, panRange: 180 },
  old: { ignoresTimeout: true, continuousOnly: true, slowMs: 300 },
  zoom: { zoomOnly: true },
  fixed: undefined,
} satisfies Record<string, PtzOptions | undefined>;
type Kind = keyof typeof kinds;

let product: TestProduct;
let fleet: Fleet;
let admin: Person;
let leader: Person;
let inspector: Person;
let head: Person;
let stopped = false;
const ids = {} as Record<Kind, string>;

beforeAll(async () => {
  const names = Object.keys(kinds) as Kind[];
  fleet = await startFleet({
    cameras: names.map((id) => ({
      id,
      name: `Camera ${id}`,
      desk: 'Quầy số 1',
      scene: castScene(0, 'QUẦY SỐ 1', 'Phường Hồng Hà'),
      username: 'admin',
      password: `pw-${id}`,
      ...(kinds[id] && { ptz: kinds[id] }),
    })),
    loopFrames: 100,
    discovery: false,
  });
  ({ product, admin } = await TestProduct.start());
  for (const { id, name, onvif, username, password } of fleet.cameras) {
    const made = await admin.call('POST', '/api/cameras', { name, unitId: 'hong-ha', onvif, username, password });
    ids[id as Kind] = made.json.id;
  }
  [leader, inspector] = await Promise.all([product.person(admin, 'leader'), product.person(admin, 'inspector')]);
  head = await product.person(admin, 'unit_head', 'hong-ha');
});

afterAll(async () => {
  // The last test has ended the product, unless it was left out.
  if (!stopped) await product?.stop();
  await fleet?.stop();
});

const headOf = (kind: Kind) => fleet.camera(kind).ptz as PtzHead;
const steer = (person: Person, kind: Kind, command: object) =>
  person.call('POST', `/api/cameras/${ids[kind]}/ptz`, command);
const look = (person: Person, kind: Kind) => person.call('GET', `/api/cameras/${ids[kind]}/ptz`);
const release = (person: Person, kind: Kind) => steer(person, kind, { action: 'release' });

test('a camera tells what of it can be steered', async () => {
  const [dome, old, zoom, fixed] = await Promise.all(
    (['dome', 'old', 'zoom', 'fixed'] as const).map(async (kind) => (await look(leader, kind)).json.abilities),
  );
  expect(dome).toEqual({ panTilt: true, zoom: true, absolute: true, relative: true, mostPresets: 8 });
  expect(old).toMatchObject({ panTilt: true, zoom: true, absolute: false, relative: false });
  expect(zoom).toMatchObject({ panTilt: false, zoom: true, absolute: false });
  expect(fixed).toBe(null);
  const { items } = (await leader.call('GET', '/api/cameras')).json;
  const said = new Map(items.map((each: { id: string; ptz: boolean | null }) => [each.id, each.ptz]));
  expect((['dome', 'old', 'zoom', 'fixed'] as const).map((kind) => said.get(ids[kind]))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test('a move that is not renewed is stopped by the server, also when the camera refuses the first stop', async () => {
  const { status, json } = await steer(leader, 'dome', { action: 'move', pan: 1 });
  expect([status, json.stopsAtMs > Date.now()]).toEqual([200, true]);
  await until(() => headOf('dome').position.pan > 0.05);
  await until(() => !headOf('dome').moving, 5_000);
  expect(headOf('dome').stops).toBe(2);
  // At half the range a second, and a second to live.
  expect(headOf('dome').position.pan).toBeLessThan(0.9);
  await release(leader, 'dome');
});

test('a renewed move goes on, and stops at once when told', async () => {
  const before = headOf('dome').stops;
  const begunMs = Date.now();
  while (Date.now() - begunMs < 1_500) await steer(leader, 'dome', { action: 'move', tilt: -0.2 });
  expect([headOf('dome').moving, headOf('dome').stops]).toEqual([true, before]);
  await steer(leader, 'dome', { action: 'stop' });
  expect([headOf('dome').moving, headOf('dome').stops]).toEqual([false, before + 1]);
  await release(leader, 'dome');
});

test('a stop overtakes the moves that wait behind a slow camera', async () => {
  const moves = [0.1, 0.2, 0.3, 0.4].map((pan) => steer(leader, 'old', { action: 'move', pan }));
  await until(() => headOf('old').moving);
  await steer(leader, 'old', { action: 'stop' });
  await Promise.all(moves);
  expect(headOf('old').moving).toBe(false);
  expect(headOf('old').moves).toBeLessThan(4);
  await release(leader, 'old');
});

test('a session that ends stops its camera and gives it back', async () => {
  const passing = await product.signIn('leader');
  await steer(passing, 'old', { action: 'move', pan: -1 });
  await passing.call('DELETE', '/api/session');
  await until(() => !headOf('old').moving, 900);
  expect((await look(inspector, 'old')).json.heldBy).toBe(null);
});

test('one operator at a time: the other is told who steers', async () => {
  await steer(leader, 'dome', { action: 'move', pan: 0.1 });
  const refused = await steer(inspector, 'dome', { action: 'move', pan: -1 });
  expect([refused.status, refused.json.error.code]).toEqual([409, 'ptz_held']);
  expect(refused.json.error.message).toContain(leader.me.name);
  expect((await look(inspector, 'dome')).json.heldBy).toMatchObject({ name: leader.me.name, mine: false });
  // A stranger's stop is none.
  await steer(inspector, 'dome', { action: 'stop' });
  expect(headOf('dome').moving).toBe(true);
  await release(leader, 'dome');
  expect(headOf('dome').moving).toBe(false);
  expect((await steer(inspector, 'dome', { action: 'move', pan: -0.1 })).status).toBe(200);
  await release(inspector, 'dome');
});

test('absolute and relative moves, presets: set, listed, gone to, removed', async () => {
  await steer(leader, 'dome', { action: 'absolute', pan: 0.5, tilt: -0.25, zoom: 0.5 });
  expect(headOf('dome').position).toEqual({ pan: 0.5, tilt: -0.25, zoom: 0.5 });
  await steer(leader, 'dome', { action: 'set_preset', name: 'Quầy số 2' });
  await steer(leader, 'dome', { action: 'relative', pan: -0.5, tilt: 0, zoom: 0 });
  expect(headOf('dome').position.pan).toBeCloseTo(0);
  const { presets } = (await look(leader, 'dome')).json;
  expect(presets).toEqual([{ token: 'preset_1', name: 'Quầy số 2' }]);
  await steer(leader, 'dome', { action: 'goto', preset: 'preset_1' });
  expect(headOf('dome').position.pan).toBe(0.5);
  await steer(leader, 'dome', { action: 'remove_preset', preset: 'preset_1' });
  expect((await look(leader, 'dome')).json.presets).toEqual([]);
  const failed = await steer(leader, 'dome', { action: 'goto', preset: 'preset_1' });
  expect([failed.status, failed.json.error.code]).toEqual([503, 'ptz_failed']);
  await release(leader, 'dome');
  const { json } = await admin.call('GET', '/api/audit?limit=20');
  const actions = json.items.map(({ action }: { action: string }) => action);
  expect(actions).toEqual(expect.arrayContaining(['ptz.taken', 'ptz.preset_set', 'ptz.preset_removed']));
});

test('what a camera cannot do is refused in words, and the rest works', async () => {
  expect((await steer(leader, 'old', { action: 'absolute', pan: 0, tilt: 0 })).json.error.code).toBe(
    'ptz_part_unsupported',
  );
  expect((await steer(leader, 'zoom', { action: 'move', pan: 1 })).json.error.code).toBe('ptz_part_unsupported');
  expect((await steer(leader, 'zoom', { action: 'move', zoom: 1 })).status).toBe(200);
  await until(() => headOf('zoom').position.zoom > 0.1);
  expect((await steer(leader, 'fixed', { action: 'move', pan: 1 })).json.error.code).toBe('ptz_unsupported');
});

test('only who holds the right steers', async () => {
  for (const person of [head, admin]) {
    expect((await steer(person, 'dome', { action: 'move', pan: 1 })).status).toBe(403);
    expect((await look(person, 'dome')).status).toBe(403);
  }
  expect((await steer(leader, 'dome', { action: 'move', pan: 2 })).status).toBe(400);
});

test('the server stops what moves when it shuts down', async () => {
  await steer(leader, 'old', { action: 'move', pan: 0.5 });
  expect(headOf('old').moving).toBe(true);
  stopped = true;
  await product.stop();
  expect(headOf('old').moving).toBe(false);
});
