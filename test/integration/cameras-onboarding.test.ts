import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ServiceDevice from 'node-onvif/lib/modules/service-device.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../../scripts/simulator/fleet.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';
import { openCredentialVault } from '../../server/cameras/credentials.ts';
import { CameraDirectory } from '../../server/cameras/directory.ts';
import { Discoveries } from '../../server/cameras/discoveries.ts';
import { Inspections } from '../../server/cameras/inspections.ts';
import { createNetworkPolicy } from '../../server/cameras/networks.ts';
import { CameraRegistry } from '../../server/cameras/registry.ts';
import { createCameraRequest } from '../../server/contracts/cameras.ts';
import {
  type CreateDiscoveryRequest,
  type Discovery,
  discovery as discoverySchema,
} from '../../server/contracts/discoveries.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { renderStill } from '../../server/recorder/stream/ffmpeg.ts';
import { measureStream } from '../../server/recorder/stream/measure.ts';
import { CameraStore } from '../../server/storage/camera.store.ts';
import { type TemporaryDatabase, temporaryDatabase } from '../support/database.ts';
import { answering, startTestDevice } from '../support/onvif-device.ts';
import { until } from '../support/until.ts';

/** The class as anybody may use it. */
const OnvifDevice = ServiceDevice as unknown as new (parameters: {
  xaddr: string;
  user: string;
  pass: string;
}) => { getDeviceInformation(): Promise<{ data: object }> };
const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });
const quirks = [
  {},
  { wrongXAddrHost: '192.0.2.7', media2Broken: true, noRateControl: true },
  { digestOnly: true, clockSkewMs: 3_600_000 },
];
const login = { username: 'quantri', password: 'Mật khẩu <1>' };

let fleet: Fleet;
let database: TemporaryDatabase;
let folder: string;
let registry: CameraRegistry;
let directory: CameraDirectory;
let events: string[];

beforeAll(async () => {
  fleet = await startFleet({
    cameras: quirks.map((quirk, index) => ({
      id: `cam-${index}`,
      name: `Quầy số ${index + 1}`,
      desk: `Quầy ${index + 1}`,
      scene: castScene(index, 'Quầy', 'Trung tâm'),
      ...login,
      quirks: quirk,
    })),
    loopFrames: 50,
  });
});

afterAll(async () => {
  await fleet?.stop();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-cameras-'));
  database = await temporaryDatabase();
  registry = openRegistry();
  directory = new CameraDirectory(registry, silentLogger);
  await directory.start(() => {});
  events = [];
  registry.on('camera.saved', () => events.push('saved'));
  registry.on('camera.removed', () => events.push('removed'));
});

afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

function openRegistry(allowed = policy, endpointAt?: (onvif: string) => string | null): CameraRegistry {
  return new CameraRegistry({
    store: new CameraStore(database.kysely),
    vault: openCredentialVault(join(folder, 'keys', 'cameras.key')),
    clock: systemClock,
    log: silentLogger,
    policy: allowed,
    endpointAt,
    desksOfUnit: async (unitId) => (unitId === 'centre' ? ['desk-1', 'desk-2'] : unitId === 'ward' ? [] : null),
  });
}

const request = (fields: object) =>
  createCameraRequest.parse({ name: 'Quầy 1', unitId: 'centre', ...login, ...fields });
const onvif = (index: number) => fleet.cameras[index]!.onvif;

async function search(
  wanted: Partial<CreateDiscoveryRequest>,
): Promise<{ found: Discovery; changes: number; discoveries: Discoveries }> {
  const discoveries = new Discoveries({
    clock: systemClock,
    log: silentLogger,
    policy,
    registeredAt: (device) => directory.registeredAt(device),
    loopback: true,
    listenMs: 1_500,
  });
  let changes = 0;
  const ended = Promise.withResolvers<void>();
  discoveries.on('changed', ({ id }) => {
    changes += 1;
    if (discoveries.get(id).state !== 'running') ended.resolve();
  });
  const { id } = discoveries.start({ method: 'ws_discovery', addresses: [], username: '', password: '', ...wanted });
  await ended.promise;
  const found = discoverySchema.parse(discoveries.get(id));
  // Simulated cameras of a demo on this machine answer as well.
  const ours = new Set(fleet.cameras.map((camera) => camera.onvif));
  if (wanted.method !== 'address') found.items = found.items.filter((item) => ours.has(item.onvif));
  return { found, changes, discoveries };
}

