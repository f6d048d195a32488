import { afterEach, beforeEach, expect, test } from 'vitest';
import { accountOf, caseIn, cast, flagOf, take } from '../../../test/support/cases.ts';
import { type IncidentBench, openIncidentBench } from '../../../test/support/supervision.ts';
import { incidentQuery, incident as incidentSchema } from '../../contracts/incidents.ts';

const { leader, office, inspector, head, otherHead, admin, auditor } = cast;

let bench: IncidentBench;
beforeEach(async () => {
  bench = await openIncidentBench();
  bench.accounts = [leader, office, inspector, head].map(accountOf);
});
afterEach(() => bench.close());

const list = async (who: typeof head, q?: string) =>
  (await bench.incidents.list(who, incidentQuery.parse(q === undefined ? {} : { q }))).items.map(({ id }) => id);

test('the unit’s head meets a case when it is sent, and no sooner; nobody else of the units ever does', async () => {
  const { incidents } = bench;
  const { id } = await incidents.create(office, flagOf(bench));
  for (const prepare of [null, () => take(bench, office, id, 'verify')]) {
    await prepare?.();
    for (const unsent of [head, otherHead, admin, auditor]) {
      await expect(incidents.get(unsent, id)).rejects.toMatchObject({ kind: 'not_found', code: 'incident_unknown' });
    }
    expect(await list(head)).toEqual([]);
  }
  await take(bench, office, id, 'request_explanation');
  expect(await list(head)).toEqual([id]);
  expect(await list(otherHead)).toEqual([]);
  await expect(incidents.get(otherHead, id)).rejects.toMatchObject({ code: 'incident_unknown' });
});

test('the unit reads what it is told and nothing else: no flagger, note, remark, address, assignee, draft, escalation', async () => {
  const { incidents } = bench;
  const secret = { note: 'GHI-CHU-CO', reason: 'GHI-CHU-XAC-MINH' };
  const { id } = await incidents.create(office, flagOf(bench, { note: secret.note }), '203.0.113.9');
  await take(bench, office, id, 'verify', { reason: secret.reason }, '203.0.113.9');
  await take(bench, office, id, 'correct', { severity: 3, reason: 'DINH-CHINH' });
  const question = { finding: 'Quầy trống 20 phút', reason: 'Vì sao?' };
  await take(bench, office, id, 'request_explanation', question, '203.0.113.9');
  await take(bench, office, id, 'assign', { assigneeId: inspector.userId, reason: 'PHAN-CONG' });
  const { dueAtMs } = await incidents.get(head, id);
  bench.nowMs = (dueAtMs ?? 0) + 1;
  await bench.sweep.run();
  await take(bench, head, id, 'explain', { reason: 'Đi họp' }, '203.0.113.8');
  await incidents.prepare(inspector, id, { conclusion: 'criticism', text: 'BAN-NHAP' });
  const duplicate = await caseIn(bench, 'flagged');
  await take(bench, office, duplicate.id, 'mark_duplicate', { of: id, reason: 'TRUNG-LAP' });

  const before = incidentSchema.parse(await incidents.get(head, id));
  expect(before.conclusion).toBeNull();
  await take(bench, inspector, id, 'conclude', { conclusion: 'rectify', reason: 'Chấn chỉnh' });
  const seen = incidentSchema.parse(await incidents.get(head, id));
  expect(seen).toMatchObject({
    flaggedBy: null,
    note: '',
    finding: 'Quầy trống 20 phút',
    question: 'Vì sao?',
    conclusion: 'rectify',
    assignee: null,
    draft: null,
    escalatedAtMs: null,
  });
  expect(seen.history.map(({ step, by, reason, address }) => [step, by, reason, address])).toEqual([
    ['flag', null, '', null],
    ['verify', { name: '', role: 'home_affairs' }, '', null],
    ['request_explanation', { name: '', role: 'home_affairs' }, 'Vì sao?', null],
    ['explain', { name: head.name, role: 'unit_head' }, 'Đi họp', null],
    ['conclude', { name: inspector.name, role: 'inspector' }, 'Chấn chỉnh', null],
  ]);
  const told = JSON.stringify([before, seen, await incidents.list(head, incidentQuery.parse({}))]);
  for (const hidden of [
    office.name,
    office.userId,
    secret.note,
    secret.reason,
    'DINH-CHINH',
    'PHAN-CONG',
    'BAN-NHAP',
    'TRUNG-LAP',
    '203.0.113',
    '"escalate"',
  ]) {
    expect(told, hidden).not.toContain(hidden);
  }
  const whole = await incidents.get(leader, id);
  expect(whole.history.map(({ step }) => step)).toEqual(
    'flag verify correct request_explanation assign escalate explain merge conclude'.split(' '),
  );
  expect(whole.history[0]?.address).toBe('203.0.113.9');
});

