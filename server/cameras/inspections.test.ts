import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../test/support/until.ts';
import { startWritableDevice, type WritableDevice, type WritableOptions } from '../../test/support/writable-device.ts';
import type { Inspection } from '../contracts/camera-onboarding.ts';
import { systemClock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { silentLogger } from '../platform/log.ts';
import { Inspections, type StreamSample } from './inspections.ts';
import { createNetworkPolicy } from './networks.ts';

const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });
const login = { username: 'admin', password: 'secret' };
const sample: StreamSample = {
  ...{ codec: 'h264', width: 1920, height: 1080, fps: 25, gopFrames: 50, gopMs: 2_000, gopLongerThanMs: null },
  ...{ kilobitsPerSecond: 4_000, measuredMs: 5_000, jpeg: new Uint8Array([1]) },
};
const sizes = [
  [1920, 1080],
  [704, 576],
  [640, 360],
] as const;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function device(options: WritableOptions = {}): Promise<WritableDevice> {
  const started = await startWritableDevice(options);
  ends.push(() => started.close());
  return started;
}

function open(of: (name: 'main' | 'sub') => Partial<StreamSample> = () => ({}), over: object = {}): Inspections {
  const inspections = new Inspections({
    ...{ clock: systemClock, log: silentLogger, policy },
    measure: async ({ name }) => ({
      ...sample,
      ...(name === 'sub' && { width: 640, height: 360, gopFrames: 25, gopMs: 1_000 }),
      ...of(name),
    }),
    registeredAt: () => null,
    credentialsOf: async () => login,
    ...over,
  });
  ends.push(() => inspections.stop());
  return inspections;
}

async function settled(inspections: Inspections, id: string): Promise<Inspection> {
  await until(() => inspections.get(id).state !== 'running');
  return inspections.get(id);
}

async function inspect(inspections: Inspections, address: string, given = login): Promise<Inspection> {
  const [begun] = await inspections.start([address], given);
  return settled(inspections, begun!.id);
}

const codes = ({ advice }: Inspection) => advice.map(({ code }) => code);

test('a well-set device is told with what was measured of its streams, and gets no advice', async () => {
  const camera = await device({ media2: true, sizes });
  const found = await inspect(open(), camera.host);
  expect(found).toMatchObject({
    state: 'done',
    errorCode: null,
    device: { model: 'Tést & Cam', serial: '007' },
    advice: [],
  });
  expect(found.profiles).toMatchObject([
    { stream: 'main', codec: 'h264', gopFrames: 50, measured: { gopMs: 2_000, kilobitsPerSecond: 4_000 } },
    { stream: 'sub', width: 640, measured: { gopFrames: 25 } },
  ]);
  expect(JSON.stringify(found)).not.toContain('secret');
});

test.each([
  ['Media2', true],
  ['Media1', false],
])('what is advised is fixed by %s, and told as read back from the device', async (_name, media2) => {
  const camera = await device({
    ...{ media2, sizes, skewMs: 90_000, audio: true },
    main: { gop: 250 },
    sub: { width: 1280, height: 960, gop: 200, kbps: 4_096 },
  });
  const inspections = open((name) =>
    name === 'main'
      ? { gopFrames: null, gopMs: null, gopLongerThanMs: 9_900 }
      : { width: 1280, height: 960, gopMs: 8_000 },
  );
  const found = await inspect(inspections, camera.host);
  expect(codes(found)).toEqual(['clock_wrong', 'gop_long', 'sub_too_large', 'sub_gop_long', 'audio_on']);
  expect(found.advice[1]).toEqual({
    code: 'gop_long',
    params: { seconds: 10 },
    fix: { changes: [{ setting: 'gop_frames', stream: 'main', before: '250', after: '50' }] },
  });
  expect(found.advice[4]?.fix).toBeNull();

  const { results } = await inspections.fix(found.id, { codes: ['clock_wrong', 'gop_long', 'sub_too_large'] });
  expect(results).toMatchObject([
    { code: 'clock_wrong', state: 'done', changes: [{ setting: 'clock_skew_ms' }] },
    { code: 'gop_long', state: 'done', changes: [{ setting: 'gop_frames', before: '250', after: '50' }] },
    {
      code: 'sub_too_large',
      state: 'done',
      changes: [
        { setting: 'resolution', before: '1280x960', after: '640x360' },
        { setting: 'gop_frames', before: '200', after: '25' },
        { setting: 'bitrate_kbps', before: '4096', after: '512' },
      ],
    },
  ]);
  expect(Math.abs(camera.skewMs())).toBeLessThan(2_000);
  expect(camera.main).toMatchObject({ gop: 50, width: 1920, kbps: 4_096 });
  expect(camera.sub).toEqual({ encoding: 'H264', width: 640, height: 360, fps: 25, gop: 25, kbps: 512 });
  // Looked at again by itself.
  expect(codes(await settled(inspections, found.id))).not.toContain('clock_wrong');
});

