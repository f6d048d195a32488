import type { ErrorBody } from '../contracts/common.ts';
import { AppError, type ErrorKind } from '../platform/errors.ts';
import { type Language, messageFor } from './messages.ts';

const statusOf: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  too_slow: 408,
  unsupported: 415,
  unsatisfiable: 416,
  too_many: 429,
  unavailable: 503,
  internal: 500,
};

export interface ErrorResponse {
  status: number;
  headers: Record<string, string>;
  body: ErrorBody;
  /** A defect rather than an expected refusal: to be logged with its cause. */
  unexpected: boolean;
}

/** The only place where what was thrown becomes an HTTP answer. What is not an AppError says nothing about itself. */
export function toErrorResponse(thrown: unknown, language: Language): ErrorResponse {
  const error =
    thrown instanceof AppError
      ? thrown
      : (ofExpress(thrown) ?? new AppError('internal', 'internal', { cause: thrown }));
  const { retryAfterSeconds, totalBytes } = error.params;
  return {
    status: statusOf[error.kind],
    headers: {
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      // RFC 9110, section 15.5.17.
      ...(error.kind === 'unsatisfiable' && totalBytes !== undefined
        ? { 'content-range': `bytes */${totalBytes}` }
        : {}),
    },
    body: {
      error: {
        code: error.code,
        message: messageFor(error, language),
        ...(error.fields === undefined ? {} : { fields: error.fields }),
        ...(error.details === undefined ? {} : { details: error.details }),
      },
    },
    unexpected: error.kind === 'internal',
  };
}

/** Express's body parser, file server and router throw errors with a `status` of their own; the parser's have a `type` too. */
function ofExpress(thrown: unknown): AppError | undefined {
  if (!(thrown instanceof Error) || !('status' in thrown) || typeof thrown.status !== 'number') return undefined;
  const options = { cause: thrown };
  switch (thrown.status) {
    case 400:
      if ('type' in thrown) return new AppError('invalid', 'body_unreadable', options);
      return new AppError('invalid', 'request_invalid', options);
    case 413:
      return new AppError('too_large', 'body_too_large', options);
    case 415:
      return new AppError('unsupported', 'body_type_unsupported', options);
    case 416:
      return new AppError('unsatisfiable', 'range_not_satisfiable', options);
  }
  // What else the file server refuses is no file of the console.
  return thrown.status >= 400 && thrown.status < 500 ? new AppError('not_found', 'not_found', options) : undefined;
}
