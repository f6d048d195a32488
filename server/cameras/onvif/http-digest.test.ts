import { describe, expect, test } from 'vitest';
import { chooseDigest, digestAuthorization, isStale, parseChallenges } from './http-digest.ts';

const rfc7616 = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;

function answer(header: string, fields: object = {}): string {
  const challenge = chooseDigest(parseChallenges([header]));
  if (!challenge) throw new Error('no digest challenge');
  return digestAuthorization({
    challenge,
    username: 'Mufasa',
    password: 'Circle of Life',
    method: 'GET',
    uri: '/dir/index.html',
    body: '',
    count: 1,
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    ...fields,
  });
}

describe('an answer', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('is the one of RFC 7616, section 3.9.1, for %s', (algorithm, response) => {
    expect(answer(rfc7616(algorithm))).toBe(
      `Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", response="${response}", algorithm=${algorithm}, opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", qop=auth, nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"`,
    );
  });

  test('counts the uses of a nonce in hexadecimal digits', () => {
    expect(answer(rfc7616('MD5'), { count: 26 })).toContain('nc=0000001a');
  });

  test('cannot be broken out of by quotes in names', () => {
    const header = answer('Digest nonce="n", realm="a \\"b\\" c"', { username: 'x", uri="/y' });
    expect(header).toContain('username="x\\", uri=\\"/y", realm="a \\"b\\" c"');
  });

  test('to a challenge without algorithm or qop names neither', () => {
    expect(answer('Digest realm="r",nonce="n"')).not.toMatch(/algorithm|qop|nc=|cnonce/);
  });
});

describe('challenges', () => {
  test('are found in any order, in one line or in several', () => {
    const challenges = parseChallenges([
      'Basic realm="a, Digest x=\\"y\\"", Digest qop=auth, nonce="n1", STALE=TRUE',
      'NTLM',
      'Digest nonce = n2',
    ]);
    expect(challenges.map(({ scheme, parameters }) => [scheme, parameters.get('nonce')])).toEqual([
      ['basic', undefined],
      ['digest', 'n1'],
      ['ntlm', undefined],
      ['digest', 'n2'],
    ]);
    expect(challenges[1] && isStale(challenges[1])).toBe(true);
  });

  test('are answered by the strongest algorithm that is known, never by Basic', () => {
    const choose = (...headers: string[]) => chooseDigest(parseChallenges(headers))?.parameters.get('nonce');
    expect(choose('Digest nonce=a', 'Digest nonce=b, algorithm=SHA-256', 'Digest nonce=c, algorithm=SHA-512-256')).toBe(
      'b',
    );
    expect(choose('Digest nonce=a, algorithm=MD5-sess', 'Basic realm=x')).toBe('a');
    expect(choose('Basic realm=x', 'Digest nonce=c, algorithm=unheard', 'Digest realm=none')).toBeUndefined();
  });

  test('of any size and shape end in time', () => {
    for (const header of ['a'.repeat(100_000), ' '.repeat(100_000), 'a="'.repeat(50_000), ', '.repeat(50_000)])
      parseChallenges([header, header]);
  });
});
