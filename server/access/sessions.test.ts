import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Access, temporaryAccess } from '../../test/support/access.ts';
import { AppError } from '../platform/errors.ts';
import { silentLogger } from '../platform/log.ts';
import { openDatabase } from '../storage/database.ts';
import { AuditLog } from './audit-log.ts';
import * as passwords from './passwords.ts';
import { csrfMatches, type SessionEvents, Sessions } from './sessions.ts';
import { SignInLimits } from './sign-in-limits.ts';

vi.mock('./passwords.ts', { spy: true });

const from = { address: '10.0.0.7', userAgent: 'Mozilla/5.0 (test)' };
const hour = 3_600_000;

let access: Access;
let ended: SessionEvents['ended'][];
beforeEach(async () => {
  access = await temporaryAccess();
  ended = [];
  access.sessions.on('ended', (event) => ended.push(event));
  vi.mocked(passwords.verifyPassword).mockClear();
});
afterEach(() => access.database.close());

const signIn = (username = 'lan', password = `password of ${username}`) =>
  access.sessions.signIn({ username, password }, from);
const actions = async () => (await access.audit.list({ limit: 50 })).items.map((entry) => entry.action);

describe('signing in', () => {
  test('gives a token that resolves to the session and its person', async () => {
    const head = await access.person('lan', 'unit_head', 'bach-dang');
    const { token, session } = await signIn(' Lan ', 'password of lan');
    expect(session).toEqual({
      id: session.id,
      actor: {
        userId: head.id,
        username: 'lan',
        name: 'Người lan',
        role: 'unit_head',
        unitId: 'bach-dang',
        sessionId: session.id,
      },
      csrfToken: session.csrfToken,
      createdAtMs: access.clock.nowMs(),
      expiresAtMs: access.clock.nowMs() + 7 * 24 * hour,
    });
    expect(await access.sessions.resolve(token)).toEqual(session);
    expect((await access.accounts.get(head.id)).lastSignInMs).toBe(access.clock.nowMs());
  });

  test('a token is 256 bits, and the database knows its hash only', async () => {
    await access.person('lan');
    const { token } = await signIn();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    for (const table of ['sessions', 'audit_log', 'accounts'] as const) {
      expect(JSON.stringify(await access.database.kysely.selectFrom(table).selectAll().execute())).not.toContain(token);
    }
  });

  test('a wrong name, a wrong password and a disabled account look the same and cost one verification each', async () => {
    await access.person('boss', 'admin');
    const off = await access.person('off');
    await access.person('lan');
    await access.accounts.patch(off.id, { disabled: true }, { actor: 'system', address: '' });
    const failures = [];
    for (const [username, password] of [
      ['nobody', 'password of lan'],
      ['lan', 'password of boss'],
      ['off', 'password of off'],
    ] as const) {
      vi.mocked(passwords.verifyPassword).mockClear();
      const error: unknown = await signIn(username, password).catch((thrown) => thrown);
      const [[, phc] = []] = vi.mocked(passwords.verifyPassword).mock.calls;
      failures.push({
        error,
        calls: vi.mocked(passwords.verifyPassword).mock.calls.length,
        stale: passwords.needsRehash(phc ?? ''),
      });
    }
    for (const { error, calls, stale } of failures) {
      expect(error).toMatchObject({ kind: 'unauthenticated', code: 'sign_in_failed', params: {}, fields: undefined });
      expect({ calls, stale }).toEqual({ calls: 1, stale: false });
    }
  });

  test('a failure is in the audit log with its address, and without the name that was typed', async () => {
    const lan = await access.person('lan');
    await signIn('lan', 'not the password').catch(() => {});
    await signIn('my-secret-password', 'x').catch(() => {});
    const { items } = await access.audit.list({ limit: 10, action: 'session.refused' });
    expect(items).toMatchObject([
      { subject: 'account:unknown', address: '10.0.0.7', details: {} },
      { subject: `account:${lan.id}`, address: '10.0.0.7', details: {} },
    ]);
  });

  test('after too many failures even the right password is refused, without verifying it', async () => {
    await access.person('lan');
    for (let n = 0; n < 10; n += 1) {
      await expect(signIn('lan', 'guess')).rejects.toMatchObject({ code: 'sign_in_failed' });
    }
    vi.mocked(passwords.verifyPassword).mockClear();
    const error = await signIn().catch((thrown) => thrown);
    expect(error).toMatchObject({ kind: 'too_many', code: 'too_many_attempts', retry: true });
    expect(error.params.retryAfterSeconds).toBeGreaterThan(0);
    expect(error.params.retryAfterSeconds).toBeLessThanOrEqual(900);
    expect(passwords.verifyPassword).not.toHaveBeenCalled();
  });

  test('attempts that a busy server did not judge count for nothing', async () => {
    await access.person('lan');
    for (let n = 0; n < 12; n += 1) {
      vi.mocked(passwords.verifyPassword).mockRejectedValueOnce(new AppError('unavailable', 'sign_in_busy'));
      await expect(signIn()).rejects.toMatchObject({ code: 'sign_in_busy' });
    }
    await signIn();
  });

  test('a flood of attempts leaves a server in which people sign in, known names and unknown ones alike', async () => {
    await access.person('lan');
    const flood = Array.from({ length: 150 }, (_, n) =>
      access.sessions.signIn({ username: `x${n}`, password: 'x' }, { ...from, address: `10.1.0.${n}` }),
    );
    const codes = (await Promise.allSettled(flood)).map((result) =>
      result.status === 'rejected' ? result.reason.code : 'signed in',
    );
    expect(new Set(codes)).toEqual(new Set(['sign_in_failed', 'sign_in_busy']));
    await signIn();
    await expect(signIn('nobody', 'x')).rejects.toMatchObject({ code: 'sign_in_failed' });
  });

  test('names that are unknown run into the limit as known ones do', async () => {
    for (let n = 0; n < 10; n += 1) {
      await expect(signIn('nobody', 'guess')).rejects.toMatchObject({ code: 'sign_in_failed' });
    }
    await expect(signIn('nobody', 'guess')).rejects.toMatchObject({ code: 'too_many_attempts' });
  });

  test('a hash of a former cost is made anew with the password at hand', async () => {
    const lan = await access.person('lan');
    const weak = await passwords.hashPassword('password of lan', { memoryKiB: 64, passes: 1, parallelism: 1 });
    await access.database.kysely.updateTable('accounts').set({ password_hash: weak }).execute();
    const begun = await Promise.all([signIn(), signIn()]);
    for (const { token } of begun) expect((await access.sessions.resolve(token))?.actor.userId).toBe(lan.id);
    const { password_hash } = await access.database.kysely
      .selectFrom('accounts')
      .select('password_hash')
      .executeTakeFirstOrThrow();
    expect(passwords.needsRehash(password_hash)).toBe(false);
    await signIn();
  });

  test('an account that is disabled while its password is being verified gets no session', async () => {
    const lan = await access.person('lan');
    const verify = vi.mocked(passwords.verifyPassword);
    verify.mockImplementationOnce(async () => {
      await access.accounts.patch(lan.id, { disabled: true }, { actor: 'system', address: '' });
      return true;
    });
    await expect(signIn()).rejects.toMatchObject({ code: 'sign_in_failed' });
    expect(await access.database.kysely.selectFrom('sessions').selectAll().execute()).toEqual([]);
  });

  test('a password that is changed while the old one is being verified leaves the old one worth nothing', async () => {
    const lan = await access.person('lan');
    vi.mocked(passwords.verifyPassword).mockImplementationOnce(async () => {
      await access.accounts.patch(lan.id, { password: 'another long password' }, { actor: 'system', address: '' });
      return true;
    });
    await expect(signIn()).rejects.toMatchObject({ code: 'sign_in_failed' });
  });
});