test('a device that says yes and does nothing is told as unchanged, one that refuses as refused', async () => {
  for (const [obedience, state, errorCode] of [
    ['lies', 'unchanged', null],
    ['refuses', 'refused', 'device_refused'],
  ] as const) {
    const camera = await device({ obedience, sizes, skewMs: 60_000, sub: { width: 1280, height: 960 } });
    const inspections = open((name) => (name === 'sub' ? { width: 1280, height: 960 } : {}));
    const found = await inspect(inspections, camera.host);
    const { results } = await inspections.fix(found.id, { codes: ['clock_wrong', 'sub_too_large'] });
    expect(results).toEqual([
      { code: 'clock_wrong', state, errorCode, changes: [] },
      { code: 'sub_too_large', state, errorCode, changes: [] },
    ]);
    await settled(inspections, found.id);
  }
});

test('a time server is given by name, and told with the source of the time', async () => {
  const camera = await device({ skewMs: -3_600_000, sizes });
  const inspections = open();
  const found = await inspect(inspections, camera.host);
  const { results } = await inspections.fix(found.id, { codes: ['clock_wrong'], ntp: 'vn.pool.ntp.org' });
  expect(results).toMatchObject([
    {
      state: 'done',
      changes: [
        { setting: 'clock_skew_ms', after: expect.stringMatching(/^-?\d{1,3}$/) },
        { setting: 'time_source', before: 'manual', after: 'ntp' },
        { setting: 'ntp_server', before: null, after: 'vn.pool.ntp.org' },
      ],
    },
  ]);
  expect(camera.ntp()).toBe('vn.pool.ntp.org');
  await settled(inspections, found.id);
});

test('what the encoder does not offer is advised without a fix, and cannot be asked for', async () => {
  const camera = await device({ media2: true, main: { encoding: 'H265' } });
  const inspections = open((name) => (name === 'main' ? { codec: 'h265' } : {}));
  const found = await inspect(inspections, camera.host);
  expect(found.advice).toEqual([{ code: 'hevc', params: { percentOfCore: 25 }, fix: null }]);
  await expect(inspections.fix(found.id, { codes: ['hevc'] })).rejects.toMatchObject({ code: 'fix_not_offered' });
});

test('a second profile of the same size as the first is made the sub stream that is missing', async () => {
  const camera = await device({ media2: true, sizes, sub: { width: 1920, height: 1080, gop: 50 } });
  const inspections = open();
  const found = await inspect(inspections, camera.host);
  expect(found.advice).toMatchObject([
    { code: 'no_sub_stream', fix: { changes: [{ setting: 'resolution', stream: 'sub', after: '640x360' }] } },
  ]);
  await inspections.fix(found.id, { codes: ['no_sub_stream'] });
  expect(camera.sub).toMatchObject({ width: 640, height: 360 });
  expect(camera.main).toMatchObject({ width: 1920 });
  expect(await settled(inspections, found.id)).toMatchObject({ advice: [], profiles: [{}, { stream: 'sub' }] });
});

