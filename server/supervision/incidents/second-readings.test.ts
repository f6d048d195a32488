import { afterEach, beforeEach, expect, test } from 'vitest';
import { caseIn, cast, take } from '../../../test/support/cases.ts';
import { consider, enter, type IncidentWork, incidentWork, people } from '../../../test/support/incident-work.ts';
import { type IncidentBench, openIncidentBench, person } from '../../../test/support/supervision.ts';
import { createCommentRequest } from '../../contracts/incident-work.ts';
import { createIncidentRequest } from '../../contracts/incidents.ts';
import { blindCase, secondJudgementRequest } from '../../contracts/second-readings.ts';
import { agree, decisionOf, isDrawn } from './second-reading-policy.ts';

const { leader, office, inspector, second, head, admin, auditor } = people;
const third = { ...person('inspector', 'Hoàng Mai'), userId: 'mai' };
const dayMs = 86_400_000;
const stretch = { cameraId: 'cam-1', cameraName: 'Quầy số 1', fromMs: 1_000, toMs: 2_000 };
const file = { id: 'file-1', name: 'lich-truc.pdf', type: 'application/pdf', sizeBytes: 9, sha256: 'a'.repeat(64) };

let bench: IncidentBench;
let work: IncidentWork;
beforeEach(async () => {
  bench = await openIncidentBench();
  work = incidentWork(bench);
});
afterEach(() => bench.close());

/** A case that `office` flagged, the head answered and `leader` decided; the lot falls on it unless told otherwise. */
async function decided(lot = 0, step = 'conclude'): Promise<string> {
  const { nowMs } = bench;
  const flag = { cameraId: 'cam-1', category: 'TN01', fromMs: nowMs - 60_000, toMs: nowMs, note: 'ghi chú kín' };
  const { id } = await bench.incidents.create(office, createIncidentRequest.parse(flag));
  const words = { finding: 'Quầy trống 20 phút', question: 'Vì sao không có người?' };
  await enter(bench, id, office, { step: 'verify', to_state: 'verifying' });
  await enter(bench, id, office, { step: 'request_explanation', to_state: 'explanation_requested' }, words);
  const details = JSON.stringify({ stretches: [stretch], attachments: [file] });
  await enter(bench, id, head, { step: 'explain', to_state: 'awaiting_conclusion', reason: 'Cán bộ đi họp', details });
  const conclusion = step === 'dismiss' ? null : 'reminder';
  const to_state = step === 'dismiss' ? 'no_violation' : 'concluded';
  const seq = await enter(bench, id, leader, { step, to_state, conclusion, reason: 'Nhắc nhở đơn vị' }, { conclusion });
  work.lots.push(lot);
  await consider(bench, work, id, seq);
  return id;
}

const judgement = (more: object = {}) =>
  secondJudgementRequest.parse({
    violation: true,
    category: 'TN01',
    severity: 2,
    conclusion: 'reminder',
    reason: 'Đúng là quầy trống',
    ...more,
  });
const openOf = async (who: typeof second) => (await work.readings.list(who)).open;
const firstOf = async (who: typeof second) => (await openOf(who))[0]?.id ?? 'none';

test('a decision and its draw are written together: no crash in between loses a draw, and a step that fails draws none', async () => {
  bench.stepped = (row, entry, within) => work.readings.consider(row, entry, within);
  const { id } = await caseIn(bench, 'awaiting_conclusion');
  bench.auditFails = true;
  await expect(take(bench, cast.inspector, id, 'conclude')).rejects.toThrow('audit');
  bench.auditFails = false;
  expect(await openOf(second)).toEqual([]);
  bench.stepped = async () => {
    throw new Error('the lots are away');
  };
  await expect(take(bench, cast.inspector, id, 'conclude')).rejects.toThrow('lots');
  expect((await bench.incidents.get(leader, id)).state).toBe('awaiting_conclusion');
  bench.stepped = (row, entry, within) => work.readings.consider(row, entry, within);
  await take(bench, cast.inspector, id, 'conclude', { conclusion: 'criticism' });
  expect(await openOf(second)).toHaveLength(1);
  const [drawn] = await bench.database.kysely.selectFrom('second_readings').selectAll().execute();
  expect(drawn).toMatchObject({
    incident_id: id,
    decided_by_id: cast.inspector.userId,
    decided_conclusion: 'criticism',
  });
});

test('the share is drawn by lot when a case is decided, a case once, and no other step draws one', async () => {
  expect([0, 0.0499, 0.05, 0.9].map((lot) => isDrawn(5, lot))).toEqual([true, true, false, false]);
  const id = await decided(0.49);
  await decided(0.5);
  await consider(bench, work, id, 5);
  await consider(bench, work, id, 2);
  expect(await openOf(second)).toHaveLength(1);
  expect(decisionOf('dismiss', 'awaiting_conclusion')).toEqual({ violation: false });
  expect(decisionOf('dismiss', 'flagged')).toBeNull();
  expect(decisionOf('refer', 'awaiting_conclusion')).toEqual({ violation: true });
  expect(decisionOf('judge_appeal', 'appealed')).toBeNull();
});

test('the reader finds clip, finding, question and explanation, and neither people nor number, note, comments or decision', async () => {
  const id = await decided();
  await work.comments.add(leader, id, createCommentRequest.parse({ text: 'Nên nhắc nhở' }));
  const { number } = await bench.incidents.get(office, id);
  const blind = await work.readings.begin(second, await firstOf(second));
  expect(blindCase.parse(blind)).toMatchObject({
    cameraId: 'cam-1',
    finding: 'Quầy trống 20 phút',
    question: 'Vì sao không có người?',
    explanations: [{ text: 'Cán bộ đi họp', stretches: [stretch], attachments: [file] }],
  });
  const told = JSON.stringify([blind, await openOf(second)]);
  const hidden = [id, number, office.name, leader.name, head.name, 'ghi chú kín', 'Nhắc nhở', 'nhắc nhở', 'reminder'];
  for (const word of hidden) expect(told).not.toContain(word);
});