test('the search of the unit looks only through what the unit may see', async () => {
  const { incidents } = bench;
  const { id } = await incidents.create(office, flagOf(bench, { note: 'ghi chú riêng' }));
  await take(bench, office, id, 'verify', { reason: 'xác minh kín' });
  await take(bench, office, id, 'request_explanation', { finding: 'Quầy trống', reason: 'Vì sao vắng?' });
  await take(bench, head, id, 'explain', { reason: 'Cán bộ đi tập huấn' });
  for (const q of ['ghi chu rieng', 'xac minh kin', 'Tran Thi Binh']) {
    expect(await list(head, q), q).toEqual([]);
    expect(await list(leader, q), q).toEqual([id]);
  }
  for (const q of ['quay trong', 'vi sao vang', 'tap huan', 'hong ha', 'tn01', 'VV-2026-0001']) {
    expect(await list(head, q), q).toEqual([id]);
    expect(await list(inspector, q), q).toEqual([id]);
  }
});

test('what the offices do among themselves is no change for the unit, which is neither told of it nor refused for it', async () => {
  const { id } = await caseIn(bench, 'explanation_requested');
  const seen = await bench.incidents.get(head, id);
  await take(bench, office, id, 'assign', { assigneeId: leader.userId });
  expect((await bench.incidents.get(head, id)).version).toBe(seen.version);
  expect((await bench.incidents.audience(id, 'assign'))(head)).toBeNull();
  expect((await bench.incidents.audience(id, 'assign'))(leader)).toMatchObject({ id });
  const answer = { version: seen.version, reason: 'Đi họp', attachments: [], stretches: [] };
  expect(await bench.incidents.step(head, id, 'explain', answer)).toMatchObject({ state: 'awaiting_conclusion' });
  const now = await bench.incidents.get(head, id);
  // No hole tells that there was something.
  expect([now.history.map(({ seq }) => seq), now.version]).toEqual([[1, 2, 3, 4], 4]);
  const again = bench.incidents.step(head, id, 'explain', answer);
  await expect(again).rejects.toMatchObject({
    code: 'version_conflict',
    details: { state: 'awaiting_conclusion', entries: [{ step: 'explain' }] },
  });
});

test('an answer that is sent while the offices assign the case among themselves is taken', async () => {
  for (let round = 0; round < 5; round++) {
    const { id } = await caseIn(bench, 'explanation_requested');
    const outcomes = await Promise.allSettled([
      take(bench, office, id, 'assign', { assigneeId: leader.userId }),
      take(bench, head, id, 'explain'),
    ]);
    expect(outcomes[1]).toMatchObject({ status: 'fulfilled', value: { state: 'awaiting_conclusion' } });
  }
});

test('the unit answers with footage of its own cameras, which is then held as well, and with no other', async () => {
  const { id } = await caseIn(bench, 'explanation_requested');
  const { nowMs } = bench;
  const stretch = { cameraId: 'cam-1', fromMs: nowMs - 900_000, toMs: nowMs - 600_000 };
  for (const [stretches, code] of [
    [[{ ...stretch, cameraId: 'cam-2' }], 'stretch_of_another_unit'],
    [[{ ...stretch, cameraId: 'cam-9' }], 'stretch_of_another_unit'],
    [[{ ...stretch, toMs: nowMs + 1 }], 'time_out_of_bounds'],
  ] as const) {
    await expect(take(bench, head, id, 'explain', { stretches })).rejects.toMatchObject({ kind: 'invalid', code });
  }
  bench.unitAt = (atMs) => (atMs < nowMs - 700_000 ? 'bai-chay' : undefined);
  const moved = take(bench, head, id, 'explain', { stretches: [stretch] });
  await expect(moved).rejects.toMatchObject({ code: 'stretch_of_another_unit' });
  bench.unitAt = () => undefined;
  const answered = await take(bench, head, id, 'explain', { stretches: [stretch] });
  expect(answered.history.at(-1)?.details.stretches).toEqual([{ ...stretch, cameraName: 'Quầy số 1' }]);
  await expect.poll(() => bench.recorder.heldBy(`incident:${id}`)).toContainEqual(stretch);
});
