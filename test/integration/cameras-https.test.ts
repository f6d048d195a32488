import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { createNetworkPolicy } from '../../server/cameras/networks.ts';
import { probeDevice } from '../../server/cameras/probe.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { startTestDevice, type TestDevice } from '../support/onvif-device.ts';

const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });
const devices: TestDevice[] = [];
afterEach(async () => {
  await Promise.all(devices.splice(0).map((device) => device.close()));
});

/** Key and certificate in one file, signed by itself as cameras do. */
const certificate = (name: 'one' | 'two') =>
  readFileSync(new URL(`../fixtures/camera-certificate-${name}.pem`, import.meta.url), 'utf8');

async function start(name: 'one' | 'two'): Promise<TestDevice> {
  const device = await startTestDevice({ tls: { key: certificate(name), cert: certificate(name) } });
  devices.push(device);
  return device;
}

const probe = (onvif: string, certificateSha256: string | null) =>
  probeDevice(
    { onvif, username: 'admin', password: 'secret', certificateSha256 },
    { clock: systemClock, log: silentLogger, policy },
  );

test('a camera that signs for itself is pinned at first sight, and nothing is sent to another in its place', async () => {
  const [camera, impostor] = [await start('one'), await start('two')];
  const first = await probe(camera.url, null);
  expect(first.auth).toEqual({ ok: true, method: 'username_token', error: null });
  expect(first.certificateSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(first.warnings.map((warning) => warning.code)).toContain('certificate_pinned');
  expect(first.services.every((service) => service.xaddr.startsWith(`https://${camera.host}/`))).toBe(true);

  expect((await probe(camera.url, first.certificateSha256)).auth.ok).toBe(true);
  const swapped = await probe(impostor.url, first.certificateSha256);
  expect(swapped.failure?.code).toBe('certificate_changed');
  expect(impostor.calls).toEqual([]);
});

test('plain http is not taken for https', async () => {
  const device = await startTestDevice();
  devices.push(device);
  expect((await probe(device.url.replace('http:', 'https:'), null)).reachable).toBe(false);
});
