import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TemporaryDatabase, temporaryDatabase } from '../../test/support/database.ts';
import { createCameraRequest } from '../contracts/cameras.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { CameraStore } from '../storage/camera.store.ts';
import { WebhookStore } from '../storage/webhook.store.ts';
import { settleKeyFile } from './credential-keys.ts';
import { openCredentialVault } from './credentials.ts';
import { type RotationStep, rotateCredentialKey } from './key-rotation.ts';
import { createNetworkPolicy } from './networks.ts';
import { CameraRegistry } from './registry.ts';

let folder: string;
let keyFile: string;
let database: TemporaryDatabase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-keys-'));
  keyFile = join(folder, 'keys', 'camera-credentials.key');
  database = await temporaryDatabase();
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const open = () =>
  new CameraRegistry({
    ...{ store: new CameraStore(database.kysely), vault: openCredentialVault(keyFile), clock: systemClock },
    ...{ log: silentLogger, desksOfUnit: async () => [] },
    policy: createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] }),
  });
const rotate = (onStep?: (step: RotationStep) => void) =>
  rotateCredentialKey({ keyFile, place: database.place, log: silentLogger, ...(onStep && { onStep }) });

async function fill(): Promise<string[]> {
  const ids: string[] = [];
  for (const n of [1, 2, 3]) {
    const rtsp = { main: `rtsp://127.0.0.1:1/${n}` };
    const login = n === 3 ? {} : { username: 'u', password: `mật khẩu ${n}` };
    ids.push((await open().create(createCameraRequest.parse({ name: `${n}`, unitId: 'ward', rtsp, ...login }))).id);
  }
  await new WebhookStore(database.kysely).insert(
    {
      ...{
        id: 'hook',
        name: 'H',
        url: 'https://example.invalid',
        kinds: '[]',
        enabled: 1,
        created_at_ms: 1,
        last_at_ms: null,
        last_ok: null,
      },
      sealed_secret: openCredentialVault(keyFile).seal('webhook:hook', { username: '', password: 'bí mật' }),
    },
    database.kysely,
  );
  return ids;
}

async function allOpen(ids: string[]): Promise<void> {
  const passwords = await Promise.all(ids.map(async (id) => (await open().login(id)).password));
  expect(passwords).toEqual(['mật khẩu 1', 'mật khẩu 2', '']);
  const [hook] = await new WebhookStore(database.kysely).list();
  expect(openCredentialVault(keyFile).open('webhook:hook', hook?.sealed_secret ?? '').password).toBe('bí mật');
}

test('a new key takes the place of the old one, which opens nothing any more', async () => {
  const ids = await fill();
  const old = readFileSync(keyFile);
  expect(await rotate()).toEqual({ sealed: 3, unreadable: 0, resumed: false });
  expect(readFileSync(keyFile).equals(old)).toBe(false);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'keys'))).toEqual(['camera-credentials.key']);
  await allOpen(ids);
  writeFileSync(join(folder, 'old.key'), old, { mode: 0o600 });
  const row = await new CameraStore(database.kysely).find(ids[0] ?? '');
  const withOld = openCredentialVault(join(folder, 'old.key'));
  expect(() => withOld.open(ids[0] ?? '', row?.row.credentials ?? '')).toThrow('credentials_unreadable');
});

test.each(['key_written', 'rows_sealed', 'key_kept', 'key_replaced'] as const)(
  'broken off after %s, everything still opens, and the next call brings it to its end',
  async (last) => {
    const ids = await fill();
    const old = readFileSync(keyFile);
    const broken = rotate((step) => {
      if (step === last) throw new Error('killed');
    });
    await expect(broken).rejects.toThrow('killed');
    await allOpen(ids);
    // The server ran in between, and sealed with the key that it found.
    await open().patch(ids[2] ?? '', { username: 'v', password: 'mới' });
    await open().patch(ids[2] ?? '', { username: '', password: '' });
    expect(await rotate()).toMatchObject({ sealed: 3, unreadable: 0, resumed: true });
    expect(readFileSync(keyFile).equals(old)).toBe(false);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['camera-credentials.key']);
    await allOpen(ids);
  },
);

test('a row that moved to another camera does not open, and stays as it is when the key changes', async () => {
  const [first = '', second = ''] = await fill();
  const store = new CameraStore(database.kysely);
  const sealed = (await store.find(first))?.row.credentials ?? null;
  await store.update(second, { credentials: sealed, changed_at_ms: 1 }, new Map(), async () => {});
  await expect(open().login(second)).rejects.toMatchObject({ code: 'credentials_unreadable' });
  expect(await rotate()).toMatchObject({ sealed: 2, unreadable: 1 });
  expect((await store.find(second))?.row.credentials).toBe(sealed);
  expect((await open().login(first)).password).toBe('mật khẩu 1');
});

describe('the key of the data directory', () => {
  const inside = () => join(folder, 'data', 'secrets', 'camera-credentials.key');

  test('moves beside it at the next start, with a line in the log that does not tell it', () => {
    const sealed = openCredentialVault(inside()).seal('cam', { username: 'u', password: 'p' });
    const key = readFileSync(inside());
    const lines: string[] = [];
    const place = settleKeyFile('', join(folder, 'data'), pino({}, { write: (line: string) => void lines.push(line) }));
    expect(place).toBe(join(folder, 'data-keys', 'camera-credentials.key'));
    expect([existsSync(inside()), statSync(place).mode & 0o777]).toEqual([false, 0o600]);
    expect(openCredentialVault(place).open('cam', sealed).password).toBe('p');
    expect(lines.join()).toContain('moved out');
    for (const form of ['base64', 'base64url', 'hex'] as const) expect(lines.join()).not.toContain(key.toString(form));
    expect(settleKeyFile('', join(folder, 'data'), silentLogger)).toBe(place);
  });

  test('moves to where it is set, and stays where that says so; a second key there is left alone', () => {
    openCredentialVault(inside());
    expect(settleKeyFile('data', join(folder, 'data'), silentLogger)).toBe(inside());
    openCredentialVault(keyFile);
    const other = readFileSync(keyFile);
    expect(settleKeyFile(keyFile, join(folder, 'data'), silentLogger)).toBe(keyFile);
    expect(readFileSync(keyFile).equals(other)).toBe(true);
    expect(existsSync(inside())).toBe(true);
  });

  test('a move that was broken off is done again', () => {
    openCredentialVault(inside());
    mkdirSync(join(folder, 'data-keys'));
    cpSync(inside(), join(folder, 'data-keys', 'camera-credentials.key'));
    settleKeyFile('', join(folder, 'data'), silentLogger);
    expect(existsSync(inside())).toBe(false);
  });
});
