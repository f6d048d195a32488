import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownCertificate } from './tls.ts';

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
