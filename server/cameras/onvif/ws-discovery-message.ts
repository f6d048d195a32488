import { randomUUID } from 'node:crypto';
import { all, at, parseXmlDocuments, textAt, type XmlElement } from './xml.ts';

/** WS-Discovery 2005/04 as ONVIF Core, section 7.3 has it. */
export const discoveryGroup = '239.255.255.250';
export const discoveryPort = 3702;

export interface ProbeMatch {
  /** Endpoint reference as sent; empty where the device sends none. */
  endpoint: string;
  types: string[];
  scopes: string[];
  xaddrs: string[];
}

/**
 * What is looked for. Most devices answer to either type; some know only one, some fail over any type, and some take an identifier
 * only as the 2005 text writes it.
 */
const probesSent = [
  {
    types: '<d:Types xmlns:dn="http://www.onvif.org/ver10/network/wsdl">dn:NetworkVideoTransmitter</d:Types>',
    prefix: 'urn:uuid:',
  },
  { types: '<d:Types xmlns:tds="http://www.onvif.org/ver10/device/wsdl">tds:Device</d:Types>', prefix: 'urn:uuid:' },
  { types: '', prefix: 'uuid:' },
] as const;

/** Probe messages, each under an identifier of its own that the answers have to name. */
export function probeMessages(): { id: string; message: Buffer }[] {
  return probesSent.map(({ types, prefix }) => {
    const id = randomUUID();
    return { id, message: Buffer.from(probeEnvelope(`${prefix}${id}`, types), 'utf8') };
  });
}

function probeEnvelope(messageId: string, types: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"' +
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Header>' +
    '<a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>' +
    `<a:MessageID>${messageId}</a:MessageID>` +
    '<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>' +
    '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>' +
    `</s:Header><s:Body><d:Probe>${types}</d:Probe></s:Body></s:Envelope>`
  );
}

const caps = { maxDepth: 20, maxElements: 4_000 };
const maxMatches = 64;
/** What fits into one datagram. */
const maxAnswerBytes = 65_535;

/**
 * Every ProbeMatch of an answer to one of our probes; empty for answers to somebody else and for anything that is no such message.
 * `asked` holds the identifiers of our probes, without `urn:uuid:`.
 */
export function parseProbeMatches(datagram: Uint8Array, asked: readonly string[]): ProbeMatch[] {
  if (datagram.length > maxAnswerBytes) return [];
  const text = Buffer.from(datagram).toString('utf8');
  // Cheap first: a flood of other messages must not reach the parser.
  const lower = text.toLowerCase();
  if (!asked.some((id) => lower.includes(id))) return [];
  let documents: XmlElement[];
  try {
    documents = parseXmlDocuments(text, caps);
  } catch {
    return [];
  }
  return documents.flatMap((envelope) => {
    if (!answersOurs(envelope, asked)) return [];
    return all(at(envelope, 'Body', 'ProbeMatches'), 'ProbeMatch')
      .slice(0, maxMatches)
      .map(parseMatch)
      .filter(isOnvif);
  });
}

/** A device that came or went (WS-Discovery, sections 4.1 and 4.2). */
export interface Announcement extends ProbeMatch {
  kind: 'hello' | 'bye';
}

/** Larger ones are no announcement of a camera. */
const maxAnnouncementBytes = 16_384;

/** What a Hello or a Bye says; null for everything else, and for one that does not say of whom. */
export function parseAnnouncement(datagram: Uint8Array): Announcement | null {
  if (datagram.length > maxAnnouncementBytes) return null;
  const text = Buffer.from(datagram).toString('utf8');
  // Cheap first, as above.
  if (!/[:<](?:Hello|Bye)[\s>]/.test(text)) return null;
  let documents: XmlElement[];
  try {
    documents = parseXmlDocuments(text, caps);
  } catch {
    return null;
  }
  const body = at(documents[0], 'Body');
  const [hello, bye] = [at(body, 'Hello'), at(body, 'Bye')];
  const said = hello ?? bye;
  const match = said && parseMatch(said);
  return match && match.endpoint !== '' ? { kind: hello ? 'hello' : 'bye', ...match } : null;
}

/** The answer names our probe; some devices put its identifier in the place of their own. */
function answersOurs(envelope: XmlElement, asked: readonly string[]): boolean {
  return ['RelatesTo', 'MessageID'].some((name) => {
    const id = textAt(envelope, 'Header', name)
      ?.toLowerCase()
      .replace(/^(?:urn:)?uuid:/, '');
    return id !== undefined && asked.includes(id);
  });
}

/** Printers and desktop computers speak WS-Discovery too. */
function isOnvif({ types, scopes, xaddrs }: ProbeMatch): boolean {
  return (
    types.includes('NetworkVideoTransmitter') ||
    scopes.some((scope) => /^onvif:/i.test(scope)) ||
    xaddrs.some((xaddr) => /onvif/i.test(xaddr))
  );
}

function parseMatch(match: XmlElement): ProbeMatch {
  const words = (name: string) =>
    (textAt(match, name) ?? '')
      .split(/\s+/)
      .filter((word) => word !== '')
      .slice(0, 64);
  return {
    endpoint: textAt(match, 'EndpointReference', 'Address')?.slice(0, 200) ?? '',
    types: words('Types').map((type) => type.replace(/^.*:/, '')),
    scopes: (at(match, 'Scopes')?.text ?? '')
      .slice(0, 16_384)
      .split(/\s+/)
      .filter((scope) => scope !== '')
      .slice(0, 64),
    xaddrs: words('XAddrs').slice(0, 16),
  };
}
