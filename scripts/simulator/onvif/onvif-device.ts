import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { TlsFiles } from '../../../server/http/tls.ts';
import { type Credentials, DigestGuard, type DigestVerdict } from '../digest-auth.ts';
import type { StreamName } from '../rtsp/rtsp-server.ts';
import { type DeviceModel, NAMESPACES, PATHS, streamOfProfile } from './device-model.ts';
import { deviceService, PRE_AUTH_ACTIONS } from './device-service.ts';
import { eventsService } from './events-service.ts';
import { imagingService } from './imaging-service.ts';
import { mediaService } from './media-service.ts';
import { media2Service } from './media2-service.ts';
import { ptzService } from './ptz-service.ts';
import { Snapshots } from './snapshot.ts';
import { envelope, fault, faultEnvelope, OnvifFault, parseSoap, type SoapRequest, SoapSyntaxError } from './soap.ts';
import { UsernameTokenGuard } from './username-token.ts';

export interface OnvifDeviceOptions {
  host: string;
  /** 0 for any free port. */
  port: number;
  model: DeviceModel;
  credentials: () => Credentials;
}

const SOAP_TYPE = 'application/soap+xml; charset=utf-8';
const MAX_BODY_BYTES = 128 * 1024;

/** WS-BaseNotification, whose Renew and Unsubscribe ONVIF takes over. */
const NOTIFICATION = 'http://docs.oasis-open.org/wsn/b-2';

const SERVICES = {
  [NAMESPACES.device]: deviceService,
  [NAMESPACES.media]: mediaService,
  [NAMESPACES.media2]: media2Service,
  [NAMESPACES.ptz]: ptzService,
  [NAMESPACES.events]: eventsService,
  [NOTIFICATION]: eventsService,
  [NAMESPACES.imaging]: imagingService,
} as const;

const SERVICE_PATHS: ReadonlySet<string> = new Set([
  PATHS.device,
  PATHS.media,
  PATHS.media2,
  PATHS.ptz,
  PATHS.events,
  PATHS.imaging,
]);
/** Pull points have addresses below the event service's own. */
const PULL_POINT = new RegExp(`^${PATHS.events}/([0-9a-f-]{36})$`);

/** One camera's ONVIF services over HTTP, and its snapshot. The action's namespace decides which service answers. */
export class OnvifDevice {
  readonly #options: OnvifDeviceOptions;
  readonly #digest = new DigestGuard({ realm: 'Simulated camera', qop: true });
  readonly #tokens = new UsernameTokenGuard();
  readonly #snapshots: Readonly<Record<StreamName, Snapshots>>;
  #server: Server | undefined;
  #tls: TlsFiles | undefined;
  #port: number;

  constructor(options: OnvifDeviceOptions) {
    this.#options = options;
    this.#port = options.port;
    const { main, sub } = options.model.sources;
    this.#snapshots = { main: new Snapshots(main.clip), sub: new Snapshots(sub.clip) };
  }

  get port(): number {
    return this.#port;
  }

