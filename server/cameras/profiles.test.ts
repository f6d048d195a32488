import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryDatabase } from '../../test/support/database.ts';
import { bulkCamerasRequest } from '../contracts/camera-profiles.ts';
import { createCameraRequest } from '../contracts/cameras.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { CameraStore } from '../storage/camera.store.ts';
import { CameraProfileStore } from '../storage/camera-profile.store.ts';
import type { Database } from '../storage/database.ts';
import { changeMany } from './bulk.ts';
import { openCredentialVault } from './credentials.ts';
import { createNetworkPolicy } from './networks.ts';
import { CameraProfiles } from './profiles.ts';
import { CameraRegistry } from './registry.ts';
import { StreamRetention } from './retention.ts';

let folder: string;
let database: Database;
let registry: CameraRegistry;
let profiles: CameraProfiles;
let retention: StreamRetention;
let told: [string, unknown][];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-profiles-'));
  database = await temporaryDatabase();
  const cameras = new CameraStore(database.kysely);
  const store = new CameraProfileStore(database.kysely);
  retention = await StreamRetention.read(cameras);
  registry = new CameraRegistry({
    ...{ store: cameras, profiles: store, retention, clock: systemClock, log: silentLogger },
    vault: openCredentialVault(join(folder, 'cameras.key')),
    policy: createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] }),
    desksOfUnit: async (unitId) => (unitId === 'nowhere' ? null : []),
  });
  profiles = new CameraProfiles({ store, registry, clock: systemClock });
  told = [];
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const tell = async (action: string, _id: string, details: unknown) => told.push([action, details]);
let cameras = 0;
const add = (fields: object = {}) => {
  cameras += 1;
  const rtsp = { main: `rtsp://127.0.0.1:1/${cameras}`, sub: `rtsp://127.0.0.1:1/${cameras}/sub` };
  return registry.create(createCameraRequest.parse({ name: `Quầy ${cameras}`, unitId: 'ward', rtsp, ...fields }));
};
const hours = { mode: 'working_hours', leadMinutes: 15, tailMinutes: 15 } as const;
const always = { mode: 'continuous', leadMinutes: 15, tailMinutes: 15 } as const;

test('a profile gives what a camera has not of its own, and the camera says where each setting comes from', async () => {
  const { id: profileId } = await profiles.create(
    { name: 'Quầy', settings: { recording: { main: hours }, retentionDays: { main: 60, sub: 10 }, events: true } },
    tell,
  );
  const camera = await add({ profileId, retentionDays: { main: 90 } });
  expect(camera).toMatchObject({
    ...{ profileId, events: true },
    streams: [
      { name: 'main', recording: hours, retentionDays: 90, sound: false },
      { name: 'sub', recording: { mode: 'continuous' }, retentionDays: 10 },
    ],
    settingSources: {
      ...{ 'recording.main': 'profile', 'recording.sub': 'default', 'retentionDays.main': 'camera' },
      ...{ 'retentionDays.sub': 'profile', 'sound.main': 'default', events: 'profile' },
    },
  });
  expect(await profiles.list()).toMatchObject([{ name: 'Quầy', cameras: 1, version: 1 }]);
});

test('a change of the profile reaches its cameras at once, not what is their own, and those of no other', async () => {
  const { id: profileId } = await profiles.create(
    { name: 'A', settings: { retentionDays: { main: 60 }, sound: { main: true } } },
    tell,
  );
  const [own, shared, other] = [
    await add({ profileId, retentionDays: { main: null } }),
    await add({ profileId }),
    await add(),
  ];
  const saved: string[] = [];
  registry.on('camera.saved', ({ cameraId }) => saved.push(cameraId));
  await profiles.patch(profileId, { settings: { retentionDays: { main: 20 } }, version: 1 }, tell);
  const main = async (id: string) => (await registry.get(id)).streams[0];
  expect(await main(own.id)).toMatchObject({ retentionDays: null, sound: false });
  expect(await main(shared.id)).toMatchObject({ retentionDays: 20, sound: false });
  expect((await registry.get(shared.id)).settingSources).toMatchObject({ 'sound.main': 'default' });
  expect(retention.keepMsOf(shared.id, 'main')).toBe(20 * 86_400_000);
  expect(saved.toSorted()).toEqual([own.id, shared.id].toSorted());
  expect(saved).not.toContain(other.id);
  expect(told.at(-1)).toMatchObject([
    'camera_profile.changed',
    { cameras: 2, after: { settings: { retentionDays: { main: 20 } } } },
  ]);
  await expect(profiles.patch(profileId, { name: 'B', version: 1 }, tell)).rejects.toMatchObject({
    code: 'version_conflict',
  });
});

