import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../../scripts/simulator/fleet.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';
import type { Camera } from '../../server/contracts/cameras.ts';
import { mediaPaths } from '../../server/contracts/media.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { onboard, type Person, password, TestProduct } from '../support/product.ts';

let product: TestProduct;
let fleet: Fleet;
let admin: Person;
let camera: Camera;
let nginx: Nginx;
let proxied: ClientHttp2Session;
let direct: ClientHttp2Session;

beforeAll(async () => {
  const scene = castScene(0, 'QUẦY SỐ 1', 'Phường Hồng Hà');
  const simulated = { id: 'a', name: 'Camera a', desk: 'Quầy số 1', scene, username: 'admin', password: 'pw-a' };
  fleet = await startFleet({ cameras: [simulated], loopFrames: 100, discovery: false });
  const started = await TestProduct.start();
  ({ product, admin } = started);
  [camera] = (await onboard(admin, fleet, ['hong-ha'])) as [Camera];
  for (const role of ['leader', 'inspector'] as const) await product.person(admin, role);
  await product.person(admin, 'unit_head', 'bai-chay');
  nginx = await startNginx(product.url, join(product.dataDir, 'tls'));
  direct = connectHttp2(product.url, { ca: product.ca });
  proxied = connectHttp2(nginx.url, { ca: product.ca });
});

afterAll(async () => {
  proxied?.destroy();
  direct?.destroy();
  await nginx?.stop();
  await product?.stop();
  await fleet?.stop();
});

/** A push stream over HTTP/2: what has come so far, and how it ended. */
function follow(person: Person, url = product.url) {
  const session = connectHttp2(url, { ca: product.ca });
  const stream = session.request({ ':path': mediaPaths.push(camera.id, 'sub'), cookie: person.cookie });
  let bytes = 0;
  let wake = () => {};
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    wake();
  });
  const status = once(stream, 'response').then(([headers]) => headers[':status'] as number);
  const closed = once(stream, 'close').then(() => session.close());
  const more = async (than: number) => {
    while (bytes <= than) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { status, closed, more, bytes: () => bytes, end: () => stream.close() };
}

