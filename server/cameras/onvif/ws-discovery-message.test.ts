import { describe, expect, test } from 'vitest';
import { endpointKey } from './endpoint.ts';
import { readScopes } from './scopes.ts';
import { parseAnnouncement, parseProbeMatches, probeMessages } from './ws-discovery-message.ts';
import { parseXmlDocuments, textAt } from './xml.ts';

const id = '0a1b2c3d-0000-4000-8000-0123456789ab';
const match = (endpoint: string, xaddr: string) =>
  `<d:ProbeMatch><a:EndpointReference><a:Address>${endpoint}</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>\n onvif://www.onvif.org/name/A%20B </d:Scopes><d:XAddrs>${xaddr}  http://[fe80::1]/x</d:XAddrs></d:ProbeMatch>`;
const answer = (relatesTo: string, matches: string) =>
  Buffer.from(
    `<s:Envelope><s:Header><a:RelatesTo>${relatesTo}</a:RelatesTo></s:Header><s:Body><d:ProbeMatches>${matches}</d:ProbeMatches></s:Body></s:Envelope>`,
  );

test('probes are sent for each type and for any, under identifiers of their own', () => {
  const probes = probeMessages();
  expect(new Set(probes.map((probe) => probe.id)).size).toBe(3);
  const envelopes = probes.map(({ message }) => parseXmlDocuments(message.toString())[0]);
  expect(envelopes.map((envelope) => textAt(envelope, 'Header', 'MessageID'))).toEqual([
    `urn:uuid:${probes[0]?.id}`,
    `urn:uuid:${probes[1]?.id}`,
    `uuid:${probes[2]?.id}`,
  ]);
  expect(envelopes.map((envelope) => textAt(envelope, 'Body', 'Probe', 'Types'))).toEqual([
    'dn:NetworkVideoTransmitter',
    'tds:Device',
    null,
  ]);
});

test('an answer may carry the identifier of our probe as its own, but our own probe that comes back is none', () => {
  const own = answer('x', match('urn:uuid:1', 'http://10.0.0.1/a')).toString().replaceAll('RelatesTo', 'MessageID');
  expect(parseProbeMatches(Buffer.from(own.replace('>x<', `>uuid:${id}<`)), [id])).toHaveLength(1);
  const probe = probeMessages()[0];
  expect(probe && parseProbeMatches(probe.message, [probe.id])).toEqual([]);
});

test('what is no ONVIF device is left out', () => {
  const printer =
    '<d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:p</a:Address></a:EndpointReference><d:Types>wsdp:Device wprt:PrintDeviceType</d:Types><d:XAddrs>http://10.0.0.3:5357/p</d:XAddrs></d:ProbeMatch>';
  expect(
    parseProbeMatches(answer(id, printer + match('c', 'http://10.0.0.1/')), [id]).map((found) => found.endpoint),
  ).toEqual(['c']);
});

test('every match of an answer is kept, however the identifier is written', () => {
  for (const relatesTo of [`urn:uuid:${id}`, `uuid:${id}`, id.toUpperCase()]) {
    const matches = parseProbeMatches(
      answer(relatesTo, match('urn:uuid:1', 'http://10.0.0.1/a') + match('', 'http://10.0.0.2/a')),
      [id],
    );
    expect(matches.map(({ endpoint, xaddrs }) => [endpoint, xaddrs])).toEqual([
      ['urn:uuid:1', ['http://10.0.0.1/a', 'http://[fe80::1]/x']],
      ['', ['http://10.0.0.2/a', 'http://[fe80::1]/x']],
    ]);
    expect(matches[0]?.types).toEqual(['NetworkVideoTransmitter', 'Device']);
  }
});

test.each([
  ['answers to others', answer('urn:uuid:ffffffff-0000-4000-8000-0123456789ab', match('x', 'http://10.0.0.1/'))],
  ['the identifier elsewhere', answer('urn:uuid:other', match(id, 'http://10.0.0.1/'))],
  ['torn answers', answer(`urn:uuid:${id}`, match('x', 'http://10.0.0.1/')).subarray(0, 250)],
  ['document types', Buffer.from(`<!DOCTYPE x>${answer(id, match('x', 'http://10.0.0.1/'))}`)],
  ['noise', Buffer.from([0, 255, 1])],
])('%s are dropped', (_, datagram) => {
  expect(parseProbeMatches(datagram, [id])).toEqual([]);
});

test('scopes are percent-decoded, bounded, and tell the simulated from the real', () => {
  const scopes = [
    'onvif://www.onvif.org/name/Qu%E1%BA%A7y%201',
    'ONVIF://www.onvif.org/hardware/a/b',
    'onvif://www.onvif.org/location/%zz',
    'onvif://www.onvif.org/name/second',
  ];
  expect(readScopes(scopes)).toEqual({ name: 'Quầy 1', hardware: 'a/b', location: '%zz', simulated: false });
  expect(readScopes(['lienthong://simulated']).simulated).toBe(true);
  expect(readScopes([`onvif://www.onvif.org/name/x%00%0A${'y'.repeat(500)}`]).name).toMatch(/^x {2}y{117}$/);
});

test('an endpoint reference has one form', () => {
  for (const written of [id, `uuid:${id}`, `urn:uuid:${id.toUpperCase()}`, ` ${id} `])
    expect(endpointKey(written)).toBe(`urn:uuid:${id}`);
  expect(endpointKey('http://Camera/7')).toBe('http://camera/7');
});

describe('an announcement', () => {
  const envelope = (body: string) =>
    Buffer.from(`<e:Envelope xmlns:e="x"><e:Header/><e:Body>${body}</e:Body></e:Envelope>`);
  const reference = '<w:EndpointReference><w:Address>urn:uuid:1</w:Address></w:EndpointReference>';

  test('tells of whom it is, and a Hello where to find it, under any prefix', () => {
    const hello = `<wsdd:Hello>${reference}<wsdd:XAddrs> http://10.0.0.1/x  http://[fe80::1]/x </wsdd:XAddrs></wsdd:Hello>`;
    expect(parseAnnouncement(envelope(hello))).toMatchObject({
      kind: 'hello',
      endpoint: 'urn:uuid:1',
      xaddrs: ['http://10.0.0.1/x', 'http://[fe80::1]/x'],
    });
    expect(parseAnnouncement(envelope(`<Bye>${reference}</Bye>`))).toMatchObject({
      kind: 'bye',
      endpoint: 'urn:uuid:1',
    });
  });

  test.each([
    ['of nobody', envelope('<d:Hello><d:XAddrs>http://10.0.0.1/x</d:XAddrs></d:Hello>')],
    ['that is a question', probeMessages()[0]?.message ?? Buffer.alloc(0)],
    ['that is broken', Buffer.from('<s:Envelope><d:Hello >')],
    ['that is too large', envelope(`<d:Bye>${reference}${' '.repeat(20_000)}</d:Bye>`)],
  ])('%s is none', (_, datagram) => {
    expect(parseAnnouncement(datagram)).toBeNull();
  });
});
