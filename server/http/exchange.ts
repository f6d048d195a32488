import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** One media request and its answer, over HTTP/1.1 or HTTP/2. A wall asks hundreds of times a second, so there is little between it and the stream. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the connection; empty once it is gone. */
  readonly remoteAddress: string;
  /** Whether the header has been sent. */
  readonly begun: boolean;
  /** Whether nobody takes the answer any more. */
  readonly gone: boolean;
  /** Answers with all there is; does nothing when it is too late. */
  answer(status: number, headers: Record<string, string>, body: Uint8Array | string): void;
  /** Sends the header; what follows is written by the caller. */
  begin(status: number, headers: Record<string, string>): Writable;
  /** Called once when the answer has been sent or nobody takes it any more. */
  onClose(listener: () => void): void;
  /** Ends the answer without sending what waits. */
  cut(): void;
}

export class Http1Exchange implements Exchange {
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;

  constructor(req: IncomingMessage, res: ServerResponse) {
    this.#req = req;
    this.#res = res;
  }

  get method(): string {
    return this.#req.method ?? '';
  }

  get url(): string {
    return this.#req.url ?? '';
  }

  get headers(): IncomingHttpHeaders {
    return this.#req.headers;
  }

  get remoteAddress(): string {
    return this.#req.socket.remoteAddress ?? '';
  }

  get begun(): boolean {
    return this.#res.headersSent;
  }

  get gone(): boolean {
    return this.#res.destroyed;
  }

  answer(status: number, headers: Record<string, string>, body: Uint8Array | string): void {
    if (this.gone || this.begun) return;
    this.#res.writeHead(status, headers);
    this.#res.end(body);
  }

  begin(status: number, headers: Record<string, string>): Writable {
    this.#res.writeHead(status, headers);
    return this.#res;
  }

  onClose(listener: () => void): void {
    this.#res.once('close', listener);
  }

  cut(): void {
    this.#res.destroy();
  }
}

/** The stream itself, without the requests and responses that node:http2 makes to look like node:http's. */
export class Http2Exchange implements Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly #stream: ServerHttp2Stream;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    this.#stream = stream;
    this.headers = headers;
    this.method = String(headers[':method'] ?? '');
    this.url = String(headers[':path'] ?? '');
    // A reset by the client is told by `close`.
    stream.on('error', ignore);
  }

  get remoteAddress(): string {
    const { session } = this.#stream;
    // The socket of a session that is gone may not even be asked.
    return session === undefined || session.destroyed ? '' : (session.socket.remoteAddress ?? '');
  }

  get begun(): boolean {
    return this.#stream.headersSent;
  }

  get gone(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }

  answer(status: number, headers: Record<string, string>, body: Uint8Array | string): void {
    if (this.gone || this.begun) return;
    const endStream = body.length === 0;
    this.#stream.respond({ ':status': status, ...headers }, { endStream });
    if (!endStream) this.#stream.end(body);
  }

  begin(status: number, headers: Record<string, string>): Writable {
    if (!this.gone) this.#stream.respond({ ':status': status, ...headers });
    return this.#stream;
  }

  onClose(listener: () => void): void {
    this.#stream.once('close', listener);
  }

  cut(): void {
    this.#stream.close(constants.NGHTTP2_CANCEL);
  }
}

function ignore(): void {}

/** Aborts when the answer is over, or nobody takes it any more. */
export function untilClosed(exchange: Exchange): AbortSignal {
  const abort = new AbortController();
  exchange.onClose(() => abort.abort());
  if (exchange.gone) abort.abort();
  return abort.signal;
}

/** Sends an answer as it is read, and no faster than it is taken; a client that goes ends the reading. Errors: those of the reading. */
export async function sendPieces(
  exchange: Exchange,
  status: number,
  headers: Record<string, string>,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    await pipeline(Readable.from(pieces, { objectMode: false }), exchange.begin(status, headers));
  } catch (error) {
    if (!exchange.gone) throw error;
  }
}
