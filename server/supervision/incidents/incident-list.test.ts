import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IncidentWork, incidentWork, people, sendToUnit } from '../../../test/support/incident-work.ts';
import { at, type IncidentBench, openIncidentBench } from '../../../test/support/supervision.ts';
import { createCommentRequest } from '../../contracts/incident-work.ts';
import { type CreateIncidentRequest, createIncidentRequest, incidentQuery } from '../../contracts/incidents.ts';
import { type IncidentRow, noDueMs } from '../../storage/incident.store.ts';
import type { Supervisor } from '../supervisor.ts';

const { leader, office, inspector, head, otherHead } = people;
const dayMs = 86_400_000;

let bench: IncidentBench;
let work: IncidentWork;
beforeEach(async () => {
  bench = await openIncidentBench();
  work = incidentWork(bench);
});
afterEach(() => bench.close());

/** A case as `flagger` sets it, then with these columns: each test says what it needs of it. */
async function aCase(flagger: Supervisor, flag: Partial<CreateIncidentRequest>, columns: Partial<IncidentRow> = {}) {
  bench.nowMs += 1;
  const { nowMs } = bench;
  const whole = { cameraId: 'cam-1', category: 'TN01', fromMs: nowMs - 60_000, toMs: nowMs, ...flag };
  const { id } = await bench.incidents.create(flagger, createIncidentRequest.parse(whole));
  if (Object.keys(columns).length > 0) {
    await bench.database.kysely.updateTable('incidents').set(columns).where('id', '=', id).execute();
  }
  return id;
}

const page = (who: Supervisor, parameters: Record<string, string> = {}) =>
  work.list.page(who, incidentQuery.parse(parameters));
const ids = async (who: Supervisor, parameters: Record<string, string>) =>
  (await page(who, parameters)).items.map(({ id }) => id);

test('a search finds by the beginnings of words and parts of numbers whatever their diacritics, đ as d, in all that a reader of the city sees', async () => {
  const id = await aCase(office, { note: 'Đỗ xe trước quầy, hồng hải' });
  await aCase(leader, { cameraId: 'cam-2', category: 'CS01', note: 'khác' });
  const { number } = await bench.incidents.get(office, id);
  for (const q of [
    'do xe',
    'ĐỖ XE',
    'hong hai',
    'HỒNG',
    '0001',
    'TN01',
    'quầy trống',
    number,
    'quay so 1',
    '  đỗ   HẢI ',
  ]) {
    expect(await ids(inspector, { q }), q).toEqual([id]);
  }
  expect(await ids(inspector, { q: 'hong vang' })).toEqual([]);
  expect(await ids(inspector, { q: 'ha ong' })).toEqual([]);
  expect(await ids(inspector, { q: '%' })).toEqual([]);
  expect(await ids(inspector, { q: '_o xe' })).toEqual([]);
});

test('a search looks through comments together with the case, for those who may read them', async () => {
  const id = await aCase(office, { note: 'một' });
  await work.comments.add(office, id, createCommentRequest.parse({ text: 'Chờ văn bản của đơn vị' }));
  expect(await ids(leader, { q: 'van ban' })).toEqual([id]);
  expect(await ids(leader, { q: 'van ban TN01' })).toEqual([id]);
  expect(await ids(leader, { q: 'van ban VT01' })).toEqual([]);
  await sendToUnit(bench, id);
  expect(await ids(head, { q: 'van ban' })).toEqual([]);
});

test('the head of a unit searches only what the unit may know', async () => {
  const id = await aCase(office, { note: 'ghi chú kín' });
  const unit_search_text = 'vv-2026-0001 tn01 phuong hong ha';
  await bench.database.kysely.updateTable('incidents').set({ unit_search_text }).where('id', '=', id).execute();
  expect(await ids(head, { q: 'hong ha' })).toEqual([]);
  await sendToUnit(bench, id);
  expect(await ids(head, { q: 'hong ha' })).toEqual([id]);
  for (const q of ['kin', 'binh', 'Trần Thị']) expect(await ids(head, { q }), q).toEqual([]);
  expect(await ids(otherHead, { q: 'hong ha' })).toEqual([]);
});

