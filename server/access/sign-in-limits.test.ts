import { afterEach, expect, test, vi } from 'vitest';
import { addressGroup, SignInLimits } from './sign-in-limits.ts';

afterEach(() => {
  vi.useRealTimers();
});

const limits = () => new SignInLimits({ perUsername: 3, perAddress: 5, windowSeconds: 60 });
const refused = { kind: 'too_many', code: 'too_many_attempts', retry: true };

test('a username is refused after its attempts, from whatever address they come', async () => {
  const limit = limits();
  for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) await limit.take('lan', address);
  await expect(limit.take('lan', '10.0.0.4')).rejects.toMatchObject(refused);
  await limit.take('minh', '10.0.0.4');
});

test('an address is refused after its attempts, whatever names it tries', async () => {
  const limit = limits();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await limit.take(name, '10.0.0.1');
  await expect(limit.take('f', '10.0.0.1')).rejects.toMatchObject(refused);
  await limit.take('f', '10.0.0.2');
});

test('attempts that are made all at once are counted all the same', async () => {
  const limit = limits();
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => limit.take('lan', `10.0.1.${n}`)));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3);
});

test('the refusal says when to come back, and then the attempt is let in', async () => {
  vi.useFakeTimers();
  const limit = limits();
  for (let n = 0; n < 3; n += 1) await limit.take('lan', '10.0.0.1');
  vi.advanceTimersByTime(20_000);
  await expect(limit.take('lan', '10.0.0.1')).rejects.toMatchObject({ params: { retryAfterSeconds: 40 } });
  vi.advanceTimersByTime(40_001);
  await limit.take('lan', '10.0.0.1');
});

test('a right password forgives the failures before it and costs the address nothing', async () => {
  const limit = limits();
  for (let n = 0; n < 12; n += 1) {
    await limit.take('lan', '10.0.0.1');
    await limit.succeeded('lan', '10.0.0.1');
  }
  await limit.take('lan', '10.0.0.1');
});

test('names that strangers invent do not add up in memory', async () => {
  vi.useFakeTimers();
  const limit = new SignInLimits({ perUsername: 1e9, perAddress: 1e9, windowSeconds: 60 });
  for (let n = 0; n < 60_000; n += 1)
    await limit.take(`name-${n}`, `2001:db8:${(n >> 8).toString(16)}:${(n & 255).toString(16)}::1`);
  // One timer per counter is what the limiter keeps.
  expect(vi.getTimerCount()).toBeLessThanOrEqual(2 * 16_384);
});

test.each([
  ['192.168.1.20', '192.168.1.20'],
  ['::ffff:192.168.1.20', '192.168.1.20'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['2001:0DB8:0001:0002:ffff::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
  ['unknown', 'unknown'],
])('the address %s counts as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});
