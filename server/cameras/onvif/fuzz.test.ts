import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { silentLogger } from '../../platform/log.ts';
import { addressesOf, createNetworkPolicy } from '../networks.ts';
import { probeDevice } from '../probe.ts';
import { chooseXAddr, deviceServiceUrl, repairServiceAddress, repairStreamAddress } from './addresses.ts';
import { interpretAnswer } from './answers.ts';
import { deviceTimeMs } from './clock-offset.ts';
import { OnvifError } from './errors.ts';
import { chooseDigest, digestAuthorization, parseChallenges } from './http-digest.ts';
import { exchange } from './http-exchange.ts';
import { readScopes } from './scopes.ts';
import { parseSoapAnswer, timeInRefusal } from './soap.ts';
import { parseAnnouncement, parseProbeMatches } from './ws-discovery-message.ts';
import { decodeXmlBytes, defaultXmlCaps, parseXmlDocuments } from './xml.ts';

/** Set FUZZ_SEED to run the very inputs again that a failing run names. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000_000);
/** Far above what any of these needs on a busy machine, and half of what an answer may take. */
const boundMs = 5_000;
const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });

/** Mulberry32. */
function randomOf(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const id = '0a1b2c3d-0000-4000-8000-0123456789ab';
const head =
  '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema"><s:Header/><s:Body>';
const foot = '</s:Body></s:Envelope>';
const samples: Readonly<Record<string, string>> = {
  profiles: `${head}<trt:GetProfilesResponse><trt:Profiles token="a&amp;b" fixed="true"><tt:Name>Quầy &#49;</tt:Name><tt:VideoEncoderConfiguration token="v"><tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>1920</tt:Width><tt:Height>1080</tt:Height></tt:Resolution><!-- c --><x><![CDATA[a < b]]></x></tt:VideoEncoderConfiguration></trt:Profiles></trt:GetProfilesResponse>${foot}`,
  time: `${head}<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:TimeZone><tt:TZ>ICT-7</tt:TZ></tt:TimeZone><tt:UTCDateTime><tt:Time><tt:Hour>1</tt:Hour><tt:Minute>2</tt:Minute><tt:Second>3</tt:Second></tt:Time><tt:Date><tt:Year>2026</tt:Year><tt:Month>1</tt:Month><tt:Day>2</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>${foot}`,
  fault: `${head}<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">expired at 2026-01-02T03:04:05Z</s:Text></s:Reason></s:Fault>${foot}`,
  matches: `<s:Envelope><s:Header><a:RelatesTo>urn:uuid:${id}</a:RelatesTo></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:1</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/A%20B</d:Scopes><d:XAddrs>http://[fe80::1]/x http://10.0.0.1:8080/x </d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>`,
  hello: `<s:Envelope><s:Body><d:Hello><a:EndpointReference><a:Address>urn:uuid:${id}</a:Address></a:EndpointReference><d:XAddrs>http://10.0.0.1/x</d:XAddrs></d:Hello></s:Body></s:Envelope>`,
  challenge:
    'Basic realm="a", Digest realm="c", qop="auth,auth-int", nonce="7ypf/xlj9XX=", algorithm=SHA-256, stale=TRUE, opaque="a\\"b"',
  stream: 'rtsp://admin:p%40ss@[fe80::1%25eth0]:554/cam/realmonitor?channel=1&amp;amp;subtype=0#x',
  address: 'https://u:p@192.168.1.64:8443/onvif/device_service?x=1',
  range: '10.20.3.0/24',
};

/** Everything that reads what a stranger sent. None may throw anything but OnvifError. */
const parsers: Readonly<Record<string, (text: string) => void>> = {
  xml: (text) => parseXmlDocuments(text),
  soap: (text) => parseSoapAnswer(text, 'GetProfiles'),
  clock: (text) => parseXmlDocuments(text).forEach(deviceTimeMs),
  'time in a refusal': (text) => timeInRefusal(text),
  'discovery message': (text) => parseProbeMatches(Buffer.from(text), [id]),
  announcement: (text) => parseAnnouncement(Buffer.from(text)),
  'HTTP answer': (text) => interpretAnswer(answerOf(text, 200), 'GetProfiles', defaultXmlCaps),
  'refusal over HTTP': (text) => interpretAnswer(answerOf(text, 401), 'GetProfiles', defaultXmlCaps),
  'digest challenge': (text) => {
    const challenge = chooseDigest(parseChallenges([text, text]));
    if (challenge)
      digestAuthorization({ challenge, username: 'u', password: 'p', method: 'POST', uri: '/', body: '', count: 1 });
  },
  'service address': (text) => repairServiceAddress(text, new URL('http://10.1.2.3/onvif')),
  'stream address': (text) => {
    const found = repairStreamAddress(text, '10.1.2.3');
    if (found && new URL(found.url.href).hostname !== '10.1.2.3') throw new Error(`led to ${found.url.href}`);
    if (found?.url.username || found?.url.password) throw new Error('user info left');
  },
  XAddrs: (text) => chooseXAddr(text.split(' '), { source: '10.1.2.3', onThisMachine: false, speaksForItself: true }),
  'typed address': (text) => deviceServiceUrl(text),
  scopes: (text) => readScopes(text.split(' ')),
  range: (text) => addressesOf(text, 1_024),
  encoding: (text) => decodeXmlBytes(Buffer.from(text, 'latin1'), text.slice(0, 60)),
};

function answerOf(text: string, status: number) {
  const body = Buffer.from(text);
  return {
    status,
    location: undefined,
    challenges: [text],
    contentType: 'text/xml',
    dateMs: null,
    body,
    certificateSha256: null,
  };
}

function feed(name: string, text: string): void {
  const startedMs = performance.now();
  try {
    parsers[name]?.(text);
  } catch (error) {
    if (!(error instanceof OnvifError))
      throw new Error(`${name} threw on ${JSON.stringify(text.slice(0, 2_000))}`, { cause: error });
  }
  const tookMs = performance.now() - startedMs;
  if (tookMs > boundMs) throw new Error(`${name} took ${tookMs} ms on ${JSON.stringify(text.slice(0, 200))}`);
}

describe.each(Object.keys(parsers))('what reads a %s', (name) => {
  test('stands a sample cut off anywhere', () => {
    // Every place for the parser that the others stand on, every seventh for those.
    const step = name === 'xml' ? 1 : 7;
    for (const text of Object.values(samples)) for (let n = 0; n < text.length; n += step) feed(name, text.slice(0, n));
  });

  test(`stands changes at random (FUZZ_SEED=${seed})`, () => {
    const random = randomOf(seed);
    const below = (n: number) => Math.floor(random() * n);
    const texts = Object.values(samples);
    const pieces = [
      '<',
      '>',
      '&',
      '"',
      '</',
      '<![CDATA[',
      ']]>',
      '<!--',
      '<?',
      '\0',
      '\ufffd',
      '\ud800',
      '%',
      '%ff',
      '://',
      '@',
      '[',
      ':',
      '=',
      ' ',
      '&#0;',
      '&#x110000;',
      '__proto__',
      '-1',
      '9'.repeat(40),
    ];
    for (let round = 0; round < 150; round += 1) {
      let text = texts[below(texts.length)] ?? '';
      for (let changes = 1 + below(6); changes > 0; changes -= 1) {
        const [from, length] = [below(text.length + 1), below(12)];
        const put =
          random() < 0.5
            ? (pieces[below(pieces.length)] ?? '')
            : String.fromCharCode(below(random() < 0.2 ? 65_536 : 128));
        text = text.slice(0, from) + put.repeat(random() < 0.1 ? 300 : 1) + text.slice(from + length);
        if (random() < 0.1) text += texts[below(texts.length)] ?? '';
      }
      feed(name, text);
    }
  });

  const n = 200_000;
  test.each<[string, () => string]>([
    ['17 MB of nothing', () => 'x'.repeat(17_000_000)],
    ['17 MB in one element', () => `${head}<a>${'x'.repeat(17_000_000)}</a>${foot}`],
    ['deep nesting', () => `${head}${'<a>'.repeat(n)}`],
    ['many elements', () => `${head}${'<a/>'.repeat(n)}${foot}`],
    ['many attributes', () => `${head}<a ${Array.from({ length: n }, (_, i) => `b${i}="c"`).join(' ')}/>${foot}`],
    [
      'a laughing document type',
      () => `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>${head}<a>&b;</a>${foot}`,
    ],
    ['many references', () => `${head}<a>${'&#65;&amp;&x;&'.repeat(n / 10)}</a>${foot}`],
    ['names that are not safe', () => `${head}<__proto__ __proto__="1"><constructor/></__proto__><toString/>${foot}`],
    ['many declarations', () => '<?xml version="1.0"?>'.repeat(n / 10)],
    ['many envelopes', () => `${samples.time}${foot}`.repeat(200)],
    ['many ends', () => `${head}${foot.repeat(n / 10)}`],
    ['open comments', () => `${head}${'<!--'.repeat(n)}`],
    ['open quotes', () => `${head}<a b="${'\\"'.repeat(n)}`],
    ['spaces', () => ' '.repeat(1_000_000)],
    ['two answers in one body', () => `${samples.fault}${samples.profiles}`],
    ['signs of addresses', () => `rtsp://${'a:b@'.repeat(n / 4)}`],
    ['colons', () => ':'.repeat(n)],
    ['percent signs', () => `onvif://www.onvif.org/name/${'%'.repeat(n)}`],
  ])('stands %s', (_, make) => feed(name, make()));
});

test('of a body as of a compressed one no more is read than its cap, whatever its length says', async () => {
  const packed = gzipSync(Buffer.alloc(64_000_000));
  const bombs: ((socket: Socket) => void)[] = [
    (socket) => flood(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n'),
    (socket) => flood(socket, 'HTTP/1.1 200 OK\r\n\r\n'),
    (socket) => flood(socket, 'HTTP/1.1 200 OK\r\nx: '),
    (socket) => flood(socket, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\n'),
    (socket) => flood(socket, ''),
    (socket) =>
      void socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n`), packed])),
  ];
  for (const bomb of bombs) {
    server.behave = bomb;
    const asked = exchange({ ...request(), maxBytes: 1_048_576, signal: AbortSignal.timeout(10_000) });
    await expect(asked).rejects.toMatchObject({ failure: 'malformed' });
    // What the kernel holds on both sides is sent too.
    expect(server.sentBytes).toBeLessThan(16_000_000);
  }
});

test('a body that drips without a length is whole with its envelope', async () => {
  server.behave = (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const text = `${head}<a/>${foot}`;
    let at = 0;
    const timer = setInterval(() => {
      socket.write(text.slice(at, at + 40));
      at += 40;
      if (at > text.length) clearInterval(timer);
    }, 1);
    socket.on('close', () => clearInterval(timer));
  };
  const { body } = await exchange({ ...request(), maxBytes: 1_048_576, signal: AbortSignal.timeout(10_000) });
  expect(Buffer.from(body).toString()).toBe(`${head}<a/>${foot}`);
});

test(`a probe of a device that answers anything ends with a result (FUZZ_SEED=${seed})`, async () => {
  const random = randomOf(seed + 1);
  const below = (n: number) => Math.floor(random() * n);
  const texts = Object.values(samples);
  const heads = [
    'HTTP/1.1 200 OK',
    'HTTP/1.0 200',
    'HTTP/1.1 401 No\r\nwww-authenticate: Digest nonce="n"',
    'HTTP/1.1 500 X',
    'HTTP/1.1 302 Y\r\nlocation: /a',
    'HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK',
    'RTSP/1.0 200 OK',
    'HTTP/2 200',
    '',
  ];
  server.behave = (socket) => {
    const [first, text] = [heads[below(heads.length)] ?? '', texts[below(texts.length)] ?? ''];
    const length = random() < 0.3 ? `\r\ncontent-length: ${below(3_000)}` : '';
    const answer = `${first}${length}\r\n\r\n${text.slice(0, random() < 0.3 ? below(text.length) : undefined)}`;
    if (random() < 0.05) socket.destroy();
    else socket.end(random() < 0.1 ? answer.slice(0, below(answer.length)) : answer);
  };
  const options = { clock: systemClock, log: silentLogger, policy, deadlineMs: 3_000 };
  const started = performance.now();
  const results = await Promise.all(
    Array.from({ length: 40 }, () => probeDevice({ onvif: request().url.host, username: 'u', password: 'p' }, options)),
  );
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(results.every((result) => typeof result.reachable === 'boolean')).toBe(true);
});

const server = {
  behave: (_: Socket): void => {},
  sentBytes: 0,
  port: 0,
  close: () => {},
};

beforeAll(async () => {
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    server.sentBytes = 0;
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.once('data', () => server.behave(socket));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  server.port = (listener.address() as { port: number }).port;
  server.close = () => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  };
});
afterAll(() => server.close());

const request = () => ({
  url: new URL(`http://127.0.0.1:${server.port}/`),
  method: 'POST' as const,
  headers: {},
  body: '',
  policy,
  certificateSha256: null,
});

/** Sends without end, and counts what the other side and the kernel took. */
function flood(socket: Socket, start: string): void {
  const piece = Buffer.alloc(65_536, 'x');
  socket.write(start);
  const more = () => {
    while (!socket.destroyed) {
      server.sentBytes += piece.length;
      if (!socket.write(piece)) return void socket.once('drain', more);
    }
  };
  more();
}
