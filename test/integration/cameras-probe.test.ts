import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createNetworkPolicy } from '../../server/cameras/networks.ts';
import { defaultOnvifLimits, type OnvifLimits } from '../../server/cameras/onvif/device-client.ts';
import { type ProbeRequest, type ProbeResult, probeDevice } from '../../server/cameras/probe.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import {
  answering,
  envelope,
  fault,
  faultXml,
  startTestDevice,
  type TestCall,
  type TestDevice,
  type TestDeviceOptions,
  xml,
} from '../support/onvif-device.ts';

const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });
const devices: TestDevice[] = [];

afterEach(async () => {
  await Promise.all(devices.splice(0).map((device) => device.close()));
});

async function start(options?: TestDeviceOptions): Promise<TestDevice> {
  const device = await startTestDevice(options);
  devices.push(device);
  return device;
}

function probe(
  device: TestDevice | string,
  request: Partial<ProbeRequest> = {},
  limits: Partial<OnvifLimits> = {},
  allowed = policy,
): Promise<ProbeResult> {
  return probeDevice(
    { onvif: typeof device === 'string' ? device : device.url, username: 'admin', password: 'secret', ...request },
    { clock: systemClock, log: silentLogger, policy: allowed, limits: { ...defaultOnvifLimits, ...limits } },
  );
}

const codes = (result: ProbeResult) => result.warnings.map((warning) => warning.code);
const chosen = (result: ProbeResult, stream: 'main' | 'sub') =>
  result.profiles.find((profile) => profile.stream === stream);