describe('a running session', () => {
  beforeEach(async () => {
    await access.person('lan');
  });

  test('a thousand requests ask the database once', async () => {
    const { token } = await signIn();
    const select = vi.spyOn(access.database.kysely, 'selectFrom');
    const update = vi.spyOn(access.database.kysely, 'updateTable');
    await Promise.all(Array.from({ length: 500 }, () => access.sessions.resolve(token)));
    for (let n = 0; n < 500; n += 1) expect(await access.sessions.resolve(token)).toBeDefined();
    expect(select).toHaveBeenCalledTimes(1);
    expect(update).toHaveBeenCalledTimes(1);
  });

  test.each(['', 'x', 'a'.repeat(43), `${'a'.repeat(42)}=`, 'é'.repeat(43)])('"%s" is no session', async (token) => {
    expect(await access.sessions.resolve(token)).toBeUndefined();
  });

  test('signing out ends it at once, and no other', async () => {
    const [one, two] = [await signIn(), await signIn()];
    await access.sessions.resolve(one.token);
    await access.sessions.signOut(one.session.id, { actor: one.session.actor, address: from.address });
    expect(await access.sessions.resolve(one.token)).toBeUndefined();
    expect(await access.sessions.resolve(two.token)).toBeDefined();
    expect(ended).toEqual([{ sessionId: one.session.id, userId: one.session.actor.userId, reason: 'signed_out' }]);
    expect((await access.audit.list({ limit: 1 })).items[0]).toMatchObject({
      action: 'session.ended',
      actorName: 'Người lan',
      details: { reason: 'signed_out' },
    });
  });

  test('signing out twice tells and logs it once', async () => {
    const { session } = await signIn();
    await Promise.all([access.sessions.signOut(session.id), access.sessions.signOut(session.id)]);
    expect(ended).toHaveLength(1);
    expect((await actions()).filter((action) => action === 'session.ended')).toHaveLength(1);
  });

  test('a request that is being looked up while the session is revoked does not bring it back', async () => {
    for (let n = 0; n < 20; n += 1) {
      const { token, session } = await signIn();
      await Promise.all([access.sessions.resolve(token), access.sessions.endSessionsOf(session.actor.userId)]);
      expect(await access.sessions.resolve(token)).toBeUndefined();
    }
  });

  test('it ends after 12 hours without use, and not a moment earlier', async () => {
    const { token, session } = await signIn();
    access.clock.advance(12 * hour - 1);
    expect(await access.sessions.resolve(token)).toBeDefined();
    access.clock.advance(12 * hour - 1);
    expect(await access.sessions.resolve(token)).toBeDefined();
    access.clock.advance(12 * hour);
    expect(await access.sessions.resolve(token)).toBeUndefined();
    expect(ended).toEqual([{ sessionId: session.id, userId: session.actor.userId, reason: 'expired' }]);
  });

  test('it ends after 7 days however much it is used', async () => {
    const { token } = await signIn();
    for (let passed = 0; passed < 7 * 24; passed += 1) {
      expect(await access.sessions.resolve(token)).toBeDefined();
      access.clock.advance(hour);
    }
    expect(await access.sessions.resolve(token)).toBeUndefined();
    expect(ended).toMatchObject([{ reason: 'expired' }]);
  });

  test('its end is noticed within the minute in which a cached answer holds', async () => {
    const { token } = await signIn();
    access.clock.advance(7 * 24 * hour - 1000 - (12 * hour - 1));
    // Used in time now and then, so that only the absolute end is near.
    await access.database.kysely.updateTable('sessions').set({ last_seen_ms: access.clock.nowMs() }).execute();
    access.clock.advance(12 * hour - 1);
    expect(await access.sessions.resolve(token)).toBeDefined();
    access.clock.advance(999);
    expect(await access.sessions.resolve(token)).toBeDefined();
    access.clock.advance(1);
    expect(await access.sessions.resolve(token)).toBeUndefined();
  });

  test('it outlives a restart of the server, with the time of its last use', async () => {
    const { token } = await signIn();
    await access.sessions.resolve(token);
    access.clock.advance(30_000);
    await access.sessions.resolve(token);
    await access.sessions.stop();
    const { database, audit, clock } = access;
    const restarted = new Sessions({ database, audit, clock, log: silentLogger });
    access.clock.advance(12 * hour - 1);
    expect(await restarted.resolve(token)).toBeDefined();
  });

  test('the sweep ends those that nobody asks for, tells it and logs it', async () => {
    const [one, two] = [await signIn(), await signIn()];
    await access.sessions.resolve(one.token);
    access.clock.advance(6 * hour);
    await access.sessions.resolve(two.token);
    access.clock.advance(6 * hour);
    await access.sessions.sweep();
    expect(ended).toEqual([{ sessionId: one.session.id, userId: one.session.actor.userId, reason: 'expired' }]);
    expect((await actions())[0]).toBe('session.ended');
    expect(await access.sessions.resolve(two.token)).toBeDefined();
  });

  test('a use that is not yet written down keeps the sweep from ending the session', async () => {
    const { token } = await signIn();
    access.clock.advance(12 * hour - 30_000);
    await access.sessions.resolve(token);
    access.clock.advance(29_999);
    await access.sessions.resolve(token);
    access.clock.advance(12 * hour - 15_000);
    await access.sessions.sweep();
    expect(ended).toEqual([]);
  });

  test('what another process ends is noticed by the sweep, and by a request within a minute', async () => {
    const [one, two] = [await signIn(), await signIn()];
    await access.sessions.resolve(one.token);
    await access.sessions.resolve(two.token);
    const database = await openDatabase({ ...access.database.place, log: silentLogger });
    const { clock } = access;
    const other = new Sessions({ database, audit: new AuditLog({ database, clock }), clock, log: silentLogger });
    await other.signOut(one.session.id);
    await access.sessions.sweep();
    expect(ended.map((event) => event.sessionId)).toEqual([one.session.id]);
    await other.signOut(two.session.id);
    access.clock.advance(60_000);
    expect(await access.sessions.resolve(two.token)).toBeUndefined();
    expect(ended.map((event) => event.sessionId)).toEqual([one.session.id, two.session.id]);
    await database.close();
  });

  test('its CSRF token is its own', async () => {
    const [one, two] = [(await signIn()).session, (await signIn()).session];
    expect(csrfMatches(one, one.csrfToken)).toBe(true);
    expect(csrfMatches(one, two.csrfToken)).toBe(false);
    expect(csrfMatches(one, '')).toBe(false);
    expect(csrfMatches(one, undefined)).toBe(false);
  });
});

test('idle and absolute ends are options', async () => {
  const { database, audit, clock } = access;
  await access.person('lan');
  const limits = new SignInLimits();
  const sessions = new Sessions({ database, audit, clock, log: silentLogger, idleMs: 1000, absoluteMs: 2500, limits });
  const { token, session } = await sessions.signIn({ username: 'lan', password: 'password of lan' }, from);
  expect(session.expiresAtMs - session.createdAtMs).toBe(2500);
  clock.advance(999);
  expect(await sessions.resolve(token)).toBeDefined();
  clock.advance(1000);
  expect(await sessions.resolve(token)).toBeUndefined();
});
