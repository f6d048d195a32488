import { describe, expect, test } from 'vitest';
import {
  chooseXAddr,
  deviceServiceUrl,
  repairServiceAddress,
  repairStreamAddress,
  withoutPassword,
} from './addresses.ts';

const answered = new URL('http://10.1.2.3:8081/onvif/device_service');

describe('a service address', () => {
  test.each([
    ['http://10.1.2.3:8081/onvif/media', null, 'http://10.1.2.3:8081/onvif/media', false],
    ['http://0.0.0.0:8081/onvif/media?x=1', null, 'http://10.1.2.3:8081/onvif/media?x=1', true],
    ['http://127.0.0.1/onvif/media', null, 'http://10.1.2.3/onvif/media', true],
    ['http://192.168.1.64/onvif/media', '80', 'http://10.1.2.3:8081/onvif/media', true],
    ['http://192.168.1.64:8899/onvif/media', '80', 'http://10.1.2.3:8899/onvif/media', true],
    ['http://[fe80::1]/onvif/media', null, 'http://10.1.2.3/onvif/media', true],
    ['https://camera.example/onvif/media', '80', 'https://10.1.2.3/onvif/media', true],
    ['http://10.1.2.3/a http://[fe80::1]/a', null, 'http://10.1.2.3/a', false],
    ['http://u:p@10.1.2.3:8081/a', null, 'http://10.1.2.3:8081/a', false],
  ])('%s is asked at the host that answered', (sent, ownPort, expected, repaired) => {
    const address = repairServiceAddress(sent, answered, ownPort);
    expect([address?.url.href, address?.repaired]).toEqual([expected, repaired]);
    expect(address?.asSent).not.toContain('u:p@');
  });

  test('never leads from https back to http', () => {
    const secure = new URL('https://10.1.2.3/onvif/device_service');
    expect(repairServiceAddress('http://10.1.2.3/onvif/media', secure)?.url.href).toBe('https://10.1.2.3/onvif/media');
  });

  test.each(['ftp://10.1.2.3/', 'file:///etc/passwd', 'nonsense', ''])('that is none is dropped: %s', (sent) => {
    expect(repairServiceAddress(sent, answered)).toBeNull();
  });
});

test.each([
  [
    'rtsp://admin:geheim@192.168.1.64:554/Streaming/101?a=1&b=2',
    'rtsp://10.1.2.3:554/Streaming/101?a=1&b=2',
    'rtsp://192.168.1.64:554/Streaming/101?a=1&b=2',
  ],
  ['rtsp://0.0.0.0/main', 'rtsp://10.1.2.3/main', 'rtsp://0.0.0.0/main'],
  ['rtsps://10.1.2.3:322/main', 'rtsps://10.1.2.3:322/main', 'rtsps://10.1.2.3:322/main'],
])('the stream address %s loses its user info and gets the host that answered', (sent, expected, asSent) => {
  const address = repairStreamAddress(sent, '10.1.2.3');
  expect([address?.url.href, address?.asSent]).toEqual([expected, asSent]);
});

test.each(['http://10.1.2.3/stream', 'file:///etc/passwd', 'rtsp:main', ''])('%s is no stream address', (sent) => {
  expect(repairStreamAddress(sent, '10.1.2.3')).toBeNull();
});

describe('of the addresses in a discovery answer', () => {
  const choose = (xaddrs: string[], fields: object = {}) =>
    chooseXAddr(xaddrs, { source: '10.1.2.3', onThisMachine: false, speaksForItself: true, ...fields })?.href;
  test('the one on the host that answered is taken', () => {
    expect(choose(['http://[fe80::1]/onvif', 'http://192.168.0.9/onvif', 'http://10.1.2.3:8080/onvif'])).toBe(
      'http://10.1.2.3:8080/onvif',
    );
  });
  test('one that leads nowhere from here gets the host that answered', () => {
    expect(choose(['http://0.0.0.0:8080/onvif'], { speaksForItself: false })).toBe('http://10.1.2.3:8080/onvif');
    expect(choose(['http://[fe80::1]/a', 'http://192.168.1.64:88/b'])).toBe('http://10.1.2.3:88/b');
    expect(choose(['http://127.0.0.1:8080/onvif'])).toBe('http://10.1.2.3:8080/onvif');
  });
  test('a proxy’s stand as they are', () => {
    expect(choose(['http://10.9.9.9/onvif'], { speaksForItself: false })).toBe('http://10.9.9.9/onvif');
  });
  test('loopback stays where the device is on this machine', () => {
    expect(choose(['http://127.0.0.1:8080/onvif'], { onThisMachine: true })).toBe('http://127.0.0.1:8080/onvif');
  });
  test('other schemes are none', () => {
    expect(choose(['soap.udp://10.1.2.3:3702', 'nonsense'])).toBeUndefined();
  });
});