test('a file of an explanation opens for the reader of the case, and for nobody before they have begun', async () => {
  const id = await decided();
  const readingId = await firstOf(second);
  const ask = (who: typeof second, fileId = 'file-1') => work.readings.caseOfAttachment(who, readingId, fileId);
  await expect(ask(second)).rejects.toMatchObject({ code: 'reading_not_begun' });
  await work.readings.begin(second, readingId);
  expect(await ask(second)).toBe(id);
  await expect(ask(second, 'file-2')).rejects.toMatchObject({ code: 'attachment_unknown' });
  await expect(ask(third)).rejects.toMatchObject({ code: 'reading_unknown' });
});

test('whoever took a step in the case, or commented on it, or has opened it since, is no reader of it', async () => {
  const id = await decided();
  const readingId = await firstOf(second);
  for (const involved of [office, leader]) expect(await openOf(involved)).toEqual([]);
  await work.comments.add(inspector, id, createCommentRequest.parse({ text: 'x' }));
  await expect(work.readings.begin(inspector, readingId)).rejects.toMatchObject({ code: 'reading_unknown' });
  await work.readings.opened(third, id);
  expect(await openOf(third)).toEqual([]);
  await bench.database.kysely.updateTable('incidents').set({ assignee_id: second.userId }).execute();
  expect(await openOf(second)).toEqual([]);
  await bench.database.kysely.updateTable('incidents').set({ assignee_id: null }).execute();
  expect(await openOf(second)).toHaveLength(1);
});

test('whoever opens the whole case while reading it loses the reading to others', async () => {
  const id = await decided();
  const readingId = await firstOf(second);
  await work.readings.begin(second, readingId);
  expect(await openOf(third)).toEqual([]);
  await work.readings.opened(second, id);
  await expect(work.readings.judge(second, readingId, judgement())).rejects.toMatchObject({
    code: 'reading_not_blind',
  });
  expect(await openOf(third)).toMatchObject([{ id: readingId, begun: false }]);
});

test('one reads at a time; a reading that lies for two days goes to others', async () => {
  await decided();
  const readingId = await firstOf(second);
  await expect(work.readings.judge(second, readingId, judgement())).rejects.toMatchObject({
    code: 'reading_not_begun',
  });
  await work.readings.begin(second, readingId);
  await expect(work.readings.begin(third, readingId)).rejects.toMatchObject({ code: 'reading_unknown' });
  bench.nowMs += 2 * dayMs + 1;
  await work.readings.begin(third, readingId);
  await expect(work.readings.judge(second, readingId, judgement())).rejects.toMatchObject({ code: 'reading_unknown' });
  expect(await work.readings.judge(third, readingId, judgement())).toMatchObject({ agreed: true });
});

test('the second judgement is given once, is told beside the first, and changes nothing in the case', async () => {
  const id = await decided();
  const before = await bench.incidents.get(office, id);
  const readingId = await firstOf(second);
  await work.readings.begin(second, readingId);
  const answer = await work.readings.judge(second, readingId, judgement({ conclusion: 'criticism' }), '10.0.0.9');
  expect(answer).toMatchObject({
    incidentId: id,
    agreed: false,
    first: { violation: true, category: 'TN01', conclusion: 'reminder' },
    second: { violation: true, conclusion: 'criticism' },
  });
  expect(await bench.incidents.get(office, id)).toEqual(before);
  expect(bench.audited.at(-1)).toMatchObject({ actor: second, address: '10.0.0.9', action: 'incident.read_again' });
  await expect(work.readings.judge(second, readingId, judgement())).rejects.toMatchObject({ code: 'reading_unknown' });
  const { open, done } = await work.readings.list(second);
  expect(open).toEqual([]);
  expect(done).toMatchObject([{ id: readingId, agreed: false, incidentId: id, number: before.number }]);
});

test('two agree when both find none, or the same violation with the same conclusion', () => {
  const found = { violation: true, category: 'TN01', severity: 2, conclusion: 'reminder' as const };
  const none = { violation: false, category: 'TN01', severity: 2, conclusion: null };
  expect(agree(found, { ...found, severity: 3 })).toBe(true);
  expect(agree(none, { ...none, category: 'VT01' })).toBe(true);
  expect(agree(found, { ...found, category: 'VT01' })).toBe(false);
  expect(agree(found, { ...found, conclusion: 'criticism' })).toBe(false);
  expect(agree(found, none)).toBe(false);
});

test('only whoever may conclude cases reads them again, and a judgement names a category of the city', async () => {
  await decided(0, 'dismiss');
  for (const refused of [head, admin, auditor]) {
    await expect(work.readings.list(refused)).rejects.toMatchObject({ kind: 'forbidden', code: 'not_permitted' });
    await expect(work.readings.begin(refused, 'x')).rejects.toMatchObject({ code: 'not_permitted' });
  }
  const readingId = await firstOf(second);
  await work.readings.begin(second, readingId);
  const bad = work.readings.judge(second, readingId, judgement({ category: 'ZZ99' }));
  await expect(bad).rejects.toMatchObject({ code: 'category_unknown' });
  const none = { violation: false, conclusion: null };
  expect(await work.readings.judge(second, readingId, judgement(none))).toMatchObject({ agreed: true });
});
