import { type IncomingMessage, request } from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { type InputType, unzip, type ZlibOptions } from 'node:zlib';
import { HostError, type NetworkPolicy, resolveHost } from '../networks.ts';
import { OnvifError } from './errors.ts';

export interface ExchangeRequest {
  url: URL;
  method: 'POST' | 'GET';
  headers: Readonly<Record<string, string>>;
  body: string;
  maxBytes: number;
  /** How long the connection may take, in ms; the signal alone bounds it where left out. */
  connectMs?: number | undefined;
  policy: NetworkPolicy;
  /** SHA-256 of the one certificate that is accepted over https; null accepts the first one and reports it. */
  certificateSha256: string | null;
  /** Carries the deadline of the whole call too. */
  signal: AbortSignal;
}

export interface ExchangeResponse {
  status: number;
  location: string | undefined;
  challenges: string[];
  contentType: string | undefined;
  /** The device's clock as HTTP tells it, UTC epoch ms. */
  dateMs: number | null;
  body: Uint8Array;
  certificateSha256: string | null;
}

/**
 * One request on one connection of its own. It ends with the answer, the cap or the signal, and leaves nothing open.
 * A body that stops short of its announced length is handed over as far as it came: the XML tells whether it is whole. One without a
 * length ends with its envelope, since not every device closes the connection then.
 * Errors: `OnvifError` unreachable, timeout, aborted, not_allowed, malformed (`too_large`, `not_http`; `closed` where the connection was
 * taken and cut off before an answer), certificate_changed.
 */
export async function exchange(options: ExchangeRequest): Promise<ExchangeResponse> {
  let connected = false;
  try {
    options.signal.throwIfAborted();
    const ip = await untilAborted(resolveHost(options.url.hostname, options.policy), options.signal);
    const { socket, certificateSha256 } = await open(options, ip);
    connected = true;
    try {
      const answer = await send(options, socket, certificateSha256);
      return { ...answer, body: await unpacked(answer.body, options.maxBytes) };
    } finally {
      socket.destroy();
    }
  } catch (error) {
    throw toOnvifError(error, options.signal, connected);
  }
}

/** Whether a signal was aborted by its deadline rather than by somebody. */
export function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

function toOnvifError(error: unknown, signal: AbortSignal, connected: boolean): OnvifError {
  if (signal.aborted) {
    return new OnvifError(isTimeout(signal.reason) ? 'timeout' : 'aborted', { cause: error });
  }
  if (error instanceof OnvifError) return error;
  if (error instanceof HostError) {
    return new OnvifError(error.reason === 'not_allowed' ? 'not_allowed' : 'unreachable', { detail: error.reason });
  }
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown';
  if (connected && /^(?:ECONNRESET|EPIPE|ECONNABORTED)$/.test(code))
    return new OnvifError('malformed', { detail: 'closed', cause: error });
  if (code === 'Z_DATA_ERROR' || code === 'Z_BUF_ERROR') return new OnvifError('malformed', { detail: 'not_gzip' });
  if (code === 'ERR_BUFFER_TOO_LARGE') return new OnvifError('malformed', { detail: 'too_large' });
  // The other side does not speak HTTP: that is an answer, if a wrong one.
  if (code.startsWith('HPE_')) return new OnvifError('malformed', { detail: 'not_http', cause: error });
  return new OnvifError('unreachable', { detail: code, cause: error });
}