test.each([
  ['10.1.2.3', 'http://10.1.2.3/onvif/device_service'],
  ['10.1.2.3:8080', 'http://10.1.2.3:8080/onvif/device_service'],
  ['camera-7.example', 'http://camera-7.example/onvif/device_service'],
  ['fd00::7', 'http://[fd00::7]/onvif/device_service'],
  ['[fd00::7]:81', 'http://[fd00::7]:81/onvif/device_service'],
  ['https://10.1.2.3', 'https://10.1.2.3/onvif/device_service'],
  ['http://u:p@10.1.2.3/onvif/other', 'http://10.1.2.3/onvif/other'],
  ['10.1.2.3:99999', undefined],
  ['rtsp://10.1.2.3/', undefined],
  ['', undefined],
])('the device at %j is asked at %s', (address, expected) => {
  expect(deviceServiceUrl(address)?.href).toBe(expected);
});

test.each([
  [
    'rtsp://10.0.0.1/user=admin_password=tlJwpbo6_channel=1_stream=0.sdp',
    'rtsp://10.0.0.1/user=admin_password=***_channel=1_stream=0.sdp',
  ],
  ['http://10.0.0.1/snap.cgi?usr=admin&pwd=a%26b&x=1', 'http://10.0.0.1/snap.cgi?usr=admin&pwd=***&x=1'],
  ['rtsp://10.0.0.1/bypass=1/main?compass=2', 'rtsp://10.0.0.1/bypass=1/main?compass=2'],
])('%s is shown without a password that stands inside', (address, shown) => {
  expect(withoutPassword(address)).toBe(shown);
});

test.each([
  ['rtsp:///live/main', 'rtsp://10.1.2.3/live/main', 'rtsp:///live/main'],
  ['rtsp://:8554/live', 'rtsp://10.1.2.3:8554/live', 'rtsp://:8554/live'],
  ['rtsp://fe80::1:554/live', 'rtsp://10.1.2.3:554/live', 'rtsp://fe80::1:554/live'],
  ['rtsp://2001:db8::1/live', 'rtsp://10.1.2.3/live', 'rtsp://2001:db8::1/live'],
  ['rtsp://admin:pa/s#s@192.168.1.9:554/a?b=1', 'rtsp://10.1.2.3:554/a?b=1', 'rtsp://192.168.1.9:554/a?b=1'],
  ['rtsp://192.168.1.9:0/a?b=1&amp;amp;c=2', 'rtsp://10.1.2.3/a?b=1&c=2', 'rtsp://192.168.1.9:0/a?b=1&c=2'],
  [' RTSP://192.168.1.9/CamA ', 'rtsp://10.1.2.3/CamA', 'rtsp://192.168.1.9/CamA'],
])('the odd stream address %s is mended', (sent, expected, asSent) => {
  const address = repairStreamAddress(sent, '10.1.2.3');
  expect([address?.url.href, address?.asSent]).toEqual([expected, asSent]);
});

test.each([
  ['/onvif/media', 'http://10.1.2.3:8081/onvif/media'],
  ['onvif/media?x=1', 'http://10.1.2.3:8081/onvif/media?x=1'],
  ['//onvif/media', 'http://10.1.2.3:8081/onvif/media'],
])('a service address that is a path only (%s) is one of the device that answered', (sent, expected) => {
  expect(repairServiceAddress(sent, answered)?.url.href).toBe(expected);
});
