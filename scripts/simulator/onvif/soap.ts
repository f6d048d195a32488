import { XMLParser } from 'fast-xml-parser';

/** SOAP 1.2 requests in, envelopes and faults out, with namespaces resolved. */

export interface XmlElement {
  namespace: string;
  /** Without prefix. */
  name: string;
  attributes: ReadonlyMap<string, string>;
  text: string;
  children: XmlElement[];
}

export interface SoapRequest {
  header: XmlElement | undefined;
  /** The first element of the body: the action asked for. */
  action: XmlElement;
}

export class SoapSyntaxError extends Error {}

export const SOAP_ENVELOPE = 'http://www.w3.org/2003/05/soap-envelope';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: true,
  // For character references, which the plain parser leaves as they stand.
  htmlEntities: true,
  trimValues: true,
});

const MAX_DEPTH = 32;

/** Reads an envelope. Throws SoapSyntaxError on what is none, and on a DOCTYPE, which ONVIF never has. */
export function parseSoap(xml: string): SoapRequest {
  const envelope = parseXml(xml);
  if (envelope.name !== 'Envelope') throw new SoapSyntaxError('no SOAP envelope');
  const action = child(envelope, 'Body')?.children[0];
  if (!action) throw new SoapSyntaxError('empty SOAP body');
  return { header: child(envelope, 'Header'), action };
}

/** The document's root element. Throws SoapSyntaxError. */
export function parseXml(xml: string): XmlElement {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) throw new SoapSyntaxError('DOCTYPE and entities are not accepted');
  let nodes: unknown;
  try {
    nodes = parser.parse(xml);
  } catch (cause) {
    throw new SoapSyntaxError('not well-formed XML', { cause });
  }
  const root = elementsOf(nodes, new Map(), 0).find((element) => !element.name.startsWith('?'));
  if (!root) throw new SoapSyntaxError('no XML element');
  return root;
}

export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.name === name);
}

/** The element reached by these names, one below the other. */
export function descend(element: XmlElement | undefined, ...names: string[]): XmlElement | undefined {
  return names.reduce(child, element);
}

function elementsOf(nodes: unknown, scope: ReadonlyMap<string, string>, depth: number): XmlElement[] {
  if (!Array.isArray(nodes)) return [];
  if (depth > MAX_DEPTH) throw new SoapSyntaxError('nested too deep');
  const elements: XmlElement[] = [];
  for (const node of nodes) {
    if (typeof node !== 'object' || node === null) continue;
    const record = node as Record<string, unknown>;
    const tag = Object.keys(record).find((key) => key !== ':@' && key !== '#text');
    if (tag === undefined) continue;
    const attributes = new Map(Object.entries((record[':@'] ?? {}) as Record<string, string>));
    const inner = new Map(scope);
    for (const [name, value] of attributes) {
      if (name === 'xmlns') inner.set('', value);
      else if (name.startsWith('xmlns:')) inner.set(name.slice(6), value);
    }
    const colon = tag.indexOf(':');
    const content = record[tag];
    elements.push({
      namespace: inner.get(colon < 0 ? '' : tag.slice(0, colon)) ?? '',
      name: tag.slice(colon + 1),
      attributes,
      text: textOf(content),
      children: elementsOf(content, inner, depth + 1),
    });
  }
  return elements;
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return '';
  return nodes
    .map((node: Record<string, unknown>) => (typeof node['#text'] === 'string' ? node['#text'] : ''))
    .join('')
    .trim();
}

const PREFIXES = [
  `xmlns:s="${SOAP_ENVELOPE}"`,
  'xmlns:tt="http://www.onvif.org/ver10/schema"',
  'xmlns:tds="http://www.onvif.org/ver10/device/wsdl"',
  'xmlns:trt="http://www.onvif.org/ver10/media/wsdl"',
  'xmlns:tr2="http://www.onvif.org/ver20/media/wsdl"',
  'xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl"',
  'xmlns:tev="http://www.onvif.org/ver10/events/wsdl"',
  'xmlns:timg="http://www.onvif.org/ver20/imaging/wsdl"',
  'xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"',
  'xmlns:wsa="http://www.w3.org/2005/08/addressing"',
  'xmlns:ter="http://www.onvif.org/ver10/error"',
].join(' ');

export function envelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope ${PREFIXES}><s:Body>${body}</s:Body></s:Envelope>`;
}

/** A refusal in ONVIF's terms (ONVIF Core, section 5.8.2 "Errors"). */
export class OnvifFault extends Error {
  readonly code: 'Sender' | 'Receiver';
  readonly subcodes: readonly string[];
  /** The HTTP status; devices answer 400 for what the sender did wrong and 500 for the rest. */
  readonly status: number;

  constructor(
    code: 'Sender' | 'Receiver',
    subcodes: readonly string[],
    reason: string,
    status = code === 'Sender' ? 400 : 500,
  ) {
    super(reason);
    this.code = code;
    this.subcodes = subcodes;
    this.status = status;
  }
}

export const fault = {
  notAuthorized: (): OnvifFault => new OnvifFault('Sender', ['NotAuthorized'], 'Sender not Authorized'),
  /** Without any credentials, and where HTTP Digest failed, the answer is a challenge. */
  challenge: (): OnvifFault => new OnvifFault('Sender', ['NotAuthorized'], 'Sender not Authorized', 401),
  actionNotSupported: (action: string): OnvifFault =>
    new OnvifFault('Receiver', ['ActionNotSupported'], `${action} is not implemented`),
  wellFormed: (reason: string): OnvifFault => new OnvifFault('Sender', ['WellFormed'], reason),
  noProfile: (): OnvifFault =>
    new OnvifFault('Sender', ['InvalidArgVal', 'NoProfile'], 'The profile token does not exist'),
  internal: (): OnvifFault => new OnvifFault('Receiver', ['Action'], 'Internal server error'),
};

export function faultEnvelope(error: OnvifFault): string {
  const subcode = error.subcodes.reduceRight(
    (inner, code) => `<s:Subcode><s:Value>ter:${code}</s:Value>${inner}</s:Subcode>`,
    '',
  );
  return envelope(
    `<s:Fault><s:Code><s:Value>s:${error.code}</s:Value>${subcode}</s:Code>` +
      `<s:Reason><s:Text xml:lang="en">${escapeXml(error.message)}</s:Text></s:Reason></s:Fault>`,
  );
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
