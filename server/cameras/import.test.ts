import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryDatabase } from '../../test/support/database.ts';
import { answering, startTestDevice, type TestDevice } from '../../test/support/onvif-device.ts';
import { importCamerasRequest } from '../contracts/camera-onboarding.ts';
import { createCameraRequest } from '../contracts/cameras.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { CameraStore } from '../storage/camera.store.ts';
import type { Database } from '../storage/database.ts';
import { openCredentialVault } from './credentials.ts';
import { importCameras } from './import.ts';
import { importTemplate, readRows } from './import-rows.ts';
import { createNetworkPolicy } from './networks.ts';
import { CameraRegistry } from './registry.ts';

let folder: string;
let database: Database;
let registry: CameraRegistry;
let devices: TestDevice[];
let nowMs: number;
const clock: Clock = { nowMs: () => nowMs || Date.now(), monotonicMs: () => systemClock.monotonicMs() };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-import-'));
  database = await temporaryDatabase();
  [devices, nowMs] = [[], 0];
  registry = new CameraRegistry({
    ...{ store: new CameraStore(database.kysely), vault: openCredentialVault(join(folder, 'cameras.key')), clock },
    ...{ log: silentLogger, desksOfUnit: async (unit) => (unit === 'ward' || unit === 'centre' ? ['quay-1'] : null) },
    policy: createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] }),
  });
});
afterEach(async () => {
  await Promise.all(devices.map((device) => device.close()));
  await database.close();
  rmSync(folder, { recursive: true });
});

async function device(n: number): Promise<TestDevice> {
  const started = await startTestDevice({
    override: answering('GetEndpointReference', ({ response }) => {
      response.end(
        `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><GetEndpointReferenceResponse><GUID>urn:uuid:${n}</GUID></GetEndpointReferenceResponse></s:Body></s:Envelope>`,
      );
    }),
  });
  devices.push(started);
  return started;
}

const run = (csv: string, over: object = {}, told: string[] = []) =>
  importCameras(
    {
      registry,
      unitOf: (text) => (text === 'ward' || text === 'Phường' ? 'ward' : null),
      profileOf: async () => null,
    },
    importCamerasRequest.parse({ csv, ...over }),
    async ({ name }) => told.push(name),
    AbortSignal.timeout(20_000),
  );
const errorsOf = (rows: { line: number; errors: { column: string | null; code: string }[] }[]) =>
  rows.flatMap(({ line, errors }) => errors.map(({ column, code }) => `${line} ${column} ${code}`));

describe('a file', () => {
  test('of the template is read, as a spreadsheet saves it', () => {
    expect(readRows(importTemplate)).toMatchObject([
      { line: 2, cells: { name: 'Quầy 1', desks: 'quay-1|quay-2', onvif: '10.20.3.11', password: 'mật khẩu' } },
      { line: 3, cells: { name: 'Sảnh', rtsp_main: 'rtsp://10.20.3.12:554/main' } },
    ]);
    const semicolons = 'Unit;NAME;password\r\nward;"A;""B""";"a\nb"\r\n\r\n;;\r\nward;C;\r\n';
    expect(readRows(semicolons)).toMatchObject([
      { cells: { name: 'A;"B"', unit: 'ward', password: 'a\nb' } },
      { cells: { name: 'C' } },
    ]);
  });

  test.each([
    ['name,unit,colour\nA,ward,red', 'import_columns'],
    ['name,name,unit\nA,B,ward', 'import_columns'],
    ['name\nA', 'import_columns'],
    ['__proto__,name,unit\nx,A,ward', 'import_columns'],
    ['name,unit\n', 'import_empty'],
    ['name,unit\n"A,ward', 'import_unreadable'],
    [`name,unit\n${'A,ward\n'.repeat(501)}`, 'import_too_many'],
    [`name,unit\n${'x'.repeat(30_000)},ward`, 'import_unreadable'],
  ])('%.30j is refused: %s', (csv, code) => {
    expect(() => readRows(csv)).toThrow(code);
  });

  test('with errors names every one by row and column, and adds nothing', async () => {
    const [good, other] = [await device(1), await device(2)];
    const csv = [
      'name,unit,desks,onvif,rtsp_main,username,password,profile',
      `Tốt,Phường,quay-1,${good.host},,admin,secret,`,
      `,nowhere,,${good.host},rtsp://x/,,,lạ`,
      `Sai mật khẩu,ward,,${other.host},,admin,sai,`,
      'Xa,ward,,127.0.0.1:1,,,,',
      'Không bàn,ward,quay-9,,rtsp://u:p@127.0.0.1:1/a,,,',
      'Cấm,ward,,,rtsp://169.254.0.1/a,,,',
      'Trống,ward,,,,,,',
      'Đôi 1,ward,,,rtsp://127.0.0.1:1/b,,,',
      'Đôi 2,ward,,,rtsp://127.0.0.1:1/b,,,',
    ].join('\n');
    const told: string[] = [];
    const { applied, rows } = await run(csv, { apply: true }, told);
    expect(errorsOf(rows)).toEqual([
      ...['3 rtsp_main address_twice', '3 name name_missing', '3 unit unit_unknown', '3 profile profile_unknown'],
      ...['4 password camera_bad_credentials', '5 null camera_unreachable', '6 desks desk_unknown'],
      ...['7 rtsp_main camera_address_not_allowed', '8 null address_missing'],
      ...['9 null address_in_two_rows', '10 null address_in_two_rows'],
    ]);
    expect(rows[0]).toMatchObject({ name: 'Tốt', address: good.host, device: { model: 'Tést & Cam' }, cameraId: null });
    expect(rows[4]?.address).toBe('rtsp://127.0.0.1:1/a');
    expect(JSON.stringify(rows)).not.toMatch(/secret|sai/);
    expect([applied, told, await registry.list()]).toEqual([false, [], []]);
  });

  test('without errors is looked at first, then added as a whole, told camera by camera', async () => {
    const own = await device(1);
    const csv = `name,unit,onvif,rtsp_main\nA,ward,${own.host},\nB,ward,,rtsp://127.0.0.1:1/b\n`;
    const login = { username: 'admin', password: 'secret' };
    const told: string[] = [];
    expect(await run(csv, login, told)).toMatchObject({ applied: false, rows: [{ errors: [] }, { errors: [] }] });
    expect(await registry.list()).toEqual([]);
    const { applied, rows } = await run(csv, { ...login, apply: true }, told);
    expect([applied, told]).toEqual([true, ['A', 'B']]);
    expect((await registry.list()).map(({ id }) => id)).toEqual(rows.map(({ cameraId }) => cameraId));
    expect((await registry.login(rows[0]?.cameraId ?? '')).password).toBe('secret');
    expect(errorsOf((await run(csv, { ...login, apply: true })).rows)).toEqual([
      '2 null camera_exists',
      '3 null camera_exists',
    ]);
  });

  test('whose trace cannot be written adds nothing', async () => {
    const csv = 'name,unit,rtsp_main\nA,ward,rtsp://127.0.0.1:1/a\nB,ward,rtsp://127.0.0.1:1/b\n';
    let calls = 0;
    const fail = async () => {
      calls += 1;
      if (calls === 2) throw new Error('the log is away');
    };
    const options = { registry, unitOf: () => 'ward', profileOf: async () => null };
    const request = importCamerasRequest.parse({ csv, apply: true });
    await expect(importCameras(options, request, fail, AbortSignal.timeout(5_000))).rejects.toThrow('away');
    expect(await registry.list()).toEqual([]);
  });
});

