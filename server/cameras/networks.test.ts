import { describe, expect, test } from 'vitest';
import { addressesOf, createNetworkPolicy, isLocalToDevice, resolveHost } from './networks.ts';

const options = { allowLoopback: false, allowLinkLocal: false, allowedNetworks: [] };
const policy = createNetworkPolicy(options);

test.each([
  '127.0.0.1',
  '127.8.8.8',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:7f00:1',
  '::FFFF:169.254.169.254',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '169.254.169.254',
  'fe80::1',
  'fe80::1%eth0',
  '0.0.0.0',
  '::',
  '224.0.0.1',
  '255.255.255.255',
  'ff02::1',
  'camera',
  '',
])('%s is no address of a camera unless configured', (ip) => {
  expect(policy.allows(ip)).toBe(false);
});

test('what configuration allows is allowed, and nothing besides', () => {
  expect(policy.allows('10.0.0.1')).toBe(true);
  expect(createNetworkPolicy({ ...options, allowLoopback: true }).allows('::ffff:127.0.0.1')).toBe(true);
  expect(createNetworkPolicy({ ...options, allowLinkLocal: true }).allows('169.254.1.1')).toBe(true);
  const narrow = createNetworkPolicy({ ...options, allowedNetworks: ['10.20.0.0/16', 'fd00::/8'] });
  expect(['10.20.3.4', '10.21.0.1', 'fd00::1', '2001:db8::1'].map((ip) => narrow.allows(ip))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(() => createNetworkPolicy({ ...options, allowedNetworks: ['10.20'] })).toThrow(RangeError);
});

describe('a host', () => {
  test('is connected to by the number that was checked', async () => {
    await expect(resolveHost('[::1]', policy)).rejects.toMatchObject({ reason: 'not_allowed' });
    await expect(resolveHost('localhost', policy)).rejects.toMatchObject({ reason: 'not_allowed' });
    const open = createNetworkPolicy({ ...options, allowLoopback: true });
    expect(await resolveHost('localhost', open)).toMatch(/^(127\.0\.0\.1|::1)$/);
  });
  test('may mean something to the device alone', () => {
    expect(['0.0.0.0', 'localhost', '127.0.0.1', '[fe80::1]', '10.0.0.1', 'camera'].map(isLocalToDevice)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

test('a range is the addresses that a device may have in it, or nothing where it is too large or none', () => {
  expect(addressesOf('10.20.3.7/29', 1_024)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `10.20.3.${n}`));
  expect(addressesOf('10.20.3.7/32', 1_024)).toEqual(['10.20.3.7']);
  expect(addressesOf('10.20.3.6/31', 1_024)).toEqual(['10.20.3.6', '10.20.3.7']);
  expect(addressesOf('255.255.252.0/22', 1_024)?.at(-1)).toBe('255.255.255.254');
  for (const range of ['10.20.0.0/21', '10.20.3.0/33', '10.20.3.256/24', '10.20.3/24', 'fd00::/120', '']) {
    expect(addressesOf(range, 1_024)).toBeNull();
  }
});
