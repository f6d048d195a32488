import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { OnvifError } from './errors.ts';

/** An element with its namespace prefix taken off: devices choose prefixes freely, and ONVIF's names do not collide within an answer. */
export interface XmlElement {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: readonly XmlElement[];
  text: string;
}

export interface XmlCaps {
  maxDepth: number;
  maxElements: number;
}

/** Of what no camera has to say; the transport takes less. */
const maxChars = 2_097_152;

export const defaultXmlCaps: XmlCaps = { maxDepth: 40, maxElements: 20_000 };

/**
 * Parses well-formed documents. Several in one body are all returned, since some devices answer twice.
 * Document types and entity declarations are refused, entities other than XML's five and character references stay as written.
 * Errors: `OnvifError` malformed with detail `document_type`, `too_large`, `too_many_elements`, `too_deep`, `not_xml`.
 */
export function parseXmlDocuments(source: string, caps: XmlCaps = defaultXmlCaps): XmlElement[] {
  if (source.length > maxChars) throw new OnvifError('malformed', { detail: 'too_large' });
  if (/<!(?:DOCTYPE|ENTITY)/i.test(source)) throw new OnvifError('malformed', { detail: 'document_type' });
  let marks = 0;
  for (let at = source.indexOf('<'); at !== -1; at = source.indexOf('<', at + 1)) {
    if (++marks > caps.maxElements * 2) throw new OnvifError('malformed', { detail: 'too_many_elements' });
  }
  return splitDocuments(source).map((document) => parseOne(document, caps));
}

/** Cuts a body that holds several documents before each XML declaration, or between the end and the next start of an envelope. */
function splitDocuments(source: string): string[] {
  return source
    .replaceAll('\0', '')
    .trim()
    .split(/(?=<\?xml[\s?])/)
    .flatMap((part) => part.split(/(?<=<\/(?:[\w.-]+:)?Envelope\s{0,100}>)\s{0,1000}(?=<)/))
    .map((part) => withoutRubbish(part))
    .filter((part) => part !== '' && !/^<\?xml[^>]*>$/.test(part))
    .slice(0, 8);
}

/** What stands before the first mark and behind the end of an envelope, and ampersands that nobody escaped, as in many addresses. */
function withoutRubbish(part: string): string {
  const from = part.indexOf('<');
  if (from === -1) return part.trim();
  const tail = /<\/(?:[\w.-]{1,60}:)?Envelope\s{0,100}>[^<]*$/.exec(part);
  const end = tail ? tail.index + tail[0].indexOf('>') + 1 : part.length;
  return part
    .slice(from, end)
    .replace(/<!\[CDATA\[[\s\S]*?\]\]>|&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{0,31});)/gi, (found) =>
      found === '&' ? '&amp;' : found,
    )
    .trim();
}

function parseOne(document: string, caps: XmlCaps): XmlElement {
  let nodes: unknown;
  try {
    if (XMLValidator.validate(document) !== true) throw new OnvifError('malformed', { detail: 'not_xml' });
    nodes = new XMLParser({
      preserveOrder: true,
      ignoreAttributes: false,
      attributeNamePrefix: '',
      removeNSPrefix: true,
      parseTagValue: false,
      parseAttributeValue: false,
      trimValues: false,
      processEntities: false,
      cdataPropName: '#cdata',
      ignoreDeclaration: true,
      ignorePiTags: true,
      maxNestedTags: caps.maxDepth,
      jPath: false,
    }).parse(document);
  } catch (error) {
    if (error instanceof OnvifError) throw error;
    const detail = /nested/i.test(String(error)) ? 'too_deep' : 'not_xml';
    throw new OnvifError('malformed', { detail, cause: error });
  }
  const [root, second] = toElements(nodes);
  if (!root || second) throw new OnvifError('malformed', { detail: 'not_xml' });
  return root;
}

/** fast-xml-parser's ordered form is `[{ name: […children], ':@': {attributes} }, { '#text': '…' }]`. */
function toElements(nodes: unknown): XmlElement[] {
  const elements: XmlElement[] = [];
  if (!Array.isArray(nodes)) return elements;
  for (const node of nodes as Record<string, unknown>[]) {
    const name = Object.keys(node).find((key) => key !== ':@' && !key.startsWith('#'));
    if (name === undefined) continue;
    const children = node[name];
    elements.push({
      name,
      attributes: toAttributes(node[':@']),
      children: toElements(children),
      text: textIn(children),
    });
  }
  return elements;
}

function toAttributes(raw: unknown): Map<string, string> {
  const attributes = new Map<string, string>();
  if (raw === null || typeof raw !== 'object') return attributes;
  for (const [name, value] of Object.entries(raw)) attributes.set(name, decodeEntities(String(value)));
  return attributes;
}

function textIn(children: unknown): string {
  if (!Array.isArray(children)) return '';
  let text = '';
  for (const node of children as Record<string, unknown>[]) {
    if ('#text' in node) text += decodeEntities(String(node['#text']));
    const cdata = node['#cdata'];
    if (Array.isArray(cdata))
      for (const piece of cdata as Record<string, unknown>[]) text += String(piece['#text'] ?? '');
  }
  return text.trim();
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return named[String(name).toLowerCase()] ?? whole;
    const point = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
    const allowed = point === 9 || point === 10 || point === 13 || (point >= 32 && point <= 0x10ffff);
    return allowed && !(point >= 0xd800 && point <= 0xdfff) ? String.fromCodePoint(point) : '';
  });
}

/** The first element down a path of names, or undefined as soon as one is missing. */
export function at(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

export function all(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** Text down a path, or null where the path ends early or holds nothing; at most 2,000 characters of it. */
export function textAt(element: XmlElement | undefined, ...path: string[]): string | null {
  const text = at(element, ...path)?.text ?? '';
  return text === '' ? null : text.slice(0, 2_000);
}

/** A finite number down a path, or null. */
export function numberAt(element: XmlElement | undefined, ...path: string[]): number | null {
  const text = textAt(element, ...path);
  return text !== null && /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : null;
}

/** Text for element content and attributes, in ASCII, so that no device's idea of an encoding matters. */
export function escapeXml(text: string): string {
  let escaped = '';
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    if (char === '<' || char === '>' || char === '&' || char === '"' || char === "'" || point > 126)
      escaped += `&#${point};`;
    else if (point >= 32 || char === '\t' || char === '\n' || char === '\r') escaped += char;
  }
  return escaped;
}

/**
 * Bytes to text: a byte order mark tells; otherwise the first of the encodings that the HTTP header and the XML declaration name, then
 * UTF-8, in which the bytes are whole, since either is often wrong. Where none fits, wrong bytes become replacement characters.
 */
export function decodeXmlBytes(bytes: Uint8Array, contentType: string | undefined): string {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  if (start.startsWith('\xff\xfe')) return new TextDecoder('utf-16le').decode(bytes);
  if (start.startsWith('\xfe\xff')) return new TextDecoder('utf-16be').decode(bytes);
  const named = [
    /charset\s*=\s*["']?([\w.:-]{2,40})/i.exec(contentType ?? '')?.[1],
    /^(?:\xef\xbb\xbf)?\s{0,20}<\?xml[^>]{0,100}encoding\s*=\s*["']([\w.:-]{2,40})/i.exec(start)?.[1],
    'utf-8',
  ];
  for (const label of named) {
    try {
      if (label !== undefined) return new TextDecoder(label, { fatal: true }).decode(bytes);
    } catch {
      // Not these bytes' encoding, or none that is known.
    }
  }
  return new TextDecoder('utf-8').decode(bytes);
}