/** Hashes of so many frames that ffmpeg decodes of an address. */
async function framesOf(person: Person, path: string, count: number): Promise<string[]> {
  const headers = `Cookie: ${person.cookie}\r\n`;
  const input = ['-headers', headers, '-i', `${product.url}${path}`];
  const output = ['-an', '-frames:v', String(count), '-f', 'framemd5', '-'];
  const child = spawn('ffmpeg', ['-v', 'error', ...input, ...output], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n')));
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return lines.filter((line) => /^0,/.test(line));
}

test.each([
  ['push stream', mediaPaths.push],
  ['LL-HLS', mediaPaths.live],
])('another player reads the %s: ffmpeg decodes its frames as they come', async (_what, path) => {
  const leader = await product.signIn('leader');
  expect(await framesOf(leader, path(camera.id, 'sub'), 30)).toHaveLength(30);
});

test('the push stream ends when the session does', async () => {
  const inspector = await product.signIn('inspector');
  const watched = follow(inspector);
  expect(await watched.status).toBe(200);
  await watched.more(0);
  await watched.more(watched.bytes());
  expect((await inspector.call('DELETE', '/api/session')).status).toBe(204);
  const from = performance.now();
  await watched.closed;
  expect(performance.now() - from).toBeLessThan(5000);
});

test('who may not watch the camera gets no push stream', async () => {
  const elsewhere = await product.signIn('unit_head');
  const refused = follow(elsewhere);
  expect(await refused.status).toBe(403);
  await refused.closed;
});

interface Got {
  status: number;
  cache: string | undefined;
  text: string;
}

/** Over HTTP/2; `session` is a connection to nginx or to the server itself. */
function get(path: string, headers: Record<string, string>, session = direct): Promise<Got> {
  const stream = session.request({ ':path': path, ...headers });
  stream.end();
  return new Promise((resolve, reject) => {
    let got: Omit<Got, 'text'>;
    const chunks: Buffer[] = [];
    stream.on('response', (told) => {
      got = { status: Number(told[':status']), cache: told['x-cache-status'] as string | undefined };
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => resolve({ ...got, text: Buffer.concat(chunks).toString('latin1') }));
    stream.on('error', reject);
  });
}

const live = () => mediaPaths.live(camera.id, 'sub');

test('wrong requests and those for a far future are refused at once, and a delta update is not', async () => {
  const inspector = await product.signIn('inspector');
  for (const query of ['_HLS_part=1', '_HLS_msn=999999999999', '_HLS_msn=x', '_HLS_skip=NO']) {
    expect([query, (await inspector.call('GET', `${live()}?${query}`)).status]).toEqual([query, 400]);
  }
  expect(await get(live(), { cookie: inspector.cookie, ':method': 'HEAD' })).toMatchObject({ status: 200, text: '' });
  expect(await get(live(), { cookie: inspector.cookie, ':method': 'POST' })).toMatchObject({ status: 404 });
  const { status, text } = await inspector.call('GET', `${live()}?_HLS_skip=YES`);
  expect([status, text.split('\n')[3]]).toEqual([200, expect.stringContaining('CAN-SKIP-UNTIL=12')]);
});

test('whoever waits for the next part while the session ends is told so, and not given it', async () => {
  const inspector = await product.signIn('inspector');
  const { msn } = edgeOf((await inspector.call('GET', live())).text);
  const waiting = inspector.call('GET', `${live()}?_HLS_msn=${msn + 1}`);
  expect((await inspector.call('DELETE', '/api/session')).status).toBe(204);
  expect((await waiting).status).toBe(401);
});

test('behind nginx many viewers of one camera cost one fetch of each part, and whoever may not see it gets none', async () => {
  const viewers = await Promise.all(['leader', 'inspector'].map((name) => product.signIn(name)));
  const [leader] = viewers as [Person];
  const { text } = await get(live(), { cookie: leader.cookie }, proxied);
  const { msn, parts, hint } = edgeOf(text);
  const everybody = [...viewers, ...viewers, ...viewers, ...viewers];
  for (const path of [`${live()}?_HLS_msn=${msn}&_HLS_part=${parts}`, live().replace('live.m3u8', `live/${hint}`)]) {
    const got = await Promise.all(everybody.map(({ cookie }) => get(path, { cookie }, proxied)));
    expect(got.map(({ status }) => status)).toEqual(everybody.map(() => 200));
    expect(got.filter(({ cache }) => cache === 'MISS')).toHaveLength(1);
    expect(got.filter(({ cache }) => cache === 'HIT')).toHaveLength(everybody.length - 1);
    expect(new Set(got.map(({ text }) => text)).size).toBe(1);
    const elsewhere = await product.signIn('unit_head');
    expect(await get(path, { cookie: elsewhere.cookie }, proxied)).toMatchObject({ status: 403 });
    expect(await get(path, {}, proxied)).toMatchObject({ status: 401 });
  }
  const followed = follow(leader, nginx.url);
  await followed.more(0);
  await followed.more(followed.bytes());
  followed.end();
  await followed.closed;
  expect(await get('/media/access', { cookie: leader.cookie }, proxied)).toMatchObject({ status: 404 });
});

test('the audit log has the address that a trusted proxy tells', async () => {
  const body = JSON.stringify({ username: 'home_affairs', password });
  await product.person(admin, 'home_affairs');
  const stream = proxied.request({
    ':path': '/api/session',
    ':method': 'POST',
    'content-type': 'application/json',
    'x-forwarded-for': '203.0.113.7',
  });
  stream.end(body);
  const [headers] = await once(stream, 'response');
  expect(headers[':status']).toBe(200);
  const { items } = (await admin.call('GET', '/api/audit?action=session.created&limit=1')).json;
  expect(items).toMatchObject([{ actorName: 'Người home_affairs', address: '203.0.113.7' }]);
});

/** The growing segment of a playlist, how many parts it has, and the name of the next. */
function edgeOf(text: string): { msn: number; parts: number; hint: string } {
  const first = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]);
  const grown = text.split('#EXTINF').length - 1;
  const parts = text.slice(text.lastIndexOf('#EXTINF')).split('#EXT-X-PART:').length - 1;
  return { msn: first + grown, parts, hint: /PRELOAD-HINT:.*URI="live\/([^"]+)"/.exec(text)?.[1] ?? '' };
}
