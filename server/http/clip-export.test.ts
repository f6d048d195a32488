import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { silentLogger } from '../platform/log.ts';
import { Http1Exchange } from './exchange.ts';
import { MediaHandler } from './media-handler.ts';
import type { Services } from './services.ts';

test('a clip whose export cannot be written down is not sent and does not lie about', async () => {
  let discarded = 0;
  let sent = '';
  const services = {
    log: silentLogger,
    sessions: { resolve: async () => ({ actor: { role: 'inspector', unitId: null } }), on: () => () => {} },
    directory: { get: () => ({ id: 'cam1', name: 'Camera', unitId: 'hong-ha' }) },
    recorder: {
      clip: async () => ({
        fromMs: 1000,
        toMs: 2000,
        missing: [],
        bytes: (async function* () {
          yield Buffer.from('footage');
        })(),
        discard: async () => {
          discarded += 1;
        },
      }),
    },
    auditLog: {
      append: async () => {
        throw new Error('the disk is full');
      },
    },
  } as unknown as Services;
  const req = {
    method: 'GET',
    url: '/media/cam1/main/clip.mp4?from=1000&to=2000&reason=kiem+tra',
    headers: { cookie: '__Host-lienthong=token' },
    socket: { remoteAddress: '127.0.0.1' },
  };
  const statuses: number[] = [];
  const res = Object.assign(new PassThrough(), { writeHead: (status: number) => statuses.push(status) });
  res.setEncoding('utf8').on('data', (text: string) => {
    sent += text;
  });
  await new MediaHandler(services).handle(new Http1Exchange(req as never, res as never));
  await new Promise((resolve) => res.once('end', resolve));
  expect([statuses, discarded]).toEqual([[500], 1]);
  expect(sent).toContain('"code":"internal"');
  expect(sent).not.toContain('footage');
});

test('a download ends when its session does', async () => {
  let end: (payload: { sessionId: string }) => void = () => {};
  let read = true;
  const services = {
    log: silentLogger,
    sessions: {
      resolve: async () => ({ actor: { role: 'inspector', unitId: null, sessionId: 'one' } }),
      on: (_name: string, listener: typeof end) => {
        end = listener;
      },
    },
    directory: { get: () => ({ id: 'cam1', name: 'Camera', unitId: 'hong-ha' }) },
    recorder: {
      clip: async () => ({
        fromMs: 1000,
        toMs: 2000,
        missing: [],
        bytes: (async function* () {
          try {
            for (;;) yield Buffer.alloc(65_536);
          } finally {
            read = false;
          }
        })(),
      }),
    },
    auditLog: { append: async () => {} },
    viewLog: { seen: () => {} },
  } as unknown as Services;
  const req = {
    method: 'GET',
    url: '/media/cam1/main/clip.mp4?from=1000&to=2000&reason=kiem+tra',
    headers: { cookie: '__Host-lienthong=token' },
    socket: { remoteAddress: '127.0.0.1' },
  };
  const res = Object.assign(new PassThrough(), {
    headersSent: false,
    writeHead: () => {
      res.headersSent = true;
    },
  });
  const handled = new MediaHandler(services).handle(new Http1Exchange(req as never, res as never));
  await new Promise((resolve) => res.once('data', resolve));
  end({ sessionId: 'another' });
  expect(res.destroyed).toBe(false);
  end({ sessionId: 'one' });
  await handled;
  expect([res.destroyed, read]).toEqual([true, false]);
});
