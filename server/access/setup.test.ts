import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Access, temporaryAccess } from '../../test/support/access.ts';

let access: Access;
beforeEach(async () => {
  access = await temporaryAccess();
});
afterEach(() => access.database.close());

const admin = { username: 'quantri', name: 'Quản trị', password: 'a long enough password' };
const invalid = { kind: 'forbidden', code: 'setup_token_invalid' };

async function prepared(): Promise<string> {
  const token = await access.setup.prepare();
  if (token === null) throw new Error('no token was made');
  return token;
}

test('an empty system gets an administrator through its token, who then signs in', async () => {
  expect(await access.setup.needed()).toBe(true);
  const token = await prepared();
  const made = await access.setup.complete({ ...admin, token }, '10.0.0.9');
  expect(made).toMatchObject({ username: 'quantri', role: 'admin', unitId: null, disabled: false });
  expect(await access.setup.needed()).toBe(false);
  const from = { address: '10.0.0.9', userAgent: '' };
  expect((await access.sessions.signIn(admin, from)).session.actor.role).toBe('admin');
});

test('a token works once', async () => {
  const token = await prepared();
  await access.setup.complete({ ...admin, token }, '');
  await expect(access.setup.complete({ ...admin, username: 'second', token }, '')).rejects.toMatchObject(invalid);
});

test('of two that use the token at once, one becomes administrator', async () => {
  const token = await prepared();
  const results = await Promise.allSettled([
    access.setup.complete({ ...admin, token }, ''),
    access.setup.complete({ ...admin, username: 'second', token }, ''),
  ]);
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await access.accounts.list()).toHaveLength(1);
});

test('a token is worth nothing after 24 hours, and until then it is worth everything', async () => {
  const late = await prepared();
  access.clock.advance(24 * 3_600_000);
  await expect(access.setup.complete({ ...admin, token: late }, '')).rejects.toMatchObject(invalid);
  const inTime = await prepared();
  access.clock.advance(24 * 3_600_000 - 1);
  await access.setup.complete({ ...admin, token: inTime }, '');
});

test('the next start voids the token of the one before', async () => {
  const first = await prepared();
  const second = await prepared();
  expect(second).not.toBe(first);
  await expect(access.setup.complete({ ...admin, token: first }, '')).rejects.toMatchObject(invalid);
  await access.setup.complete({ ...admin, token: second }, '');
});

test('once there is an account, no token is made and an earlier one is void', async () => {
  const token = await prepared();
  await access.person('lan', 'admin');
  await expect(access.setup.complete({ ...admin, token }, '')).rejects.toMatchObject(invalid);
  expect(await access.setup.prepare()).toBeNull();
});

test('the database knows the hash of the token only', async () => {
  const token = await prepared();
  const rows = await access.database.kysely.selectFrom('setup_tokens').selectAll().execute();
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain(token);
});
