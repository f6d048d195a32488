import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { matches, readProbe, WsDiscovery } from './ws-discovery.ts';

const DISCOVERY = 'http://schemas.xmlsoap.org/ws/2005/04/discovery';
const own = {
  endpointReference: 'urn:uuid:00000000-0000-8000-8000-00000000abcd',
  xaddr: 'http://127.0.0.1:1/onvif/device_service',
  scopes: [
    'onvif://www.onvif.org/name/Qu%E1%BA%A7y%201',
    'onvif://www.onvif.org/type/video_encoder',
    'lienthong://simulated',
  ],
};

function probe(types: string, scopes: string, matchBy = ''): string {
  return (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing">' +
    '<s:Header><a:MessageID>uuid:probe-1</a:MessageID></s:Header>' +
    `<s:Body><d:Probe xmlns:d="${DISCOVERY}"><d:Types xmlns:n="http://www.onvif.org/ver10/network/wsdl">${types}</d:Types>` +
    `<d:Scopes${matchBy && ` MatchBy="${DISCOVERY}/${matchBy}"`}>${scopes}</d:Scopes></d:Probe></s:Body></s:Envelope>`
  );
}

describe('which probes a camera answers (WS-Discovery section 5.1)', () => {
  it.each([
    ['nothing asked', '', '', '', true],
    ['its type', 'n:NetworkVideoTransmitter', '', '', true],
    ['another type', 'n:NetworkVideoDisplay', '', '', false],
    ['its type in another namespace', 's:NetworkVideoTransmitter', '', '', false],
    ['a scope above its own', '', 'onvif://www.onvif.org/name', '', true],
    ['its scope, written otherwise', '', 'ONVIF://WWW.onvif.org/name/Qu%e1%ba%a7y%201/', '', true],
    ['a part of a segment', '', 'onvif://www.onvif.org/name/Qu', '', false],
    ['two scopes, one not its own', '', 'lienthong://simulated onvif://www.onvif.org/location', '', false],
    ['an exact scope by strcmp0', '', 'lienthong://simulated', 'strcmp0', true],
    ['a prefix by strcmp0', '', 'onvif://www.onvif.org/name', 'strcmp0', false],
    ['a rule that it does not know', '', 'lienthong://simulated', 'ldap', false],
  ])('%s', (_, types, scopes, matchBy, answered) => {
    const read = readProbe(probe(types, scopes, matchBy));
    expect(read && matches(read, own)).toBe(answered);
  });

  it('takes no other message for a probe', () => {
    for (const other of [
      '',
      'xml',
      '<a/>',
      probe('', '').replaceAll('Probe', 'Hello'),
      `<!DOCTYPE a>${probe('', '')}`,
    ]) {
      expect(readProbe(other)).toBeUndefined();
    }
  });
});

describe('WS-Discovery on loopback', () => {
  let discovery: WsDiscovery | undefined;
  afterEach(() => discovery?.stop());

  it('answers another process over multicast, tells which probe it answers, and says Hello and Bye', async () => {
    const listener = createSocket({ type: 'udp4', reuseAddr: true });
    const heard: string[] = [];
    listener.on('message', (message) => heard.push(message.toString()));
    await new Promise<void>((resolve) => listener.bind(3702, resolve));
    listener.addMembership('239.255.255.250', '127.0.0.1');
    const heardOf = async (kind: string): Promise<void> => {
      while (!heard.some((text) => text.includes(`<d:${kind}>`) && text.includes(own.endpointReference)))
        await once(listener, 'message');
    };

    discovery = new WsDiscovery({ targets: () => [own] });
    await discovery.start();
    await heardOf('Hello');

    const script = `
      const socket = require('node:dgram').createSocket('udp4');
      socket.on('message', (message) => {
        if (!message.includes('${own.endpointReference}')) return;
        process.stdout.write(message, () => process.exit(0));
      });
      socket.bind(0, () => {
        socket.setMulticastInterface('127.0.0.1');
        socket.send(process.argv[1], 3702, '239.255.255.250');
      });
      setTimeout(() => process.exit(1), 10000);`;
    const asker = spawn(process.execPath, ['-e', script, probe('n:NetworkVideoTransmitter', '')]);
    let answer = '';
    asker.stdout.on('data', (chunk: Buffer) => {
      answer += chunk;
    });
    expect(await once(asker, 'close')).toEqual([0, null]);
    expect(answer).toContain('<a:RelatesTo>uuid:probe-1</a:RelatesTo>');
    expect(answer).toContain(`<d:XAddrs>${own.xaddr}</d:XAddrs>`);

    await discovery.stop();
    await heardOf('Bye');
    listener.close();
  });
});
