import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryDatabase } from '../../test/support/database.ts';
import { startTestDevice, type TestDevice, type TestDeviceOptions } from '../../test/support/onvif-device.ts';
import { createCameraRequest } from '../contracts/cameras.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { CameraStore } from '../storage/camera.store.ts';
import type { Database } from '../storage/database.ts';
import { openCredentialVault } from './credentials.ts';
import { createNetworkPolicy } from './networks.ts';
import { CameraRegistry } from './registry.ts';

let folder: string;
let database: Database;
let registry: CameraRegistry;
const devices: TestDevice[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-relocation-'));
  database = await temporaryDatabase();
  registry = new CameraRegistry({
    store: new CameraStore(database.kysely),
    vault: openCredentialVault(join(folder, 'cameras.key')),
    clock: systemClock,
    log: silentLogger,
    policy: createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] }),
    desksOfUnit: async () => [],
  });
});

afterEach(async () => {
  await Promise.all(devices.splice(0).map((device) => device.close()));
  await database.close();
  rmSync(folder, { recursive: true });
});

async function start(options?: TestDeviceOptions): Promise<TestDevice> {
  const device = await startTestDevice(options);
  devices.push(device);
  return device;
}

async function takeIn(device: TestDevice): Promise<string> {
  const login = { username: 'admin', password: 'secret' };
  const request = createCameraRequest.parse({ name: 'Quầy 1', unitId: 'ward', onvif: device.url, ...login });
  return (await registry.create(request)).id;
}

const another = (name: string, content: string) => ({
  [name]: ({ response }: { response: { end: (text: string) => unknown } }) =>
    void response.end(
      `<s:Envelope xmlns:s="x"><s:Body><${name}Response>${content}</${name}Response></s:Body></s:Envelope>`,
    ),
});

test('a camera that answers with its credentials at another address is moved, with its streams, and the change is told', async () => {
  const before = await start();
  const id = await takeIn(before);
  await before.close();
  devices.splice(0);
  const after = await start();
  const told: unknown[] = [];
  const moved = await registry.relocate(id, after.url, undefined, async (camera, _within, old) =>
    told.push([old?.onvif, camera.onvif]),
  );
  expect([moved.onvif, moved.host]).toEqual([after.url, after.host]);
  expect(told).toEqual([[before.url, after.url]]);
  const { streams } = await registry.sources(id);
  expect(streams.map(({ name, username }) => [name, username])).toEqual([
    ['main', 'admin'],
    ['sub', 'admin'],
  ]);
});

test.each<[string, TestDeviceOptions]>([
  ['bad_credentials', { password: 'other' }],
  ['credentials_unproven', { auth: 'open' }],
  [
    'another_device',
    { override: another('GetEndpointReference', '<GUID>99999999-0000-4000-8000-000000000000</GUID>') },
  ],
  ['not_onvif', { auth: 'open', override: { '*': ({ response }) => void response.end('<html/>') } }],
])('a device that is found to be %s is not taken for a camera that left', async (reason, options) => {
  const before = await start();
  const id = await takeIn(before);
  await before.close();
  devices.splice(0);
  const impostor = await start(options);
  await expect(registry.relocate(id, impostor.url)).rejects.toMatchObject({
    code: 'camera_not_moved',
    params: { reason },
  });
  expect((await registry.get(id)).onvif).toBe(before.url);
});

test('a camera that still answers where it was stays there, and its credentials go nowhere else', async () => {
  const here = await start();
  const id = await takeIn(here);
  const spoofed = await start();
  await expect(registry.relocate(id, spoofed.url)).rejects.toMatchObject({ params: { reason: 'still_there' } });
  expect(spoofed.calls).toEqual([]);
});
