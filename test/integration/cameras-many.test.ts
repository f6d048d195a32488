import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Discoveries } from '../../server/cameras/discoveries.ts';
import { createNetworkPolicy } from '../../server/cameras/networks.ts';
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

test('a search over 200 devices ends within 30 s, whatever 20 of them do, and the others are read', async () => {
  // Each lie twice, among the others as they would be on a network.
  const liars = await Promise.all([...lies, ...lies].map(liar));
  const honest = await devices(180);
  const addresses = honest.flatMap((address, n) => (n % 9 === 0 ? [liars[n / 9] ?? '', address] : [address]));
  const discoveries = new Discoveries({
    clock: systemClock,
    log: silentLogger,
    policy: createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] }),
    registeredAt: () => null,
    loopback: true,
  });
  const startedMs = performance.now();
  const ended = Promise.withResolvers<void>();
  discoveries.on('changed', ({ id }) => {
    if (discoveries.get(id).state !== 'running') ended.resolve();
  });
  const { id } = discoveries.start({ method: 'address', addresses, username: 'admin', password: 'secret' });
  await ended.promise;
  const { state, items } = discoveries.get(id);
  expect(state).toBe('done');
  expect(performance.now() - startedMs).toBeLessThan(30_000);
  expect(items).toHaveLength(200);
  const stateOf = new Map(items.map((item) => [item.host, item.state]));
  expect(liars.slice(0, lies.length).map((address) => stateOf.get(address))).toEqual([
    'unreachable',
    'not_onvif',
    'not_onvif',
    'not_onvif',
    'not_onvif',
    'unreachable',
    'unreachable',
    'not_onvif',
    'not_onvif',
    'bad_credentials',
  ]);
  expect(honest.filter((address) => stateOf.get(address) !== 'ready')).toEqual([]);
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
