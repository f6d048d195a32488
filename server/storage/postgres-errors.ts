import pg from 'pg';
import { AppError } from '../platform/errors.ts';

/** Another transaction came in between: done wholly again, the work may succeed (serialization_failure, deadlock_detected). */
const collisions = new Set(['40001', '40P01']);
/** lock_not_available, query_canceled: what took too long. */
const tooLong = new Set(['55P03', '57014']);
/** Connection, credentials, database name, resources, shutdown and disk of the server; and a server that only reads. */
const awayClasses = new Set(['08', '28', '3D', '53', '57', '58']);
const readOnly = '25006';
/** A text with U+0000, which PostgreSQL stores in no column. */
const badText = '22021';

/** SQLSTATE of an error that the server sent; undefined where the connection itself failed. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** All connections were in use for too long; the driver has no code for it. */
export function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}

/** Whether the transaction (or the single statement) was wholly undone and may be tried again. */
export function isCollision(error: unknown): boolean {
  const state = sqlState(error instanceof AppError ? error.cause : error);
  return state !== undefined && collisions.has(state);
}

/**
 * What the driver threw, in the program's terms: `database_unavailable` and `database_busy` (both may succeed later), `text_invalid`. Anything
 * else is a defect and stays as it is.
 */
export function translated(error: unknown): unknown {
  // Of our own making: a value that is none of a column, an integer that would lose digits.
  if (error instanceof AppError || error instanceof TypeError || error instanceof RangeError) return error;
  if (isPoolExhausted(error)) return new AppError('unavailable', 'database_busy', { cause: error });
  const state = sqlState(error);
  if (state === undefined) return new AppError('unavailable', 'database_unavailable', { cause: error });
  if (collisions.has(state) || tooLong.has(state))
    return new AppError('unavailable', 'database_busy', { cause: error });
  if (awayClasses.has(state.slice(0, 2)) || state === readOnly) {
    return new AppError('unavailable', 'database_unavailable', { cause: error });
  }
  return state === badText ? new AppError('invalid', 'text_invalid', { cause: error }) : error;
}

/** Why a start cannot have the database: `database_credentials_refused`, `database_unknown` or `database_unreachable`. */
export function startError(error: unknown, database: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'database_unavailable') return error;
  const { cause } = error;
  const state = sqlState(cause);
  const options = { retry: false, cause, params: { database } };
  // Without a password the driver gives up by itself, in words of SASL.
  const unasked = state === undefined && cause instanceof Error && /^SASL|password/i.test(cause.message);
  if (unasked || state?.startsWith('28')) return new AppError('unavailable', 'database_credentials_refused', options);
  if (state === '3D000') return new AppError('unavailable', 'database_unknown', options);
  return new AppError('unavailable', 'database_unreachable', options);
}
