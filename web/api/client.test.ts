import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { ApiError, parseRetryAfter, queryString, request, setCsrfToken, setSignedOutListener } from './client.ts';

const answerWith = (body: unknown, init: ResponseInit = {}) => {
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response(JSON.stringify(body), init));
  vi.stubGlobal('fetch', fetch);
  return fetch;
};
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('should be refused'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(ApiError);
      return error as ApiError;
    },
  );
const schema = z.object({ id: z.string() });

afterEach(() => {
  vi.unstubAllGlobals();
  setCsrfToken(null);
  setSignedOutListener(() => {});
});

describe('request', () => {
  it('hands on what the contract describes and drops what it does not', async () => {
    answerWith({ id: 'a', more: 1 });
    expect(await request('GET', '/api/x', { schema })).toEqual({ id: 'a' });
  });

  it('refuses an answer that breaks the contract', async () => {
    answerWith({ id: 1 });
    expect(await refused(request('GET', '/api/x', { schema }))).toMatchObject({ status: 200, code: 'bad_answer' });
  });

  it("takes the server's code, message and fields", async () => {
    answerWith({ error: { code: 'stale', message: 'Đã thay đổi', fields: { version: 'cũ' } } }, { status: 409 });
    const error = await refused(request('POST', '/api/x', { body: {}, schema }));
    expect(error).toMatchObject({ status: 409, code: 'stale', message: 'Đã thay đổi', fields: { version: 'cũ' } });
    expect(error.retryable).toBe(false);
    expect(error.details).toEqual({});
  });

  it('carries what a refusal tells besides', async () => {
    const details = { version: 3, state: 'verifying', entries: [] };
    answerWith({ error: { code: 'version_conflict', message: 'x', details } }, { status: 409 });
    expect((await refused(request('POST', '/api/x', { body: {}, schema }))).details).toEqual(details);
  });

  it('makes a code of the status where the answer is not ours, such as that of a proxy', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }));
    const error = await refused(request('GET', '/api/x', { schema }));
    expect(error).toMatchObject({ status: 502, code: 'http_502' });
    expect(error.retryable).toBe(true);
  });

  it('tells a server that does not answer from one that refuses', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('failed');
    });
    expect(await refused(request('GET', '/api/x', { schema }))).toMatchObject({ status: 0, code: 'network' });
  });

  it('lets a cancelled request be cancelled', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new DOMException('gone', 'AbortError');
    });
    await expect(request('GET', '/api/x', { schema })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('sends the token back with changes only', async () => {
    setCsrfToken('secret');
    const fetch = answerWith({ id: 'a' });
    await request('GET', '/api/x', { schema });
    await request('PATCH', '/api/x', { body: { a: 1 }, schema });
    const headers = fetch.mock.calls.map(([, init]) => init.headers as Record<string, string>);
    expect(headers[0]?.['x-csrf-token']).toBeUndefined();
    expect(headers[1]?.['x-csrf-token']).toBe('secret');
    expect(fetch.mock.calls[1]?.[1].body).toBe('{"a":1}');
  });

  it('tells of a lost session, but not of a refused sign-in', async () => {
    const lost = vi.fn();
    setSignedOutListener(lost);
    answerWith({ error: { code: 'unauthenticated', message: '' } }, { status: 401 });
    await refused(request('POST', '/api/session', { body: {}, schema }));
    expect(lost).not.toHaveBeenCalled();
    await refused(request('GET', '/api/cameras', { schema }));
    expect(lost).toHaveBeenCalledOnce();
  });

  it('says how long the server asks to wait', async () => {
    answerWith({ error: { code: 'too_many', message: '' } }, { status: 429, headers: { 'retry-after': '30' } });
    expect((await refused(request('POST', '/api/session', { body: {}, schema }))).retryAfterMs).toBe(30_000);
  });
});

describe('queryString', () => {
  it('joins lists with commas and leaves out what is not set', () => {
    expect(queryString({ unit: ['a', 'b'], q: '', open: true, from: 0, none: null, gone: undefined, empty: [] })).toBe(
      '?unit=a%2Cb&open=true&from=0',
    );
  });
  it('is empty when nothing is set', () => {
    expect(queryString({ a: undefined })).toBe('');
  });
});

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-11-24T02:00:00Z');
  it.each([
    ['12', 12_000],
    ['Tue, 24 Nov 2026 02:00:05 GMT', 5000],
    ['Tue, 24 Nov 2026 01:00:00 GMT', 0],
    ['soon', null],
    [null, null],
  ])('reads %j', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });
});