test('filters by person, assignee, nobody, what one watches and where one is mentioned', async () => {
  const flagged = await aCase(office, {});
  const assigned = await aCase(leader, {}, { assignee_id: office.userId, assignee_name: office.name });
  await aCase(leader, {}, { assignee_id: inspector.userId });
  expect(await ids(office, { person: 'me' })).toEqual([assigned, flagged]);
  expect(await ids(leader, { person: office.userId })).toEqual([assigned, flagged]);
  expect(await ids(office, { assignee: 'me' })).toEqual([assigned]);
  expect(await ids(leader, { unassigned: 'true' })).toEqual([flagged]);
  await work.watchers.set(leader, assigned, true);
  expect(await ids(leader, { watching: 'true' })).toEqual([assigned]);
  expect(await ids(office, { watching: 'true' })).toEqual([]);
  const mention = (mentions: object[]) => createCommentRequest.parse({ text: 'xem', mentions });
  await work.comments.add(leader, flagged, mention([{ userId: office.userId }, { role: 'home_affairs' }]));
  await work.comments.add(leader, assigned, mention([{ role: 'home_affairs' }]));
  expect(await ids(office, { mentioned: 'true' })).toEqual([assigned, flagged]);
  expect(await ids(inspector, { mentioned: 'true' })).toEqual([]);
});

test('the head of a unit cannot ask by what the unit may not know', async () => {
  await sendToUnit(bench, await aCase(office, {}));
  const hidden = { person: office.userId, assignee: 'me', unassigned: 'true', mentioned: 'true', repeat: 'true' };
  const others = { readAgain: 'agreed', left: 'flagged' };
  for (const [name, value] of Object.entries({ ...hidden, ...others })) {
    await expect(page(head, { [name]: value }), name).rejects.toMatchObject({ code: 'not_permitted' });
  }
  expect(await ids(head, { watching: 'true' })).toEqual([]);
  expect(await ids(head, { left: 'explanation_requested', office: 'unit_head' })).toEqual([]);
});

test('a term stands well, is soon over or is over; that of a concluded case is nobody’s delay', async () => {
  const { nowMs } = bench;
  const term = (dueMs: number, soonMs: number) => ({ due_at_ms: dueMs, soon_at_ms: soonMs });
  const ok = await aCase(office, {}, term(nowMs + 5 * dayMs, nowMs + 3 * dayMs));
  const soon = await aCase(office, {}, term(nowMs + dayMs, nowMs - 1));
  const over = await aCase(office, {}, term(nowMs - 1, nowMs - dayMs));
  await aCase(office, {}, { ...term(nowMs - 1, nowMs - dayMs), state: 'concluded' });
  expect(await ids(office, { due: 'ok' })).toEqual([ok]);
  expect(await ids(office, { due: 'soon' })).toEqual([soon]);
  expect(await ids(office, { due: 'overdue' })).toEqual([over]);
  expect(await ids(office, { overdue: 'true' })).toEqual([over]);
  expect(await ids(office, { due: 'ok,soon' })).toEqual([soon, ok]);
  expect(await ids(office, { dueBefore: String(nowMs + 2 * dayMs), open: 'true' })).toEqual([over, soon]);
  expect((await page(office)).counts).toMatchObject({
    overdue: 1,
    open: 3,
    all: 4,
    byState: { flagged: 3, concluded: 1 },
  });
});

test('counts are the same whether a page holds all cases or only the first', async () => {
  const { nowMs } = bench;
  await aCase(office, {}, { due_at_ms: nowMs - 1, soon_at_ms: nowMs - dayMs });
  await aCase(office, {}, { due_at_ms: nowMs - 1, soon_at_ms: nowMs - dayMs, state: 'concluded' });
  await aCase(office, {}, { state: 'closed', due_at_ms: noDueMs, soon_at_ms: noDueMs });
  for (const q of ['', 'hong ha']) {
    const { counts, next } = await page(office, { q, limit: '1' });
    expect(next).not.toBeNull();
    expect(counts).toMatchObject({ open: 1, overdue: 1, concluded: 1, all: 3 });
    expect((await page(office, { q })).counts).toEqual(counts);
  }
});

