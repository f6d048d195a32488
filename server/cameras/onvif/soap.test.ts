import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deviceTimeMs } from './clock-offset.ts';
import { faultVerdict, parseSoapAnswer, soapEnvelope, usernameToken, withSecurity } from './soap.ts';
import { parseXmlDocuments, type XmlElement } from './xml.ts';

const body = (content: string) => `<s:Envelope xmlns:s="x"><s:Body>${content}</s:Body></s:Envelope>`;

test('a token carries the digest over nonce, time and password as UTF-8, and no password', () => {
  const nonce = Buffer.from('0123456789abcdef');
  const token = usernameToken({ username: 'a<b', password: 'mật$&', createdMs: Date.UTC(2026, 0, 2), nonce });
  const digest = createHash('sha1').update(nonce).update('2026-01-02T00:00:00.000Z').update('mật$&').digest('base64');
  expect(token).toContain(`#PasswordDigest">${digest}</wsse:Password>`);
  expect(token).toContain('<wsse:Username>a&#60;b</wsse:Username>');
  expect(token).not.toContain('mật');
  expect(withSecurity(soapEnvelope({ x: 'urn:x' }, '<x:Op/>'), token)).toContain(
    `<s:Header>${token}</s:Header><s:Body><x:Op/></s:Body>`,
  );
});

describe('an answer', () => {
  test('is the response to what was asked, whatever else stands in the body', () => {
    const text = body('<s:Fault/>') + body('<a:OtherResponse/>') + body('<a:OpResponse><a:x>1</a:x></a:OpResponse>');
    expect(parseSoapAnswer(text, 'Op')).toMatchObject({ kind: 'response', element: { name: 'OpResponse' } });
    expect(parseSoapAnswer('<html/>', 'Op')).toBeNull();
  });

  test('may be a fault of SOAP 1.2 with subcodes or of SOAP 1.1', () => {
    const soap12 = `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:InvalidArgVal</s:Value><s:Subcode><s:Value>ter:NoProfile</s:Value></s:Subcode></s:Subcode></s:Code><s:Reason><s:Text>gone</s:Text></s:Reason></s:Fault>`;
    expect(parseSoapAnswer(body(soap12), 'Op')).toEqual({
      kind: 'fault',
      fault: { code: 'Sender', subcodes: ['InvalidArgVal', 'NoProfile'], reason: 'gone' },
    });
    const soap11 = '<s:Fault><faultcode>wsse:FailedAuthentication</faultcode><faultstring>no</faultstring></s:Fault>';
    expect(parseSoapAnswer(body(soap11), 'Op')).toEqual({
      kind: 'fault',
      fault: { code: 'FailedAuthentication', subcodes: [], reason: 'no' },
    });
  });

  test.each([
    ['Sender', ['NotAuthorized'], 'Sender not authorized', 'refused'],
    ['FailedAuthentication', [], '', 'refused'],
    ['Sender', ['NotAuthorized'], 'The action requested requires authorization: timestamp out of range', 'time'],
    ['Sender', ['MessageExpired'], '', 'time'],
    ['Sender', ['NotAuthorized'], 'Account locked for 30 minutes', 'locked'],
    ['Receiver', ['ActionNotSupported'], 'Optional action not implemented', 'other'],
    ['Sender', ['InvalidArgVal', 'NoProfile'], 'No such profile', 'other'],
    ['Sender', [], 'Unauthorized', 'refused'],
  ])('says of credentials: %s %j %s → %s', (code, subcodes, reason, verdict) => {
    expect(faultVerdict({ code, subcodes, reason })).toBe(verdict);
  });
});

describe('the time of a device', () => {
  const time = (date: string, clock: string, name = 'UTCDateTime', zone = '') => {
    const [year, month, day] = date.split('-');
    const [hour, minute, second] = clock.split(':');
    const text = `<r><SystemDateAndTime><TimeZone><TZ>${zone}</TZ></TimeZone><${name}><Time><Hour>${hour}</Hour><Minute>${minute}</Minute><Second>${second}</Second></Time><Date><Year>${year}</Year><Month>${month}</Month><Day>${day}</Day></Date></${name}></SystemDateAndTime></r>`;
    return deviceTimeMs(parseXmlDocuments(text)[0] as XmlElement);
  };
  test('is read whatever day it is today, at the middle of its second', () => {
    expect(time('2026-2-1', '0:0:0')).toBe(Date.UTC(2026, 1, 1, 0, 0, 0, 500));
    expect(time('2024-02-29', '23:59:59')).toBe(Date.UTC(2024, 1, 29, 23, 59, 59, 500));
  });
  test('is worked out from local time where that is all and the zone is a plain offset', () => {
    const local = (zone: string) => time('2026-1-2', '7:30:0', 'LocalDateTime', zone);
    expect(local('ICT-7')).toBe(Date.UTC(2026, 0, 2, 0, 30, 0, 500));
    expect(local('&lt;+0530&gt;-5:30')).toBe(Date.UTC(2026, 0, 2, 2, 0, 0, 500));
    expect(local('EST5')).toBe(Date.UTC(2026, 0, 2, 12, 30, 0, 500));
    expect([local('EST5EDT,M3.2.0,M11.1.0'), local(''), local('Asia/Saigon')]).toEqual([null, null, null]);
  });
  test.each([
    ['2026-2-30', '0:0:0'],
    ['2026-13-1', '0:0:0'],
    ['0-0-0', '0:0:0'],
    ['2026-1-1', '24:0:0'],
    ['x-1-1', '0:0:0'],
  ])('that is none (%s %s) is unknown', (date, clock) => {
    expect(time(date, clock)).toBeNull();
  });
});
