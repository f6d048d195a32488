import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../server/compose.ts';
import { loadConfiguration } from '../../server/platform/configuration.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { openDatabase } from '../../server/storage/database.ts';
import { type Person, TestProduct } from '../support/product.ts';

let product: TestProduct;
let admin: Person;
let http2: ClientHttp2Session;

beforeAll(async () => {
  ({ product, admin } = await TestProduct.start());
  http2 = connect(product.url, { ca: product.ca });
});

afterAll(async () => {
  http2?.destroy();
  await product?.stop();
});

function ask(headers: OutgoingHttpHeaders): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const stream = http2.request(headers);
    let status = 0;
    let text = '';
    stream.on('response', (told) => {
      status = Number(told[':status']);
    });
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    stream.on('end', () => resolve({ status, text }));
    stream.on('error', reject);
  });
}

const error = (answer: { status: number; json: { error?: { code: string } } }) => [
  answer.status,
  answer.json.error?.code,
];

describe('over HTTP/2', () => {
  test('the session cookie is found in whichever of several header fields it comes (RFC 9113, section 8.2.3)', async () => {
    const cookie = ['theme=dark', admin.cookie, 'other=1'];
    expect((await ask({ ':path': '/api/me', cookie })).status).toBe(200);
    // 404, not 401: the media handler has found the session too.
    expect((await ask({ ':path': '/media/nothing/sub/live.m3u8', cookie })).status).toBe(404);
  });

  test('a page of this origin may poll for news, a page of another may not', async () => {
    const poll = (origin: string) =>
      ask({ ':path': '/socket.io/?EIO=4&transport=polling', origin, cookie: admin.cookie });
    expect((await poll(product.url)).status).toBe(200);
    expect((await poll('https://elsewhere.example')).status).toBe(403);
    expect((await poll('null')).status).toBe(403);
  });

  test('what is asked for in odd ways is refused, and the session goes on', async () => {
    expect((await ask({ ':method': 'CONNECT', ':authority': 'elsewhere.example:443' })).status).toBe(405);
    expect((await ask({ ':method': 'OPTIONS', ':path': '*' })).status).toBe(404);
    expect((await ask({ ':path': '/healthz' })).status).toBe(200);
  });
});

describe('addresses', () => {
  test.each([
    ['/assets/..%2f..%2f..%2fetc/passwd', 404],
    ['/assets/%00', 400],
    ['/%zz', 400],
    ['/api/incidents/%zz', 400],
    ['/media/%2e%2e/%2e%2e/api/users', 401],
    ['/media//', 401],
  ])('%s is refused with %i', async (path, status) => {
    const answer = await product.call('GET', path);
    expect([answer.status, answer.text.includes('root:')]).toEqual([status, false]);
  });

  test('a far time is refused and no failure', async () => {
    const answer = await admin.call(
      'GET',
      '/api/units/hong-ha/working-hours?from=8639999999999999&to=8640000000000000',
    );
    expect(error(answer)).toEqual([400, 'request_invalid']);
  });

  test('keys of a query that name parts of objects are nothing to it', async () => {
    const answer = await admin.call('GET', '/api/audit?__proto__[limit]=0&constructor=x&limit=1');
    expect([answer.status, answer.json.items.length]).toEqual([200, 1]);
  });

  test('figures are not for whom a proxy on this machine speaks for', async () => {
    expect((await product.call('GET', '/metrics')).text).toContain('lienthong_streams');
    const proxied = await product.call('GET', '/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(proxied.text).not.toContain('lienthong_');
  });
});

describe('what an administrator changes', () => {
  const audit = async () => (await admin.call('GET', '/api/audit?limit=10')).json.items as { action: string }[];

  test('is in the audit log, and what is refused is not', async () => {
    const rtsp = { main: 'rtsp://nguoi:bi-mat@127.0.0.1:1/main' };
    const made = await admin.call('POST', '/api/cameras', { name: 'Quầy', unitId: 'hong-ha', rtsp });
    expect(made.status).toBe(201);
    const { id } = made.json;
    await admin.call('PATCH', `/api/cameras/${id}`, { name: 'Quầy 2', password: 'bi-mat-moi', username: 'nguoi' });
    await admin.call('DELETE', `/api/cameras/${id}`);
    expect(error(await admin.call('DELETE', `/api/cameras/${id}`))).toEqual([404, 'camera_unknown']);
    const search = await admin.call('POST', '/api/discoveries', { method: 'address', addresses: ['127.0.0.1:1'] });
    await admin.call('DELETE', `/api/discoveries/${search.json.id}`);
    const told = await audit();
    expect(told.slice(0, 5).map((entry) => entry.action)).toEqual([
      'discovery.cancelled',
      'discovery.started',
      'camera.removed',
      'camera.changed',
      'camera.created',
    ]);
    expect(JSON.stringify(told)).not.toContain('bi-mat');
  });

  test('a search with more addresses than the log can keep is not begun', async () => {
    const addresses = Array.from({ length: 256 }, (_, index) => `${'a'.repeat(245)}${index}`);
    expect(error(await admin.call('POST', '/api/discoveries', { method: 'address', addresses }))).toEqual([
      400,
      'request_invalid',
    ]);
  });

  test('a wrong request names the fields to mend', async () => {
    const account = { username: 'truong', name: 'x', role: 'unit_head', password: 'mật khẩu dài 12' };
    const unknownUnit = await admin.call('POST', '/api/users', { ...account, unitId: 'khong-co' });
    expect([...error(unknownUnit), unknownUnit.json.error.fields]).toEqual([
      400,
      'unit_unknown',
      { unitId: 'unit_unknown' },
    ]);
    const camera = await admin.call('POST', '/api/cameras', { name: '', unitId: 'hong-ha', onvif: 'http://10.0.0.1/' });
    expect(Object.keys(camera.json.error.fields)).toEqual(['name']);
  });
});

test('a camera whose credentials cannot be read any more keeps the product from nothing', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-lost-key-'));
  const config = new URL('../fixtures/product.yaml', import.meta.url).pathname;
  const configuration = loadConfiguration({ LIENTHONG_CONFIG: config, LIENTHONG_DATA_DIR: dataDir }, dataDir);
  try {
    const first = await compose(configuration, silentLogger);
    await first.stop();
    // As if the key had been lost with a camera in the database.
    const database = await openDatabase({ sqlitePath: join(dataDir, 'lienthong.sqlite'), log: silentLogger });
    const camera = {
      id: 'cam1',
      name: 'Quầy',
      unit_id: 'hong-ha',
      desk_ids: '[]',
      enabled: 1,
      simulated: 0,
      ptz: null,
    };
    const device = { manufacturer: '', model: '', firmware: '', serial: '', host: '127.0.0.1:1' };
    const none = {
      onvif: null,
      endpoint: null,
      certificate_sha256: null,
      removed_at_ms: null,
      profile_id: null,
      setting_sources: null,
      events: 0,
    };
    const times = { created_at_ms: 1, changed_at_ms: 1 };
    await database.kysely
      .insertInto('cameras')
      .values({
        ...camera,
        ...device,
        ...none,
        ...times,
        credentials: `v1.aaaaaaaa.${randomBytes(40).toString('base64url')}`,
      })
      .execute();
    await database.close();
    const again = await compose(configuration, silentLogger);
    await again.stop();
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
