import { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { pipeline } from 'node:stream';
import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import helmet from 'helmet';
import { sessionCookieHeader, sessionToken } from '../access/session-cookie.ts';
import { csrfMatches, type Session, type Sessions } from '../access/sessions.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { ClientAddresses } from './client-address.ts';
import { toErrorResponse } from './error-response.ts';
import { checkGuard } from './guard.ts';
import { type JsonBodyLimits, jsonBody } from './json-body.ts';
import { languageOf } from './messages.ts';
import { parsePart } from './parse-part.ts';
import { rawBody } from './raw-body.ts';
import type { Answer, Caller, Route } from './route.ts';

export interface AppOptions {
  routes: readonly Route[];
  sessions: Sessions;
  log: Logger;
  openApi: Router;
  /** Handlers for what is no route of the API: the console's files, metrics. */
  others: readonly Router[];
  clock: Clock;
  body?: JsonBodyLimits;
  /** Nobody's X-Forwarded-For is believed unless told. */
  addresses?: ClientAddresses;
}

const bodyLimits: JsonBodyLimits = { maxBytes: 256 * 1024, withinMs: 30_000 };

/**
 * Two thin Express apps over one Router. An Express app handed to node:http2 hangs, since its request and response inherit
 * from node:http's; the second app has them re-rooted at HTTP/2's. See docs/adr.
 */
export function createApps(options: AppOptions): { http1: Express; http2: Express } {
  const router = createRouter(options);
  const http1 = express();
  const http2 = express();
  http2.request = reroot(http2.request, express.request, Http2ServerRequest.prototype);
  http2.response = reroot(http2.response, express.response, Http2ServerResponse.prototype);
  for (const app of [http1, http2]) {
    app.disable('x-powered-by');
    app.use(router);
  }
  return { http1, http2 };
}

/** Express's own members on another prototype; the app's own (`app`) on top. */
function reroot<T extends object>(own: T, base: object, root: object): T {
  const members = Object.create(root, Object.getOwnPropertyDescriptors(base)) as object;
  return Object.create(members, Object.getOwnPropertyDescriptors(own)) as T;
}

function createRouter({
  routes,
  sessions,
  log,
  openApi,
  others,
  clock,
  body: limits = bodyLimits,
  addresses = new ClientAddresses(),
}: AppOptions): Router {
  const router = express.Router();
  router.use(
    helmet({
      // The certificate may be self-signed: a browser that is told to insist would lock people out.
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          baseUri: ["'none'"],
          objectSrc: ["'none'"],
          frameAncestors: ["'none'"],
          formAction: ["'self'"],
          imgSrc: ["'self'", 'blob:', 'data:'],
          mediaSrc: ["'self'", 'blob:'],
          workerSrc: ["'self'", 'blob:'],
          fontSrc: ["'self'", 'data:'],
          // Mantine sets styles on elements.
          styleSrc: ["'self'", "'unsafe-inline'"],
          connectSrc: ["'self'"],
        },
      },
    }),
  );
  // Before the general limit, which leaves a body alone that has been read.
  for (const { path, maxBodyBytes: maxBytes } of routes) {
    if (maxBytes !== undefined) router.use(path, jsonBody({ ...limits, maxBytes }));
  }
  const raw = new WeakSet<Request>();
  for (const { method, path, rawBody: isRaw } of routes) {
    if (isRaw !== undefined) router[method](path, (req, _res, next) => next(void raw.add(req)));
  }
  const asJson = jsonBody(limits);
  router.use('/api', (req, res, next) => (raw.has(req) ? next() : asJson(req, res, next)));
  for (const route of routes) {
    // A route without a guard is a defect that must not start.
    if (route.guard === undefined)
      throw new AppError('internal', 'route_without_guard', { params: { path: route.path } });
    router[route.method](route.path, (req, res, next) => {
      answer(route, { sessions, clock, addresses }, req, res).catch(next);
    });
  }
  router.use(openApi);
  router.use('/api', () => {
    throw new AppError('not_found', 'not_found');
  });
  for (const other of others) router.use(other);
  router.use(() => {
    throw new AppError('not_found', 'not_found');
  });
  router.use((thrown: unknown, req: Request, res: Response, _next: NextFunction) => {
    const { status, headers, body, unexpected } = toErrorResponse(thrown, languageOf(req.headers['accept-language']));
    if (unexpected) log.error({ err: thrown, path: req.path }, 'a request failed');
    if (res.headersSent) res.destroy();
    else res.status(status).set(headers).json(body);
  });
  return router;
}

async function answer(
  route: Route,
  { sessions, clock, addresses }: Pick<AppOptions, 'sessions' | 'clock'> & { addresses: ClientAddresses },
  req: Request,
  res: Response,
): Promise<void> {
  const abort = new AbortController();
  res.once('close', () => abort.abort());
  // Read before anything is awaited: a socket that is gone has no address, and the audit log wants one.
  const caller: Caller = {
    address: addresses.of(req.socket.remoteAddress ?? '', req.headers['x-forwarded-for']),
    userAgent: (req.headers['user-agent'] ?? '').slice(0, 300),
    signal: abort.signal,
  };
  const session = await admit(route, sessions, req);
  const parts = {
    params: parsePart(route.params, req.params, 'params'),
    query: parsePart(route.query, req.query, 'query'),
    body: parsePart(route.body, req.body, 'body'),
  };
  let result: Answer;
  try {
    const raw = route.rawBody === undefined ? undefined : rawBody(req, res, route.rawBody);
    result = await route.handle({ ...parts, caller, raw, session });
  } catch (error) {
    // Left undone since the caller went: nobody waits for an answer, and nothing failed.
    if (abort.signal.aborted && error === abort.signal.reason) return;
    throw error;
  }
  // A viewer's clock may be wrong: what is shown goes by this one.
  res.set('now', String(clock.nowMs()));
  send(res, result);
}

/** Errors: `signed_out`, `csrf_token_invalid`, `not_permitted`. */
async function admit(route: Route, sessions: Sessions, req: Request): Promise<Session | undefined> {
  const token = sessionToken(req.headers.cookie);
  const session = token === undefined ? undefined : await sessions.resolve(token);
  if (route.guard.kind === 'public') return session;
  if (session === undefined) throw new AppError('unauthenticated', 'signed_out');
  const header = req.headers['x-csrf-token'];
  if (route.method !== 'get' && !csrfMatches(session, typeof header === 'string' ? header : undefined)) {
    throw new AppError('forbidden', 'csrf_token_invalid');
  }
  checkGuard(route.guard, session.actor);
  return session;
}

function send(res: Response, { status, json, jpeg, text, download, headers, setSession }: Answer): void {
  if (setSession !== undefined) res.append('set-cookie', sessionCookieHeader(setSession));
  res.status(status).set('cache-control', 'no-store');
  if (headers !== undefined) res.set(headers);
  if (jpeg !== undefined) res.type('image/jpeg').end(jpeg);
  else if (download !== undefined) sendDownload(res, download);
  else if (text !== undefined) res.type(text.type).send(text.content);
  else if (json !== undefined) res.json(json);
  else res.end();
}

/** As a file to be saved: under its name, not guessed at, and without rights where somebody opens it all the same. */
function sendDownload(res: Response, { name, type, sizeBytes, bytes }: NonNullable<Answer['download']>): void {
  res.attachment(name).set({
    'content-type': type,
    ...(sizeBytes !== null && { 'content-length': String(sizeBytes) }),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
  // Whoever breaks off is told nothing more; a file that cannot be read ends the answer short of its length.
  pipeline(bytes, res, () => {});
}
