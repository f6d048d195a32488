/** What went wrong in the caller's terms; server/http/error-response.ts alone turns a kind into an HTTP status. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'too_slow'
  | 'unsupported'
  | 'unsatisfiable'
  | 'too_many'
  | 'unavailable'
  | 'internal';

export interface AppErrorOptions {
  /** Whether the same call may succeed later without a change by the caller. */
  retry?: boolean;
  /** Which inputs to mend, and how. */
  fields?: Record<string, string>;
  /** Plain facts for the message in the caller's language and for the log; never a secret. */
  params?: Record<string, string | number>;
  /** Structured facts for the caller, sent with the answer. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** An expected failure with a stable code. Anything else that is thrown is a defect and is answered as `internal`. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly retry: boolean;
  readonly fields: Record<string, string> | undefined;
  readonly params: Record<string, string | number>;
  readonly details: Record<string, unknown> | undefined;

  constructor(kind: ErrorKind, code: string, options: AppErrorOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.code = code;
    this.retry = options.retry ?? (kind === 'unavailable' || kind === 'too_many');
    this.fields = options.fields;
    this.params = options.params ?? {};
    this.details = options.details;
  }
}

/** A message for the log, whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
