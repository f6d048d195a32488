import type { ByteRange, MediaBytes } from '../recorder/recorder.ts';
import { type Exchange, sendPieces } from './exchange.ts';

export interface MediaAnswer {
  status: 200 | 206;
  contentType: string;
  body: Uint8Array | string;
  /** What follows the body, and how long all of it is. */
  rest?: AsyncIterable<Uint8Array>;
  length?: number;
  headers?: Record<string, string>;
}

/** Footage of people at work must not outlive the session in a browser's cache. */
export const footageHeaders = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' };

/** Errors: those of reading the rest, once the header has been sent. */
export async function sendMedia(
  exchange: Exchange,
  { status, contentType, body, rest, length, headers }: MediaAnswer,
): Promise<void> {
  const all = {
    'content-type': contentType,
    'content-length': String(length ?? Buffer.byteLength(body)),
    ...footageHeaders,
    ...headers,
  };
  if (exchange.method === 'HEAD') exchange.answer(status, all, '');
  else if (rest === undefined) exchange.answer(status, all, body);
  else if (!exchange.gone) await sendPieces(exchange, status, all, joined(body as Uint8Array, rest));
}

/** 206 with Content-Range for a range (RFC 9110, section 15.3.7), 200 for the whole. */
export function slice({ contentType, bytes, rest, totalBytes }: MediaBytes, range: ByteRange | null): MediaAnswer {
  const start = range?.start ?? 0;
  const last = Math.min(range?.end ?? totalBytes - 1, totalBytes - 1);
  const answer = { contentType, body: bytes, length: last + 1 - start, ...(rest === undefined ? {} : { rest }) };
  const headers = { 'accept-ranges': 'bytes' };
  if (range === null) return { status: 200, ...answer, headers };
  return { status: 206, ...answer, headers: { ...headers, 'content-range': `bytes ${start}-${last}/${totalBytes}` } };
}

async function* joined(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}
