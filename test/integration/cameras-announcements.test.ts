import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDevice, type TestDevice } from '../support/onvif-device.ts';
import { type Person, TestProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const endpoint = 'urn:uuid:0a1b2c3d-0000-4000-8000-0123456789ab';
let product: TestProduct;
let admin: Person;
let group: Socket;
const devices: TestDevice[] = [];

beforeAll(async () => {
  ({ product, admin } = await TestProduct.start());
  group = createSocket('udp4');
  group.bind(0, '127.0.0.1');
  await once(group, 'listening');
  group.setMulticastInterface('127.0.0.1');
});
afterAll(async () => {
  group.close();
  await product.stop();
  await Promise.all(devices.map((device) => device.close()));
});

async function start(): Promise<TestDevice> {
  const device = await startTestDevice();
  devices.push(device);
  return device;
}

function say(kind: 'Hello' | 'Bye', xaddr = ''): void {
  const what = `<a:EndpointReference><a:Address>${endpoint}</a:Address></a:EndpointReference>${xaddr && `<d:XAddrs>${xaddr}</d:XAddrs>`}`;
  group.send(
    `<s:Envelope xmlns:s="x"><s:Body><d:${kind}>${what}</d:${kind}></s:Body></s:Envelope>`,
    3702,
    '239.255.255.250',
  );
}

test('a camera that says Hello from another address is found there, and one that says Bye is away at once', async () => {
  const before = await start();
  const login = { username: 'admin', password: 'secret' };
  const unitId = (await admin.call('GET', '/api/units')).json.items[0].id;
  const made = await admin.call('POST', '/api/cameras', { name: 'Quầy 1', unitId, onvif: before.url, ...login });
  expect(made.status).toBe(201);
  const { id } = made.json;
  const camera = async () => (await admin.call('GET', `/api/cameras/${id}`)).json;

  await devices.pop()?.close();
  const after = await start();
  say('Hello', after.url);
  await until(async () => (await camera()).device.onvif === after.url);
  const audit = (await admin.call('GET', '/api/audit')).json.items;
  expect(audit.find(({ action }: { action: string }) => action === 'camera.moved')).toMatchObject({
    subject: `camera:${id}`,
    details: { from: before.url, to: after.url },
  });

  say('Bye');
  await until(async () => {
    const { parts } = (await admin.call('GET', `/api/cameras/${id}/health`)).json;
    return parts.some(
      ({ part, cause }: { part: string; cause: string }) => part === 'reachable' && cause === 'said_bye',
    );
  });
});
