import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IncidentWork, incidentWork, people } from '../../../test/support/incident-work.ts';
import { type IncidentBench, openIncidentBench } from '../../../test/support/supervision.ts';
import { createSavedFilterRequest, savedFilterList } from '../../contracts/incident-work.ts';

const { office, inspector, head, otherHead, admin } = people;

let bench: IncidentBench;
let work: IncidentWork;
beforeEach(async () => {
  bench = await openIncidentBench();
  work = incidentWork(bench);
});
afterEach(() => bench.close());

const filter = (name: string, more: object = {}) =>
  createSavedFilterRequest.parse({ name, query: { unit: 'hong-ha', state: 'flagged,verifying' }, ...more });

test('a person keeps filters by name; shared ones are found by everybody who sees the city and by no unit', async () => {
  await work.filters.create(office, filter('Việc của tôi'));
  const shared = await work.filters.create(office, filter('Quá hạn', { shared: true }));
  await work.filters.create(head, filter('Của đơn vị', { query: { open: 'true' } }));
  const names = async (who: typeof office) => (await work.filters.list(who)).items.map(({ name }) => name);
  expect(await names(office)).toEqual(['Quá hạn', 'Việc của tôi']);
  expect(await names(inspector)).toEqual(['Quá hạn']);
  expect(await names(head)).toEqual(['Của đơn vị']);
  expect(await names(otherHead)).toEqual([]);
  const list = savedFilterList.parse(await work.filters.list(inspector));
  expect(list).toMatchObject({ mayShare: true, items: [{ mine: false, ownerName: office.name, shared: true }] });
  expect((await work.filters.list(head)).mayShare).toBe(false);
  await expect(work.filters.list(admin)).rejects.toMatchObject({ code: 'not_permitted' });
  await expect(work.filters.remove(head, shared.id)).rejects.toMatchObject({ code: 'filter_unknown' });
});

test('a name is each owner’s once, also after a change of it', async () => {
  await work.filters.create(office, filter('Quá hạn'));
  const other = await work.filters.create(office, filter('Sắp đến hạn'));
  await work.filters.create(inspector, filter('Quá hạn'));
  const taken = { kind: 'conflict', code: 'filter_name_taken' };
  await expect(work.filters.create(office, filter('Quá hạn'))).rejects.toMatchObject(taken);
  await expect(work.filters.patch(office, other.id, { name: 'Quá hạn' })).rejects.toMatchObject(taken);
  expect(await work.filters.patch(office, other.id, { name: 'Sắp đến hạn', query: {} })).toMatchObject({ query: {} });
});

test('only the owner changes or deletes a filter, and only who sees the city shares one', async () => {
  const shared = await work.filters.create(office, filter('Chung', { shared: true }));
  await expect(work.filters.patch(inspector, shared.id, { name: 'x' })).rejects.toMatchObject({
    code: 'not_permitted',
  });
  await expect(work.filters.remove(inspector, shared.id)).rejects.toMatchObject({ code: 'not_permitted' });
  await expect(work.filters.create(head, filter('x', { shared: true }))).rejects.toMatchObject({
    code: 'not_permitted',
  });
  const own = await work.filters.create(head, filter('x'));
  await expect(work.filters.patch(head, own.id, { shared: true })).rejects.toMatchObject({ code: 'not_permitted' });
  await work.filters.patch(office, shared.id, { shared: false });
  expect((await work.filters.list(inspector)).items).toEqual([]);
  await work.filters.remove(office, shared.id);
  expect((await work.filters.list(office)).items).toEqual([]);
});

test('what is kept is a filter of the list: unknown or malformed parameters and the place in a list are refused', async () => {
  for (const query of [{ colour: 'red' }, { state: 'lost' }, { severity: '9' }, { cursor: 'abc' }, { limit: '5' }]) {
    const bad = work.filters.create(office, {
      name: 'x',
      query: query as unknown as Record<string, string>,
      shared: false,
    });
    await expect(bad).rejects.toMatchObject({ code: 'filter_invalid' });
  }
});

test('a person keeps 50 filters', async () => {
  for (let n = 1; n <= 50; n++) await work.filters.create(office, filter(`Bộ lọc ${n}`));
  await expect(work.filters.create(office, filter('Nữa'))).rejects.toMatchObject({ code: 'filters_full' });
  await work.filters.create(inspector, filter('Nữa'));
});
