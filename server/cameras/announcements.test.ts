import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { manualClock } from '../../test/support/manual-clock.ts';
import { until } from '../../test/support/until.ts';
import { silentLogger } from '../platform/log.ts';
import { CameraAnnouncements } from './announcements.ts';
import type { CameraRecord } from './camera-record.ts';
import { AnnouncementGate } from './onvif/announcement-gate.ts';

const clock = manualClock();
const endpoint = 'urn:uuid:0a1b2c3d-0000-4000-8000-0123456789ab';
const known = (fields: Partial<CameraRecord> = {}): CameraRecord =>
  ({ id: 'c1', endpoint, onvif: 'http://10.1.2.3/onvif/device_service', enabled: true, ...fields }) as CameraRecord;

const started: CameraAnnouncements[] = [];
afterEach(() => Promise.all(started.splice(0).map((announcements) => announcements.stop())));

function follow(cameras: CameraRecord[] = [known()], refuse = false) {
  const moves: string[] = [];
  const changes: string[] = [];
  const announcements = new CameraAnnouncements({
    clock,
    log: silentLogger,
    cameras: () => cameras,
    relocate: async (id, onvif) => {
      moves.push(`${id} ${onvif}`);
      if (refuse) throw new Error('another_device');
    },
    onChange: (id) => changes.push(id),
    loopback: true,
  });
  started.push(announcements);
  const hello = (url: string, fields: object = {}) =>
    announcements.heard({ kind: 'hello', endpoint, url: new URL(url), source: '10.1.2.9', ...fields });
  const bye = (source: string) => announcements.heard({ kind: 'bye', endpoint, url: null, source });
  return { announcements, moves, changes, hello, bye };
}

test('a camera that says Hello from another address is looked at there; one that is known by name, is off or is nobody’s is not', () => {
  const { moves, hello } = follow();
  hello('http://10.1.2.3/onvif/device_service');
  hello('http://10.1.2.9/x', { endpoint: 'urn:uuid:somebody' });
  hello('http://10.1.2.9:8080/onvif/device_service');
  expect(moves).toEqual([]);
  return until(() => moves.length > 0).then(() =>
    expect(moves).toEqual(['c1 http://10.1.2.9:8080/onvif/device_service']),
  );
});

test.each<[string, Partial<CameraRecord>]>([
  ['known by its name', { onvif: 'http://camera-7.example/onvif/device_service' }],
  ['switched off', { enabled: false }],
  ['without ONVIF', { onvif: null }],
])('a camera %s stays where it is', async (_, fields) => {
  const { announcements, moves, hello } = follow([known(fields)]);
  hello('http://10.1.2.9/onvif/device_service');
  await announcements.stop();
  expect(moves).toEqual([]);
});

test('never leads from https back to http', async () => {
  const { moves, hello } = follow([known({ onvif: 'https://10.1.2.3:8443/onvif/device_service' })]);
  hello('http://10.1.2.9/onvif/device_service');
  await until(() => moves.length > 0);
  expect(moves).toEqual(['c1 https://10.1.2.9:8443/onvif/device_service']);
});

test('a flood of Hellos in a camera’s name makes us ask once a minute', async () => {
  const { moves, hello } = follow([known()], true);
  for (let n = 0; n < 50; n += 1) hello(`http://10.1.3.${n}/onvif/device_service`);
  await until(() => moves.length > 0);
  clock.advance(59_000);
  hello('http://10.1.3.77/onvif/device_service');
  clock.advance(2_000);
  hello('http://10.1.3.78/onvif/device_service');
  await until(() => moves.length > 1);
  expect(moves.map((move) => move.split('/')[2])).toEqual(['10.1.3.0', '10.1.3.78']);
});

test('a camera that says goodbye is away at once, until it is back; goodbye of another address is none', () => {
  const { announcements, changes, hello, bye } = follow();
  bye('10.1.2.66');
  expect(announcements.byeAtMs('c1')).toBeNull();
  bye('10.1.2.3');
  expect(announcements.byeAtMs('c1')).toBe(clock.nowMs());
  hello('http://10.1.2.3/onvif/device_service');
  expect(announcements.byeAtMs('c1')).toBeNull();
  expect(changes).toEqual(['c1', 'c1']);
});

test('what is said on the group is heard, and a source that floods it takes no place of the others', async () => {
  const port = await freePort();
  const changes: string[] = [];
  const announcements = new CameraAnnouncements({
    clock,
    log: silentLogger,
    cameras: () => [known({ onvif: 'http://127.0.0.1:1/onvif/device_service' })],
    relocate: async () => {},
    onChange: (id) => changes.push(id),
    loopback: true,
    interfaces: ['127.0.0.1'],
    port,
  });
  started.push(announcements);
  await announcements.start();
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  const say = (text: string) => socket.send(text, port, '239.255.255.250');
  say('<not xml');
  say(
    `<s:Envelope xmlns:s="x"><s:Body><d:Bye><a:EndpointReference><a:Address>${endpoint.toUpperCase()}</a:Address></a:EndpointReference></d:Bye></s:Body></s:Envelope>`,
  );
  await until(() => changes.length > 0);
  socket.close();
  expect(announcements.byeAtMs('c1')).toBe(clock.nowMs());

  const gate = new AnnouncementGate({ perSource: 2, total: 5, windowMs: 1_000 });
  expect(['a', 'a', 'a', 'b', 'c', 'd', 'e'].map((source) => gate.passes(source, 0))).toEqual([
    ...[true, true, false, true, true, true],
    false,
  ]);
  expect(gate.passes('a', 1_000)).toBe(true);
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
