import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Incident } from '../../server/contracts/incidents.ts';
import type { Notice, NoticePage } from '../../server/contracts/notices.ts';
import { type Person, TestProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: TestProduct;
let admin: Person;
let flagger: Person;
let office: Person;
let head: Person;
let foreign: Person;
let cameraId: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  ({ product, admin } = await TestProduct.start());
  // A camera that nobody reaches: notices are about who is told, not about pictures.
  const rtsp = { main: 'rtsp://127.0.0.1:9/stream' };
  cameraId = (await admin.call('POST', '/api/cameras', { name: 'Quầy số 1', unitId: 'hong-ha', rtsp })).json.id;
  await admin.call('PATCH', `/api/cameras/${cameraId}`, { enabled: false });
  flagger = await product.person(admin, 'inspector', null, 'lan');
  office = await product.person(admin, 'home_affairs');
  head = await product.person(admin, 'unit_head', 'hong-ha');
  foreign = await product.person(admin, 'unit_head', 'bai-chay', 'other_head');
});

afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await product?.stop();
});

/** A window of the person: what it is told. */
async function open(person: Person): Promise<{ added: Notice[]; unread: number[] }> {
  const socket = io(product.url, {
    transports: ['websocket'],
    extraHeaders: { cookie: person.cookie },
    ca: product.ca.toString(),
    reconnection: false,
  } as never);
  sockets.push(socket);
  const heard: { added: Notice[]; unread: number[] } = { added: [], unread: [] };
  socket.on('notice.added', ({ notice, unread }) => {
    heard.added.push(notice);
    heard.unread.push(unread);
  });
  socket.on('notices.read', ({ unread }) => heard.unread.push(unread));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return heard;
}

const of = async (person: Person) => (await person.call('GET', '/api/notices')).json as NoticePage;
async function flag(): Promise<Incident> {
  const toMs = Date.now() - 60_000;
  const body = { cameraId, category: 'VT01', fromMs: toMs - 60_000, toMs, note: 'Ghi chú của người ghi nhận' };
  const made = await flagger.call('POST', '/api/incidents', body);
  expect(made.status).toBe(201);
  return made.json;
}

test('a flag is told to those who verify, in every window, and read in one is read in all', async () => {
  const windows = [await open(office), await open(office)];
  const others = await Promise.all([flagger, head, foreign, admin].map(open));
  const made = await flag();
  await until(() => windows.every(({ added }) => added.length > 0));
  const { items, unread } = await of(office);
  expect(items).toMatchObject([{ kind: 'case_flagged', count: 1, cases: [{ id: made.id, number: made.number }] }]);
  expect(unread).toBe(1);
  const read = await office.call('POST', '/api/notices/read', { ids: [items[0]?.id] });
  expect(read.json).toEqual({ unread: 0 });
  await until(() => windows.every((window) => window.unread.at(-1) === 0));
  for (const { added } of others) expect(added).toEqual([]);
});

test('the unit learns of a case once it was sent, and neither who flagged nor what was noted', async () => {
  const window = await open(head);
  const made = await flag();
  const step = async (name: string, body: object) => {
    const { version } = (await office.call('GET', `/api/incidents/${made.id}`)).json as Incident;
    const answer = await office.call('POST', `/api/incidents/${made.id}/${name}`, { version, ...body });
    expect(answer.status, answer.text).toBe(200);
  };
  await step('verify', {});
  await until(async () => (await of(office)).items.length > 0);
  expect((await of(head)).items).toEqual([]);
  await step('request_explanation', { reason: 'Vì sao quầy không có người?' });
  await until(() => window.added.length > 0);
  const { items } = await of(head);
  expect(items).toMatchObject([
    { kind: 'case_sent', cases: [{ id: made.id, unitName: expect.stringContaining('Hồng Hà') }] },
  ]);
  expect(JSON.stringify([items, window.added])).not.toMatch(/Người lan|Ghi chú|flaggedBy|note"/);
  expect((await of(foreign)).items).toEqual([]);
});

test('each person chooses among the own kinds, and keeps no other’s settings, outbox or webhooks', async () => {
  const settings = (await head.call('GET', '/api/notices/settings')).json;
  expect(settings).toMatchObject({ mailOffered: false, mail: null, language: 'vi', digest: null });
  expect(settings.choices.map(({ kind }: { kind: string }) => kind)).not.toContain('case_flagged');
  const refused = await head.call('PATCH', '/api/notices/settings', {
    choices: { case_flagged: { console: true, mail: true } },
  });
  expect(refused).toMatchObject({ status: 400, json: { error: { code: 'notice_kind_not_yours' } } });
  expect(await head.call('POST', '/api/notices/mail', { address: 'a@example.vn' })).toMatchObject({
    status: 409,
    json: { error: { code: 'mail_not_offered' } },
  });
  for (const address of ['a@example.vn\r\nBcc: b@example.vn', 'a@example.vn, b@example.vn', 'A <a@example.vn>']) {
    expect((await head.call('POST', '/api/notices/mail', { address })).status).toBe(400);
  }
  for (const person of [office, head, flagger]) {
    for (const path of ['/api/deliveries', '/api/webhooks', '/api/mail-addresses']) {
      expect((await person.call('GET', path)).status).toBe(403);
    }
  }
});

test('a webhook leads out of this machine, over https, and its secret is told once', async () => {
  const body = { name: 'Một cửa', url: 'https://127.0.0.1:9/hook', kinds: ['case_flagged'] };
  const plain = await admin.call('POST', '/api/webhooks', { ...body, url: 'http://127.0.0.1:9/hook' });
  expect(plain.json.error.code).toBe('webhook_not_https');
  const made = await admin.call('POST', '/api/webhooks', body);
  expect(made).toMatchObject({ status: 201, json: { secret: expect.stringMatching(/^whsec_/) } });
  const test = await admin.call('POST', `/api/webhooks/${made.json.webhook.id}/test`);
  expect(test.json).toMatchObject({ ok: false, failure: { code: 'webhook_address_not_allowed' } });
  expect((await admin.call('GET', '/api/webhooks')).text).not.toContain('whsec_');
  expect((await admin.call('GET', '/api/audit')).text).not.toContain('whsec_');
});
