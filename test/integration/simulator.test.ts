import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, type FleetCamera, startFleet } from '../../scripts/simulator/fleet.ts';
import { decodeFrameNumber } from '../../scripts/simulator/frame-strip.ts';
import { frameAgeMs, loopNowMs } from '../../scripts/simulator/loop-clock.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';

const run = promisify(execFile);
const LOOP_FRAMES = 100;
const USERNAME = 'giám sát';
const PASSWORD = 'mật:khẩu@/1';

let directory: string;
let fleet: Fleet;

const description = (id: string, index: number) => ({
  id,
  name: `Phường Thử ${index + 1}, Quầy số 1`,
  desk: 'Quầy số 1',
  scene: castScene(0, 'Quầy số 1', 'Phường Thử'),
  username: USERNAME,
  password: PASSWORD,
});

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'simulator-'));
  fleet = await startFleet({
    cameras: [
      description('sim-a', 0),
      description('sim-b', 1),
      { ...description('sim-quirks', 2), quirks: { digestOnly: true, media2Broken: true, noRateControl: true } },
      { ...description('sim-skewed', 3), quirks: { clockSkewMs: 3_600_000, wrongXAddrHost: '192.168.1.64' } },
      // Both clients handle nothing but ASCII in credentials.
      { ...description('sim-ascii', 4), username: 'admin', password: 'ascii-only' },
    ],
    loopFrames: LOOP_FRAMES,
    cacheDirectory: join(directory, 'clips'),
    discovery: { interfaces: ownAddresses() },
  });
});

