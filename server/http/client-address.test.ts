import { describe, expect, it } from 'vitest';
import { ClientAddresses } from './client-address.ts';

const addresses = new ClientAddresses(['10.0.0.2', '10.1.0.0/16', 'fd00::/8']);

describe('the address that a request comes from', () => {
  it.each([
    ['203.0.113.7', undefined, '203.0.113.7'],
    ['203.0.113.7', '1.2.3.4', '203.0.113.7'],
    ['::ffff:203.0.113.7', '1.2.3.4', '203.0.113.7'],
    ['10.0.0.2', undefined, '10.0.0.2'],
    ['10.0.0.2', '203.0.113.7', '203.0.113.7'],
    ['::ffff:10.0.0.2', '203.0.113.7', '203.0.113.7'],
    ['fd12::1', '2001:db8::9', '2001:db8::9'],
    ['10.0.0.2', '6.6.6.6, 203.0.113.7', '203.0.113.7'],
    ['10.0.0.2', '6.6.6.6, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['10.0.0.2', '203.0.113.7, nonsense', '10.0.0.2'],
    ['10.0.0.2', '10.1.0.9', '10.1.0.9'],
    ['10.0.0.3', '203.0.113.7', '10.0.0.3'],
    ['', '203.0.113.7', ''],
  ])('%s with X-Forwarded-For %s is %s', (remote, forwarded, address) => {
    expect(addresses.of(remote, forwarded)).toBe(address);
  });

  it('is that of the connection where no proxy is trusted', () => {
    expect(new ClientAddresses().of('127.0.0.1', '203.0.113.7')).toBe('127.0.0.1');
  });
});
