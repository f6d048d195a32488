import {
  createSecureServer,
  type Http2SecureServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Express } from 'express';
import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { Http1Exchange, Http2Exchange } from './exchange.ts';
import type { MediaHandler } from './media-handler.ts';
import type { TlsFiles } from './tls.ts';

export interface ListenerOptions {
  tls: TlsFiles;
  apps: { http1: Express; http2: Express };
  media: MediaHandler;
  log: Logger;
}

/** Nothing may be silent for longer: a long poll waits seconds, and a websocket has its own heartbeat. */
const silentMs = 120_000;

/** A wall of 16 tiles keeps some fifty requests open; far more is no browser. */
const maxConcurrentStreams = 250;

/** Each has buffers of its own, whoever opened it; a browser needs one or two, over HTTP/1.1 six. */
const maxConnections = 4096;

const isMedia = (path: string | undefined) => path?.startsWith('/media/') === true;

/** One port, TLS, HTTP/2 with HTTP/1.1 beside it; media is answered in front of Express. */
export class Listener {
  readonly server: Http2SecureServer;
  readonly #sessions = new Set<Http2Session>();
  readonly #sockets = new Set<Socket>();
  readonly #log: Logger;

  constructor({ tls, apps, media, log }: ListenerOptions) {
    this.#log = log;
    this.server = createSecureServer({ ...tls, allowHTTP1: true, settings: { maxConcurrentStreams } });
    this.server.setTimeout(silentMs);
    this.server.maxConnections = maxConnections;
    this.server.on('request', (req, res) => {
      // Express's types know node:http only; the app for HTTP/2 has been re-rooted (see app.ts).
      if (req.httpVersionMajor >= 2) apps.http2(req as never, res as never);
      else if (isMedia(req.url)) void media.handle(new Http1Exchange(req as never, res as never));
      else apps.http1(req as never, res as never);
    });
    this.#takeMedia(media);
    this.server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      session.on('error', (error) => log.debug({ err: error }, 'an HTTP/2 session failed'));
    });
    // Those that have not begun TLS count too: closing would wait for them.
    for (const event of ['connection', 'secureConnection']) {
      this.server.on(event, (socket: Socket) => {
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
        socket.on('error', () => {});
      });
    }
    this.server.on('tlsClientError', (error) => log.debug({ err: error }, 'a TLS handshake failed'));
  }

  /** Media over HTTP/2 is taken before node:http2 makes a request and a response like node:http's of its stream. */
  #takeMedia(media: MediaHandler): void {
    type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => void;
    const others = this.server.listeners('stream') as StreamListener[];
    this.server.removeAllListeners('stream');
    const taken: StreamListener = (stream, headers, ...rest) => {
      endOnceAnswered(stream);
      if (isMedia(headers[':path'])) void media.handle(new Http2Exchange(stream, headers));
      else for (const other of others) other.call(this.server, stream, headers, ...rest);
    };
    this.server.on('stream', taken as never);
  }

  /** Returns the port. Errors: `port_in_use`, `address_unusable`. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException) => {
        const code = error.code === 'EADDRINUSE' ? 'port_in_use' : 'address_unusable';
        reject(new AppError('unavailable', code, { cause: error, retry: false, params: { host, port } }));
      };
      this.server.once('error', failed);
      this.server.listen(port, host, () => {
        this.server.off('error', failed);
        this.server.on('error', (error) => this.#log.error({ err: error }, 'the listener failed'));
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no more connections and ends those that are open. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Node keeps a stream open until the client has sent all of its body, also when the answer did not wait for it. */
function endOnceAnswered(stream: ServerHttp2Stream): void {
  if (stream.endAfterHeaders) return;
  stream.once('finish', () => {
    // Not at once: the end of the answer is still to be sent.
    if (!stream.readableEnded) setImmediate(() => stream.close());
  });
}