test('counts are those of the filter in whatever state, so that tabs and columns say what is behind them', async () => {
  await aCase(office, {}, { state: 'verifying' });
  await aCase(office, {}, { state: 'closed' });
  await aCase(office, { cameraId: 'cam-2' });
  const { counts, items } = await page(office, { unit: 'hong-ha', state: 'verifying' });
  expect(items).toHaveLength(1);
  expect(counts).toEqual({ open: 1, overdue: 0, concluded: 0, all: 2, byState: { verifying: 1, closed: 1 } });
  expect((await page(otherHead)).counts.all).toBe(0);
});

test('a repeat is a case before which one of the same unit and category was found a violation within the period', async () => {
  const days = (n: number) => ({ at_ms: at('2026-11-20 09:00') - n * dayMs });
  await aCase(office, {}, { ...days(200), conclusion: 'reminder' });
  const late = await aCase(office, {}, { ...days(80), conclusion: 'reminder' });
  await aCase(office, { category: 'VT01' }, days(1));
  await aCase(office, { cameraId: 'cam-2' }, days(1));
  const again = await aCase(office, {}, days(0));
  expect(await ids(office, { repeat: 'true' })).toEqual([again]);
  await bench.database.kysely.updateTable('incidents').set({ conclusion: null }).where('id', '=', late).execute();
  expect(await ids(office, { repeat: 'true' })).toEqual([]);
});

test('walking a list by its cursor meets each case once, though cases leave the filter and new ones come', async () => {
  const made: string[] = [];
  for (let n = 0; n < 7; n++) made.unshift(await aCase(office, {}));
  for (const sort of ['newest', 'due']) {
    await bench.database.kysely.updateTable('incidents').set({ state: 'flagged' }).execute();
    const met: string[] = [];
    let cursor: string | null = null;
    do {
      const asked: Record<string, string> = {
        state: 'flagged',
        limit: '2',
        sort,
        ...(cursor === null ? {} : { cursor }),
      };
      const { items, next } = await page(office, asked);
      for (const { id } of items) {
        met.push(id);
        await bench.database.kysely.updateTable('incidents').set({ state: 'verifying' }).where('id', '=', id).execute();
      }
      if (met.length === 2 && sort === 'newest') await aCase(office, {});
      cursor = next;
    } while (cursor !== null);
    expect(met.filter((id) => made.includes(id))).toEqual(made);
  }
});

test('so many days are those of the city, today included, and with a start the later of both', async () => {
  const midnight = at('2026-11-24T00:00:00');
  bench.nowMs = at('2026-11-24T09:00:00');
  const flagAt = (atMs: number) => aCase(office, { fromMs: atMs - 1_000, toMs: atMs + 1_000, atMs });
  const today = await flagAt(midnight);
  const yesterday = await flagAt(midnight - 1);
  const before = await flagAt(midnight - dayMs - 1);
  expect(await ids(inspector, { days: '1' })).toEqual([today]);
  expect(await ids(inspector, { days: '2' })).toEqual([yesterday, today]);
  expect(await ids(inspector, { days: '3' })).toEqual([before, yesterday, today]);
  expect(await ids(inspector, { days: '3', from: String(midnight) })).toEqual([today]);
  expect(await ids(head, { days: '3' })).toEqual([]);
});

test('people who work on the cases of the city are told to whoever sees all of it, and to no unit', async () => {
  const told = await work.comments.offices(office);
  expect(told.people.map(({ userId }) => userId)).toContain(inspector.userId);
  expect(told.people.map(({ userId }) => userId)).not.toContain(head.userId);
  await expect(work.comments.offices(head)).rejects.toMatchObject({ code: 'not_permitted' });
});
