import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Discoveries } from '../../server/cameras/discoveries.ts';
import { createNetworkPolicy } from '../../server/cameras/networks.ts';
import { defaultOnvifLimits } from '../../server/cameras/onvif/device-client.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { startTestDevice } from '../support/onvif-device.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function devices(count: number): Promise<string[]> {
  const started = await Promise.all(
    Array.from({ length: count }, (_, n) => startTestDevice({ auth: n % 2 ? 'digest' : 'token', media2: n % 3 === 0 })),
  );
  closing.push(...started.map((device) => () => device.close()));
  return started.map((device) => device.host);
}

/** Something that takes connections and then does as `behave` says. */
async function liar(behave: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    behave(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

const lies: ((socket: Socket) => void)[] = [
  () => {},
  (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
  (socket) => void socket.once('data', () => socket.destroy()),
  (socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n<s:Envelope')),
  (socket) => void socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`)),
  (socket) =>
    void socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\n')),
  (socket) => void socket.once('data', () => socket.write('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100))),
  (socket) => void socket.once('data', () => socket.end('HTTP/1.1 302 Found\r\nlocation: /\r\n\r\n')),
  (socket) => void socket.once('data', () => socket.end('HTTP/1.1 302 Found\r\nlocation: ////:::\r\n\r\n')),
  (socket) => void socket.once('data', () => socket.end('HTTP/1.1 401 No\r\nwww-authenticate: Digest\r\n\r\n')),
];

test('a search over many devices ends, whatever some of them do, and the others are read', async () => {
  const addresses = [...(await Promise.all(lies.map(liar))), ...(await devices(60))];
  const discoveries = new Discoveries({
    clock: systemClock,
    log: silentLogger,
    policy: createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] }),
    registeredAt: () => null,
    loopback: true,
    limits: { ...defaultOnvifLimits, callMs: 4_000 },
    probeDeadlineMs: 40_000,
  });
  const ended = Promise.withResolvers<void>();
  discoveries.on('changed', ({ id }) => {
    if (discoveries.get(id).state !== 'running') ended.resolve();
  });
  const { id } = discoveries.start({ method: 'address', addresses, username: 'admin', password: 'secret' });
  await ended.promise;
  const { state, items } = discoveries.get(id);
  expect(state).toBe('done');
  expect(items.slice(0, lies.length).map((item) => item.state)).toEqual([
    'unreachable',
    'not_onvif',
    'unreachable',
    'not_onvif',
    'not_onvif',
    'unreachable',
    'unreachable',
    'not_onvif',
    'not_onvif',
    'bad_credentials',
  ]);
  expect(items.slice(lies.length).every((item) => item.state === 'ready')).toBe(true);
});

test('a search that is cancelled lets go of every device', async () => {
  const discoveries = new Discoveries({
    clock: systemClock,
    log: silentLogger,
    policy: createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] }),
    registeredAt: () => null,
    loopback: true,
  });
  const request = { method: 'address' as const, addresses: [await liar(() => {})], username: '', password: '' };
  const { id } = discoveries.start(request);
  expect((await discoveries.cancel(id)).state).toBe('cancelled');
  for (let n = 0; n < 4; n += 1) discoveries.start(request);
  expect(() => discoveries.start(request)).toThrow('discoveries_busy');
  await discoveries.stop();
});
