import { once } from 'node:events';
import { createServer as createHttp1, request as request1 } from 'node:http';
import { connect, createServer as createHttp2 } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import express from 'express';
import { afterEach, expect, test, vi } from 'vitest';
import type { Sessions } from '../access/sessions.ts';
import { systemClock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { silentLogger } from '../platform/log.ts';
import { createApps } from './app.ts';
import { guard } from './guard.ts';
import { defineRoute, json, type Route } from './route.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
const log = { ...silentLogger, error: vi.fn() } as unknown as typeof silentLogger;

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: Buffer;
}
type Send = (method: string, body: Readable | null, headers?: Record<string, string>) => Promise<Answer>;

/** The routes over one of the two versions of HTTP, and a way to send to `/api/files`. */
async function serve(version: 1 | 2, routes: Route[]): Promise<Send> {
  const apps = createApps({
    routes,
    sessions: {} as Sessions,
    clock: systemClock,
    log,
    openApi: express.Router(),
    others: [],
  });
  const server = version === 1 ? createHttp1(apps.http1) : createHttp2(apps.http2 as never);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close());
  const port = (server.address() as AddressInfo).port;
  if (version === 1) {
    return async (method, body, headers = {}) => {
      const request = request1({ host: '127.0.0.1', port, path: '/api/files', method, headers, agent: false });
      ends.push(() => request.destroy());
      if (body === null) request.end();
      else body.on('error', () => request.destroy()).pipe(request);
      const [response] = await once(request, 'response');
      return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
    };
  }
  const session = connect(`http://127.0.0.1:${port}`);
  ends.push(() => session.destroy());
  return async (method, body, headers = {}) => {
    const stream = session.request(
      { ':method': method, ':path': '/api/files', ...headers },
      { endStream: body === null },
    );
    if (body !== null) body.on('error', () => stream.destroy()).pipe(stream);
    const [answer] = await once(stream, 'response');
    return { status: Number(answer[':status']), headers: answer, body: await buffer(stream) };
  };
}

const taking = (take: (bytes: AsyncIterable<Uint8Array>) => Promise<unknown>, withinMs = 10_000) =>
  defineRoute({
    method: 'post',
    path: '/api/files',
    summary: 'Take a file',
    guard: guard.public,
    rawBody: { withinMs },
    handle: async ({ raw }) => json({ got: raw === undefined ? null : await take(raw.bytes) }),
  });

test.each([1, 2] as const)(
  'HTTP/%i: a body that is no JSON reaches the handler piece by piece, byte for byte',
  async (version) => {
    const send = await serve(version, [taking((bytes) => text(bytes))]);
    const parts = ['{"a":', '\u0000', 'x'.repeat(100_000)];
    const { status, body } = await send('POST', Readable.from(parts), { 'content-type': 'application/pdf' });
    expect([status, JSON.parse(body.toString())]).toEqual([200, { got: parts.join('') }]);
  },
);

test.each([1, 2] as const)('HTTP/%i: a refusal reaches a caller who is still sending', async (version) => {
  const refuse = async (bytes: AsyncIterable<Uint8Array>) => {
    for await (const _ of bytes) throw new AppError('too_large', 'attachment_too_large', { params: { megabytes: 20 } });
  };
  const send = await serve(version, [taking(refuse)]);
  const endless = new Readable({ read: () => {} });
  const timer = setInterval(() => endless.push(Buffer.alloc(1000)), 1);
  ends.push(() => clearInterval(timer));
  const { status, body } = await send('POST', endless, { 'content-type': 'application/pdf' });
  expect([status, JSON.parse(body.toString()).error.code]).toEqual([413, 'attachment_too_large']);
});

test.each([1, 2] as const)(
  'HTTP/%i: a body that breaks off fails its reader and is nobody’s defect',
  async (version) => {
    const failed = Promise.withResolvers<unknown>();
    const take = async (bytes: AsyncIterable<Uint8Array>) => {
      try {
        // Broken off once its beginning has come.
        for await (const _ of bytes) torn.destroy(new Error('gone'));
      } catch (error) {
        failed.resolve(error);
        throw error;
      }
    };
    const send = await serve(version, [taking(take)]);
    const torn = new Readable({ read: () => {} });
    torn.push('half');
    send('POST', torn, { 'content-type': 'application/pdf' }).catch(() => {});
    expect(await failed.promise).toMatchObject({ code: 'body_unreadable' });
    expect(log.error).not.toHaveBeenCalled();
  },
);

test.each([1, 2] as const)(
  'HTTP/%i: a body that takes too long is not waited for, and its sender is told',
  async (version) => {
    const send = await serve(version, [taking((bytes) => buffer(bytes), 20)]);
    const slow = new Readable({ read: () => {} });
    slow.push('half');
    const { status, body } = await send('POST', slow, { 'content-type': 'application/pdf' });
    expect([status, JSON.parse(body.toString()).error.code]).toEqual([408, 'body_too_slow']);
  },
);

test.each([1, 2] as const)(
  'HTTP/%i: a download is saved under its name, and neither guessed at nor run',
  async (version) => {
    const content = Buffer.from('<script>alert(1)</script>');
    const route = defineRoute({
      method: 'get',
      path: '/api/files',
      summary: 'Give a file',
      guard: guard.public,
      produces: 'application/octet-stream',
      handle: () => ({
        status: 200,
        download: {
          name: 'giải trình.pdf',
          type: 'application/pdf',
          sizeBytes: content.length,
          bytes: Readable.from([content]),
        },
      }),
    });
    const { status, headers, body } = await (await serve(version, [route]))('GET', null);
    expect([status, body]).toEqual([200, content]);
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(content.length),
      'content-disposition': `attachment; filename="gi?i tr?nh.pdf"; filename*=UTF-8''gi%E1%BA%A3i%20tr%C3%ACnh.pdf`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
    });
  },
);
