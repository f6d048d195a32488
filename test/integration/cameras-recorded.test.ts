import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { createNetworkPolicy } from '../../server/cameras/networks.ts';
import { probeDevice } from '../../server/cameras/probe.ts';
import { probeReport } from '../../server/cli/camera.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { knownMakes } from '../fixtures/onvif/known-makes.ts';
import { oddDevices } from '../fixtures/onvif/odd-devices.ts';
import type { TestDevice } from '../support/onvif-device.ts';
import { startRecordedDevice } from '../support/recorded-device.ts';

const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });
let device: TestDevice | undefined;
afterEach(() => device?.close());

/** How often a wrong password is sent, and what comes of it and of none. */
async function refusals(camera: TestDevice): Promise<unknown[]> {
  const errorWith = async (username: string, password: string) => {
    const request = { onvif: camera.host, username, password };
    const { isOnvif, auth } = await probeDevice(request, { clock: systemClock, log: silentLogger, policy });
    return isOnvif ? auth.error : 'not_onvif';
  };
  const before = camera.calls.length;
  const wrong = await errorWith('admin', 'sai');
  const tries = camera.calls.slice(before).filter((call) => call.token && call.authorization === undefined).length;
  return [tries, wrong, await errorWith('', '')];
}

test.each([...knownMakes, ...oddDevices].map((recorded) => [recorded.name, recorded] as const))(
  '%s',
  async (_, recorded) => {
    device = await startRecordedDevice(recorded);
    const result = await probeDevice(
      { onvif: device.host, username: 'admin', password: 'secret' },
      { clock: systemClock, log: silentLogger, policy },
    );
    expect(Math.abs((result.clockSkewMs ?? Number.NaN) - (recorded.skewMs ?? 0))).toBeLessThan(5_000);
    const { clockSkewMs: _skew, warnings, services, ...report } = probeReport(result) as ReturnType<typeof Object>;
    const text = JSON.stringify({
      ...report,
      services: services.map((s: { namespace: string; xaddr: string; version?: string }) =>
        [s.namespace, s.xaddr, s.version ?? null].join(' '),
      ),
      warnings: warnings.map(({ code }: { code: string }) => code),
    });
    expect(text).not.toMatch(/secret|admin/);
    if (recorded.auth !== 'open') expect(await refusals(device)).toEqual([1, 'bad_credentials', 'credentials_needed']);
    const shown = JSON.parse(text.replaceAll(device.host, 'HOST').replaceAll('127.0.0.1', 'IP'));
    const file = `${recorded.name.split(':')[0]?.replace(/\W+/g, '-').toLowerCase()}.json`;
    const expected = readFileSync(new URL(`../fixtures/onvif/expected/${file}`, import.meta.url), 'utf8');
    expect(shown).toEqual(JSON.parse(expected));
  },
);
