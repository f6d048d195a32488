import { randomUUID } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { descend, escapeXml, parseXml, SOAP_ENVELOPE, type XmlElement } from './onvif/soap.ts';

/** WS-Discovery (April 2005 draft, as ONVIF Core section 7 uses it) for all cameras of a fleet on one socket. */

export interface DiscoveryTarget {
  /** `urn:uuid:…`, stable over restarts. */
  endpointReference: string;
  scopes: readonly string[];
  xaddr: string;
}

export interface DiscoveryOptions {
  /** IPv4 addresses of the interfaces to listen on; default loopback only. */
  interfaces?: readonly string[];
  /** Answer probes from other machines; default false, whatever the interfaces. */
  remote?: boolean;
  targets: () => readonly DiscoveryTarget[];
}

const GROUP = '239.255.255.250';
const PORT = 3702;
const MAX_MESSAGE_BYTES = 16 * 1024;

const ADDRESSING = 'http://schemas.xmlsoap.org/ws/2004/08/addressing';
const DISCOVERY = 'http://schemas.xmlsoap.org/ws/2005/04/discovery';
const NETWORK = 'http://www.onvif.org/ver10/network/wsdl';
const DEVICE = 'http://www.onvif.org/ver10/device/wsdl';

/** The types of every simulated camera, as namespace and name. */
const TYPES: readonly (readonly [string, string])[] = [
  [NETWORK, 'NetworkVideoTransmitter'],
  [DEVICE, 'Device'],
];

