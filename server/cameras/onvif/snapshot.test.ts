import { afterEach, expect, test } from 'vitest';
import {
  startTestDevice,
  type TestCall,
  type TestDevice,
  type TestDeviceOptions,
} from '../../../test/support/onvif-device.ts';
import { systemClock } from '../../platform/clock.ts';
import { createNetworkPolicy } from '../networks.ts';
import { DeviceClient } from './device-client.ts';
import { fetchSnapshot } from './snapshot.ts';

const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9, 0, 0]);
let device: TestDevice | undefined;
afterEach(() => device?.close());

async function fetched(
  options: TestDeviceOptions,
  password = 'secret',
  at = '/snap.jpg?channel=1',
): Promise<Uint8Array> {
  device = await startTestDevice(options);
  const url = new URL(device.url);
  const signal = AbortSignal.timeout(10_000);
  const client = new DeviceClient({ url, username: 'admin', password, clock: systemClock, policy, signal });
  return fetchSnapshot(client, new URL(at, url));
}

const picture = (body: Buffer | string) => ({ override: { '*': ({ response }: TestCall) => void response.end(body) } });

test.each(['open', 'digest'] as const)(
  'a picture is fetched (%s), with its query, and without a token',
  async (auth) => {
    expect(Buffer.from(await fetched({ auth, open: [], ...picture(jpeg) }))).toEqual(jpeg);
    expect(device?.calls.at(-1)?.body).toBe('');
  },
);

test.each<[string, TestDeviceOptions, string, object]>([
  ['a wrong password', { auth: 'digest', open: [], ...picture(jpeg) }, 'sai', { failure: 'bad_credentials' }],
  ['Basic only', { auth: 'basic', open: [], ...picture(jpeg) }, 'secret', { failure: 'basic_only' }],
  [
    'a login page',
    { auth: 'open', ...picture('<html>login</html>') },
    'secret',
    { failure: 'malformed', detail: 'not_jpeg' },
  ],
  ['half a picture', { auth: 'open', ...picture(jpeg.subarray(0, 6)) }, 'secret', { detail: 'not_jpeg' }],
  ['too much', { auth: 'open', ...picture(Buffer.alloc(9_000_000, 0xff)) }, 'secret', { detail: 'too_large' }],
])('%s is no picture', async (_, options, password, failure) => {
  await expect(fetched(options, password)).rejects.toMatchObject(failure);
  expect(device?.calls.filter(({ authorization }) => authorization?.startsWith('Basic'))).toEqual([]);
});

test('no other host is asked for it', async () => {
  await expect(fetched({ auth: 'open' }, 'secret', 'http://127.0.0.2/snap.jpg')).rejects.toMatchObject({
    failure: 'redirected',
  });
});
