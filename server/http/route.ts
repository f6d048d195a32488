import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Session } from '../access/sessions.ts';
import type { Guard } from './guard.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What is known of a request besides its parsed parts. */
export interface Caller {
  /** Network address of the caller. */
  address: string;
  userAgent: string;
  /** Aborted when the caller goes away. */
  signal: AbortSignal;
}

/** A body that is no JSON, as it comes. */
export interface RawBody {
  headers: IncomingHttpHeaders;
  /** To be read once. Errors: `body_too_slow`, `body_unreadable` (the caller broke off). */
  bytes: AsyncIterable<Uint8Array>;
}

/** JSON, a picture, text, a download, or nothing; `setSession` sets (or with null clears) the session cookie. */
export interface Answer {
  status: 200 | 201 | 202 | 204;
  json?: unknown;
  jpeg?: Uint8Array;
  text?: { type: string; content: string };
  /** A file to be saved under a name, which no browser shows or runs. */
  download?: {
    name: string;
    type: string;
    /** Null where it is written while it is sent. */
    sizeBytes: number | null;
    bytes: Readable;
  };
  headers?: Record<string, string>;
  setSession?: { token: string; maxAgeMs: number } | null;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

interface Parts<P, Q, B> {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  caller: Caller;
  /** Of a route with `rawBody`. */
  raw?: RawBody | undefined;
}

type Who<G extends Guard> = G extends { kind: 'public' } ? { session: Session | undefined } : { session: Session };

export interface RouteDefinition<
  G extends Guard,
  P extends z.ZodType | undefined,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | undefined,
> {
  method: Method;
  /** Express path, e.g. `/api/cameras/:id`. */
  path: string;
  /** One line for the OpenAPI document. */
  summary: string;
  guard: G;
  params?: P;
  query?: Q;
  body?: B;
  /** Most of a body that may be larger than others. */
  maxBodyBytes?: number;
  /** The body is no JSON and is handed over as it comes; the handler bounds its size. */
  rawBody?: { withinMs: number };
  /** Schema of a JSON answer; a route without one answers with nothing or a picture. */
  answer?: z.ZodType;
  /** Status of the good answer, for the document. */
  status?: Answer['status'];
  /** Content type of an answer that is no JSON. */
  produces?: string;
  /** Codes of expected refusals besides those of guard and validation, for the document. */
  errors?: readonly string[];
  handle(request: Parts<P, Q, B> & Who<G>): Promise<Answer> | Answer;
}

/** A route with its parts' types erased; only `defineRoute` makes one, so that a guard is never left out. */
export interface Route extends Omit<RouteDefinition<Guard, z.ZodType, z.ZodType, z.ZodType>, 'handle'> {
  handle(request: {
    params: unknown;
    query: unknown;
    body: unknown;
    caller: Caller;
    raw?: RawBody | undefined;
    session: Session | undefined;
  }): Promise<Answer> | Answer;
}

export function defineRoute<
  const G extends Guard,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(definition: RouteDefinition<G, P, Q, B>): Route {
  return definition as unknown as Route;
}

export const json = (value: unknown, status: Answer['status'] = 200): Answer => ({ status, json: value });
export const nothing: Answer = { status: 204 };