test('refused credentials are tried once on a device, and not again while they are the same', async () => {
  const camera = await device({ sizes });
  const inspections = open();
  const wrong = { username: 'admin', password: 'falsch' };
  const tokens = () => camera.calls.filter(({ token }) => token).length;
  expect(await inspect(inspections, camera.host, wrong)).toMatchObject({
    state: 'failed',
    errorCode: 'camera_bad_credentials',
  });
  const tried = tokens();
  const asked = camera.calls.length;
  expect(await inspect(inspections, camera.host, wrong)).toMatchObject({
    state: 'failed',
    errorCode: 'camera_bad_credentials',
  });
  expect([tokens(), camera.calls.length]).toEqual([tried, asked]);
  expect(await inspect(inspections, camera.host)).toMatchObject({ state: 'done' });
});

test('a device that locks is told so, and left alone', async () => {
  const camera = await device({
    refusal: ({ response }) => response.writeHead(401).end('<lockStatus>locked</lockStatus>'),
  });
  const inspections = open();
  expect(await inspect(inspections, camera.host)).toMatchObject({ errorCode: 'camera_locked_out' });
  const asked = camera.calls.length;
  expect(await inspect(inspections, camera.host)).toMatchObject({ errorCode: 'camera_locked_out' });
  expect(camera.calls.length).toBe(asked);
});

test('a stream that cannot be measured says why; the device’s own word stands', async () => {
  const camera = await device({ sizes, main: { gop: 250 }, sub: null });
  const inspections = open(undefined, {
    measure: async () => {
      throw new AppError('unavailable', 'stream_unmeasured', { params: { cause: 'not_found' } });
    },
  });
  const found = await inspect(inspections, camera.host);
  expect(found.profiles).toMatchObject([{ measured: null, measureFailure: 'not_found' }]);
  expect(codes(found)).toEqual(['gop_long', 'no_sub_stream']);
  await expect(inspections.picture(found.id, 'main', AbortSignal.timeout(5_000))).rejects.toMatchObject({
    code: 'picture_missing',
  });
});

test('a known first password is told of, and of no other', async () => {
  for (const [password, told] of [
    ['12345', true],
    ['Mật khẩu riêng', false],
  ] as const) {
    const camera = await device({ sizes, password });
    expect(
      codes(await inspect(open(), camera.host, { username: 'admin', password })).includes('default_password'),
    ).toBe(told);
  }
});

test('addresses that are none, lead nowhere or are forbidden fail alone; the rest goes on', async () => {
  const camera = await device({ sizes });
  const inspections = open();
  const begun = await inspections.start(['http://', '127.0.0.1:1', '169.254.1.1', camera.host], login);
  const found = await Promise.all(begun.map(({ id }) => settled(inspections, id)));
  expect(found.map(({ errorCode }) => errorCode)).toEqual([
    'camera_address_invalid',
    'camera_unreachable',
    'camera_address_not_allowed',
    null,
  ]);
});

test('it holds the credentials for the registry, of this device alone, and forgets them in the end', async () => {
  let nowMs = 1_000;
  const camera = await device({ sizes });
  const inspections = open(undefined, { clock: { ...systemClock, nowMs: () => nowMs || Date.now() } });
  nowMs = 0;
  const found = await inspect(inspections, camera.host);
  expect(inspections.credentials(found.id, camera.url)).toEqual(login);
  expect(() => inspections.credentials(found.id, 'http://10.0.0.1/onvif')).toThrow('inspection_other_device');
  nowMs = Date.now() + 901_000;
  expect(() => inspections.get(found.id)).toThrow('inspection_unknown');
  expect(() => inspections.credentials(found.id, camera.url)).toThrow('inspection_unknown');
});

test('no password reaches the log', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const camera = await device({ sizes });
  const inspections = open(undefined, { log });
  await inspect(inspections, camera.host, { username: 'admin', password: 'Geheim-7261' });
  await inspect(inspections, camera.host);
  expect(lines.join('\n')).not.toMatch(/Geheim-7261|secret/);
});
