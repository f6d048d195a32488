import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Camera } from '../../server/contracts/cameras.ts';
import type { SavedView } from '../../server/contracts/views.ts';
import { type Person, TestProduct } from '../support/product.ts';

let product: TestProduct;
let admin: Person;
let leader: Person;
let inspector: Person;
let head: Person;
let own: string;
let foreign: string;

beforeAll(async () => {
  ({ product, admin } = await TestProduct.start());
  // Cameras that nobody reaches: views are about who may watch, not about pictures.
  const add = async (name: string, unitId: string, port: number) => {
    const rtsp = { main: `rtsp://127.0.0.1:${port}/stream` };
    const made = await admin.call('POST', '/api/cameras', { name, unitId, rtsp });
    await admin.call('PATCH', `/api/cameras/${made.json.id}`, { enabled: false });
    return (made.json as Camera).id;
  };
  own = await add('Quầy số 1', 'hong-ha', 9);
  foreign = await add('Quầy số 2', 'bai-chay', 10);
  [leader, inspector] = await Promise.all([product.person(admin, 'leader'), product.person(admin, 'inspector')]);
  head = await product.person(admin, 'unit_head', 'hong-ha');
});

afterAll(() => product?.stop());

const save = (person: Person, view: object) =>
  person.call('POST', '/api/views', { name: 'Buổi sáng', layout: '4', cameras: [own, null, foreign], ...view });
const list = async (person: Person) => (await person.call('GET', '/api/views')).json.items as SavedView[];
const remove = (person: Person, id: string) => person.call('DELETE', `/api/views/${id}`);

test('an own view is found by its owner alone', async () => {
  const { status, json } = await save(leader, {});
  expect(status).toBe(201);
  expect(json).toMatchObject({ name: 'Buổi sáng', cameras: [own, null, foreign], sharing: 'own', mine: true });
  expect(await list(inspector)).toEqual([]);
  expect((await inspector.call('PATCH', `/api/views/${json.id}`, { isDefault: true })).status).toBe(404);
  expect((await remove(leader, json.id)).status).toBe(204);
});

test('a shared view reaches everyone without the cameras that the reader may not see', async () => {
  const { json } = await save(leader, { sharing: 'everyone' });
  expect(await list(inspector)).toMatchObject([
    { cameras: [own, null, foreign], mine: false, ownerName: leader.me.name },
  ]);
  expect(await list(head)).toMatchObject([{ cameras: [own, null, null], mine: false }]);
  await leader.call('PATCH', `/api/views/${json.id}`, { content: { layout: '1', cameras: [foreign] } });
  expect(await list(head)).toEqual([]);
  await remove(leader, json.id);
});

test('a view for a role reaches that role alone', async () => {
  const { json } = await save(leader, { sharing: 'role', role: 'inspector' });
  expect(await list(inspector)).toHaveLength(1);
  expect(await list(head)).toEqual([]);
  await remove(leader, json.id);
});

test('who watches one unit only may save but not share', async () => {
  expect((await save(head, { sharing: 'everyone' })).json.error.code).toBe('not_permitted');
  const { json } = await save(head, {});
  expect(json.cameras).toEqual([own, null, null]);
  expect((await head.call('PATCH', `/api/views/${json.id}`, { sharing: 'everyone' })).status).toBe(403);
  expect((await head.call('GET', '/api/views')).json.mayShare).toBe(false);
  await remove(head, json.id);
});

test('only the owner changes a view; with which the wall opens, everybody chooses', async () => {
  const { json } = await save(leader, { sharing: 'everyone' });
  expect((await inspector.call('PATCH', `/api/views/${json.id}`, { name: 'Khác' })).status).toBe(403);
  expect((await remove(inspector, json.id)).status).toBe(403);
  expect((await inspector.call('PATCH', `/api/views/${json.id}`, { isDefault: true })).json.isDefault).toBe(true);
  expect(await list(leader)).toMatchObject([{ isDefault: false }]);
  await leader.call('PATCH', `/api/views/${json.id}`, { name: 'Buổi chiều', sharing: 'own' });
  expect(await list(inspector)).toEqual([]);
  const { json: log } = await admin.call('GET', '/api/audit?limit=2');
  expect(log.items[0]).toMatchObject({ action: 'view.unshared', subject: `view:${json.id}` });
  await remove(leader, json.id);
});

test('who watches no video has no views; nonsense is refused', async () => {
  expect((await save(admin, { sharing: 'everyone' })).status).toBe(403);
  const cell = { column: 8, row: 0, columns: 6, rows: 6 };
  for (const wrong of [
    { layout: '7' },
    { sharing: 'role' },
    { name: ' ' },
    { layout: 'free', cameras: [own], cells: [cell] },
    { layout: 'free' },
  ]) {
    expect((await save(leader, wrong)).status, JSON.stringify(wrong)).toBe(400);
  }
});
