import { describe, expect, test } from 'vitest';
import { decoyHash, hashPassword, needsRehash, presentCost, verifyPassword } from './passwords.ts';

const cheap = { memoryKiB: 64, passes: 1, parallelism: 1 };

test('a password is known again, another one is not, and the same one is never hashed the same way', async () => {
  const [one, two] = await Promise.all([hashPassword('quầy số một, 2026'), hashPassword('quầy số một, 2026')]);
  expect(one).not.toBe(two);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await verifyPassword('quầy số một, 2026', one)).toBe(true);
  expect(await verifyPassword('quầy số một, 2027', one)).toBe(false);
  expect(await verifyPassword('', one)).toBe(false);
});

test('hashes of other programs in PHC form are understood', async () => {
  // From the test program of the reference implementation: password "password", salt "somesalt".
  const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await verifyPassword('password', phc)).toBe(true);
  expect(await verifyPassword('passwore', phc)).toBe(false);
});

test('an accent typed as one character or as two is the same password', async () => {
  const phc = await hashPassword('Giếng Đáy 2026'.normalize('NFD'), cheap);
  expect(await verifyPassword('Giếng Đáy 2026'.normalize('NFC'), phc)).toBe(true);
});

test('a hash of another cost still verifies, and is to be made anew', async () => {
  const old = await hashPassword('mật khẩu đã lâu', cheap);
  expect(await verifyPassword('mật khẩu đã lâu', old)).toBe(true);
  expect(needsRehash(old)).toBe(true);
  expect(needsRehash(await hashPassword('x'))).toBe(false);
  expect(needsRehash(old, { ...cheap, passes: 2 })).toBe(true);
  expect(needsRehash(old, { ...cheap, memoryKiB: 128 })).toBe(true);
  expect(needsRehash(old, cheap)).toBe(false);
});

test('a decoy costs what any hash costs and belongs to no password', async () => {
  expect(needsRehash(decoyHash())).toBe(false);
  expect(decoyHash()).not.toBe(decoyHash());
  expect(await verifyPassword('', decoyHash())).toBe(false);
});

test('the present cost is at least 19 MiB and two passes', () => {
  expect(presentCost.memoryKiB).toBeGreaterThanOrEqual(19_456);
  expect(presentCost.passes).toBeGreaterThanOrEqual(2);
});

describe('what is no hash belongs to no password', () => {
  test.each([
    '',
    'x',
    '$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$',
  ])('%s', async (phc) => {
    expect(await verifyPassword('password', phc)).toBe(false);
    expect(needsRehash(phc)).toBe(true);
  });
});

test('a flood of attempts is turned away instead of queued without end, and the queue then empties', async () => {
  const flood = await Promise.allSettled(Array.from({ length: 200 }, () => hashPassword('x', cheap)));
  const refused = flood.filter((result) => result.status === 'rejected');
  expect(refused).toHaveLength(200 - 66);
  for (const result of refused) expect(result.reason).toMatchObject({ kind: 'unavailable', code: 'sign_in_busy' });
  expect(await verifyPassword('x', await hashPassword('x', cheap))).toBe(true);
});
