import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../../scripts/simulator/fleet.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';
import type { Camera } from '../../server/contracts/cameras.ts';
import { mediaPaths } from '../../server/contracts/media.ts';
import { onboard, type Person, TestProduct } from '../support/product.ts';

let product: TestProduct;
let fleet: Fleet;
let admin: Person;
let camera: Camera;

beforeAll(async () => {
  const scene = castScene(0, 'QUẦY SỐ 1', 'Phường Hồng Hà');
  const simulated = { id: 'a', name: 'Camera a', desk: 'Quầy số 1', scene, username: 'admin', password: 'pw-a' };
  fleet = await startFleet({ cameras: [simulated], loopFrames: 100, discovery: false });
  const started = await TestProduct.start();
  ({ product, admin } = started);
  [camera] = (await onboard(admin, fleet, ['hong-ha'])) as [Camera];
});

afterAll(async () => {
  await product?.stop();
  await fleet?.stop();
});

/** A push stream over HTTP/2: what has come so far, and how it ended. */
function follow(person: Person) {
  const session = connectHttp2(product.url, { ca: product.ca });
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

test('another player reads the push stream: ffmpeg decodes its frames as they come', async () => {
  const leader = await product.person(admin, 'leader');
  const url = `${product.url}${mediaPaths.push(camera.id, 'sub')}`;
  const headers = `Cookie: ${leader.cookie}\r\n`;
  const child = spawn(
    'ffmpeg',
    ['-v', 'error', '-headers', headers, '-i', url, '-frames:v', '30', '-f', 'framemd5', '-'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n')));
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(lines.filter((line) => /^0,/.test(line))).toHaveLength(30);
});

test('the push stream ends when the session does', async () => {
  const inspector = await product.person(admin, 'inspector');
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
  const elsewhere = await product.person(admin, 'unit_head', 'bai-chay');
  const refused = follow(elsewhere);
  expect(await refused.status).toBe(403);
  await refused.closed;
});