export class WsDiscovery {
  readonly #options: DiscoveryOptions;
  readonly #interfaces: readonly string[];
  /** Grows with every start, so that a receiver can put our messages in order. */
  readonly #instance = Math.floor(Date.now() / 1000);
  #messageNumber = 0;
  #socket: Socket | undefined;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#interfaces = options.interfaces ?? ['127.0.0.1'];
  }

  /** Listens and says Hello for every camera. Throws when the port or the group cannot be had. */
  async start(): Promise<void> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(PORT, () => {
        try {
          for (const address of this.#interfaces) socket.addMembership(GROUP, address);
          resolve();
        } catch (error) {
          socket.close();
          reject(error);
        }
      });
    });
    socket.removeAllListeners('error');
    // A send that fails concerns one answer; the next probe is answered again.
    socket.on('error', () => undefined);
    socket.on('message', (message, from) => this.#receive(message, from));
    this.#socket = socket;
    await this.announce('Hello', this.#options.targets());
  }

  /** Says Bye for every camera and closes the socket. */
  async stop(): Promise<void> {
    const socket = this.#socket;
    if (!socket) return;
    await this.announce('Bye', this.#options.targets());
    this.#socket = undefined;
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  /** Tells the group that cameras came or went. */
  async announce(kind: 'Hello' | 'Bye', targets: readonly DiscoveryTarget[]): Promise<void> {
    for (const target of targets) {
      const body = kind === 'Hello' ? `<d:Hello>${describe(target)}</d:Hello>` : `<d:Bye>${endpoint(target)}</d:Bye>`;
      const message = this.#message(kind, 'urn:schemas-xmlsoap-org:ws:2005:04:discovery', body);
      for (const address of this.#interfaces) await this.#send(message, PORT, GROUP, address);
    }
  }

  #receive(message: Buffer, from: RemoteInfo): void {
    if (message.length > MAX_MESSAGE_BYTES || !(this.#options.remote || isOwnAddress(from.address))) return;
    const probe = readProbe(message.toString('utf8'));
    if (!probe) return;
    for (const target of this.#options.targets()) {
      if (!matches(probe, target)) continue;
      const body = `<d:ProbeMatches><d:ProbeMatch>${describe(target)}</d:ProbeMatch></d:ProbeMatches>`;
      const answer = this.#message('ProbeMatches', probe.replyTo, body, probe.messageId);
      this.#send(answer, from.port, from.address).catch(() => undefined);
    }
  }

  #send(message: Buffer, port: number, address: string, multicastInterface?: string): Promise<void> {
    const socket = this.#socket;
    if (!socket) return Promise.resolve();
    if (multicastInterface) socket.setMulticastInterface(multicastInterface);
    return new Promise((resolve) => socket.send(message, port, address, () => resolve()));
  }

  #message(action: string, to: string, body: string, relatesTo?: string): Buffer {
    this.#messageNumber++;
    const relation = relatesTo === undefined ? '' : `<a:RelatesTo>${escapeXml(relatesTo)}</a:RelatesTo>`;
    return Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="${SOAP_ENVELOPE}" xmlns:a="${ADDRESSING}" ` +
        `xmlns:d="${DISCOVERY}" xmlns:dn="${NETWORK}" xmlns:tds="${DEVICE}"><s:Header>` +
        `<a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>${relation}<a:To>${escapeXml(to)}</a:To>` +
        `<a:Action>${DISCOVERY}/${action}</a:Action>` +
        `<d:AppSequence InstanceId="${this.#instance}" MessageNumber="${this.#messageNumber}"/>` +
        `</s:Header><s:Body>${body}</s:Body></s:Envelope>`,
      'utf8',
    );
  }
}

interface Probe {
  messageId: string;
  replyTo: string;
  types: readonly (readonly [string, string])[];
  scopes: readonly string[];
  matchBy: string;
}

/** Reads a probe, or undefined when the message is something else. */
export function readProbe(xml: string): Probe | undefined {
  let envelope: XmlElement;
  try {
    envelope = parseXml(xml);
  } catch {
    return undefined;
  }
  const probe = descend(envelope, 'Body', 'Probe');
  const messageId = descend(envelope, 'Header', 'MessageID')?.text;
  if (!probe || probe.namespace !== DISCOVERY || !messageId) return undefined;
  const types = descend(probe, 'Types');
  const scopes = descend(probe, 'Scopes');
  return {
    messageId,
    replyTo: descend(envelope, 'Header', 'ReplyTo', 'Address')?.text || `${ADDRESSING}/role/anonymous`,
    types: words(types?.text).map((name) => qualifiedName(name, xml)),
    scopes: words(scopes?.text),
    matchBy: scopes?.attributes.get('MatchBy') ?? `${DISCOVERY}/rfc3986`,
  };
}

/** Whether a camera has every type and lies in every scope that the probe asks for (WS-Discovery section 5.1). */
export function matches(
  probe: Pick<Probe, 'types' | 'scopes' | 'matchBy'>,
  target: Pick<DiscoveryTarget, 'scopes'>,
): boolean {
  const typed = probe.types.every(([namespace, name]) =>
    TYPES.some(([ownNamespace, own]) => own === name && (namespace === '' || namespace === ownNamespace)),
  );
  const rule = probe.matchBy.slice(DISCOVERY.length + 1);
  if (rule !== 'rfc3986' && rule !== 'strcmp0') return typed && probe.scopes.length === 0;
  return typed && probe.scopes.every((asked) => target.scopes.some((own) => inScope(own, asked, rule)));
}

/** RFC 3986 rule: same scheme and authority without regard to case, and a prefix by whole path segments. */
function inScope(own: string, asked: string, rule: 'rfc3986' | 'strcmp0'): boolean {
  if (rule === 'strcmp0') return own === asked;
  const [ownHead, ...ownPath] = segments(own);
  const [askedHead, ...askedPath] = segments(asked);
  return ownHead === askedHead && askedPath.every((segment, index) => ownPath[index] === segment);
}

function segments(scope: string): string[] {
  const match = /^([a-z][a-z0-9+.-]*:\/\/[^/]*)(.*)$/i.exec(scope);
  if (!match) return [scope];
  const path = (match[2] ?? '').split('/').filter((segment) => segment !== '');
  return [(match[1] ?? '').toLowerCase(), ...path.map(decoded)];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Types are qualified names in text, whose prefixes the XML reader does not resolve: looked up in the message itself. */
function qualifiedName(name: string, xml: string): readonly [string, string] {
  const colon = name.indexOf(':');
  const prefix = name.slice(0, Math.max(0, colon));
  if (!/^[\w.-]+$/.test(prefix)) return ['', name.slice(colon + 1)];
  const namespace = new RegExp(`xmlns:${prefix.replace(/\./g, '\\.')}\\s*=\\s*["']([^"']*)["']`).exec(xml)?.[1];
  return [namespace ?? '', name.slice(colon + 1)];
}

function describe(target: DiscoveryTarget): string {
  return (
    `${endpoint(target)}<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types>` +
    `<d:Scopes>${escapeXml(target.scopes.join(' '))}</d:Scopes><d:XAddrs>${escapeXml(target.xaddr)}</d:XAddrs>` +
    '<d:MetadataVersion>1</d:MetadataVersion>'
  );
}

function endpoint(target: DiscoveryTarget): string {
  return `<a:EndpointReference><a:Address>${target.endpointReference}</a:Address></a:EndpointReference>`;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

function isOwnAddress(address: string): boolean {
  if (address.startsWith('127.')) return true;
  return Object.values(networkInterfaces()).some((list) => list?.some((own) => own.address === address));
}