test('what is set at a camera is its own until it is to inherit; without its profile it is as the city has it', async () => {
  const { id: profileId } = await profiles.create({ name: 'A', settings: { recording: { main: hours } } }, tell);
  const { id } = await add({ profileId });
  const read = async () => {
    const { streams, settingSources } = await registry.get(id);
    return [streams[0]?.recording.mode, settingSources['recording.main']];
  };
  await registry.patch(id, { recording: { main: always } });
  expect(await read()).toEqual(['continuous', 'camera']);
  await registry.patch(id, { name: 'Khác' });
  expect(await read()).toEqual(['continuous', 'camera']);
  await registry.patch(id, { inherit: ['recording.main'] });
  expect(await read()).toEqual(['working_hours', 'profile']);
  await registry.patch(id, { profileId: null });
  expect(await read()).toEqual(['continuous', 'default']);
  await expect(registry.patch(id, { profileId: 'gone' })).rejects.toMatchObject({ code: 'profile_unknown' });
});

test('of a camera of before there were profiles, what was set stays its own', async () => {
  const { id } = await add({ retentionDays: { main: 7 } });
  await database.kysely.updateTable('cameras').set({ setting_sources: null }).execute();
  const { id: profileId } = await profiles.create(
    { name: 'A', settings: { retentionDays: { main: 60, sub: 60 } } },
    tell,
  );
  const { streams } = await registry.patch(id, { profileId });
  expect(streams.map(({ retentionDays }) => retentionDays)).toEqual([7, 60]);
});

test('a profile that cameras have is not removed; names differ; a change that cannot be told is not done', async () => {
  const { id } = await profiles.create({ name: 'A', settings: {} }, tell);
  await expect(profiles.create({ name: 'a', settings: {} }, tell)).rejects.toMatchObject({ code: 'profile_exists' });
  const camera = await add({ profileId: id });
  await expect(profiles.remove(id, tell)).rejects.toMatchObject({ code: 'profile_in_use' });
  const fail = async () => {
    throw new Error('the log is away');
  };
  await expect(profiles.patch(id, { settings: { sound: { main: true } }, version: 1 }, fail)).rejects.toThrow('away');
  expect((await registry.get(camera.id)).streams[0]?.sound).toBe(false);
  expect(await profiles.list()).toMatchObject([{ version: 1, settings: {} }]);
  await registry.remove(camera.id);
  await profiles.remove(id, tell);
  expect(await profiles.list()).toEqual([]);
});

test('many cameras are changed at once, each told by itself; one that is refused holds up no other', async () => {
  const { id: profileId } = await profiles.create({ name: 'A', settings: { retentionDays: { main: 60 } } }, tell);
  const [first, second] = [await add(), await add({ rtsp: { main: 'rtsp://127.0.0.1:1/alone' } })];
  const also: string[] = [];
  const run = (changes: object) =>
    changeMany(registry, bulkCamerasRequest.parse({ ids: [first.id, 'gone', second.id], changes }), async ({ id }) =>
      also.push(id),
    );
  expect(await run({ profileId, retentionDays: { sub: 5 } })).toEqual([
    { id: first.id, state: 'changed', errorCode: null },
    { id: 'gone', state: 'refused', errorCode: 'camera_unknown' },
    { id: second.id, state: 'changed', errorCode: null },
  ]);
  expect(also).toEqual([first.id, second.id]);
  expect((await registry.get(first.id)).streams.map(({ retentionDays }) => retentionDays)).toEqual([60, 5]);
  expect((await run({ profileId })).map(({ state }) => state)).toEqual(['unchanged', 'refused', 'unchanged']);
  expect(also).toHaveLength(2);
  expect((await run({ unitId: 'nowhere' })).map(({ errorCode }) => errorCode)).toEqual([
    'unit_unknown',
    'camera_unknown',
    'unit_unknown',
  ]);
});
