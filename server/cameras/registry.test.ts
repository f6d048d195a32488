import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryDatabase } from '../../test/support/database.ts';
import { createCameraRequest } from '../contracts/cameras.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { CameraStore } from '../storage/camera.store.ts';
import type { Database } from '../storage/database.ts';
import { changesOf } from './camera-changes.ts';
import { openCredentialVault } from './credentials.ts';
import { CameraDirectory } from './directory.ts';
import { createNetworkPolicy } from './networks.ts';
import { type CameraRecord, CameraRegistry } from './registry.ts';
import { StreamRetention } from './retention.ts';

let folder: string;
let database: Database;
const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-registry-'));
  database = await temporaryDatabase();
});

afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const open = (clock: Clock = systemClock, retention?: StreamRetention) =>
  new CameraRegistry({
    store: new CameraStore(database.kysely),
    vault: openCredentialVault(join(folder, 'cameras.key')),
    clock,
    log: silentLogger,
    policy,
    ...(retention && { retention }),
    desksOfUnit: async () => [],
  });
const request = (fields: object = {}) =>
  createCameraRequest.parse({ name: 'Quầy 1', unitId: 'ward', rtsp: { main: 'rtsp://127.0.0.1:1/main' }, ...fields });

test('a change is done together with its trace, or not at all', async () => {
  const registry = open();
  const fail = async () => {
    throw new Error('the trace cannot be written');
  };
  const events: string[] = [];
  registry.on('camera.saved', () => events.push('saved'));
  registry.on('camera.removed', () => events.push('removed'));
  await expect(registry.create(request(), undefined, fail)).rejects.toThrow('trace');
  expect(await registry.list()).toEqual([]);

  const { id } = await registry.create(request());
  await expect(registry.patch(id, { name: 'Mới', enabled: false }, undefined, fail)).rejects.toThrow('trace');
  await expect(registry.remove(id, fail)).rejects.toThrow('trace');
  expect(await registry.list()).toMatchObject([{ id, name: 'Quầy 1', enabled: true }]);
  expect(events).toEqual(['saved']);

  const told: unknown[] = [];
  const tell = async (camera: { name: string }) => told.push(camera.name);
  await registry.patch(id, { name: 'Mới' }, undefined, tell);
  await registry.remove(id, tell);
  await expect(registry.remove(id, tell)).rejects.toMatchObject({ code: 'camera_unknown' });
  expect(told).toEqual(['Mới', 'Mới']);
});

test('a camera whose credentials cannot be read any more takes new ones', async () => {
  const { id } = await open().create(request({ username: 'u', password: 'cũ' }));
  writeFileSync(join(folder, 'cameras.key'), randomBytes(32));
  const registry = open();
  await expect(registry.sources(id)).rejects.toMatchObject({ code: 'credentials_unreadable' });
  await expect(registry.patch(id, { password: 'mới' })).rejects.toMatchObject({ code: 'credentials_unreadable' });
  await registry.patch(id, { username: 'u', password: 'mới' });
  expect((await registry.sources(id)).streams).toMatchObject([{ username: 'u', password: 'mới' }]);
});

test('a list that could not be read once is read again with the next change', async () => {
  const registry = open();
  const directory = new CameraDirectory(registry, silentLogger);
  await directory.start(() => {});
  const list = registry.list.bind(registry);
  registry.list = () => Promise.reject(new Error('busy'));
  await registry.create(request());
  await expect(directory.settled()).rejects.toThrow('busy');
  registry.list = list;
  await registry.create(request({ rtsp: { main: 'rtsp://127.0.0.1:2/main' } }));
  await directory.settled();
  expect(directory.list()).toHaveLength(2);
});

test('which unit a camera stood in is known for every moment, also once it is removed', async () => {
  let nowMs = 1000;
  const registry = open({ ...systemClock, nowMs: () => nowMs });
  const { id } = await registry.create(request());
  const moves: [number, object][] = [
    [2000, { unitId: 'centre' }],
    [3000, { name: 'Mới' }],
    [4000, { unitId: 'ward' }],
  ];
  for (const [atMs, patch] of moves) {
    nowMs = atMs;
    await registry.patch(id, patch);
  }
  await registry.remove(id);
  const found = await Promise.all([0, 1000, 1999, 2000, 3999, 4000, 9000].map((atMs) => registry.unitAt(id, atMs)));
  expect(found).toEqual(['ward', 'ward', 'ward', 'centre', 'centre', 'ward', 'ward']);
  await expect(registry.unitAt('none', 0)).rejects.toMatchObject({ code: 'camera_unknown' });
});

const dayMs = 86_400_000;

test('days and sound are set stream by stream; one that is not named stays as it is', async () => {
  const retention = await StreamRetention.read(new CameraStore(database.kysely));
  const registry = open(systemClock, retention);
  const rtsp = { main: 'rtsp://127.0.0.1:1/main', sub: 'rtsp://127.0.0.1:1/sub' };
  const { id, streams } = await registry.create(request({ rtsp, retentionDays: { sub: 90 } }));
  expect(streams).toMatchObject([
    { name: 'main', retentionDays: null, sound: false },
    { name: 'sub', retentionDays: 90, sound: false },
  ]);
  const told: object[] = [];
  const tell = async (after: CameraRecord, _: unknown, before?: CameraRecord) =>
    told.push(changesOf(before ?? after, after));
  await registry.patch(id, { retentionDays: { main: 7 } }, undefined, tell);
  await registry.patch(id, { sound: { main: true }, name: 'Quầy 1' }, undefined, tell);
  expect((await registry.sources(id)).streams).toMatchObject([
    { name: 'main', sound: true },
    { name: 'sub', sound: false },
  ]);
  expect(told).toEqual([
    { before: { 'retentionDays.main': null }, after: { 'retentionDays.main': 7 } },
    { before: { 'sound.main': false }, after: { 'sound.main': true } },
  ]);
  expect([retention.keepMsOf(id, 'main'), retention.keepMsOf(id, 'sub')]).toEqual([7 * dayMs, 90 * dayMs]);
  await registry.patch(id, { retentionDays: { main: null } });
  expect(retention.keepMsOf(id, 'main')).toBeUndefined();
});

test('the days of a stream outlive its camera, and a start', async () => {
  const registry = open();
  const { id } = await registry.create(request({ retentionDays: { main: 365 } }));
  await registry.remove(id);
  const retention = await StreamRetention.read(new CameraStore(database.kysely));
  expect(retention.keepMsOf(id, 'main')).toBe(365 * dayMs);
});

test('a stream that a camera does not have can be given nothing', async () => {
  const registry = open();
  const { id } = await registry.create(request());
  const patches = [{ sound: { sub: true } }, { retentionDays: { sub: 3 } }];
  for (const patch of patches) {
    await expect(registry.patch(id, patch)).rejects.toMatchObject({ code: 'stream_unknown' });
  }
});
