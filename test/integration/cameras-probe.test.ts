import { afterEach, describe, expect, test } from 'vitest';
import { createNetworkPolicy } from '../../server/cameras/networks.ts';
import { type ProbeRequest, type ProbeResult, probeDevice } from '../../server/cameras/probe.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import {
  envelope,
  fault,
  faultXml,
  startTestDevice,
  type TestDevice,
  type TestDeviceOptions,
  xml,
} from '../support/onvif-device.ts';

const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowed: [] });
const devices: TestDevice[] = [];

afterEach(async () => {
  await Promise.all(devices.splice(0).map((device) => device.close()));
});

async function start(options?: TestDeviceOptions): Promise<TestDevice> {
  const device = await startTestDevice(options);
  devices.push(device);
  return device;
}

function probe(device: TestDevice | string, request: Partial<ProbeRequest> = {}): Promise<ProbeResult> {
  return probeDevice(
    { onvif: typeof device === 'string' ? device : device.url, username: 'admin', password: 'secret', ...request },
    { clock: systemClock, log: silentLogger, policy },
  );
}

const codes = (result: ProbeResult) => result.warnings.map((warning) => warning.code);
const chosen = (result: ProbeResult, stream: 'main' | 'sub') =>
  result.profiles.find((profile) => profile.stream === stream);

describe('a device that answers as it should', () => {
  test('is read whole: identity, services from both questions, profiles, repaired addresses without user info', async () => {
    const device = await start({ believes: '192.168.1.64:80' });
    const result = await probe(device.host);
    expect(result).toMatchObject({
      reachable: true,
      isOnvif: true,
      failure: null,
      auth: { ok: true, method: 'username_token', error: null },
      endpoint: 'urn:uuid:0a1b2c3d-0000-4000-8000-0123456789ab',
      device: { manufacturer: '', model: 'Tést & Cam', firmware: '1.20', serial: '007' },
      ptz: true,
      events: false,
      snapshot: `http://${device.host}/snap.jpg`,
    });
    expect(result.scopes.name).toBe('Quầy 1');
    expect(Math.abs(result.clockSkewMs ?? Number.NaN)).toBeLessThan(2_000);
    expect(result.services.map(({ version, xaddr }) => [version, xaddr])).toEqual([
      ['2.60', `http://${device.host}/onvif/device_service`],
      ['2.6', `http://${device.host}/onvif/media?v=1`],
      [null, `http://${device.host}/onvif/ptz`],
    ]);
    expect(chosen(result, 'main')).toMatchObject({ token: 'main & 1', width: 1920, fps: null });
    expect(chosen(result, 'main')?.rtsp).toMatch(/^rtsp:\/\/127\.0\.0\.1:8554\/\d+\?a=1&b=2$/);
    expect(chosen(result, 'main')?.rtspAsSent).toMatch(/^rtsp:\/\/192\.168\.1\.64:8554\//);
    expect(chosen(result, 'sub')).toMatchObject({ token: 'sub', height: 360 });
    expect(codes(result)).toEqual(['address_repaired']);
  });

  test('is read through Media2, which alone tells of H.265, with the advice that follows from it', async () => {
    const result = await probe(await start({ media2: true }));
    expect(chosen(result, 'main')).toMatchObject({
      token: 'm2main',
      codec: 'h265',
      gop: 125,
      fps: 25,
      bitrateKbps: 4096,
    });
    expect(codes(result)).toEqual(['hevc', 'gop_long']);
  });

  test('whose Media2 answers 500 is read through Media1', async () => {
    const override = {
      'tr2:GetProfiles': ({ response }: { response: Parameters<typeof envelope>[0] }) => envelope(response, '', 500),
    };
    const result = await probe(await start({ media2: true, override }));
    expect(chosen(result, 'main')?.token).toBe('main & 1');
    expect(codes(result)).toEqual(['media2_failed']);
  });

  test('may have a user name and a password of any characters', async () => {
    const login = { username: 'quản <trị> & "co"', password: 'mật khẩu ✓' };
    const result = await probe(await start(login), login);
    expect(result.auth).toEqual({ ok: true, method: 'username_token', error: null });
  });
});
