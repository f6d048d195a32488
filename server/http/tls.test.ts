import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownCertificate, readCertificate } from './tls.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-tls-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const day = 86_400_000;

test('the certificate names this machine and stays the same from start to start', async () => {
  const nowMs = Date.now();
  const made = await ownCertificate(folder, ['camera.example', '10.1.2.3'], nowMs);
  const certificate = new X509Certificate(made.cert);
  for (const name of ['localhost', 'camera.example']) expect(certificate.checkHost(name)).toBe(name);
  for (const address of ['127.0.0.1', '10.1.2.3', '::1']) expect(certificate.checkIP(address)).toBe(address);
  expect(() => createSecureContext(made)).not.toThrow();
  expect(statSync(join(folder, 'key.pem')).mode & 0o777).toBe(0o600);
  const again = await ownCertificate(folder, ['camera.example', '10.1.2.3'], nowMs + day);
  expect(again.cert.equals(made.cert)).toBe(true);
});

test('it is made anew before it ends and when a name is added', async () => {
  const nowMs = Date.now();
  const first = await ownCertificate(folder, [], nowMs);
  const named = await ownCertificate(folder, ['camera.example'], nowMs);
  expect(named.cert.equals(first.cert)).toBe(false);
  const later = await ownCertificate(folder, ['camera.example'], nowMs + 380 * day);
  expect(later.cert.equals(named.cert)).toBe(false);
});

test('files of its own that a power cut has spoilt are made anew', async () => {
  const nowMs = Date.now();
  const other = await ownCertificate(join(folder, 'other'), [], nowMs);
  for (const [name, content] of [
    ['cert.pem', ''],
    ['key.pem', 'x'],
    ['key.pem', other.key],
  ] as const) {
    await ownCertificate(folder, [], nowMs);
    writeFileSync(join(folder, name), content);
    const made = await ownCertificate(folder, [], nowMs);
    expect(() => createSecureContext(made), name).not.toThrow();
  }
});

test('a provided certificate that is missing, no certificate, or of another key is told with its file and setting', async () => {
  const nowMs = Date.now();
  const file = (name: string) => join(folder, name);
  await ownCertificate(folder, [], nowMs);
  await ownCertificate(file('other'), [], nowMs);
  writeFileSync(file('text'), 'x');
  const refusals: [string, string, string][] = [
    ['none', 'key.pem', `${file('none')}: server.certificate: expected this file, but it is missing`],
    ['cert.pem', 'none', `${file('none')}: server.key: expected this file, but it is missing`],
    ['text', 'key.pem', `${file('text')}: server.certificate: expected a certificate in PEM form`],
    ['cert.pem', 'text', `${file('text')}: server.key: expected a private key in PEM form, without a password`],
    ['cert.pem', 'other/key.pem', `${file('other/key.pem')}: server.key: expected the key of ${file('cert.pem')}`],
  ];
  for (const [certificate, key, message] of refusals) {
    await expect(readCertificate(file(certificate), file(key))).rejects.toMatchObject({
      code: 'configuration_invalid',
      message,
    });
  }
  await expect(readCertificate(file('cert.pem'), file('key.pem'))).resolves.toBeDefined();
});
