import type { Request, Response } from 'express';
import { AppError } from '../platform/errors.ts';
import type { RawBody } from './route.ts';

/** What nobody reads any more is let pass for so long after the answer: a connection that is cut at once loses the answer. */
const lingerMs = 5_000;

/**
 * The body of a request as it comes, for a handler that reads it itself. It has to be there within `withinMs`; what is left of it after the
 * answer is thrown away, and a caller who goes on sending is cut off.
 */
export function rawBody(req: Request, res: Response, { withinMs }: { withinMs: number }): RawBody {
  res.once('finish', () => {
    if (req.readableEnded || req.destroyed) return;
    req.resume();
    const timer = setTimeout(() => req.destroy(), lingerMs);
    timer.unref();
    req.once('close', () => clearTimeout(timer));
  });
  return { headers: req.headers, bytes: within(req, withinMs) };
}

async function* within(req: Request, withinMs: number): AsyncGenerator<Uint8Array> {
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => undefined);
  const timer = setTimeout(() => late.reject(new AppError('too_slow', 'body_too_slow')), withinMs);
  timer.unref();
  // Whoever stops reading leaves the request open: the answer goes over the same connection.
  const pieces = req.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const next = pieces.next();
      next.catch(() => undefined);
      const { done, value } = await Promise.race([next, late.promise]);
      if (done) return;
      yield value as Uint8Array;
    }
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('invalid', 'body_unreadable', { cause });
  } finally {
    clearTimeout(timer);
  }
}
