import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NotificationsBench, openNotificationsBench } from '../../../test/support/notifications.ts';
import { createNetworkPolicy, resolveHost } from '../../cameras/networks.ts';
import type { WebhookPayload } from '../../contracts/notices.ts';
import { ownCertificate } from '../../http/tls.ts';
import type { NoticePerson } from './sources.ts';
import { callWebhook } from './webhook-sender.ts';

const minuteMs = 60_000;
const loopback = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });
const outside = createNetworkPolicy({ allowLoopback: false, allowLinkLocal: false, allowedNetworks: [] });

interface Receiver {
  url: string;
  calls: { headers: IncomingHttpHeaders; body: string; path: string }[];
  status: number;
  headers: Record<string, string>;
  server: Server;
}

let bench: NotificationsBench;
let receiver: Receiver;
let admin: NoticePerson;
let flagger: NoticePerson;

async function receive(tls?: { key: Buffer; cert: Buffer }): Promise<Receiver> {
  const handle: Parameters<typeof createHttpServer>[1] = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      made.calls.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url ?? '' });
      if (made.status === 0) return;
      response.writeHead(made.status, made.headers).end('x'.repeat(100));
    });
  };
  const server = tls === undefined ? createHttpServer({}, handle) : createHttpsServer(tls, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const made: Receiver = {
    url: `${tls === undefined ? 'http' : 'https'}://localhost:${port}/hook?x=1`,
    calls: [],
    status: 204,
    headers: {},
    server,
  };
  return made;
}

async function end({ server }: Receiver): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

beforeEach(async () => {
  receiver = await receive();
  bench = await openNotificationsBench({
    webhooks: { resolve: (host) => resolveHost(host, loopback), allowHttp: true },
  });
  admin = await bench.person('admin');
  flagger = await bench.person('inspector', 'lan');
});
afterEach(async () => {
  await bench.close();
  await end(receiver);
});

const flag = (id: string) => {
  bench.case(id, flagger);
  bench.notifications.handle({ what: 'flagged', incidentId: id });
};
const deliveries = async () => (await bench.notifications.deliveries.list({ limit: 50, channel: 'webhook' })).items;

