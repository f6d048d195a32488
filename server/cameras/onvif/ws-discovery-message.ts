import { randomUUID } from 'node:crypto';
import { all, at, escapeXml, parseXmlDocuments, textAt, type XmlElement } from './xml.ts';

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

/** What is looked for: most devices answer to both, some only to one of them. */
const typesAskedFor = ['dn:NetworkVideoTransmitter', 'tds:Device'] as const;

/** One Probe message for each device type, under identifiers that the answers have to name. */
export function probeMessages(): { id: string; message: Buffer }[] {
  return typesAskedFor.map((type) => {
    const id = randomUUID();
    return { id, message: Buffer.from(probeEnvelope(id, type), 'utf8') };
  });
}

function probeEnvelope(id: string, type: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"' +
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"' +
    ' xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><s:Header>' +
    '<a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>' +
    `<a:MessageID>urn:uuid:${escapeXml(id)}</a:MessageID>` +
    '<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>' +
    '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>' +
    `</s:Header><s:Body><d:Probe><d:Types>${type}</d:Types></d:Probe></s:Body></s:Envelope>`
  );
}

const caps = { maxDepth: 20, maxElements: 4_000 };
const maxMatches = 64;

/**
 * Every ProbeMatch of an answer to one of our probes; empty for answers to somebody else and for anything that is no such message.
 * `asked` holds the identifiers of our probes, without `urn:uuid:`.
 */
export function parseProbeMatches(datagram: Uint8Array, asked: readonly string[]): ProbeMatch[] {
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
    const relatesTo = textAt(envelope, 'Header', 'RelatesTo')
      ?.toLowerCase()
      .replace(/^(?:urn:)?uuid:/, '');
    if (relatesTo === undefined || !asked.includes(relatesTo)) return [];
    return all(at(envelope, 'Body', 'ProbeMatches'), 'ProbeMatch')
      .slice(0, maxMatches)
      .map(parseMatch);
  });
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
