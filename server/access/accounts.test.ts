import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Access, temporaryAccess } from '../../test/support/access.ts';
import { type CreateUserRequest, user } from '../contracts/users.ts';
import type { Actor } from './actor.ts';

const admin: Actor = {
  userId: 'a',
  username: 'quantri',
  name: 'Quản trị',
  role: 'admin',
  unitId: null,
  sessionId: 's',
};
const by = { actor: admin, address: '10.0.0.5' };
const from = { address: '10.0.0.7', userAgent: 'test' };

let access: Access;
beforeEach(async () => {
  access = await temporaryAccess();
});
afterEach(() => access.database.close());

const request: CreateUserRequest = {
  username: 'lan',
  name: 'Lê Thị Lan',
  role: 'unit_head',
  unitId: 'bach-dang',
  password: 'correct horse battery',
};

describe('creating', () => {
  test('an account is listed, found by id and by username, and never shows its password', async () => {
    const made = await access.accounts.create(request, by);
    expect(user.parse(made)).toEqual({
      id: made.id,
      username: 'lan',
      name: 'Lê Thị Lan',
      role: 'unit_head',
      unitId: 'bach-dang',
      disabled: false,
      createdAtMs: access.clock.nowMs(),
      lastSignInMs: null,
    });
    expect(await access.accounts.list()).toEqual([made]);
    expect(await access.accounts.get(made.id)).toEqual(made);
    expect(await access.accounts.byUsername('LAN')).toEqual(made);
    expect(await access.accounts.byUsername('nobody')).toBeUndefined();
    const row = await access.database.kysely.selectFrom('accounts').select('password_hash').executeTakeFirstOrThrow();
    expect(row.password_hash).toMatch(/^\$argon2id\$/);
    const stored = JSON.stringify(await access.database.kysely.selectFrom('audit_log').selectAll().execute());
    expect(stored).not.toContain(request.password);
    expect(stored).not.toContain('argon2');
  });

  test('a username that is taken is refused, in whatever case, and nothing is logged for it', async () => {
    await access.accounts.create(request, by);
    await expect(access.accounts.create({ ...request, username: 'LAN' }, by)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'username_taken',
    });
    expect((await access.audit.list({ limit: 10 })).items).toHaveLength(1);
  });

  test('of two that want the same username at once, one gets it', async () => {
    const results = await Promise.allSettled([
      access.accounts.create(request, by),
      access.accounts.create(request, by),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a unit head belongs to a unit, and nobody else does', async () => {
    await expect(access.accounts.create({ ...request, unitId: null }, by)).rejects.toMatchObject({
      code: 'unit_head_needs_unit',
    });
    await expect(access.accounts.create({ ...request, role: 'leader' }, by)).rejects.toMatchObject({
      code: 'unit_not_for_role',
    });
    expect(await access.accounts.list()).toEqual([]);
  });

  test('it is in the audit log with who did it and from where', async () => {
    const made = await access.accounts.create(request, by);
    expect((await access.audit.list({ limit: 10 })).items).toMatchObject([
      {
        action: 'account.created',
        subject: `account:${made.id}`,
        actorName: 'Quản trị',
        actorRole: 'admin',
        address: '10.0.0.5',
        details: { username: 'lan', name: 'Lê Thị Lan', role: 'unit_head', unitId: 'bach-dang' },
      },
    ]);
  });
});

describe('changing', () => {
  test('a new name shows in the running session, which goes on', async () => {
    const lan = await access.person('lan');
    const { token } = await access.sessions.signIn({ username: 'lan', password: 'password of lan' }, from);
    expect((await access.sessions.resolve(token))?.actor.name).toBe('Người lan');
    expect((await access.accounts.patch(lan.id, { name: 'Lê Thị Lan' }, by)).name).toBe('Lê Thị Lan');
    expect((await access.sessions.resolve(token))?.actor.name).toBe('Lê Thị Lan');
  });

  test.each([
    ['a new password', { password: 'another long password' }],
    ['disabling', { disabled: true }],
  ])('%s ends every session of the account and of no other', async (_, patch) => {
    const lan = await access.person('lan');
    await access.person('minh');
    const tokens = [];
    for (const username of ['lan', 'lan', 'minh']) {
      const { token } = await access.sessions.signIn({ username, password: `password of ${username}` }, from);
      await access.sessions.resolve(token);
      tokens.push(token);
    }
    const ended: string[] = [];
    access.sessions.on('ended', ({ userId, reason }) => ended.push(`${userId} ${reason}`));
    await access.accounts.patch(lan.id, patch, by);
    const resolved = await Promise.all(tokens.map((token) => access.sessions.resolve(token)));
    expect(resolved.map((session) => session?.actor.username)).toEqual([undefined, undefined, 'minh']);
    expect(ended).toEqual([`${lan.id} account_changed`, `${lan.id} account_changed`]);
    expect((await access.audit.list({ limit: 1 })).items[0]).toMatchObject({
      action: 'account.changed',
      details: { sessionsEnded: 2 },
    });
  });

  test('with a new password the old one is worth nothing and the new one signs in', async () => {
    const lan = await access.person('lan');
    await access.accounts.patch(lan.id, { password: 'another long password' }, by);
    await expect(access.sessions.signIn({ username: 'lan', password: 'password of lan' }, from)).rejects.toMatchObject({
      code: 'sign_in_failed',
    });
    await access.sessions.signIn({ username: 'lan', password: 'another long password' }, from);
    const stored = JSON.stringify(await access.database.kysely.selectFrom('audit_log').selectAll().execute());
    expect(stored).not.toContain('another long password');
  });

  test('a disabled account does not sign in until it is enabled again', async () => {
    const lan = await access.person('lan');
    const signIn = () => access.sessions.signIn({ username: 'lan', password: 'password of lan' }, from);
    await access.accounts.patch(lan.id, { disabled: true }, by);
    await expect(signIn()).rejects.toMatchObject({ code: 'sign_in_failed' });
    await access.accounts.patch(lan.id, { disabled: false }, by);
    await signIn();
  });

  test('the last administrator who may sign in cannot be disabled', async () => {
    const [one, two] = [await access.person('one', 'admin'), await access.person('two', 'admin')];
    await access.accounts.patch(one.id, { disabled: true }, by);
    await expect(access.accounts.patch(two.id, { disabled: true, name: 'X' }, by)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'last_admin',
    });
    expect(await access.accounts.get(two.id)).toMatchObject({ disabled: false, name: 'Người two' });
  });

  test('two administrators who disable each other at once do not both succeed', async () => {
    const [one, two] = [await access.person('one', 'admin'), await access.person('two', 'admin')];
    const results = await Promise.allSettled([
      access.accounts.patch(one.id, { disabled: true }, by),
      access.accounts.patch(two.id, { disabled: true }, by),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('an unknown account is not found', async () => {
    await expect(access.accounts.get('none')).rejects.toMatchObject({ kind: 'not_found', code: 'user_unknown' });
    await expect(access.accounts.patch('none', { password: 'a long password' }, by)).rejects.toMatchObject({
      code: 'user_unknown',
    });
  });

  test('a change that names nothing changes and logs nothing', async () => {
    const lan = await access.person('lan');
    expect(await access.accounts.patch(lan.id, {}, by)).toEqual(lan);
    expect((await access.audit.list({ limit: 10 })).items).toHaveLength(1);
  });
});
