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
  const retryAfter = error.params.retryAfterSeconds;
  return {
    status: statusOf[error.kind],
    headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
    body: {
      error: {
        code: error.code,
        message: messageFor(error, language),
        ...(error.fields === undefined ? {} : { fields: error.fields }),
      },
    },
    unexpected: error.kind === 'internal',
  };
}

/** Express's body parser, file server and router throw errors with a `status` of their own. */
function ofExpress(thrown: unknown): AppError | undefined {
  if (!(thrown instanceof Error) || !('status' in thrown)) return undefined;
  switch (thrown.status) {
    case 400:
      return new AppError('invalid', 'body_unreadable', { cause: thrown });
    case 404:
      return new AppError('not_found', 'not_found', { cause: thrown });
    case 413:
      return new AppError('too_large', 'body_too_large', { cause: thrown });
    case 415:
      return new AppError('invalid', 'body_type_unsupported', { cause: thrown });
    default:
      return undefined;
  }
}
