import { createHash, randomBytes } from 'node:crypto';
import { at, escapeXml, parseXmlDocuments, textAt, type XmlCaps, type XmlElement } from './xml.ts';

export interface SoapFault {
  /** Local part of the fault code, e.g. `Sender`. */
  code: string;
  /** Local parts of the subcodes, outermost first, e.g. `['NotAuthorized']`. */
  subcodes: string[];
  reason: string;
}

export type SoapAnswer = { kind: 'response'; element: XmlElement } | { kind: 'fault'; fault: SoapFault };

const headerStart = '<s:Header>';

/** An envelope in the very form that node-onvif's classes write, so that `withSecurity` serves both. */
export function soapEnvelope(namespaces: Readonly<Record<string, string>>, body: string, header = ''): string {
  const declared = Object.entries(namespaces)
    .map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
    .join('');
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"${declared}>${headerStart}${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

/** Puts a WS-Security header into an envelope. */
export function withSecurity(envelope: string, security: string): string {
  return envelope.replace(headerStart, () => `${headerStart}${security}`);
}

/** The same envelope in SOAP 1.1, which a few old devices ask for. */
export function asSoap11(envelope: string): string {
  return envelope.replace('http://www.w3.org/2003/05/soap-envelope', 'http://schemas.xmlsoap.org/soap/envelope/');
}

/**
 * The device's clock as a refusal tells it, UTC epoch ms, or null: in its own time stamp (WS-Security, section 10) or in the words of
 * its reason. Only a time in UTC counts.
 */
export function timeInRefusal(text: string): number | null {
  const moment = String.raw`(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z)`;
  const found =
    new RegExp(`<(?:[\\w.-]{1,40}:)?Timestamp[^>]{0,200}>\\s{0,40}<(?:[\\w.-]{1,40}:)?Created>\\s{0,40}${moment}`).exec(
      text,
    ) ?? new RegExp(`<(?:[\\w.-]{1,40}:)?(?:Text|faultstring)[^>]{0,200}>[^<]{0,500}?${moment}`).exec(text);
  const ms = Date.parse(found?.[1] ?? '');
  return Number.isFinite(ms) ? ms : null;
}

export interface TokenInput {
  username: string;
  password: string;
  /** The camera's own idea of now, UTC epoch ms. */
  createdMs: number;
  nonce?: Uint8Array;
}

/** WS-UsernameToken with PasswordDigest = Base64(SHA-1(nonce + created + password)), text as UTF-8 (OASIS UsernameToken Profile 1.0, section 3.1). */
export function usernameToken(input: TokenInput): string {
  const nonce = input.nonce ?? randomBytes(16);
  const created = new Date(input.createdMs).toISOString();
  const digest = createHash('sha1')
    .update(nonce)
    .update(created, 'utf8')
    .update(input.password, 'utf8')
    .digest('base64');
  const oasis = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
  return (
    `<wsse:Security s:mustUnderstand="1" xmlns:wsse="${oasis}-wssecurity-secext-1.0.xsd" xmlns:wsu="${oasis}-wssecurity-utility-1.0.xsd">` +
    `<wsse:UsernameToken><wsse:Username>${escapeXml(input.username)}</wsse:Username>` +
    `<wsse:Password Type="${oasis}-username-token-profile-1.0#PasswordDigest">${digest}</wsse:Password>` +
    `<wsse:Nonce EncodingType="${oasis}-soap-message-security-1.0#Base64Binary">${Buffer.from(nonce).toString('base64')}</wsse:Nonce>` +
    `<wsu:Created>${created}</wsu:Created></wsse:UsernameToken></wsse:Security>`
  );
}

/**
 * Finds the answer to `operation` in a body: the first document that has its response, otherwise the first fault, whatever the HTTP status.
 * Null where the body is XML without either. Errors: `OnvifError` malformed.
 */
export function parseSoapAnswer(text: string, operation: string, caps?: XmlCaps): SoapAnswer | null {
  const bodies = parseXmlDocuments(text, caps)
    .filter((document) => document.name === 'Envelope')
    .map((document) => at(document, 'Body'));
  for (const body of bodies) {
    const element = at(body, `${operation}Response`);
    if (element) return { kind: 'response', element };
  }
  for (const body of bodies) {
    const fault = at(body, 'Fault');
    if (fault) return { kind: 'fault', fault: parseFault(fault) };
  }
  return null;
}

/** SOAP 1.2 (section 5.4) and, as some devices answer, SOAP 1.1 faults. */
function parseFault(fault: XmlElement): SoapFault {
  const local = (name: string | null) => (name ?? '').slice(0, 200).replace(/^.*:/, '');
  const subcodes: string[] = [];
  for (let sub = at(fault, 'Code', 'Subcode'); sub && subcodes.length < 8; sub = at(sub, 'Subcode')) {
    const value = local(textAt(sub, 'Value'));
    if (value) subcodes.push(value);
  }
  return {
    code: local(textAt(fault, 'Code', 'Value') ?? textAt(fault, 'faultcode')),
    subcodes,
    reason: (textAt(fault, 'Reason', 'Text') ?? textAt(fault, 'faultstring') ?? '').slice(0, 500),
  };
}

const refusals = new Set([
  'NotAuthorized',
  'FailedAuthentication',
  'InvalidSecurity',
  'InvalidSecurityToken',
  'FailedCheck',
  'Unauthorized',
]);

/** What a fault says about credentials: nothing, refused, refused for the token's time, or locked after too many tries. */
export function faultVerdict(fault: SoapFault): 'other' | 'refused' | 'time' | 'locked' {
  const codes = [fault.code, ...fault.subcodes];
  if (codes.some((code) => /(?<![bc])lock/i.test(code)) || /\block(?:ed)?\b|too many/i.test(fault.reason))
    return 'locked';
  if (codes.includes('MessageExpired') || codes.includes('InvalidTimestamp')) return 'time';
  const refused =
    codes.some((code) => refusals.has(code)) ||
    /not authori[sz]ed|unauthori[sz]ed|auth(?:entication|ority) fail|wsse:Security|invalid (?:username|password|user)/i.test(
      fault.reason,
    );
  if (!refused) return 'other';
  return /time ?stamp|clock|expired|\bcreated\b|time (?:difference|window|skew)/i.test(fault.reason)
    ? 'time'
    : 'refused';
}
