import { mkdtempSync, rmSync } from 'node:fs';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connect2,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { request as request1 } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Sessions } from '../access/sessions.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { createApps } from './app.ts';
import { guard } from './guard.ts';
import { Listener } from './listener.ts';
import type { MediaHandler } from './media-handler.ts';
import { defineRoute, json } from './route.ts';
import { ownCertificate } from './tls.ts';

const echo = defineRoute({
  method: 'post',
  path: '/api/echo',
  summary: 'Says it again',
  guard: guard.public,
  body: z.object({ word: z.string() }),
  handle: ({ body }) => json(body),
});
const poke = defineRoute({
  method: 'post',
  path: '/api/poke',
  summary: 'Wants no body',
  guard: guard.public,
  handle: () => json({ poked: true }),
});

const folder = mkdtempSync(join(tmpdir(), 'lienthong-listener-'));
let cert: Buffer;
let listener: Listener;
let port: number;
let session: ClientHttp2Session;

const start = async () => {
  const tls = await ownCertificate(folder, [], Date.now());
  cert = tls.cert;
  const apps = createApps({
    routes: [echo, poke],
    sessions: {} as Sessions,
    clock: systemClock,
    log: silentLogger,
    openApi: express.Router(),
    others: [],
    body: { maxBytes: 1000, withinMs: 300 },
  });
  const made = new Listener({ tls, apps, media: {} as MediaHandler, log: silentLogger });
  return { made, port: await made.listen('127.0.0.1', 0) };
};

beforeAll(async () => {
  const started = await start();
  listener = started.made;
  port = started.port;
  session = connect2(`https://localhost:${port}`, { ca: cert });
});

afterAll(async () => {
  session.destroy();
  await listener.close();
  rmSync(folder, { recursive: true });
});

interface Told {
  status: number;
  code: string | undefined;
  json: unknown;
}

function told(stream: ClientHttp2Stream): Promise<Told> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let text = '';
    stream.on('response', (headers) => {
      status = Number(headers[':status']);
    });
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    stream.on('end', () => {
      const answer = JSON.parse(text);
      resolve({ status, code: answer.error?.code, json: answer });
    });
    stream.on('error', reject);
  });
}

const open = (path: string, headers: OutgoingHttpHeaders = {}) =>
  session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/json', ...headers });

function post1(
  path: string,
  headers: Record<string, string>,
  body: string,
  ends = true,
): Promise<Told & { closed: boolean }> {
  return new Promise((resolve, reject) => {
    const req = request1({ host: 'localhost', port, path, method: 'POST', headers, ca: cert, agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      res.on('end', () => {
        const answer = JSON.parse(text);
        resolve({
          status: res.statusCode ?? 0,
          code: answer.error?.code,
          json: answer,
          closed: res.headers.connection === 'close',
        });
      });
    });
    req.on('error', reject);
    req.write(body);
    if (ends) req.end();
  });
}

test('a body over HTTP/2 needs no length, and one that is empty counts as none', async () => {
  const stream = open('/api/echo');
  stream.end('{"word":"có"}');
  expect(await told(stream)).toMatchObject({ status: 200, json: { word: 'có' } });
  const empty = session.request({ ':method': 'POST', ':path': '/api/poke' });
  empty.end();
  expect(await told(empty)).toMatchObject({ status: 200, json: { poked: true } });
});

test('a body that is not called JSON is refused, as forms of other sites send it', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json-seq']) {
    for (const body of ['{"word":"x"}', 'word=x']) {
      expect(await post1('/api/echo', { 'content-type': type }, body), `${type} ${body}`).toMatchObject({
        status: 415,
        code: 'body_type_unsupported',
      });
    }
  }
  const charset = await post1('/api/echo', { 'content-type': 'application/json; charset=utf-8' }, '{"word":"x"}');
  expect(charset.status).toBe(200);
});

test('a body that never ends is not waited for, over HTTP/1.1 and HTTP/2, and its stream is let go', async () => {
  const slow = open('/api/echo', { 'content-length': '900' });
  slow.write('{');
  const closed = new Promise((resolve) => slow.once('close', resolve));
  expect(await told(slow)).toMatchObject({ status: 408, code: 'body_too_slow' });
  await closed;
  expect(
    await post1('/api/echo', { 'content-type': 'application/json', 'content-length': '900' }, '{', false),
  ).toMatchObject({ status: 408, code: 'body_too_slow', closed: true });
});

test('a body over the bound is refused over HTTP/2 too, told or not', async () => {
  for (const headers of [{}, { 'content-length': '2000' }]) {
    const stream = open('/api/echo', headers);
    stream.end('x'.repeat(2000));
    expect(await told(stream)).toMatchObject({ status: 413, code: 'body_too_large' });
  }
});

test('what is no route is answered as JSON, whatever the method', async () => {
  expect(await told(open('/nothing').end())).toMatchObject({ status: 404, code: 'not_found' });
});

test('closing waits neither for connections that never began TLS nor for open streams', async () => {
  const { made, port: other } = await start();
  const silent = await new Promise<Socket>((resolve) => {
    const socket: Socket = connect(other, '127.0.0.1', () => resolve(socket));
  });
  const client = connect2(`https://localhost:${other}`, { ca: cert });
  client.on('error', () => {});
  const stream = client.request({ ':method': 'POST', ':path': '/api/echo' });
  stream.on('error', () => {});
  stream.write('{');
  await new Promise((resolve) => client.once('remoteSettings', resolve));
  const gone = new Promise((resolve) => silent.once('close', resolve));
  await made.close();
  await gone;
  client.destroy();
});