describe('a webhook', () => {
  it('is told what it asked for, signed as Standard Webhooks, in identifiers and codes', async () => {
    const { secret } = await bench.notifications.webhooks.create(
      admin,
      { name: 'Một cửa', url: receiver.url, kinds: ['case_flagged'] },
      '',
    );
    flag('c1');
    bench.notifications.handle({ what: 'step', incidentId: 'c1', step: 'conclude', actorId: admin.userId });
    await bench.work();
    expect(receiver.calls).toHaveLength(1);
    const [call] = receiver.calls;
    expect(call?.path).toBe('/hook?x=1');
    const headers = call?.headers as Record<string, string>;
    // The verifier goes by the wall clock.
    const late = Math.abs(Number(headers['webhook-timestamp']) * 1000 - bench.clock.nowMs());
    expect(late).toBeLessThan(1000);
    expect(JSON.parse(call?.body ?? '')).toEqual({
      type: 'case_flagged',
      timestamp: new Date(bench.clock.nowMs()).toISOString(),
      data: {
        case: {
          id: 'c1',
          number: 'VV-2026-0001',
          state: 'flagged',
          category: 'VT01',
          severity: 2,
          unitId: 'hong-ha',
          cameraId: 'cam-1',
          link: 'https://giamsat.example.vn/incidents/c1',
        },
      },
    } satisfies WebhookPayload);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(JSON.stringify(await bench.notifications.webhooks.list())).not.toContain(secret);
  });

  it('is told of cameras and alarms by their codes', async () => {
    const kinds = ['camera_down', 'archive_alarm'] as const;
    await bench.notifications.webhooks.create(admin, { name: 'a', url: receiver.url, kinds: [...kinds] }, '');
    bench.cameras.set('cam-1', { unitId: 'hong-ha', state: 'well', trouble: 'offline' });
    bench.notifications.picture('cam-1', 'covered');
    bench.notifications.alarm('disk_full', true);
    await bench.work();
    const told = receiver.calls.map(({ body }) => JSON.parse(body) as WebhookPayload);
    expect(told.map(({ type, data }) => [type, data])).toEqual(
      expect.arrayContaining([
        ['camera_down', { camera: { id: 'cam-1', unitId: 'hong-ha', trouble: 'covered' } }],
        ['archive_alarm', { alarm: { code: 'disk_full' } }],
      ]),
    );
  });

  it('proves itself to an independent verifier, and nothing else does', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const body = '{"type":"test"}';
    const clock = { nowMs: () => Date.now(), monotonicMs: () => 0 };
    const sender = { clock, resolve: (host: string) => resolveHost(host, loopback), allowHttp: true };
    await callWebhook({ url: receiver.url, secret, id: 'msg_1', body }, sender, new AbortController().signal);
    const headers = receiver.calls[0]?.headers as Record<string, string>;
    expect(new Webhook(secret).verify(body, headers)).toEqual({ type: 'test' });
    expect(() => new Webhook(secret).verify('{"type":"tesT"}', headers)).toThrow();
    expect(() => new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`).verify(body, headers)).toThrow();
  });

  it('is called again under the same id until it answers with 2xx, and given up at 410', async () => {
    await bench.notifications.webhooks.create(admin, { name: 'a', url: receiver.url, kinds: ['case_flagged'] }, '');
    receiver.status = 503;
    flag('c1');
    await bench.work();
    bench.clock.advance(minuteMs);
    receiver.status = 200;
    await bench.work();
    const ids = receiver.calls.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
    expect(await deliveries()).toMatchObject([{ state: 'sent', attempts: 2 }]);
    receiver.status = 410;
    flag('c2');
    await bench.work();
    expect((await deliveries())[0]).toMatchObject({
      state: 'dead',
      failure: { code: 'webhook_refused', detail: 'HTTP 410' },
    });
    const told = (await bench.notifications.notices.list(admin, { limit: 10 })).items;
    expect(told.map(({ kind }) => kind)).toEqual(['delivery_failed']);
  });

  it('is not followed elsewhere, and not waited for without end', async () => {
    const other = await receive();
    receiver.status = 307;
    receiver.headers = { location: other.url };
    const { webhook } = await bench.notifications.webhooks.create(
      admin,
      { name: 'a', url: receiver.url, kinds: ['case_flagged'] },
      '',
    );
    expect(await bench.notifications.webhooks.test(webhook.id)).toMatchObject({
      failure: { code: 'webhook_redirected' },
    });
    expect(other.calls).toEqual([]);
    await end(other);
    receiver.status = 0;
    const sender = {
      clock: bench.clock,
      resolve: (host: string) => resolveHost(host, loopback),
      allowHttp: true,
      timeoutMs: 50,
    };
    const call = { url: receiver.url, secret: 'whsec_AAAA', id: 'msg_1', body: '{}' };
    expect(await callWebhook(call, sender, new AbortController().signal)).toMatchObject({ code: 'webhook_timeout' });
  });

  it('leads to no address of this machine or its wire unless that is configured, by whatever name', async () => {
    const sender = { clock: bench.clock, resolve: (host: string) => resolveHost(host, outside), allowHttp: true };
    const { port } = receiver.server.address() as AddressInfo;
    const hosts = [
      'localhost',
      '127.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
      '169.254.169.254',
      '2130706433',
      '0x7f.1',
    ];
    for (const host of hosts) {
      const call = { url: `http://${host}:${port}/`, secret: 'whsec_AAAA', id: 'msg_1', body: '{}' };
      expect(await callWebhook(call, sender, new AbortController().signal)).toMatchObject({
        kind: 'failed',
        permanent: true,
        code: 'webhook_address_not_allowed',
      });
    }
    expect(receiver.calls).toEqual([]);
  });

  it('is called at the number that was checked, whatever its name says the next moment', async () => {
    const { port } = receiver.server.address() as AddressInfo;
    const sender = { clock: bench.clock, resolve: async () => '127.0.0.1', allowHttp: true };
    const call = { url: `http://hooks.invalid:${port}/`, secret: 'whsec_AAAA', id: 'msg_1', body: '{}' };
    expect(await callWebhook(call, sender, new AbortController().signal)).toEqual({ kind: 'sent' });
    expect(receiver.calls[0]?.headers.host).toBe(`hooks.invalid:${port}`);
  });

  it('is https, with a certificate that is checked', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lienthong-webhook-'));
    const tls = await ownCertificate(folder, [], Date.now());
    const secure = await receive(tls);
    const sender = { clock: bench.clock, resolve: (host: string) => resolveHost(host, loopback), allowHttp: false };
    const call = { secret: 'whsec_AAAA', id: 'msg_1', body: '{}' };
    const { signal } = new AbortController();
    const strange = await callWebhook({ ...call, url: secure.url }, sender, signal);
    expect(strange).toMatchObject({ kind: 'failed', code: 'webhook_tls_failed' });
    const known = await callWebhook({ ...call, url: secure.url }, { ...sender, ca: String(tls.cert) }, signal);
    expect(known).toEqual({ kind: 'sent' });
    const plain = await callWebhook({ ...call, url: receiver.url }, sender, signal);
    expect(plain).toMatchObject({ code: 'webhook_not_https', permanent: true });
    await end(secure);
    rmSync(folder, { recursive: true });
  });

  it('is changed, gets another secret and goes with what waits for it, all told to the audit log', async () => {
    const { webhooks } = bench.notifications;
    const made = await webhooks.create(admin, { name: 'a', url: receiver.url, kinds: ['case_flagged'] }, '');
    const { id } = made.webhook;
    expect((await webhooks.renewSecret(admin, id, '')).secret).not.toBe(made.secret);
    expect(await webhooks.patch(admin, id, { enabled: false }, '')).toMatchObject({ enabled: false });
    flag('c1');
    await bench.work();
    expect(await deliveries()).toEqual([]);
    await webhooks.patch(admin, id, { enabled: true }, '');
    receiver.status = 500;
    flag('c2');
    await bench.work();
    await webhooks.remove(admin, id, '');
    expect(await deliveries()).toMatchObject([{ state: 'dropped' }]);
    await expect(webhooks.test(id)).rejects.toMatchObject({ code: 'webhook_unknown' });
    const url = new URL(receiver.url);
    url.username = 'u';
    const withUser = webhooks.create(admin, { name: 'a', url: url.href, kinds: ['case_flagged'] }, '');
    await expect(withUser).rejects.toMatchObject({ code: 'webhook_url_with_password' });
    expect(bench.audited.map(({ action }) => action)).toEqual([
      'webhook.created',
      'webhook.secret_renewed',
      'webhook.changed',
      'webhook.changed',
      'webhook.removed',
    ]);
    expect(JSON.stringify(bench.audited)).not.toContain('whsec_');
  });
});
