import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeviceModel, Quirks } from '../../scripts/simulator/onvif/device-model.ts';
import { EventHub } from '../../scripts/simulator/onvif/event-hub.ts';
import { OnvifDevice } from '../../scripts/simulator/onvif/onvif-device.ts';
import { pullPointListener } from '../../server/cameras/event-source.ts';
import { CameraEventWatch } from '../../server/cameras/events.ts';
import { createNetworkPolicy } from '../../server/cameras/networks.ts';
import { DeviceClient } from '../../server/cameras/onvif/device-client.ts';
import { type DeviceEvent, followEvents } from '../../server/cameras/onvif/events.ts';
import { namespaces, readServices } from '../../server/cameras/onvif/services.ts';
import { probeDevice } from '../../server/cameras/probe.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { CameraEventStore } from '../../server/storage/camera-event.store.ts';
import { temporaryDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });
const login = { username: 'giám sát', password: 'mật khẩu' };
const open: { close: () => Promise<void> }[] = [];
let stop: AbortController;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await Promise.all(open.splice(0).map((device) => device.close()));
});

/** The ONVIF side of a simulated camera, without pictures. */
async function camera(quirks: Quirks = {}): Promise<{ device: OnvifDevice; events: EventHub; url: URL }> {
  const events = new EventHub();
  const authority = () => `127.0.0.1:${device.port}`;
  const model = {
    ...{ id: 'c', name: 'C', desk: 'D', manufacturer: 'M', model: 'm', firmware: '1', serial: 's', hardwareId: 'h' },
    ...{
      scopes: [],
      quirks: { noRateControl: true, ...quirks },
      ptz: null,
      events,
      nowMs: () => Date.now() + (quirks.clockSkewMs ?? 0),
    },
    onvifAuthority: authority,
    rtspAuthority: authority,
    sources: { main: source(1920, 1080), sub: source(640, 360) },
  } as unknown as DeviceModel;
  const device: OnvifDevice = new OnvifDevice({ host: '127.0.0.1', port: 0, model, credentials: () => login });
  await device.listen();
  open.push(device);
  return { device, events, url: new URL(`http${quirks.https ? 's' : ''}://${authority()}/onvif/device_service`) };
}

const source = (width: number, height: number) => ({
  clip: { codec: 'h264', width, height },
});

async function follow(url: URL) {
  const client = new DeviceClient({ url, ...login, clock: systemClock, policy, signal: AbortSignal.timeout(30_000) });
  await client.readClock();
  const { services } = await readServices(client);
  const service = services.find(({ namespace }) => namespace === namespaces.events);
  const heard: DeviceEvent[] = [];
  const states: string[] = [];
  const ended = followEvents({
    ...{ client, url: service?.address.url ?? url, clock: systemClock, stop: stop.signal },
    ...{ lifeMs: 2_000, waitMs: 1_000, againMs: 20 },
    onEvent: (event) => heard.push(event),
    onState: (state) => states.push(state),
  });
  return { heard, states, ended };
}

const motion = (value: string) => ({ topic: 'tns1:VideoSource/MotionAlarm', item: 'State', value });
const told = (event: DeviceEvent) => [event.topic, event.operation, event.data.State];

test('what a camera tells is heard once, also what it told before, on a camera whose clock is off; at the end it is let go', async () => {
  const { events, url } = await camera({ clockSkewMs: 7_200_000 });
  events.emit(motion('false'), Date.now());
  let renewed = 0;
  const renew = events.renew.bind(events);
  events.renew = (...asked) => {
    renewed += 1;
    return renew(...asked);
  };
  const { heard, states, ended } = await follow(url);
  await until(() => heard.length === 1);
  events.emit(motion('true'), Date.now());
  await until(() => heard.length === 2);
  expect(heard.map(told)).toEqual([
    ['VideoSource/MotionAlarm', 'Initialized', 'false'],
    ['VideoSource/MotionAlarm', 'Changed', 'true'],
  ]);
  expect(heard[1]?.source).toEqual({ Source: 'VideoSource' });
  // Past the end of what was first asked for.
  await until(() => renewed >= 2);
  events.emit(motion('false'), Date.now());
  await until(() => heard.length === 3);
  expect(states).toEqual(['subscribed']);
  stop.abort();
  await ended;
  expect(events.count).toBe(0);
});

test('a subscription that cannot be renewed or is forgotten is made anew', async () => {
  const { events, url } = await camera({ renewFails: true });
  const { heard, states } = await follow(url);
  await until(() => states.length >= 3);
  expect(states.slice(0, 3)).toEqual(['subscribed', 'lost', 'subscribed']);
  events.clear();
  events.emit(motion('true'), Date.now());
  await until(() => heard.some((event) => event.data.State === 'true'));
});

test.each<[string, Quirks, object]>([
  [
    'over https with its own certificate',
    { https: true },
    { failure: null, auth: { ok: true, method: 'username_token', error: null } },
  ],
  ['whose media answers break off', { truncatedBody: true }, { failure: { code: 'malformed' } }],
  ['that takes its time', { slowBodyMs: 200 }, { failure: null }],
])('a simulated camera %s is read as far as it can be', async (_, quirks, expected) => {
  const { url } = await camera(quirks);
  const result = await probeDevice({ onvif: url.href, ...login }, { clock: systemClock, log: silentLogger, policy });
  expect(result).toMatchObject({
    reachable: true,
    isOnvif: true,
    device: { manufacturer: 'M' },
    events: true,
    ...expected,
  });
});

test('what a simulated camera tells is kept; its subscription is given back when nobody wants it any more', async () => {
  const { events, url } = await camera();
  const database = await temporaryDatabase();
  let isWanted = true;
  const watch = new CameraEventWatch({
    ...{ store: new CameraEventStore(database.kysely), clock: systemClock, log: silentLogger },
    listen: pullPointListener(
      async (_id, signal) => new DeviceClient({ url, ...login, clock: systemClock, policy, signal }),
      systemClock,
    ),
    ...{ wanted: () => isWanted, cameras: () => [{ id: 'cam' }] },
  });
  let returned = 0;
  const unsubscribe = events.unsubscribe.bind(events);
  events.unsubscribe = (...asked) => {
    returned += 1;
    return unsubscribe(...asked);
  };
  try {
    await watch.start();
    await until(() => watch.listening('cam').state === 'listening');
    events.emit(motion('true'), Date.now());
    const kept = async () => (await watch.page('cam', { limit: 10 })).items;
    await until(async () => (await kept()).length === 1);
    expect(await kept()).toMatchObject([{ kind: 'motion', toMs: null }]);
    isWanted = false;
    watch.follow('cam');
    await until(() => returned === 1);
    await until(async () => (await kept())[0]?.toMs !== null);
  } finally {
    await watch.stop();
    await database.close();
  }
});