describe('a camera', () => {
  const rtsp = (n: number) => ({ main: `rtsp://127.0.0.1:1/${n}`, sub: `rtsp://127.0.0.1:1/${n}/sub` });

  test('whose device is replaced keeps id, name, unit, settings and where it stood; the new one is another', async () => {
    const own = await device(1);
    const given = { name: 'Quầy 1', unitId: 'ward', deskIds: ['quay-1'], rtsp: rtsp(1), username: 'u', password: 'cũ' };
    const { id } = await registry.create(
      createCameraRequest.parse({ ...given, retentionDays: { main: 90 }, sound: { sub: true } }),
    );
    const told: unknown[] = [];
    const login = { username: 'admin', password: 'secret' };
    const after = await registry.replace(id, { onvif: own.url, ...login }, undefined, async (now, _within, before) =>
      told.push([before?.host, now.host]),
    );
    expect(after).toMatchObject({
      ...{ id, name: 'Quầy 1', unitId: 'ward', deskIds: ['quay-1'], onvif: own.url, device: { serial: '007' } },
      streams: [
        { name: 'main', width: 1920, retentionDays: 90 },
        { name: 'sub', width: 640, sound: true },
      ],
      settingSources: { 'retentionDays.main': 'camera', 'sound.sub': 'camera', 'sound.main': 'default' },
    });
    expect(told).toEqual([['127.0.0.1:1', own.host]]);
    expect(await registry.login(id)).toEqual(login);
    // And the other way round, to a camera without a sub stream; a device of another camera is refused.
    const other = await registry.create(createCameraRequest.parse({ ...given, name: 'B', rtsp: rtsp(2) }));
    await expect(registry.replace(id, { rtsp: rtsp(2), username: '', password: '' })).rejects.toMatchObject({
      code: 'camera_exists',
      params: { cameraId: other.id },
    });
    const alone = await registry.replace(id, { rtsp: { main: 'rtsp://127.0.0.1:1/3' }, username: '', password: '' });
    expect(alone.streams).toMatchObject([{ name: 'main', retentionDays: 90 }]);
    await expect(registry.replace('gone', { rtsp: rtsp(4), username: '', password: '' })).rejects.toMatchObject({
      code: 'camera_unknown',
    });
  });

  test('that moves to another unit leaves what it recorded to the old one, by date', async () => {
    nowMs = 1_000;
    const { id } = await registry.create(createCameraRequest.parse({ name: 'A', unitId: 'ward', rtsp: rtsp(1) }));
    nowMs = 5_000;
    await registry.patch(id, { unitId: 'centre' });
    nowMs = 6_000;
    await registry.replace(id, { rtsp: rtsp(2), username: '', password: '' });
    const units = await Promise.all([0, 1_000, 4_999, 5_000, 9_000].map((atMs) => registry.unitAt(id, atMs)));
    expect(units).toEqual(['ward', 'ward', 'ward', 'centre', 'centre']);
  });
});
