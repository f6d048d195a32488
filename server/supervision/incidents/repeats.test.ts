import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IncidentWork, incidentWork, people, sendToUnit } from '../../../test/support/incident-work.ts';
import { type IncidentBench, openIncidentBench } from '../../../test/support/supervision.ts';
import { duplicateCandidates, repeats, repeatsQuery } from '../../contracts/incident-work.ts';
import { type CreateIncidentRequest, createIncidentRequest } from '../../contracts/incidents.ts';
import type { IncidentRow } from '../../storage/incident.store.ts';

const { leader, office, head, admin, auditor } = people;
const dayMs = 86_400_000;
const minuteMs = 60_000;

let bench: IncidentBench;
let work: IncidentWork;
beforeEach(async () => {
  bench = await openIncidentBench();
  work = incidentWork(bench);
});
afterEach(() => bench.close());

async function aCase(flag: Partial<CreateIncidentRequest> = {}, columns: Partial<IncidentRow> = {}): Promise<string> {
  const { nowMs } = bench;
  const whole = { cameraId: 'cam-1', category: 'TN01', fromMs: nowMs - minuteMs, toMs: nowMs, ...flag };
  const { id } = await bench.incidents.create(office, createIncidentRequest.parse(whole));
  const { kysely } = bench.database;
  await kysely
    .updateTable('incidents')
    .set({ held: 1, ...columns })
    .where('id', '=', id)
    .execute();
  return id;
}

test('earlier cases of the unit and category within the period are shown, latest first, and how many were violations', async () => {
  const { nowMs } = bench;
  const ago = (days: number) => ({ at_ms: nowMs - days * dayMs });
  const oldest = await aCase({}, { ...ago(91), conclusion: 'reminder' });
  const older = await aCase({}, { ...ago(80), state: 'closed', conclusion: 'criticism' });
  const newer = await aCase({}, { ...ago(2), state: 'verifying' });
  await aCase({}, { ...ago(3), state: 'no_violation' });
  await aCase({}, { ...ago(3), state: 'duplicate' });
  await aCase({ category: 'VT01' }, ago(3));
  await aCase({ cameraId: 'cam-2' }, ago(3));
  const self = await aCase();
  const query = repeatsQuery.parse({ unit: 'hong-ha', category: 'TN01', except: self });
  const found = repeats.parse(await work.repeats.of(leader, query));
  expect(found).toMatchObject({ days: 90, total: 2, violations: 1 });
  expect(found.items.map(({ id, state, conclusion }) => [id, state, conclusion])).toEqual([
    [newer, 'verifying', null],
    [older, 'closed', 'criticism'],
  ]);
  const before = await work.repeats.of(leader, { ...query, at: nowMs - 10 * dayMs });
  expect(before.items.map(({ id }) => id)).toEqual([older, oldest]);
});

test('cases that may be about the same moment: of the camera first, then the nearest of the unit, within the hour', async () => {
  const { nowMs } = bench;
  const at = (minutes: number, more: Partial<IncidentRow> = {}) => ({
    from_ms: nowMs - (minutes + 1) * minuteMs,
    to_ms: nowMs - minutes * minuteMs,
    at_ms: nowMs - minutes * minuteMs,
    ...more,
  });
  const id = await aCase();
  const sameCamera = await aCase({ category: 'VT01' }, at(30));
  const overlapping = await aCase({}, { camera_id: 'cam-9' });
  const near = await aCase({}, at(20, { camera_id: 'cam-9' }));
  await aCase({}, at(120));
  await aCase({}, at(10, { state: 'duplicate' }));
  await aCase({ cameraId: 'cam-2' });
  const { items } = duplicateCandidates.parse(await work.repeats.duplicatesOf(office, id));
  expect(items.map((item) => [item.id, item.sameCamera, item.sameCategory, item.overlaps, item.apartMs])).toEqual([
    [sameCamera, true, false, false, 29 * minuteMs],
    [overlapping, false, true, true, 0],
    [near, false, true, false, 19 * minuteMs],
  ]);
});

test('cases that were merged into one are shown there with their own histories', async () => {
  const main = await aCase();
  const same = await aCase({}, { state: 'duplicate', duplicate_of_id: main, duplicate_of_number: 'VV' });
  const { items, merged } = duplicateCandidates.parse(await work.repeats.duplicatesOf(office, main));
  expect(items).toEqual([]);
  expect(merged).toMatchObject([
    { id: same, state: 'duplicate', history: [{ step: 'flag', by: { name: office.name } }] },
  ]);
});

test('neither is told to a unit, the administrator or the auditor', async () => {
  const id = await aCase();
  await sendToUnit(bench, id);
  for (const refused of [head, admin, auditor]) {
    const asked = work.repeats.of(refused, repeatsQuery.parse({ unit: 'hong-ha', category: 'TN01' }));
    await expect(asked).rejects.toMatchObject({ kind: 'forbidden', code: 'not_permitted' });
    await expect(work.repeats.duplicatesOf(refused, id)).rejects.toMatchObject({ code: 'not_permitted' });
  }
});
