import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DigestGuard } from './digest-auth.ts';

const credentials = { username: 'quản "trị"', password: 'mật khẩu' };
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

function answer(challenge: string, method: string, uri: string, password: string): string {
  const [, nonce] = /nonce="([^"]+)"/.exec(challenge) ?? [];
  const ha1 = md5(`${credentials.username}:camera:${password}`);
  const ha2 = md5(`${method}:${uri}`);
  const quoted = credentials.username.replace(/["\\]/g, '\\$&');
  const base = `Digest username="${quoted}", realm="camera", nonce="${nonce}", uri="${uri}"`;
  return challenge.includes('qop')
    ? `${base}, qop=auth, nc=00000001, cnonce="c", response="${md5(`${ha1}:${nonce}:00000001:c:auth:${ha2}`)}"`
    : `${base}, response="${md5(`${ha1}:${nonce}:${ha2}`)}"`;
}

describe.each([true, false])('HTTP Digest, qop %s', (qop) => {
  const guard = new DigestGuard({ realm: 'camera', qop });

  it('lets the right password in', () => {
    expect(guard.verify(answer(guard.challenge(), 'GET', '/a?b', 'mật khẩu'), 'GET', credentials, '/a?b')).toBe('ok');
  });

  it('refuses a wrong password, another method and another address', () => {
    const challenge = guard.challenge();
    expect(guard.verify(answer(challenge, 'GET', '/a', 'sai'), 'GET', credentials)).toBe('refused');
    expect(guard.verify(answer(challenge, 'GET', '/a', 'mật khẩu'), 'POST', credentials)).toBe('refused');
    expect(guard.verify(answer(challenge, 'GET', '/a', 'mật khẩu'), 'GET', credentials, '/b')).toBe('refused');
  });

  it('calls a nonce of another making stale, and nothing missing', () => {
    const foreign = guard.challenge().replace(/nonce="[^"]+"/, 'nonce="0000"');
    expect(guard.verify(answer(foreign, 'GET', '/a', 'mật khẩu'), 'GET', credentials)).toBe('stale');
    expect(guard.verify(undefined, 'GET', credentials)).toBe('missing');
    expect(guard.verify('Basic cXTDoW4=', 'GET', credentials)).toBe('missing');
  });
});
