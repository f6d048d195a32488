import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCredentialVault } from './credentials.ts';

let folder: string;
let keyFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-vault-'));
  keyFile = join(folder, 'keys', 'cameras.key');
});
afterEach(() => rmSync(folder, { recursive: true }));

const login = { username: 'quản trị', password: 'mật "khẩu"' };

test('the key is made at the first start, for its owner alone, and used from then on', () => {
  const sealed = openCredentialVault(keyFile).seal('cam1', login);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'keys'))).toEqual(['cameras.key']);
  expect(openCredentialVault(keyFile).open('cam1', sealed)).toEqual(login);
});

test('sealed credentials differ every time and show nothing', () => {
  const vault = openCredentialVault(keyFile);
  const [a, b] = [vault.seal('cam1', login), vault.seal('cam1', login)];
  expect(a).not.toBe(b);
  expect(Buffer.from(a.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('khẩu');
});

test('they open for no other camera, under no other key, and not when changed', () => {
  const vault = openCredentialVault(keyFile);
  const sealed = vault.seal('cam1', login);
  const other = openCredentialVault(join(folder, 'other.key'));
  const changed = sealed.slice(0, 30) + (sealed[30] === 'A' ? 'B' : 'A') + sealed.slice(31);
  for (const open of [
    () => vault.open('cam2', sealed),
    () => other.open('cam1', sealed),
    () => vault.open('cam1', changed),
    () => vault.open('cam1', 'x'),
  ]) {
    expect(open).toThrow('credentials_unreadable');
  }
});

test('a key that others may read, or that is none, is refused', () => {
  openCredentialVault(keyFile);
  chmodSync(keyFile, 0o640);
  expect(() => openCredentialVault(keyFile)).toThrow('credential_key_unsafe');
  const short = join(folder, 'short.key');
  writeFileSync(short, 'short', { mode: 0o600 });
  expect(() => openCredentialVault(short)).toThrow('credential_key_invalid');
  expect(existsSync(short)).toBe(true);
});