describe('a search', () => {
  test('by WS-Discovery finds every camera once, reads it with the credentials, and says that it is simulated', async () => {
    expect(fleet.discoveryError).toBeUndefined();
    const saved = await registry.create(request({ onvif: onvif(0) }));
    await directory.settled();
    const { found, changes } = await search(login);
    expect(found.state).toBe('done');
    expect(changes).toBeGreaterThan(6);
    const items = found.items.toSorted((a, b) => a.name.localeCompare(b.name));
    expect(items.map((item) => [item.key, item.name, item.state, item.simulated, item.cameraId])).toEqual(
      fleet.cameras.map((camera, index) => [
        camera.endpointReference,
        camera.name,
        'ready',
        true,
        index === 0 ? saved.id : null,
      ]),
    );
    for (const item of items) {
      expect(item.profiles.map(({ stream, codec, width, height }) => [stream, codec, width, height])).toEqual([
        ['main', 'h264', 1920, 1080],
        ['sub', 'h264', 640, 360],
      ]);
    }
    expect(items[1]?.profiles[0]?.rtsp).toBe(fleet.cameras[1]?.rtsp.main);
    expect(Math.abs((items[2]?.clockSkewMs ?? 0) - 3_600_000)).toBeLessThan(2_000);
  });

  test('knows a device as a camera as soon as it is one, and no longer than it is', async () => {
    const { found, discoveries } = await search({ method: 'address', addresses: [new URL(onvif(1)).host], ...login });
    expect(found.items.map((item) => item.cameraId)).toEqual([null]);
    const saved = await registry.create(request({ onvif: onvif(1) }));
    await directory.settled();
    expect(discoveries.get(found.id).items.map((item) => item.cameraId)).toEqual([saved.id]);
    await registry.remove(saved.id);
    await directory.settled();
    expect(discoveries.get(found.id).items.map((item) => item.cameraId)).toEqual([null]);
  });

  test('tells a camera that is taken in afterwards the name by which it is known wherever it moves', async () => {
    const { discoveries } = await search(login);
    const saved = await openRegistry(policy, (url) => discoveries.endpointAt(url)).create(request({ onvif: onvif(2) }));
    expect(saved.endpoint).toBe(fleet.cameras[2]?.endpointReference);
    const later = new CameraDirectory(registry, silentLogger);
    await later.start(() => {});
    expect(later.registeredAt({ endpoint: saved.endpoint, onvif: 'http://192.0.2.1/' })).toBe(saved.id);
  });

  test('without credentials says that they are needed, with wrong ones that they are wrong', async () => {
    expect((await search({})).found.items.map((item) => item.state)).toEqual(Array(3).fill('credentials_needed'));
    const wrong = await search({ ...login, password: 'sai' });
    expect(wrong.found.items.map((item) => item.state)).toEqual(Array(3).fill('bad_credentials'));
  });

  test('by address tells cameras, other devices, silence and nonsense apart', async () => {
    const web = await startTestDevice({
      auth: 'open',
      override: answering('*', ({ response }) => response.end('<html></html>')),
    });
    const dead = await startTestDevice();
    await dead.close();
    const addresses = [new URL(onvif(0)).host, web.host, dead.host, 'a:b:c'];
    const { found } = await search({ method: 'address', addresses, ...login });
    await web.close();
    expect(found.items.map((item) => [item.state, item.errorCode])).toEqual([
      ['ready', null],
      ['not_onvif', 'http'],
      ['unreachable', 'unreachable'],
      ['failed', 'address_invalid'],
    ]);
  });
});

