import { afterEach, expect, test } from 'vitest';
import type { TestCall } from '../../test/support/onvif-device.ts';
import { until } from '../../test/support/until.ts';
import { startWritableDevice, type WritableDevice, type WritableOptions } from '../../test/support/writable-device.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import { toldAsCamera } from './device-errors.ts';
import { correctClock } from './fixes.ts';
import { createNetworkPolicy } from './networks.ts';
import { DeviceClient } from './onvif/device-client.ts';
import { PtzLearner } from './ptz-learner.ts';
import { CameraReboots } from './reboot.ts';
import { CameraSnapshots } from './snapshots.ts';

const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function device(options: WritableOptions = {}): Promise<WritableDevice> {
  const started = await startWritableDevice(options);
  ends.push(() => started.close());
  return started;
}
const clientOf = ({ url }: { url: string }, signal: AbortSignal, password = 'secret') =>
  new DeviceClient({ url: new URL(url), username: 'admin', password, clock: systemClock, policy, signal });

function reboots(camera: WritableDevice | null, over: object = {}) {
  const steps: string[] = [];
  const all = new CameraReboots({
    ...{ clock: systemClock, log: silentLogger, leastMs: 5, lookEveryMs: 5 },
    deviceOf: async (_id, signal) => camera && clientOf(camera, signal),
    pause: async () => void steps.push('pause'),
    resume: async () => void steps.push('resume'),
    ...over,
  });
  ends.push(() => all.stop());
  return { all, steps };
}

test('a camera that restarts is paused when it has said yes, and recorded again when it answers', async () => {
  let isUp = true;
  const camera = await device({
    before: ({ response, operation }: TestCall) => {
      if (isUp || operation !== 'GetSystemDateAndTime') return false;
      response.destroy();
      return true;
    },
  });
  const { all, steps } = reboots(camera);
  const answer = all.reboot('cam');
  await expect(all.reboot('cam')).rejects.toMatchObject({ code: 'reboot_running' });
  expect(await answer).toMatchObject({ message: 'Rebooting in 30 seconds' });
  isUp = false;
  const asked = camera.calls.length;
  await until(() => camera.calls.length > asked + 2);
  expect([camera.reboots(), steps]).toEqual([1, ['pause']]);
  isUp = true;
  await until(() => steps.length === 2);
  expect(steps).toEqual(['pause', 'resume']);
});

test('a camera that refuses, or has no ONVIF, is recorded on; one that does not come back is recorded in the end', async () => {
  const refusing = reboots(await device({ obedience: 'refuses' }));
  await expect(refusing.all.reboot('cam')).rejects.toMatchObject({ code: 'camera_refused' });
  const without = reboots(null);
  await expect(without.all.reboot('cam')).rejects.toMatchObject({ code: 'camera_without_onvif' });
  expect([refusing.steps, without.steps]).toEqual([[], []]);

  const camera = await device();
  const { all, steps } = reboots(camera, { mostMs: 30 });
  await all.reboot('cam');
  await camera.close();
  ends.pop();
  await until(() => steps.length === 2);
  ends.push(async () => {});
});

test('the server ends while a camera restarts: nothing is held up', async () => {
  const { all, steps } = reboots(await device(), { leastMs: 60_000 });
  await all.reboot('cam');
  await all.stop();
  expect(steps).toEqual(['pause']);
});

test('the clock of a camera is set, and a failure told in the words of the API', async () => {
  const camera = await device({ skewMs: 120_000 });
  const signal = AbortSignal.timeout(10_000);
  expect(await correctClock(clientOf(camera, signal), systemClock)).toMatchObject({ state: 'done', errorCode: null });
  const work = (password: string, url = camera.url) =>
    toldAsCamera(() =>
      clientOf({ url }, signal, password).call(
        new URL(url),
        'GetHostname',
        '<s:Envelope xmlns:s="x"><s:Header/><s:Body><GetHostname/></s:Body></s:Envelope>',
      ),
    );
  await expect(work('falsch')).rejects.toMatchObject({ code: 'camera_bad_credentials' });
  await expect(work('secret', 'http://127.0.0.1:1/onvif')).rejects.toMatchObject({ code: 'camera_unreachable' });
});

test('a picture by the camera is taken once for all who ask, at the place that it names, and not again at once after a failure', async () => {
  let pictures = 0;
  let isBroken = false;
  const camera = await device({
    before: ({ request, response }: TestCall) => {
      if (!request.url?.startsWith('/snap.jpg')) return false;
      pictures += 1;
      if (isBroken) response.writeHead(500).end();
      else
        response
          .writeHead(200, { 'content-type': 'image/jpeg' })
          .end(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xd9]));
      return true;
    },
  });
  const snapshots = new CameraSnapshots(async (_id, signal) => ({ client: clientOf(camera, signal), profile: 'main' }));
  const [first, second] = await Promise.all([snapshots.take('cam'), snapshots.take('cam')]);
  expect([first, pictures]).toEqual([second, 1]);
  const asked = camera.calls.filter(({ operation }) => operation === 'GetServices').length;
  await snapshots.take('cam');
  expect(camera.calls.filter(({ operation }) => operation === 'GetServices')).toHaveLength(asked);
  isBroken = true;
  await expect(snapshots.take('cam')).rejects.toMatchObject({ code: 'camera_refused' });
  await expect(snapshots.take('cam')).rejects.toMatchObject({ code: 'camera_refused' });
  expect(pictures).toBe(3);
  snapshots.forget('cam');
  isBroken = false;
  expect((await snapshots.take('cam'))[0]).toBe(0xff);
  await expect(new CameraSnapshots(async () => null).take('cam')).rejects.toMatchObject({ code: 'camera_no_picture' });
});

test('cameras of before are asked whether they can be steered until they have answered', async () => {
  const cameras = [
    { id: 'a', enabled: true, ptz: null as boolean | null },
    { id: 'b', enabled: true, ptz: null as boolean | null },
    { id: 'known', enabled: true, ptz: true },
    { id: 'off', enabled: false, ptz: null },
  ];
  const asked: string[] = [];
  const learner = new PtzLearner({
    ...{ cameras: () => cameras, log: silentLogger, everyMs: 5 },
    learn: async (id) => {
      asked.push(id);
      if (id === 'b' && asked.filter((one) => one === 'b').length < 3) throw new Error('away');
      for (const camera of cameras) if (camera.id === id) camera.ptz = false;
    },
  });
  learner.start();
  await until(() => asked.length === 4);
  await learner.stop();
  expect(asked).toEqual(['a', 'b', 'b', 'b']);
});
