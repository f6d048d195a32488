import type { z } from 'zod';
import { errorBody } from '../../server/contracts/common.ts';
import { readServerClock } from './server-clock.ts';

/**
 * What went wrong with a request. `status` 0 means that no answer came (`code` is `network`); an answer that breaks the
 * contract has the code `bad_answer`; otherwise `code`, `message`, `fields` and `details` are the server's own.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;
  /** What the code comes with besides, as the contract of the request says; a refused version tells what changed. */
  readonly details: Readonly<Record<string, unknown>>;
  /** How long the server asks to wait before the next try, in ms; null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      fields?: Record<string, string>;
      details?: Record<string, unknown>;
      retryAfterMs?: number | null;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.fields = options.fields ?? {};
    this.details = options.details ?? {};
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  /** Whether the same request may succeed when it is simply sent again. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type QueryValue = string | number | boolean | null | undefined | readonly (string | number)[];
export type Query = Readonly<Record<string, QueryValue>>;

let csrfToken: string | null = null;
let onSignedOut: () => void = () => {};

/** Remembers the token that every changing request sends back; null when nobody is signed in. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called whenever a request other than a sign-in is answered with 401. */
export function setSignedOutListener(listener: () => void): void {
  onSignedOut = listener;
}

/** For what asks beside `request`, such as a player: an answer was a 401, so the session is over. */
export function noteSignedOut(): void {
  onSignedOut();
}

/** Writes a query string: lists joined by commas; null, undefined, empty text and empty lists left out. Keys keep their order. */
export function queryString(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    if (Array.isArray(value)) {
      if (value.length > 0) params.set(key, value.join(','));
    } else params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** `retry-after` is seconds or an HTTP date (RFC 9110 §10.2.3). Returns ms from `nowMs`, or null when it cannot be read. */
export function parseRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

type Answer = Pick<Response, 'status' | 'statusText'>;

/** The error that an answer tells; `body` is its JSON, or anything else where it has none. */
export function errorOf({ status, statusText }: Answer, body: unknown, retryAfter: string | null): ApiError {
  const retryAfterMs = parseRetryAfter(retryAfter, Date.now());
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return new ApiError(status, `http_${status}`, statusText, { retryAfterMs });
  const { code, message, fields, details } = parsed.data.error;
  return new ApiError(status, code, message, { retryAfterMs, ...(fields && { fields }), ...(details && { details }) });
}

/** What every request says of itself. */
export function headersOf(method: Method): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (typeof document !== 'undefined') headers['accept-language'] = document.documentElement.lang || 'vi';
  if (method !== 'GET' && csrfToken !== null) headers['x-csrf-token'] = csrfToken;
  return headers;
}

interface RequestOptions {
  query?: Query | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

export async function request<S extends z.ZodType>(
  method: Method,
  path: string,
  options: RequestOptions & { schema: S },
): Promise<z.infer<S>>;
export async function request(method: Method, path: string, options?: RequestOptions): Promise<void>;
/**
 * Sends one request and parses its answer by the contract.
 * @throws {ApiError} the server refused, did not answer, or answered something else than the contract says
 * @throws {DOMException} `AbortError` when `signal` fired
 */
export async function request(
  method: Method,
  path: string,
  { query, body, schema, signal }: RequestOptions & { schema?: z.ZodType } = {},
): Promise<unknown> {
  const headers = headersOf(method);
  if (body !== undefined) headers['content-type'] = 'application/json';

  const askedAtMs = performance.now();
  let response: Response;
  try {
    response = await fetch(`${path}${queryString(query)}`, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'network', 'no answer', { cause });
  }
  readServerClock(response.headers.get('now'), askedAtMs, performance.now());
  if (!response.ok) {
    if (response.status === 401 && path !== '/api/session') onSignedOut();
    throw errorOf(response, await response.json().catch(() => null), response.headers.get('retry-after'));
  }
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) {
    throw new ApiError(response.status, 'bad_answer', `${method} ${path}`, { cause: parsed.error });
  }
  return parsed.data;
}