test('node-onvif’s classes that are not the adapter’s keep their own way', async () => {
  const { username: user, password: pass } = { username: login.username, password: 'ascii' };
  fleet.cameras[0]?.setPassword(pass);
  try {
    const device = new OnvifDevice({ xaddr: onvif(0), user, pass });
    expect((await device.getDeviceInformation()).data).toHaveProperty('GetDeviceInformationResponse');
  } finally {
    fleet.cameras[0]?.setPassword(login.password);
  }
});

describe('a camera', () => {
  test('is taken in by ONVIF with its streams, and its credentials leave only as sources', async () => {
    for (const index of quirks.keys()) {
      const saved = await registry.create(request({ onvif: onvif(index), name: `C${index}`, deskIds: ['desk-1'] }));
      expect(saved).toMatchObject({
        simulated: true,
        enabled: true,
        deskIds: ['desk-1'],
      });
      expect(await registry.sources(saved.id)).toMatchObject({
        enabled: true,
        streams: [
          { name: 'main', url: fleet.cameras[index]?.rtsp.main, ...login },
          { name: 'sub', url: fleet.cameras[index]?.rtsp.sub, ...login },
        ],
      });
    }
    expect((await registry.list()).map((camera) => camera.name)).toEqual(['C0', 'C1', 'C2']);
    expect(JSON.stringify(await registry.list())).not.toContain(login.password);
    const rows = await database.kysely.selectFrom('cameras').selectAll().execute();
    expect(JSON.stringify(rows)).not.toMatch(/Mật khẩu|quantri/);
    expect(events).toEqual(['saved', 'saved', 'saved']);
  });

  test('is refused with the reason', async () => {
    const refusal = (fields: object) =>
      registry.create(request(fields)).then(
        () => 'taken',
        (error: { code: string }) => error.code,
      );
    expect(await refusal({ onvif: onvif(0), unitId: 'nowhere' })).toBe('unit_unknown');
    expect(await refusal({ onvif: onvif(0), deskIds: ['desk-9'] })).toBe('desk_unknown');
    expect(await refusal({ onvif: onvif(0), password: 'sai' })).toBe('camera_bad_credentials');
    expect(await refusal({ onvif: onvif(0), username: '' })).toBe('camera_credentials_needed');
    expect(await refusal({ onvif: 'http://127.0.0.1:1/onvif/device_service' })).toBe('camera_unreachable');
    expect(await refusal({ onvif: 'http://169.254.169.254/latest' })).toBe('camera_address_not_allowed');
    expect(await refusal({ rtsp: { main: 'rtsp://169.254.1.1/a' } })).toBe('camera_address_not_allowed');
    expect(await refusal({ rtsp: { main: 'rtsp://nobody.invalid/a' } })).toBe('camera_host_unknown');
    const device = await startTestDevice({
      override: answering('GetProfiles', ({ response }) => response.writeHead(500).end()),
    });
    expect(await refusal({ onvif: device.url, username: 'admin', password: 'secret' })).toBe('camera_unreadable');
    await device.close();
    expect(await registry.list()).toEqual([]);
    expect(events).toEqual([]);
  });

  test('is taken in once, even by two at the same time', async () => {
    const outcomes = await Promise.allSettled([1, 2].map(() => registry.create(request({ onvif: onvif(0) }))));
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(registry.create(request({ rtsp: { main: fleet.cameras[0]?.rtsp.main } }))).rejects.toMatchObject({
      code: 'camera_exists',
    });
  });

  test('is taken in by RTSP address, whose user info becomes its credentials', async () => {
    const main = 'rtsp://an%40na:p%3Ass@127.0.0.1:8554/main?x=1';
    const saved = await registry.create(request({ username: '', password: '', rtsp: { main } }));
    expect(saved).toMatchObject({ host: '127.0.0.1:8554', onvif: null, streams: [{ name: 'main', codec: 'unknown' }] });
    expect((await registry.sources(saved.id)).streams).toMatchObject([
      { name: 'main', url: 'rtsp://127.0.0.1:8554/main?x=1', username: 'an@na', password: 'p:ss' },
    ]);
  });

  test('keeps what is not changed, leaves its desks when it moves, and takes new credentials only if they work', async () => {
    const { id } = await registry.create(request({ onvif: onvif(0), deskIds: ['desk-1'] }));
    expect(await registry.patch(id, { name: 'Mới', enabled: false })).toMatchObject({
      name: 'Mới',
      enabled: false,
      deskIds: ['desk-1'],
    });
    expect(await registry.patch(id, { unitId: 'ward' })).toMatchObject({ unitId: 'ward', deskIds: [] });
    await expect(registry.patch(id, { password: 'sai' })).rejects.toMatchObject({ code: 'camera_bad_credentials' });
    expect(await registry.sources(id)).toMatchObject({ enabled: false, streams: [login, login] });
    fleet.cameras[0]?.setPassword('moi');
    try {
      await registry.patch(id, { password: 'moi' });
      expect((await registry.sources(id)).streams[0]).toMatchObject({ username: login.username, password: 'moi' });
    } finally {
      fleet.cameras[0]?.setPassword(login.password);
    }
  });

  test('that is removed is still named, gives no sources, and may come back as a new one', async () => {
    const { id } = await registry.create(request({ onvif: onvif(0) }));
    await registry.remove(id);
    expect(await registry.get(id)).toMatchObject({ name: 'Quầy 1', enabled: false });
    for (const gone of [registry.sources(id), registry.remove(id), registry.patch(id, { name: 'x' })]) {
      await expect(gone).rejects.toMatchObject({ code: 'camera_unknown' });
    }
    expect(await registry.list()).toEqual([]);
    expect(events).toEqual(['saved', 'removed']);
    expect((await registry.create(request({ onvif: onvif(0) }))).id).not.toBe(id);
  });

  test('whose host may no longer be reached gives no sources', async () => {
    const { id } = await registry.create(request({ rtsp: { main: 'rtsp://localhost:8554/main' } }));
    const closed = openRegistry(
      createNetworkPolicy({ allowLoopback: false, allowLinkLocal: false, allowedNetworks: [] }),
    );
    expect((await registry.sources(id)).streams).toHaveLength(1);
    expect((await closed.sources(id)).streams).toEqual([]);
  });
});

