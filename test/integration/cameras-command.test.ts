import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDevice, type TestDevice } from '../support/onvif-device.ts';

const cli = fileURLToPath(new URL('../../server/cli.ts', import.meta.url));
let folder: string;
let passwordFile: string;
const open: { close: () => Promise<unknown> }[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-cameras-'));
  passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'secret\n', { mode: 0o600 });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(open.map((device) => device.close()));
});

async function device(options: Parameters<typeof startTestDevice>[0] = {}): Promise<TestDevice> {
  const started = await startTestDevice(options);
  open.push(started);
  return started;
}

interface Ended {
  status: number;
  stdout: string;
  /** The last line of standard output, parsed. */
  json: Record<string, unknown>;
}

async function lienthong(...args: string[]): Promise<Ended> {
  const { status, stdout } = await promisify(execFile)(process.execPath, [cli, ...args]).then(
    ({ stdout }) => ({ status: 0, stdout }),
    (error: { code: number; stdout: string }) => ({ status: error.code, stdout: error.stdout }),
  );
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  return { status, stdout, json: last.startsWith('{') ? JSON.parse(last) : {} };
}

const login = () => ['--username', 'admin', '--password-file', passwordFile];

test('a probe prints what the device is, the addresses as repaired and as sent, and ends with status 0', async () => {
  const camera = await device({ believes: '192.168.1.64:80' });
  const { status, stdout, json } = await lienthong('camera', 'probe', camera.host, ...login(), '--json');
  expect(status).toBe(0);
  expect(stdout).not.toMatch(/secret|user:pass|u:p@/);
  const { machine, clockSkewMs, profiles, endpoint, onvif, ...rest } = json;
  expect(machine).toMatchObject({ cores: expect.any(Number) });
  expect(Math.abs(clockSkewMs as number)).toBeLessThan(2_000);
  expect(onvif).toBe(camera.url);
  expect(endpoint).toBe('urn:uuid:0a1b2c3d-0000-4000-8000-0123456789ab');
  const path = expect.stringMatching(/^rtsp:\/\/127\.0\.0\.1:8554\/\d+\?a=1&b=2$/);
  const sent = expect.stringMatching(/^rtsp:\/\/192\.168\.1\.64:8554\/\d+\?a=1&b=2$/);
  const h264 = { codec: 'h264', rtsp: path, rtspAsSent: sent };
  expect(profiles).toEqual([
    { token: 'main & 1', name: 'main & 1', width: 1920, height: 1080, stream: 'main', ...h264 },
    { token: 'sub', name: 'sub', width: 640, height: 360, stream: 'sub', ...h264 },
  ]);
  expect(rest).toEqual({
    reachable: true,
    isOnvif: true,
    auth: { ok: true, method: 'username_token' },
    device: { manufacturer: '', model: 'Tést & Cam', firmware: '1.20', serial: '007', hardware: '' },
    services: [
      {
        namespace: 'http://www.onvif.org/ver10/device/wsdl',
        xaddr: `http://${camera.host}/onvif/device_service`,
        version: '2.60',
      },
      {
        namespace: 'http://www.onvif.org/ver10/media/wsdl',
        xaddr: `http://${camera.host}/onvif/media?v=1`,
        version: '2.6',
      },
      { namespace: 'http://www.onvif.org/ver20/ptz/wsdl', xaddr: `http://${camera.host}/onvif/ptz` },
    ],
    snapshot: `http://${camera.host}/snap.jpg`,
    ptz: true,
    events: false,
    warnings: [{ code: 'address_repaired', message: expect.any(String) }],
  });
});

test('the exit status tells refused credentials, silence and other devices apart', async () => {
  const camera = await device();
  const basic = await device({ auth: 'basic' });
  const gone = await startTestDevice();
  await gone.close();
  const rtsp = createServer((socket) => {
    socket.on('error', () => {}).once('data', () => socket.end('RTSP/1.0 400 Bad Request\r\nServer: x\r\n\r\n'));
  }).listen(0, '127.0.0.1');
  await once(rtsp, 'listening');
  open.push({ close: () => promisify(rtsp.close.bind(rtsp))() });
  const rtspHost = `127.0.0.1:${(rtsp.address() as { port: number }).port}`;

  const ends = await Promise.all([
    lienthong('camera', 'probe', camera.host, '--json'),
    lienthong('camera', 'probe', basic.host, ...login(), '--json'),
    lienthong('camera', 'probe', basic.host, ...login(), '--allow-basic', '--json'),
    lienthong('camera', 'probe', gone.host, ...login(), '--json'),
    lienthong('camera', 'probe', rtspHost, ...login(), '--json'),
    lienthong('camera', 'probe', 'rtsp://127.0.0.1/', '--json'),
  ]);
  expect(ends.map(({ status }) => status)).toEqual([3, 3, 0, 4, 5, 2]);
  expect(ends.slice(0, 5).map(({ json }) => [json.reachable, json.isOnvif, json.auth])).toEqual([
    [true, true, { ok: false, error: 'credentials_needed' }],
    [true, true, { ok: false, error: 'basic_only' }],
    [true, true, { ok: true, method: 'http_basic' }],
    [false, false, { ok: false }],
    [true, false, { ok: false }],
  ]);
});

test('a camera that speaks https only is found without its scheme, and its certificate told', async () => {
  const pem = readFileSync(new URL('../fixtures/camera-certificate-one.pem', import.meta.url), 'utf8');
  const camera = await device({ tls: { key: pem, cert: pem } });
  const { status, json } = await lienthong('camera', 'probe', camera.host, ...login(), '--json');
  expect([status, json.onvif]).toEqual([0, camera.url]);
  expect(json.certificateSha256).toMatch(/^[0-9a-f]{64}$/);
  expect((json.warnings as { code: string }[]).map(({ code }) => code)).toContain('https_only');
});

test('a range is asked address by address; what does not answer is not listed', async () => {
  const camera = await device();
  const range = ['--range', '127.0.0.1/32', '--port', String(camera.port), '--port', '1'];
  const { status, json } = await lienthong('camera', 'discover', ...range, ...login(), '--json');
  expect([status, json.state]).toEqual([0, 'done']);
  expect(json.items).toMatchObject([{ host: camera.host, state: 'ready' }]);
  expect((await lienthong('camera', 'discover', '--range', '10.0.0.0/8', '--json')).status).toBe(2);
});