  /** Listens; after a `close` on the same port as before. */
  async listen(): Promise<void> {
    const listener: RequestListener = (request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    };
    if (this.#options.model.quirks.https) this.#tls ??= await selfSigned();
    const server = this.#tls
      ? createTlsServer({ cert: this.#tls.cert, key: this.#tls.key }, listener)
      : createServer(listener);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#options.host, resolve);
    });
    const address = server.address();
    if (address && typeof address === 'object') this.#port = address.port;
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#options.model.events.clear();
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://camera');
    if (url.pathname === PATHS.snapshot && request.method === 'GET') return this.#snapshot(request, response, url);
    const pullPoint = PULL_POINT.exec(url.pathname)?.[1] ?? '';
    if (!SERVICE_PATHS.has(url.pathname) && pullPoint === '') return end(response, 404, 'text/plain', 'Not found');
    if (request.method !== 'POST') return end(response, 405, 'text/plain', 'Method not allowed');
    const body = await readBody(request);
    if (body === undefined) {
      response.setHeader('Connection', 'close');
      return end(response, 413, 'text/plain', 'Request too large');
    }
    const slowMs = url.pathname === PATHS.ptz ? (this.#options.model.ptz?.options.slowMs ?? 0) : 0;
    if (slowMs > 0) await setTimeout(slowMs);
    try {
      const answer = envelope(await this.#answer(request, body, url.pathname, pullPoint));
      await this.#send(response, answer, url.pathname);
    } catch (error) {
      const refusal = faultOf(error);
      if (refusal.status === 401) response.setHeader('WWW-Authenticate', this.#digest.challenge());
      soap(response, refusal.status, faultEnvelope(refusal));
    }
  }

  /** As the camera's quirks have it: whole, slowly, or half. */
  async #send(response: ServerResponse, xml: string, path: string): Promise<void> {
    const { truncatedBody, slowBodyMs = 0 } = this.#options.model.quirks;
    const half = Math.floor(xml.length / 2);
    if (truncatedBody && (path === PATHS.media || path === PATHS.media2)) {
      response.writeHead(200, { 'Content-Type': SOAP_TYPE, 'Content-Length': Buffer.byteLength(xml) });
      response.write(xml.slice(0, half), () => response.destroy());
    } else if (slowBodyMs > 0) {
      response.writeHead(200, { 'Content-Type': SOAP_TYPE, 'Content-Length': Buffer.byteLength(xml) });
      response.write(xml.slice(0, half));
      await setTimeout(slowBodyMs);
      response.end(xml.slice(half));
    } else soap(response, 200, xml);
  }

  #answer(request: IncomingMessage, body: string, path: string, pullPoint: string): string | Promise<string> {
    const { model } = this.#options;
    // Clients of HTTP Digest ask for the challenge with an empty body first.
    if (body === '' && this.#verifyDigest(request) !== 'ok') throw fault.challenge();
    const soapRequest = parseSoap(body);
    const { action } = soapRequest;
    const service = SERVICES[action.namespace as keyof typeof SERVICES];
    const open = service === deviceService && PRE_AUTH_ACTIONS.has(action.name);
    if (!open) this.#authorise(request, soapRequest);
    if (path === PATHS.media2 && model.quirks.media2Broken) throw fault.internal();
    const answer = service && Object.hasOwn(service, action.name) ? service[action.name] : undefined;
    if (!answer) throw fault.actionNotSupported(action.name);
    return answer(model, action, pullPoint);
  }

  /** UsernameToken first, then HTTP Digest. Throws a fault, which is a challenge unless a token was wrong. */
  #authorise(request: IncomingMessage, soapRequest: SoapRequest): void {
    const { model, credentials } = this.#options;
    if (!model.quirks.digestOnly) {
      const verdict = this.#tokens.verify(soapRequest.header, credentials(), model.nowMs());
      if (verdict === 'ok') return;
      if (verdict !== 'missing') throw fault.notAuthorized();
    }
    if (this.#verifyDigest(request) !== 'ok') throw fault.challenge();
  }

  #verifyDigest(request: IncomingMessage): DigestVerdict {
    // Node reads headers as Latin-1; user names come in UTF-8.
    const header =
      request.headers.authorization && Buffer.from(request.headers.authorization, 'latin1').toString('utf8');
    return this.#digest.verify(header, request.method ?? '', this.#options.credentials(), request.url);
  }

  async #snapshot(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const verdict = this.#verifyDigest(request);
    if (verdict !== 'ok') {
      response.setHeader('WWW-Authenticate', this.#digest.challenge(verdict === 'stale'));
      return end(response, 401, 'text/plain', 'Unauthorized');
    }
    const stream = streamOfProfile(url.searchParams.get('profile') ?? undefined) ?? 'main';
    try {
      const jpeg = await this.#snapshots[stream].take();
      response.setHeader('Cache-Control', 'no-store');
      end(response, 200, 'image/jpeg', jpeg);
    } catch {
      end(response, 503, 'text/plain', 'No picture');
    }
  }
}

/** A certificate that nobody knows, as a camera makes one at its first start. */
async function selfSigned(): Promise<TlsFiles> {
  // Few cameras need it, and it is much to load.
  const { ownCertificate } = await import('../../../server/http/tls.ts');
  const folder = await mkdtemp(join(tmpdir(), 'simulated-camera-'));
  try {
    return await ownCertificate(folder, [], Date.now());
  } finally {
    await rm(folder, { recursive: true });
  }
}

function faultOf(error: unknown): OnvifFault {
  if (error instanceof OnvifFault) return error;
  return error instanceof SoapSyntaxError ? fault.wellFormed(error.message) : fault.internal();
}

function soap(response: ServerResponse, status: number, xml: string): void {
  end(response, status, SOAP_TYPE, xml);
}

function end(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/** The body as text, or undefined when it is larger than any request needs to be. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
