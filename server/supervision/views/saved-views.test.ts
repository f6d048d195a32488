import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TemporaryDatabase, temporaryDatabase } from '../../../test/support/database.ts';
import { manualClock } from '../../../test/support/manual-clock.ts';
import { createViewRequest } from '../../contracts/views.ts';
import { SavedViews, type ViewAuditRecord, type ViewReader } from './saved-views.ts';

const lan: ViewReader = { userId: 'u-lan', name: 'Lan', role: 'leader' };
const minh: ViewReader = { userId: 'u-minh', name: 'Minh', role: 'inspector' };
let database: TemporaryDatabase;
let views: SavedViews<ViewReader>;
let told: ViewAuditRecord<ViewReader>[];
let auditFails: boolean;

beforeEach(async () => {
  database = await temporaryDatabase();
  for (const { userId: id, name, role } of [lan, minh]) {
    const row = { id, username: id, name, role, unit_id: null, password_hash: 'x', disabled: 0, created_at_ms: 1 };
    await database.kysely
      .insertInto('accounts')
      .values({ ...row, last_sign_in_ms: null })
      .execute();
  }
  told = [];
  auditFails = false;
  views = new SavedViews({
    database,
    clock: manualClock(),
    maySee: () => true,
    mayShare: ({ role }) => role === 'leader',
    audit: async (record) => {
      if (auditFails) throw new Error('the audit log is away');
      told.push(record);
    },
  });
});

afterEach(() => database.close());

const wanted = (name: string, sharing = 'own') =>
  createViewRequest.parse({ name, layout: '4', cameras: ['c1', null, 'c2'], sharing, role: null });

test('the wall opens with the view that was chosen, until that is taken back', async () => {
  const { id } = await views.create(lan, wanted('Sáng', 'everyone'), '');
  expect(await views.patch(minh, id, { isDefault: true }, '')).toMatchObject({ isDefault: true });
  expect(await views.patch(minh, id, { isDefault: false }, '')).toMatchObject({ isDefault: false });
  const other = await views.create(minh, wanted('Chiều'), '');
  await views.patch(minh, other.id, { isDefault: true }, '');
  // Not the one that the wall opens with: nothing is taken back.
  await views.patch(minh, id, { isDefault: false }, '');
  expect((await views.list(minh)).items.map(({ name, isDefault }) => [name, isDefault])).toEqual([
    ['Chiều', true],
    ['Sáng', false],
  ]);
});

test('views are listed by name, bytewise', async () => {
  for (const name of ['b', 'a', 'Đ', 'B']) await views.create(lan, wanted(name), '');
  expect((await views.list(lan)).items.map(({ name }) => name)).toEqual(['B', 'a', 'b', 'Đ']);
});

test('a view that others see is shared with its entry in the audit log, or not at all', async () => {
  auditFails = true;
  await expect(views.create(lan, wanted('Sáng', 'everyone'), '')).rejects.toThrow('the audit log is away');
  expect((await views.list(lan)).items).toEqual([]);
  auditFails = false;
  const { id } = await views.create(lan, wanted('Sáng', 'everyone'), '192.0.2.1');
  await views.patch(minh, id, { isDefault: true }, '');
  await views.remove(lan, id, '192.0.2.1');
  expect(told.map(({ action, address }) => [action, address])).toEqual([
    ['view.shared', '192.0.2.1'],
    ['view.removed', '192.0.2.1'],
  ]);
  expect((await views.list(minh)).items).toEqual([]);
});