test('an inspection measures the streams as they come, and takes a picture', async () => {
  const inspections = new Inspections({
    ...{ clock: systemClock, log: silentLogger, policy, measureMs: 1_100 },
    measure: async (source, forMs, signal) => {
      const settings = { program: 'ffmpeg', owner: 'inspection-test' };
      const { picture, ...measured } = await measureStream(settings, source, { forMs, clock: systemClock, signal });
      return { ...measured, jpeg: await renderStill(settings, picture) };
    },
    registeredAt: (device) => directory.registeredAt(device),
    credentialsOf: async () => login,
  });
  try {
    const [begun] = await inspections.start([onvif(2)], login);
    await until(() => inspections.get(begun!.id).state !== 'running');
    const found = inspections.get(begun!.id);
    expect(found).toMatchObject({ state: 'done', simulated: true, advice: [{ code: 'clock_wrong' }] });
    for (const { codec, width, fps, measured } of found.profiles) {
      expect(measured).toMatchObject({ codec, width, gopFrames: 25 });
      expect(measured!.fps! / fps!).toBeCloseTo(1, 1);
    }
    const picture = await inspections.picture(begun!.id, 'main', AbortSignal.timeout(5_000));
    expect([...picture.subarray(0, 2)]).toEqual([0xff, 0xd8]);
    const { id } = await registry.create(
      request({ onvif: found.onvif!, ...inspections.credentials(found.id, found.onvif!) }),
    );
    await directory.settled();
    expect(inspections.get(found.id).cameraId).toBe(id);
  } finally {
    await inspections.stop();
  }
});