describe('a device that answers as it should', () => {
  test('is read whole: identity, services from both questions, profiles, repaired addresses without user info', async () => {
    const device = await start({ believes: '192.168.1.64:80' });
    const result = await probe(device.host);
    expect(result).toMatchObject({
      reachable: true,
      isOnvif: true,
      failure: null,
      auth: { ok: true, method: 'username_token', error: null },
      endpoint: 'urn:uuid:0a1b2c3d-0000-4000-8000-0123456789ab',
      device: { manufacturer: '', model: 'Tést & Cam', firmware: '1.20', serial: '007' },
      ptz: true,
      events: false,
      snapshot: `http://${device.host}/snap.jpg`,
    });
    expect(result.scopes.name).toBe('Quầy 1');
    expect(Math.abs(result.clockSkewMs ?? Number.NaN)).toBeLessThan(2_000);
    expect(result.services.map(({ version, xaddr }) => [version, xaddr])).toEqual([
      ['2.60', `http://${device.host}/onvif/device_service`],
      ['2.6', `http://${device.host}/onvif/media?v=1`],
      [null, `http://${device.host}/onvif/ptz`],
    ]);
    expect(chosen(result, 'main')).toMatchObject({ token: 'main & 1', width: 1920, fps: null });
    expect(chosen(result, 'main')?.rtsp).toMatch(/^rtsp:\/\/127\.0\.0\.1:8554\/\d+\?a=1&b=2$/);
    expect(chosen(result, 'main')?.rtspAsSent).toMatch(/^rtsp:\/\/192\.168\.1\.64:8554\//);
    expect(chosen(result, 'sub')).toMatchObject({ token: 'sub', height: 360 });
    expect(codes(result)).toEqual(['address_repaired']);
  });

  test('is read through Media2, which alone tells of H.265, with the advice that follows from it', async () => {
    const result = await probe(await start({ media2: true }));
    expect(chosen(result, 'main')).toMatchObject({
      token: 'm2main',
      codec: 'h265',
      gop: 125,
      fps: 25,
      bitrateKbps: 4096,
    });
    expect(codes(result)).toEqual(['hevc', 'gop_long']);
  });

  test('whose Media2 answers 500 is read through Media1', async () => {
    const override = {
      'tr2:GetProfiles': ({ response }: { response: Parameters<typeof envelope>[0] }) => envelope(response, '', 500),
    };
    const result = await probe(await start({ media2: true, override }));
    expect(chosen(result, 'main')?.token).toBe('main & 1');
    expect(codes(result)).toEqual(['media2_failed']);
  });

  test('may have a user name and a password of any characters', async () => {
    const login = { username: 'quản <trị> & "co"', password: 'mật khẩu ✓' };
    const result = await probe(await start(login), login);
    expect(result.auth).toEqual({ ok: true, method: 'username_token', error: null });
  });
});

describe('credentials', () => {
  test('that are wrong are told apart from those that are missing', async () => {
    const device = await start();
    expect((await probe(device, { password: 'wrong' })).auth).toEqual({
      ok: false,
      method: null,
      error: 'bad_credentials',
    });
    const stranger = await probe(device, { username: '', password: '' });
    expect([stranger.auth.error, stranger.scopes.name]).toEqual(['credentials_needed', 'Quầy 1']);
  });

  test('are tried once when they are wrong, so that a camera does not lock the account', async () => {
    for (const auth of ['token', 'digest'] as const) {
      const device = await start({ auth });
      await probe(device, { password: 'wrong' });
      expect(device.calls.filter((call) => call.authorization !== undefined).length).toBe(auth === 'digest' ? 1 : 0);
      expect(device.calls.filter((call) => call.token).length).toBe(1);
    }
  });

  test.each([
    [
      'parameters in another order',
      (nonce: string) => [`Digest qop="auth", realm="a, b", nonce="${nonce}", opaque="x=,y"`],
    ],
    [
      'SHA-256 beside MD5 and Basic',
      (nonce: string) => [
        'Basic realm="c"',
        `Digest realm="c", nonce="${nonce}", algorithm=SHA-256, qop="auth,auth-int"`,
        `Digest realm="c", nonce="${nonce}", algorithm=MD5`,
      ],
    ],
    [
      'all challenges in one line',
      (nonce: string) => [`Basic realm="c", Digest realm="c",nonce="${nonce}",algorithm=MD5,qop=auth`],
    ],
    ['no qop, as RFC 2069 has it', (nonce: string) => [`Digest realm="c", nonce="${nonce}"`]],
  ])('are proved by HTTP Digest: %s', async (_, challenge) => {
    const result = await probe(await start({ auth: 'digest', challenge }));
    expect(result.auth).toEqual({ ok: true, method: 'http_digest', error: null });
    expect(chosen(result, 'main')?.width).toBe(1920);
  });

  test('go on after the nonce has aged', async () => {
    let turns = 0;
    const device = await start({
      auth: 'digest',
      challenge: (nonce) => [`Digest realm="c", nonce="${nonce}", qop="auth", stale=${turns++ % 2 === 0}`],
    });
    expect((await probe(device)).auth.ok).toBe(true);
  });

  test('are never sent in the clear, even where nothing else is offered', async () => {
    const device = await start({ auth: 'basic' });
    const result = await probe(device);
    expect(result.auth).toEqual({ ok: false, method: null, error: 'basic_only' });
    expect(device.calls.map((call) => call.authorization).filter((header) => header !== undefined)).toEqual([]);
    expect(JSON.stringify(device.calls)).not.toContain('secret');
  });

  test('work on a camera whose clock is wrong by years, and the skew is told', async () => {
    const skewMs = -400 * 86_400_000;
    const result = await probe(await start({ skewMs }));
    expect(result.auth.ok).toBe(true);
    expect(Math.abs((result.clockSkewMs ?? 0) - skewMs)).toBeLessThan(2_000);
    expect(codes(result)).toContain('clock_skew');
  });

  test.each<[string, (now: Date) => TestDeviceOptions]>([
    [
      'in its refusal',
      (now) => ({
        refusal: ({ response }) =>
          fault(response, 'ter:NotAuthorized', `Token expired, it is ${now.toISOString()}`, 400),
      }),
    ],
    [
      'in the header of its answers',
      (now) => ({
        before: ({ response }) => {
          response.setHeader('date', now.toUTCString());
          return false;
        },
      }),
    ],
  ])('work on a camera that tells its time %s only', async (_, telling) => {
    const skewMs = 3 * 3_600_000;
    const no = ({ response }: TestCall) => fault(response, 'ter:ActionNotSupported', 'no', 400);
    const override = answering('GetSystemDateAndTime', no);
    const device = await start({ skewMs, override, ...telling(new Date(Date.now() + skewMs)) });
    const result = await probe(device);
    expect(result.auth).toEqual({ ok: true, method: 'username_token', error: null });
  });

  test('of a camera that says that the token is out of time fail as clock skew', async () => {
    const override = answering('GetDeviceInformation', ({ response }: TestCall) =>
      fault(response, 'wsse:MessageExpired', 'Message expired', 400),
    );
    expect((await probe(await start({ auth: 'open', override }))).auth.error).toBe('clock_skew');
  });

  test('that a camera has locked out are told apart', async () => {
    const body =
      '<userCheck><statusString>Unauthorized</statusString><lockStatus>lock</lockStatus><unlockTime>1800</unlockTime></userCheck>';
    const override = answering(
      'GetDeviceInformation',
      ({ response }: TestCall) => void response.writeHead(401).end(body),
    );
    expect((await probe(await start({ auth: 'open', override }))).auth.error).toBe('locked_out');
  });

  test('refused by a fault with HTTP 200 are refused all the same', async () => {
    const override = answering('GetDeviceInformation', ({ response }: TestCall) =>
      envelope(response, faultXml('ter:NotAuthorized', 'no')),
    );
    expect((await probe(await start({ auth: 'open', override }))).auth.error).toBe('bad_credentials');
  });

  test('are tried even where strangers get no proper answer', async () => {
    for (const status of [400, 403, 500]) {
      const information =
        '<tds:GetDeviceInformationResponse><tds:Model>M</tds:Model></tds:GetDeviceInformationResponse>';
      const override = answering('GetDeviceInformation', ({ response, body }) =>
        body.includes('UsernameToken') ? envelope(response, information) : void response.writeHead(status).end(),
      );
      const result = await probe(await start({ auth: 'open', override }));
      expect([result.auth.ok, result.device?.model]).toEqual([true, 'M']);
    }
  });

  test('that nobody asks for are reported as unproven', async () => {
    const result = await probe(await start({ auth: 'open' }));
    expect(result.auth.ok).toBe(true);
    expect(codes(result)).toContain('credentials_unproven');
  });

  test('are not sent after a redirect to another host', async () => {
    const elsewhere = await start({ auth: 'open' });
    const override = answering(
      'GetDeviceInformation',
      ({ response }: TestCall) =>
        void response.writeHead(307, { location: elsewhere.url.replace('127.0.0.1', 'localhost') }).end(),
    );
    const result = await probe(await start({ auth: 'open', override }));
    expect(result.failure?.code).toBe('redirected');
    expect(elsewhere.calls).toEqual([]);
  });
});

describe('a device that misbehaves', () => {
  const clock = (answer: (call: TestCall) => void): TestDeviceOptions => ({
    override: { GetSystemDateAndTime: answer },
  });
  const everything = (answer: (call: TestCall) => void): TestDeviceOptions => ({
    auth: 'open',
    override: { '*': answer },
  });
  const raw = (body: string, status = 200) => everything(({ response }) => void response.writeHead(status).end(body));
  const deep = `${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`;

  test.each<[string, TestDeviceOptions, string]>([
    ['a web page', raw('<!DOCTYPE html><html><body>login</body></html>'), 'malformed'],
    ['nothing', raw(''), 'http'],
    ['not found', raw('<html>404</html>', 404), 'http'],
    ['other XML', raw('<rss/>'), 'http'],
    ['half an envelope', raw(xml('<a>').slice(0, -30)), 'malformed'],
    ['a document type with entities', raw(`<!DOCTYPE s [<!ENTITY a "aaaa">]>${xml('<a>&a;</a>')}`), 'malformed'],
    ['deep nesting', raw(xml(deep)), 'malformed'],
    ['a million elements', raw(xml('<a/>'.repeat(200_000))), 'malformed'],
    ['too much', raw(xml('x'.repeat(3_000_000))), 'malformed'],
    ['names that are not safe', raw(xml('<__proto__><x/></__proto__>')), 'malformed'],
    ['endless bytes', everything(({ response }) => endless(response, 'x'.repeat(65_536), 1)), 'malformed'],
  ])('by answering with %s is not ONVIF', async (_, options, failure) => {
    const result = await probe(await start(options));
    expect([result.reachable, result.isOnvif, result.failure?.code]).toEqual([true, false, failure]);
  });

  test('by asking for a login and showing a web page behind it is not ONVIF', async () => {
    const page = ({ response }: TestCall) => void response.end('<html><body>hello</body></html>');
    const device = await start({ auth: 'digest', open: [], override: answering('*', page) });
    const result = await probe(device);
    expect([result.reachable, result.isOnvif, result.auth.error]).toEqual([true, false, null]);
  });

  test('by speaking through another address than it names is asked where it answers', async () => {
    const device = await start({ believes: '127.0.0.1:1' });
    const web = await start({ auth: 'open', override: answering('*', ({ response }) => void response.end('<html/>')) });
    const service = (kind: string, port: number) =>
      `<tds:Service><tds:Namespace>http://www.onvif.org/${kind}/wsdl</tds:Namespace><tds:XAddr>http://127.0.0.1:${port}/onvif/media</tds:XAddr></tds:Service>`;
    // On one of the named ports nothing listens, on the other somebody else.
    const override = answering('GetServices', ({ response }) =>
      envelope(
        response,
        `<tds:GetServicesResponse>${service('ver10/media', web.port)}${service('ver10/events', 1)}</tds:GetServicesResponse>`,
      ),
    );
    const none = answering('GetCapabilities', ({ response }) => fault(response, 'ter:ActionNotSupported', 'no', 500));
    const dead = await start({ override: { ...override, ...none } });
    const result = await probe(dead);
    expect(chosen(result, 'main')?.token).toBe('main & 1');
    expect(result.services[0]?.xaddr).toBe(`http://${dead.host}/onvif/media`);
    expect(codes(result)).toContain('address_repaired');
    expect(chosen(await probe(device), 'main')?.token).toBe('main & 1');
  });

  test.each<[string, (call: TestCall, body: string) => void]>([
    ['gzip unasked', ({ response }, body) => void response.setHeader('content-encoding', 'gzip').end(gzipSync(body))],
    ['a byte order mark', ({ response }, body) => void response.end(`\ufeff${body}`)],
    ['UTF-16', ({ response }, body) => void response.end(Buffer.from(`\ufeff${body}`, 'utf16le'))],
    [
      'Latin-1 under a wrong header',
      ({ response }, body) =>
        void response
          .setHeader('content-type', 'text/xml; charset=utf-8')
          .end(Buffer.from(body.replace('UTF-8', 'ISO-8859-1').replace('&#233;', 'é'), 'latin1')),
    ],
    ['rubbish around it', ({ response }, body) => void response.end(`\r\n\0 ${body}\r\n0\r\n\0`)],
    [
      'chunks of one byte',
      ({ response }, body) => {
        for (const byte of Buffer.from(body)) response.write(Buffer.from([byte]));
        response.end();
      },
    ],
    [
      'no length and a connection that stays open',
      ({ response }, body) => void response.socket?.write(`HTTP/1.1 200 OK\r\nconnection: keep-alive\r\n\r\n${body}`),
    ],
    [
      '100 Continue first',
      ({ response }, body) => {
        response.writeContinue();
        response.end(body);
      },
    ],
    [
      'a redirect to itself',
      (call, body) =>
        call.request.url?.includes('?again')
          ? void call.response.end(body)
          : void call.response.writeHead(307, { location: `${call.request.url}?again` }).end(),
    ],
    [
      'a connection cut off at first',
      (call, body) =>
        call.device.calls.filter(({ operation }) => operation === 'GetDeviceInformation').length % 2 === 1
          ? void call.response.destroy()
          : void call.response.end(body),
    ],
  ])('by answering with %s is understood', async (_, answer) => {
    const information =
      '<tds:GetDeviceInformationResponse><tds:Model>T&#233;st</tds:Model></tds:GetDeviceInformationResponse>';
    const override = answering('GetDeviceInformation', (call) => answer(call, xml(information)));
    const result = await probe(await start({ auth: 'open', override }));
    expect([result.failure, result.device?.model]).toEqual([null, 'Tést']);
  });

  test('by taking SOAP 1.1 only is asked in SOAP 1.1', async () => {
    const picky: TestDeviceOptions['before'] = ({ request, response, body }) => {
      const old =
        request.headers['content-type']?.startsWith('text/xml') && body.includes('schemas.xmlsoap.org/soap/envelope');
      if (!old) response.writeHead(415).end();
      return !old;
    };
    const result = await probe(await start({ before: picky }));
    expect([result.auth.method, chosen(result, 'main')?.width]).toEqual(['username_token', 1920]);
  });

  test('by dripping bytes or by silence ends in time', async () => {
    const [dripping, silent] = [
      await start(clock(({ response }) => endless(response, ' ', 50))),
      await start(clock(() => {})),
    ];
    const results = await Promise.all([dripping, silent].map((device) => probe(device, {}, { callMs: 1_500 })));
    for (const result of results) expect([result.reachable, result.failure?.code]).toEqual([false, 'timeout']);
  });

  test('halfway through is reported with what is known', async () => {
    const device = await start({ override: answering('GetProfiles', ({ response }) => endless(response, ' ', 50)) });
    const result = await probe(device, {}, { callMs: 1_500 });
    expect(result.device?.model).toBe('Tést & Cam');
    expect(result.failure?.code).toBe('timeout');
    expect(codes(result)).toContain('probe_incomplete');
  });

  test('past the deadline of the whole probe is not taken for one without streams', async () => {
    const device = await start({ override: answering('GetStreamUri', () => {}) });
    const request = { onvif: device.url, username: 'admin', password: 'secret' };
    const options = { clock: systemClock, log: silentLogger, policy, deadlineMs: 2_500 };
    const result = await probeDevice(request, options);
    expect([result.auth.ok, result.failure?.code]).toEqual([true, 'timeout']);
    expect(codes(result)).toContain('probe_incomplete');
  });

  test('by keeping silent about what is not needed to record is read all the same', async () => {
    const device = await start({ override: answering('GetEndpointReference', () => {}) });
    const request = { onvif: device.url, username: 'admin', password: 'secret' };
    const options = { clock: systemClock, log: silentLogger, policy, deadlineMs: 1_500 };
    const result = await probeDevice(request, options);
    expect([result.failure, chosen(result, 'main')?.width]).toEqual([null, 1920]);
    expect(codes(result)).toContain('probe_incomplete');
  });

  test('by closing early is understood as far as its answer is whole', async () => {
    const short = (call: TestCall, body: string) => {
      call.response.writeHead(200, { 'content-length': Buffer.byteLength(body) + 50 });
      call.response.write(body, () => call.response.socket?.end());
    };
    const whole = '<tds:GetDeviceInformationResponse><tds:Model>M</tds:Model></tds:GetDeviceInformationResponse>';
    const kind = await probe(
      await start({ override: answering('GetDeviceInformation', (call) => short(call, xml(whole))) }),
    );
    expect(kind.device?.model).toBe('M');
    const torn = await probe(
      await start({ override: answering('GetDeviceInformation', (call) => short(call, xml(whole).slice(0, -60))) }),
    );
    expect(torn.failure?.code).toBe('malformed');
  });

  test('by answering twice in one body is understood', async () => {
    const one = xml('<tds:GetDeviceInformationResponse><tds:Model>One</tds:Model></tds:GetDeviceInformationResponse>');
    const override = answering(
      'GetDeviceInformation',
      ({ response }: TestCall) => void response.end(`${xml(faultXml('ter:ActionNotSupported', 'no'))}${one}`),
    );
    expect((await probe(await start({ auth: 'open', override }))).device?.model).toBe('One');
  });

  test('by knowing no RTSP over its own connection is asked for the address by another transport', async () => {
    const override = answering('GetStreamUri', ({ response, body }) =>
      body.includes('>UDP<')
        ? envelope(
            response,
            '<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>rtsp://127.0.0.1/udp</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>',
          )
        : fault(response, 'ter:InvalidStreamSetup', 'no', 400),
    );
    expect(chosen(await probe(await start({ override })), 'main')?.rtsp).toBe('rtsp://127.0.0.1/udp');
  });

  test('by listing services nowhere is asked for media where it answers', async () => {
    const no = ({ response }: TestCall) => fault(response, 'ter:ActionNotSupported', 'no', 500);
    const result = await probe(await start({ override: { GetServices: no, GetCapabilities: no } }));
    expect(chosen(result, 'main')?.token).toBe('main & 1');
  });

  test('by being switched off is unreachable', async () => {
    const device = await startTestDevice();
    await device.close();
    expect((await probe(device)).failure).toEqual({ code: 'unreachable', detail: 'ECONNREFUSED' });
  });

  test('by standing where the configuration allows no camera is not called', async () => {
    const device = await start();
    for (const onvif of [
      device.url,
      device.url.replace('127.0.0.1', 'localhost'),
      device.url.replace('127.0.0.1', '[::ffff:7f00:1]'),
    ]) {
      const closed = createNetworkPolicy({ allowLoopback: false, allowLinkLocal: false, allowedNetworks: [] });
      const result = await probe(onvif, {}, {}, closed);
      expect(result.failure?.code).toBe('not_allowed');
    }
    expect(device.calls).toEqual([]);
  });

  test('is given up at once when the caller gives up', async () => {
    const device = await start(clock(() => {}));
    const abort = new AbortController();
    const running = probe(device, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});

/** Writes until the client has had enough. */
function endless(response: ServerResponse, piece: string, everyMs: number): void {
  response.writeHead(200, { 'content-type': 'application/soap+xml' });
  const timer = setInterval(() => response.write(piece), everyMs);
  response.on('close', () => clearInterval(timer));
}
