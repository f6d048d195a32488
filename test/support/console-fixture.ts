import { readFile } from 'node:fs/promises';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server as SocketServer } from 'socket.io';
import { createServer, type ViteDevServer } from 'vite';
import { buildConsole, repository } from '../../scripts/commands/console-build.ts';
import type { Role } from '../../server/contracts/roles.ts';
import { type ConsoleAnswers, consoleAnswers } from './console-answers.ts';
import { type Disturbance, MediaFixture } from './media-fixture.ts';

/**
 * The console over TLS, HTTP/2 and socket.io as the product serves it, with fixture answers in the place of the server.
 * By hand: `node test/support/console-fixture.ts [port] [role]` serves the sources as they are edited.
 */
const config = fileURLToPath(new URL('../../web/vite.config.ts', import.meta.url));
const work = path.join(tmpdir(), 'lienthong-console-fixture');
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export type ConsoleFixture = {
  url: string;
  answers: ConsoleAnswers;
  /** Takes a camera away or brings it back: its live stream at once, and its state by the socket unless `silently`. */
  setOffline: (cameraId: string, off: boolean, silently?: boolean) => void;
  /** Makes the live streams of a camera answer 503 with this code of the server, or not any more. */
  setRefusal: (cameraId: string, code: string | null) => void;
  /** Lets something befall the push stream of a camera at its next keyframe; settles when it has. */
  disturb: (cameraId: string, what: Disturbance) => Promise<void>;
  /** Holds the push streams of a camera back, as a proxy does that waits for the end of an answer, until the returned function is called. */
  holdBack: (cameraId: string) => () => void;
  /** Live playlists and push streams asked for since the start, per camera. */
  liveRequests: Map<string, number>;
  /** Push streams that are being sent. */
  openPushes: () => number;
  /** Settles when every live stream has gone on by so many parts. */
  afterParts: (count: number) => Promise<void>;
  close: () => Promise<void>;
};

type Options = { port?: number; role?: Role; sources?: boolean };

export async function startConsoleFixture({
  port = 0,
  role = 'home_affairs',
  sources = false,
}: Options = {}): Promise<ConsoleFixture> {
  const answers = consoleAnswers(role);
  const media = new MediaFixture(work, answers.originMs);
  const built = path.join(repository, 'dist/console');
  const liveRequests = new Map<string, number>();
  const refusals = new Map<string, string>();
  const disturbances = new Map<string, { what: Disturbance; done: () => void }>();
  const heldBack = new Set<string>();
  const openPushes = new Set<Http2ServerResponse>();
  let vite: ViteDevServer | null = null;
  if (sources) {
    const server = { middlewareMode: true, hmr: false as const };
    vite = await createServer({
      configFile: config,
      server,
      appType: 'spa',
      cacheDir: path.join(work, `vite-${port}`),
    });
  } else await buildConsole(() => {});

  const answer = async (request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> => {
    const url = new URL(request.url, 'https://localhost');
    const send = (status: number, type: string, content: Buffer | string) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(content);
    };
    if (url.pathname.startsWith('/media/')) {
      const camera = url.pathname.split('/')[2] ?? '';
      if (/live\.(m3u8|mp4)$/.test(url.pathname)) {
        liveRequests.set(camera, (liveRequests.get(camera) ?? 0) + 1);
        const code = refusals.get(camera);
        if (code !== undefined) return send(503, 'application/json', JSON.stringify({ error: { code, message: '' } }));
        if (answers.offline.has(camera)) return send(503, 'text/plain', 'offline');
      }
      if (url.pathname.endsWith('live.mp4')) {
        if (heldBack.has(camera)) return;
        response.writeHead(200, { 'content-type': 'video/mp4', 'x-codec': 'avc1.64001f' });
        const stream = media.push(url.pathname.includes('/main/') ? 'main' : 'sub', () => {
          const { what, done } = disturbances.get(camera) ?? {};
          disturbances.delete(camera);
          done?.();
          return what ?? null;
        });
        openPushes.add(response);
        // Of HTTP/1.1 and HTTP/2 alike, also when the viewer goes.
        response.once('close', () => openPushes.delete(response));
        for await (const bytes of stream) {
          if (!openPushes.has(response) || answers.offline.has(camera) || refusals.has(camera)) break;
          response.write(bytes);
        }
        response.end();
        return;
      }
      const { status, type, body } = await media.answer(url, answers.recorded());
      return send(status, type, body);
    }
    // The console's own api/ folder lies under the same name while vite serves its sources.
    if (url.pathname.startsWith('/api/') && !url.pathname.endsWith('.ts')) {
      const { status, json, still } = await answers.api(request, url);
      const picture = media.still();
      return still ? send(200, picture.type, picture.body) : send(status, 'application/json', JSON.stringify(json));
    }
    if (vite) return vite.middlewares(request as never, response as never, () => send(404, 'text/plain', 'not found'));
    const file = path.extname(url.pathname) ? url.pathname : '/index.html';
    const content = await readFile(path.join(built, path.normalize(file))).catch(() => null);
    return content
      ? send(200, types[path.extname(file)] ?? 'application/octet-stream', content)
      : send(404, 'text/plain', 'not found');
  };

  // Certificate and key of the tests lie in one file.
  const pem = await readFile(new URL('../fixtures/camera-certificate-one.pem', import.meta.url));
  const server = createSecureServer({ cert: pem, key: pem, allowHTTP1: true });
  const open = new Set<{ destroy: () => void }>();
  server.on('session', (session) => open.add(session));
  const sockets = new SocketServer(server, { path: '/socket.io' });
  server.on('request', (request: Http2ServerRequest, response: Http2ServerResponse) => {
    if (request.url.startsWith('/socket.io')) return;
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    answers,
    liveRequests,
    openPushes: () => openPushes.size,
    disturb: (cameraId, what) => new Promise((done) => disturbances.set(cameraId, { what, done })),
    holdBack: (cameraId) => {
      heldBack.add(cameraId);
      return () => heldBack.delete(cameraId);
    },
    setRefusal: (cameraId, code) => {
      if (code === null) refusals.delete(cameraId);
      else refusals.set(cameraId, code);
    },
    afterParts: (count) => media.afterParts(count),
    setOffline: (cameraId, off, silently = false) => {
      if (off) answers.offline.add(cameraId);
      else answers.offline.delete(cameraId);
      const camera = answers.cameras().find((each) => each.id === cameraId);
      if (!camera || silently) return;
      const { state, sinceMs, streams } = camera;
      sockets.emit('camera.state', { cameraId, state, sinceMs, streams });
    },
    close: async () => {
      await sockets.close();
      await vite?.close();
      for (const session of open) session.destroy();
      server.close();
    },
  };
}

if (import.meta.main) {
  const [, , port = '9443', role = 'home_affairs'] = process.argv;
  const { url } = await startConsoleFixture({ port: Number(port), role: role as Role, sources: true });
  console.log(`fixture ${url}`);
}
