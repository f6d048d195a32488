import type { IncomingHttpHeaders } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import express, { type Request, type RequestHandler } from 'express';
import { AppError } from '../platform/errors.ts';

export interface JsonBodyLimits {
  maxBytes: number;
  /** A body that takes longer to come is not waited for. */
  withinMs: number;
}

/**
 * Reads a JSON body into `req.body`. Content that is not called JSON is refused, since a form of another site can send
 * anything else without asking. Errors: `body_unreadable`, `body_too_large`, `body_type_unsupported`, `body_too_slow`.
 */
export function jsonBody({ maxBytes, withinMs }: JsonBodyLimits): RequestHandler {
  const parse = express.json({ limit: maxBytes, type: () => true });
  return (req, res, next) => {
    // HTTP/2 needs no length, and the parser looks for HTTP/1.1's sign of a body without one.
    if (isHttp2BodyWithoutLength(req)) req.headers['transfer-encoding'] = 'chunked';
    let over = false;
    const done = (error?: unknown) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      next(!isCalledJson(req.headers) && (error !== undefined || hasContent(req.body)) ? notJson() : error);
    };
    const timer = setTimeout(() => {
      over = true;
      if (req.httpVersionMajor < 2) res.set('connection', 'close');
      next(new AppError('too_slow', 'body_too_slow'));
    }, withinMs);
    parse(req, res, done);
  };
}

function isHttp2BodyWithoutLength(req: Request): boolean {
  if (req.httpVersionMajor < 2 || req.headers['content-length'] !== undefined) return false;
  return !(req as unknown as Http2ServerRequest).stream.endAfterHeaders;
}

function isCalledJson(headers: IncomingHttpHeaders): boolean {
  return /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
}

function hasContent(body: unknown): boolean {
  return body !== undefined && Object.keys(body as object).length > 0;
}

function notJson(): AppError {
  return new AppError('unsupported', 'body_type_unsupported');
}
