import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { type DiscoveryProblem, discoverDevices, type FoundDevice } from '../../server/cameras/onvif/discovery.ts';
import { silentLogger } from '../../server/platform/log.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** Answers probes on a port of its own; `answer` gets the identifier of each probe. */
async function responder(answer: (send: (text: string) => void, id: string) => void): Promise<number> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  sockets.push(socket);
  socket.bind(0);
  await once(socket, 'listening');
  socket.addMembership('239.255.255.250', '127.0.0.1');
  socket.on('message', (message, from: RemoteInfo) => {
    const id = /MessageID>([^<]*)</.exec(message.toString())?.[1] ?? '';
    answer((text) => socket.send(text, from.port, from.address), id);
  });
  return socket.address().port;
}

const match = (endpoint: string, xaddr: string) =>
  `<d:ProbeMatch><a:EndpointReference><a:Address>${endpoint}</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/C</d:Scopes><d:XAddrs>${xaddr}</d:XAddrs></d:ProbeMatch>`;
const matches = (relatesTo: string, content: string) =>
  `<s:Envelope><s:Header><a:RelatesTo>${relatesTo}</a:RelatesTo></s:Header><s:Body><d:ProbeMatches>${content}</d:ProbeMatches></s:Body></s:Envelope>`;

async function discover(
  port: number,
  options: object = {},
): Promise<{ found: FoundDevice[]; problems: DiscoveryProblem[] }> {
  const found: FoundDevice[] = [];
  const problems: DiscoveryProblem[] = [];
  await discoverDevices({
    interfaces: ['127.0.0.1'],
    loopback: true,
    durationMs: 1_500,
    port,
    signal: new AbortController().signal,
    log: silentLogger,
    onFound: (device) => found.push(device),
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  return { found, problems };
}

test('every match of an answer is one device, however often it answers, and its source is kept', async () => {
  const port = await responder((send, id) => {
    send(matches(id, match('urn:uuid:a', 'http://127.0.0.1:81/x') + match('', 'http://10.0.0.2/y')));
  });
  const { found, problems } = await discover(port);
  expect(found.map(({ key, source, interfaceAddress }) => [key, source, interfaceAddress])).toEqual([
    ['urn:uuid:a', '127.0.0.1', '127.0.0.1'],
    ['http://10.0.0.2/y', '127.0.0.1', '127.0.0.1'],
  ]);
  expect(problems).toEqual([]);
});

test('answers that nobody asked for are dropped', async () => {
  const port = await responder((send, id) => {
    send(matches('urn:uuid:00000000-0000-4000-8000-000000000000', match('urn:uuid:spoof', 'http://10.0.0.9/')));
    send('<not xml');
    send(matches(id, match('urn:uuid:real', 'http://127.0.0.1/x')));
  });
  expect((await discover(port)).found.map((device) => device.key)).toEqual(['urn:uuid:real']);
});

test('a probe that gets lost is repeated', async () => {
  const seen = new Map<string, number>();
  const port = await responder((send, id) => {
    seen.set(id, (seen.get(id) ?? 0) + 1);
    if (seen.get(id) === 3) send(matches(id, match('urn:uuid:late', 'http://127.0.0.1/x')));
  });
  expect((await discover(port)).found.map((device) => device.key)).toEqual(['urn:uuid:late']);
});

test('a flood of spoofed devices stays within its bounds and is reported', async () => {
  const port = await responder((send, id) => {
    for (let n = 0; n < 200; n += 1) send(matches(id, match(`urn:uuid:${n}`, 'http://127.0.0.1/x')));
  });
  const { found, problems } = await discover(port, { maxDevices: 16, maxDatagrams: 100 });
  expect(found.length).toBeLessThanOrEqual(16);
  expect(found.length).toBeGreaterThan(0);
  expect(problems).toEqual([{ interfaceAddress: '127.0.0.1', code: 'too_many_answers' }]);
});

test('an interface that cannot be used is reported and does not disturb the others', async () => {
  const port = await responder((send, id) => send(matches(id, match('urn:uuid:a', 'http://127.0.0.1/x'))));
  const { found, problems } = await discover(port, { interfaces: ['192.0.2.99', '127.0.0.1'] });
  expect(found).toHaveLength(1);
  expect(problems).toEqual([{ interfaceAddress: '192.0.2.99', code: 'EADDRNOTAVAIL' }]);
});

test('ends at once when it is given up', async () => {
  const port = await responder(() => {});
  const abort = new AbortController();
  const running = discover(port, { durationMs: 600_000, signal: abort.signal });
  abort.abort();
  expect((await running).problems).toEqual([]);
});
