import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Sessions } from '../access/sessions.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { createApps } from './app.ts';
import { guard } from './guard.ts';
import { openApiDocument } from './openapi.ts';
import { defineRoute, json, type Route } from './route.ts';

const sessions = {} as Sessions;
const start = (routes: Route[]) =>
  createApps({ routes, sessions, clock: systemClock, log: silentLogger, openApi: express.Router(), others: [] });

const route = defineRoute({
  method: 'post',
  path: '/api/things/:id',
  summary: 'Change a thing',
  guard: guard.ability('manage_system'),
  params: z.object({ id: z.string() }),
  body: z.object({ size: z.number().int() }),
  answer: z.object({ ok: z.boolean() }),
  errors: ['camera_unknown'],
  handle: () => json({ ok: true }),
});

test('a route without a guard does not start', () => {
  expect(() => start([route])).not.toThrow();
  const unguarded = { ...route, guard: undefined } as unknown as Route;
  expect(() => start([unguarded])).toThrow('route_without_guard');
});

test('the document describes a route by its own schemas, guard and refusals', () => {
  const document = openApiDocument([route]) as { paths: Record<string, { post: Record<string, unknown> }> };
  const operation = document.paths['/api/things/{id}']?.post;
  expect(operation).toMatchObject({
    summary: 'Change a thing',
    description: 'Needs one of: manage_system.',
    parameters: [{ in: 'path', name: 'id', required: true }],
    requestBody: { content: { 'application/json': { schema: { properties: { size: { type: 'integer' } } } } } },
    responses: { default: { description: 'Refused: camera_unknown, signed_out' } },
  });
});

test('what is left undone since the caller went is no failure', async () => {
  const left = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const slow = defineRoute({
    method: 'get',
    path: '/api/slow',
    summary: 'Takes long',
    guard: guard.public,
    handle: async ({ caller }) => {
      begun.resolve();
      await new Promise((resolve) => caller.signal.addEventListener('abort', resolve));
      setImmediate(left.resolve);
      caller.signal.throwIfAborted();
      return json({});
    },
  });
  const log = { ...silentLogger, error: vi.fn() } as unknown as typeof silentLogger;
  const parts = { routes: [slow], sessions, clock: systemClock, log, openApi: express.Router(), others: [] };
  const server = createServer(createApps(parts).http1);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', path: '/api/slow' });
  request.on('error', () => {});
  await begun.promise;
  request.destroy();
  await left.promise;
  server.close();
  expect(log.error).not.toHaveBeenCalled();
});