function open(options: ExchangeRequest, ip: string): Promise<{ socket: Socket; certificateSha256: string | null }> {
  const { url, signal } = options;
  signal.throwIfAborted();
  const secure = url.protocol === 'https:';
  const port = Number(url.port) || (secure ? 443 : 80);
  return new Promise((resolve, reject) => {
    const servername = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 ? url.hostname : undefined;
    // The chain is not asked: cameras sign for themselves. The certificate is pinned instead, before a byte of the request is sent.
    const socket = secure
      ? connectTls({ host: ip, port, servername, rejectUnauthorized: false })
      : connectTcp({ host: ip, port });
    const onAbort = () => socket.destroy(signal.reason);
    const timer =
      options.connectMs === undefined ? undefined : setTimeout(() => socket.destroy(tooSlow()), options.connectMs);
    socket.once('close', () => clearTimeout(timer));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', onAbort));
    socket.once('error', reject);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      const seen = secure ? fingerprint(socket as TLSSocket) : null;
      if (secure && options.certificateSha256 !== null && seen !== options.certificateSha256) {
        socket.destroy();
        reject(new OnvifError('certificate_changed'));
        return;
      }
      // A late error of this socket must find a listener, whoever else still listens.
      socket.on('error', () => {});
      resolve({ socket, certificateSha256: seen });
    });
  });
}

function tooSlow(): Error {
  return Object.assign(new Error('not connected in time'), { code: 'ETIMEDOUT' });
}

function fingerprint(socket: TLSSocket): string {
  return (socket.getPeerCertificate().fingerprint256 ?? '').replaceAll(':', '').toLowerCase();
}

function send(options: ExchangeRequest, socket: Socket, certificateSha256: string | null): Promise<ExchangeResponse> {
  const { url, method, body } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      createConnection: () => socket,
      // Some devices send both a length and chunks, or odd characters; with one exchange a connection nothing can be smuggled.
      insecureHTTPParser: true,
      maxHeaderSize: 32_768,
      method,
      path: `${url.pathname}${url.search}`,
      setHost: false,
      headers: {
        host: url.host,
        connection: 'close',
        ...options.headers,
        ...(method === 'POST' ? { 'content-length': Buffer.byteLength(body) } : {}),
      },
    });
    let answered = false;
    outgoing.on('error', reject);
    socket.once('close', () => {
      if (!answered) reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    outgoing.on('response', (incoming) => {
      answered = true;
      const chunks: Buffer[] = [];
      let size = 0;
      const endless = isEndless(incoming);
      let tail: Buffer = Buffer.alloc(0);
      const finish = () => {
        const date = Date.parse(incoming.headers.date ?? '');
        resolve({
          status: incoming.statusCode ?? 0,
          location: incoming.headers.location,
          challenges: incoming.headersDistinct['www-authenticate'] ?? [],
          contentType: incoming.headers['content-type'],
          dateMs: Number.isFinite(date) ? date : null,
          body: Buffer.concat(chunks),
          certificateSha256,
        });
      };
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > options.maxBytes) reject(new OnvifError('malformed', { detail: 'too_large' }));
        else chunks.push(chunk);
        tail = endless ? Buffer.concat([tail, chunk.subarray(-200)]).subarray(-200) : tail;
        if (endless && endsEnvelope(tail)) socket.destroy();
      });
      incoming.on('error', () => {});
      incoming.once('close', () => (options.signal.aborted ? reject(options.signal.reason) : finish()));
    });
    outgoing.end(body);
  });
}

/** Neither a length nor chunks: the body goes on until the connection ends. */
function isEndless({ headers }: IncomingMessage): boolean {
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}

function endsEnvelope(tail: Buffer): boolean {
  return /<\/(?:[\w.-]{1,60}:)?Envelope\s{0,40}>\s*$/.test(tail.toString('latin1'));
}

const unzipped = promisify<InputType, ZlibOptions, Buffer>(unzip);

/** Some devices compress without being asked, and not all of them say so: the first bytes tell. */
function unpacked(body: Uint8Array, maxBytes: number): Uint8Array | Promise<Uint8Array> {
  const [first, second] = body;
  const isGzip = first === 0x1f && second === 0x8b;
  const isZlib = first === 0x78 && second !== undefined && (0x7800 + second) % 31 === 0;
  return isGzip || isZlib ? unzipped(body, { maxOutputLength: maxBytes }) : body;
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