afterAll(async () => {
  await fleet?.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('the RTSP server of a simulated camera', () => {
  it.each([
    ['main', '1920,1080'],
    ['sub', '640,360'],
  ] as const)(
    'plays the %s stream over TCP with digest, 25 frames/s, rising evenly over the seam of the loop',
    async (stream, size) => {
      const packets = await pullPackets(authorised(fleet.camera('sim-a'), stream), 4.4);
      expect(packets.size).toBe(size);
      expect(packets.profile).toBe('High');
      expect(packets.times.length).toBeGreaterThan(LOOP_FRAMES);
      const steps = packets.times.slice(1).map((time, index) => time - (packets.times[index] ?? 0));
      expect(new Set(steps)).toEqual(new Set([3600]));
      const keyframes = packets.keyframes.map((at) => at % 25);
      expect(new Set(keyframes).size).toBe(1);
    },
  );

  it('refuses a wrong password and gives no stream', async () => {
    const { rtsp } = fleet.camera('sim-a');
    const wrong = withUser(rtsp.main, USERNAME, 'sai');
    await expect(run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', wrong])).rejects.toThrow(/401 Unauthorized/);
    await expect(run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', rtsp.main])).rejects.toThrow(
      /401 Unauthorized/,
    );
  });

  it('refuses UDP with 461', async () => {
    const url = authorised(fleet.camera('sim-a'), 'sub');
    await expect(run('ffprobe', ['-v', 'error', '-rtsp_transport', 'udp', url])).rejects.toThrow(/461|Unsupported/i);
  });

  it('serves several clients of one stream at once', async () => {
    const url = authorised(fleet.camera('sim-b'), 'sub');
    const all = await Promise.all([pullPackets(url, 1), pullPackets(url, 1), pullPackets(url, 1)]);
    for (const { times } of all) expect(times.length).toBeGreaterThanOrEqual(25);
  });

  it('shows the frame that the clock says, in main and sub', async () => {
    for (const stream of ['main', 'sub'] as const) {
      const { frame, seenMs } = await firstPicture(authorised(fleet.camera('sim-a'), stream), stream);
      // What was decoded is a keyframe that was sent a moment ago: one of another time would be up to a loop old.
      expect(frame % 25).toBe(0);
      expect(frameAgeMs(frame, seenMs, LOOP_FRAMES)).toBeLessThan(3000);
    }
  });

  it('cuts a request off that never ends', async () => {
    const socket = await open(fleet.camera('sim-a').rtsp.main);
    socket.write(`DESCRIBE rtsp://x/${'a'.repeat(20_000)}`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^RTSP\/1\.0 400 /);
    await closing(socket);
  });

  it('serves the others on time while one client does not read', async () => {
    const camera = fleet.camera('sim-b');
    const deaf = await play(camera, 'main');
    deaf.pause();
    const closed = closing(deaf);
    const { times } = await pullPackets(authorised(camera, 'main'), 2);
    expect(times.length).toBeGreaterThanOrEqual(50);
    deaf.destroy();
    await closed;
  });
});

describe('faults that a simulated camera can be given', () => {
  it('is gone when disconnected and is back on the same ports', async () => {
    const camera = fleet.camera('sim-b');
    const socket = await play(camera, 'sub');
    const closed = closing(socket);
    await camera.disconnect();
    await closed;
    await expect(fetch(camera.onvif, { method: 'POST', body: '' })).rejects.toThrow();
    await expect(open(camera.rtsp.main)).rejects.toThrow(/ECONNREFUSED/);
    await camera.reconnect();
    const { times } = await pullPackets(authorised(camera, 'sub'), 1);
    expect(times.length).toBeGreaterThanOrEqual(25);
  });

  it('sends nothing while frozen, and begins with a keyframe after it', async () => {
    const camera = fleet.camera('sim-b');
    const socket = await play(camera, 'sub');
    await once(socket, 'data');
    camera.freeze(true);
    // Whatever was sent before the freeze may still arrive; then there is silence.
    await silence(socket, 400);
    camera.freeze(false);
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes[0]).toBe(0x24);
    socket.destroy();
  });

  it('takes a new password at once', async () => {
    const camera = fleet.camera('sim-b');
    camera.setPassword('khác');
    await expect(
      run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', authorised(camera, 'sub', PASSWORD)]),
    ).rejects.toThrow(/401/);
    await run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', authorised(camera, 'sub')]);
    camera.setPassword(PASSWORD);
  });
});

describe('the ONVIF device of a simulated camera', () => {
  it('tells its time without authentication, and nothing about media', async () => {
    const { onvif } = fleet.camera('sim-a');
    const time = await soap(onvif, '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>');
    expect(time.status).toBe(200);
    const profiles = await soap(onvif, GET_PROFILES);
    expect(profiles.status).toBe(401);
    expect(profiles.challenge).toMatch(/^Digest .*qop="auth"/);
    expect(profiles.text).toContain('ter:NotAuthorized');
  });

  it('refuses a UsernameToken that was used before', async () => {
    const { onvif } = fleet.camera('sim-a');
    const header = usernameToken(PASSWORD, new Date());
    expect((await soap(onvif, GET_PROFILES, header)).status).toBe(200);
    const again = await soap(onvif, GET_PROFILES, header);
    expect(again.status).toBe(400);
    expect(again.text).toContain('ter:NotAuthorized');
  });

  it.each([
    ['a wrong password', () => usernameToken('sai', new Date())],
    ['a Created of six minutes ago', () => usernameToken(PASSWORD, new Date(Date.now() - 360_000))],
    ['a Created six minutes ahead', () => usernameToken(PASSWORD, new Date(Date.now() + 360_000))],
  ])('refuses a UsernameToken with %s', async (_, header) => {
    const answer = await soap(fleet.camera('sim-a').onvif, GET_PROFILES, header());
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('ter:NotAuthorized');
  });

  it('judges Created by its own clock when that is wrong', async () => {
    const { onvif } = fleet.camera('sim-skewed');
    expect((await soap(onvif, GET_PROFILES, usernameToken(PASSWORD, new Date()))).status).toBe(400);
    const shifted = await soap(onvif, GET_PROFILES, usernameToken(PASSWORD, new Date(Date.now() + 3_600_000)));
    expect(shifted.status).toBe(200);
  });

  it('answers what it does not know with ActionNotSupported, and no XML with DOCTYPE', async () => {
    const { onvif } = fleet.camera('sim-a');
    const unknown = await soap(
      onvif,
      '<GetRelayOutputs xmlns="http://www.onvif.org/ver10/device/wsdl"/>',
      usernameToken(PASSWORD, new Date()),
    );
    expect(unknown.status).toBe(500);
    expect(unknown.text).toContain('ter:ActionNotSupported');
    const bomb = await fetch(onvif, { method: 'POST', body: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' });
    expect(bomb.status).toBe(400);
    expect(await bomb.text()).toContain('ter:WellFormed');
    const huge = await fetch(onvif, { method: 'POST', body: 'x'.repeat(1_000_000) }).then(
      (r) => r.status,
      () => 413,
    );
    expect(huge).toBe(413);
  });

  it('accepts HTTP Digest, and only that when told so', async () => {
    const { onvif } = fleet.camera('sim-quirks');
    expect((await soap(onvif, GET_PROFILES, usernameToken(PASSWORD, new Date()))).status).toBe(401);
    const profiles = await digestCurl(onvif, GET_PROFILES);
    expect(profiles).toContain('GetProfilesResponse');
    expect(profiles).not.toContain('RateControl');
    const media2 = await digestCurl(onvif.replace('device_service', 'media2_service'), GET_PROFILES2);
    expect(media2).toContain('Fault');
  });

  it('gives the current frame as a JPEG, and to nobody without the password', async () => {
    const { onvif } = fleet.camera('sim-a');
    const answer = await soap(onvif, GET_SNAPSHOT_URI, usernameToken(PASSWORD, new Date()));
    const uri = /<tt:Uri>([^<]+)</.exec(answer.text)?.[1] ?? '';
    expect((await fetch(uri)).status).toBe(401);
    const picture = join(directory, 'snapshot.jpg');
    await run('curl', ['-s', '-f', '--digest', '-u', `${USERNAME}:${PASSWORD}`, '-o', picture, uri]);
    const seenMs = loopNowMs();
    const { stdout } = await run(
      'ffmpeg',
      ['-v', 'error', '-i', picture, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
      BINARY,
    );
    const frame = decodeFrameNumber((x, y) => stdout[y * 1920 + x] ?? 0, 1920, 1080);
    expect(frame).toBeDefined();
    expect(frameAgeMs(frame!, seenMs, LOOP_FRAMES)).toBeLessThan(3000);
  });
});

describe('discovery and onboarding by clients of other makes', () => {
  it('is found by the npm client onvif, which reads profiles and stream addresses', async () => {
    const onvif = createRequire(import.meta.url)('onvif');
    const found = await probeWithOnvif(onvif);
    for (const camera of fleet.cameras) expect(found).toContain(camera.endpointReference);

    const camera = fleet.camera('sim-ascii');
    const { hostname, port } = new URL(camera.onvif);
    const device = await new Promise<OnvifCam>((resolve, reject) => {
      const created: OnvifCam = new onvif.Cam(
        { hostname, port: Number(port), username: camera.username, password: camera.password },
        (error: Error | null) => (error ? reject(error) : resolve(created)),
      );
    });
    expect(device.profiles.map(({ name }) => name)).toEqual(['main', 'sub']);
    const uri = await new Promise<string>((resolve, reject) => {
      device.getStreamUri({ protocol: 'RTSP', profileToken: 'profile_sub' }, (error, stream) =>
        error ? reject(error) : resolve(stream.uri),
      );
    });
    expect(uri).toBe(camera.rtsp.sub);
  });

  it('is found by the npm client node-onvif, which reads profiles and stream addresses', async () => {
    const onvif = createRequire(import.meta.url)('node-onvif');
    const devices = (await onvif.startProbe()) as { urn: string; xaddrs: string[]; scopes: string[] }[];
    const camera = fleet.camera('sim-ascii');
    const match = devices.find(({ urn }) => urn === camera.endpointReference);
    expect(match?.xaddrs).toEqual([camera.onvif]);
    expect(match?.scopes).toContain('lienthong://simulated');
    const device = new onvif.OnvifDevice({ xaddr: camera.onvif, user: camera.username, pass: camera.password });
    const information = await device.init();
    expect(information.Manufacturer).toBe('Liên Thông');
    expect(device.getProfileList().map((profile: { stream: { rtsp: string } }) => profile.stream.rtsp)).toEqual([
      camera.rtsp.main,
      camera.rtsp.sub,
    ]);
  });
});

describe('the simulator as a program', () => {
  it('says that it is ready, takes control lines, and ends within a second on SIGTERM', async () => {
    const { child, lines } = await program();
    const ready = JSON.parse((await lines.next()).value ?? '');
    expect(ready).toMatchObject({ ready: true, cameras: [{ id: 'prog-a' }] });
    child.stdin?.write('{"disconnect":"prog-a"}\n');
    expect(JSON.parse((await lines.next()).value ?? '')).toEqual({ disconnect: 'prog-a' });
    await expect(fetch(ready.cameras[0].onvif)).rejects.toThrow();
    const asked = performance.now();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(performance.now() - asked).toBeLessThan(1500);
  });

  it('ends when its standard input closes, so that it never outlives its parent', async () => {
    const { child, lines } = await program();
    await lines.next();
    child.stdin?.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

interface OnvifCam {
  profiles: { name: string }[];
  getStreamUri(options: object, done: (error: Error | null, stream: { uri: string }) => void): void;
}

const BINARY = { encoding: 'buffer' as const, maxBuffer: 16 * 1024 * 1024 };
const GET_PROFILES = '<GetProfiles xmlns="http://www.onvif.org/ver10/media/wsdl"/>';
const GET_PROFILES2 = '<GetProfiles xmlns="http://www.onvif.org/ver20/media/wsdl"/>';
const GET_SNAPSHOT_URI =
  '<GetSnapshotUri xmlns="http://www.onvif.org/ver10/media/wsdl"><ProfileToken>profile_main</ProfileToken></GetSnapshotUri>';

/** Clients that cannot choose an interface send by the default route: the fleet of this test listens on all. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family }) => family === 'IPv4')
    .map(({ address }) => address);
}

function withUser(url: string, username: string, password: string): string {
  return url.replace('rtsp://', `rtsp://${encodeURIComponent(username)}:${encodeURIComponent(password)}@`);
}

function authorised(camera: FleetCamera, stream: 'main' | 'sub', password = camera.password): string {
  return withUser(camera.rtsp[stream], camera.username, password);
}

async function pullPackets(url: string, seconds: number) {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-rtsp_transport', 'tcp', '-read_intervals', `%+${seconds}`],
    ...['-show_entries', 'packet=pts,flags:stream=width,height,profile', '-of', 'csv', '-i', url],
  ]);
  const rows = stdout.split('\n').map((line) => line.split(','));
  const packets = rows.filter(([kind]) => kind === 'packet');
  const stream = rows.find(([kind]) => kind === 'stream') ?? [];
  return {
    // ffmpeg leaves the first packet of an RTSP stream without a time.
    times: packets.map(([, pts]) => Number(pts)).filter((pts) => !Number.isNaN(pts)),
    keyframes: packets.flatMap(([, , flags], index) => (flags?.startsWith('K') ? [index] : [])),
    size: stream.slice(2, 4).join(','),
    profile: stream[1],
  };
}

/** Decodes the first picture of a stream and reads its number. */
async function firstPicture(url: string, stream: 'main' | 'sub'): Promise<{ frame: number; seenMs: number }> {
  const [width, height] = stream === 'main' ? [1920, 1080] : [640, 360];
  const { stdout } = await run(
    'ffmpeg',
    [
      '-v',
      'error',
      '-fflags',
      'nobuffer',
      '-analyzeduration',
      '0',
      '-probesize',
      '32',
      '-rtsp_transport',
      'tcp',
      '-i',
      url,
      '-frames:v',
      '1',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'gray',
      '-',
    ],
    BINARY,
  );
  const frame = decodeFrameNumber((x, y) => stdout[y * width + x] ?? 0, width, height);
  if (frame === undefined) throw new Error('no frame number in the picture');
  return { frame, seenMs: loopNowMs() };
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** A reset is a way to close, too. */
function closing(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** A small RTSP client: sets a stream up and plays it, by hand. */
async function play(camera: FleetCamera, stream: 'main' | 'sub'): Promise<Socket> {
  const url = camera.rtsp[stream];
  const socket = await open(url);
  let cseq = 0;
  const ask = async (method: string, at: string, headers: string[]): Promise<string> => {
    socket.write([`${method} ${at} RTSP/1.0`, `CSeq: ${++cseq}`, ...headers, '', ''].join('\r\n'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString('latin1');
  };
  const challenge = await ask('DESCRIBE', url, []);
  const [, realm] = /realm="([^"]*)"/.exec(challenge) ?? [];
  const [, nonce] = /nonce="([^"]*)"/.exec(challenge) ?? [];
  const authorisation = (method: string, at: string): string => {
    const ha1 = md5(`${camera.username}:${realm}:${camera.password}`);
    const response = md5(`${ha1}:${nonce}:${md5(`${method}:${at}`)}`);
    return `Authorization: Digest username="${camera.username}", realm="${realm}", nonce="${nonce}", uri="${at}", response="${response}"`;
  };
  const track = `${url}/trackID=1`;
  const setup = await ask('SETUP', track, [
    authorisation('SETUP', track),
    'Transport: RTP/AVP/TCP;unicast;interleaved=2-3',
  ]);
  const [, session] = /Session: ([^;\r]+)/.exec(setup) ?? [];
  expect(setup).toContain('interleaved=2-3');
  expect(await ask('PLAY', url, [authorisation('PLAY', url), `Session: ${session}`])).toMatch(/^RTSP\/1\.0 200 /);
  return socket;
}

/** Waits until nothing has come for this long. */
function silence(socket: Socket, ms: number): Promise<void> {
  return new Promise((resolve) => {
    let timer = setTimeout(done, ms);
    function again(): void {
      clearTimeout(timer);
      timer = setTimeout(done, ms);
    }
    function done(): void {
      socket.off('data', again);
      resolve();
    }
    socket.on('data', again);
  });
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function usernameToken(password: string, at: Date): string {
  const nonce = randomBytes(16);
  const created = at.toISOString();
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  const type = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest';
  return (
    '<wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">' +
    `<wsse:UsernameToken><wsse:Username>${USERNAME}</wsse:Username><wsse:Password Type="${type}">${digest}</wsse:Password>` +
    `<wsse:Nonce>${nonce.toString('base64')}</wsse:Nonce><wsu:Created xmlns:wsu="u">${created}</wsu:Created>` +
    '</wsse:UsernameToken></wsse:Security>'
  );
}

function envelopeOf(body: string, header = ''): string {
  return `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`;
}

async function soap(url: string, body: string, header?: string) {
  const answer = await fetch(url, { method: 'POST', body: envelopeOf(body, header) });
  return { status: answer.status, text: await answer.text(), challenge: answer.headers.get('www-authenticate') };
}

/** Another maker's HTTP Digest. */
async function digestCurl(url: string, body: string): Promise<string> {
  const { stdout } = await run('curl', [
    '-s',
    '--digest',
    '-u',
    `${USERNAME}:${PASSWORD}`,
    '--data-binary',
    envelopeOf(body),
    url,
  ]);
  return stdout;
}

function probeWithOnvif(onvif: {
  Discovery: {
    probe(options: object, done: (error: unknown, found: OnvifCam[]) => void): void;
    on(event: string, listener: (cam: unknown, rinfo: unknown, xml: Buffer) => void): void;
  };
}): Promise<string> {
  const answers: string[] = [];
  onvif.Discovery.on('device', (_cam, _from, xml) => answers.push(xml.toString()));
  return new Promise((resolve, reject) => {
    onvif.Discovery.probe({ timeout: 2000, resolve: false }, (error) =>
      error ? reject(error) : resolve(answers.join('\n')),
    );
  });
}

async function program(): Promise<{ child: ChildProcess; lines: AsyncIterator<string, string | undefined> }> {
  const file = join(directory, 'fleet.json');
  const { name, desk, username, password, scene } = description('prog-a', 0);
  const cameras = [{ id: 'prog-a', name, desk, username, password, scene }];
  await writeFile(file, JSON.stringify({ cameras, loopFrames: LOOP_FRAMES, cacheDirectory: join(directory, 'clips') }));
  const main = fileURLToPath(new URL('../../scripts/simulator/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  return { child, lines: createInterface({ input: child.stdout! })[Symbol.asyncIterator]() };
}
