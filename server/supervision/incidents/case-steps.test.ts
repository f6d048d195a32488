import { afterEach, beforeEach, expect, test } from 'vitest';
import { accountOf, caseIn, cast, flagOf, take } from '../../../test/support/cases.ts';
import { at, type IncidentBench, openIncidentBench, person } from '../../../test/support/supervision.ts';
import { incidentQuery, incident as incidentSchema, versionConflict } from '../../contracts/incidents.ts';
import type { AppError } from '../../platform/errors.ts';

const { leader, office, inspector, head } = cast;

let bench: IncidentBench;
beforeEach(async () => {
  bench = await openIncidentBench();
});
afterEach(() => bench.close());

const steps = (history: { step: string; fromState: string | null; toState: string }[]) =>
  history.map(({ step, fromState, toState }) => [step, fromState, toState]);

test('the whole way from the flag over answer, conclusion and appeal to the end: who, when, why, from where, until when', async () => {
  const { incidents } = bench;
  const { id } = await incidents.create(office, flagOf(bench), '192.0.2.1');
  const days = ['25 10:00', '26 08:00', '27 09:00', '30 15:00'].map((day) => at(`2026-11-${day}`));
  const later = [at('2026-12-02 09:00'), at('2026-12-03 09:00')];
  const [verify, ask, explain, conclude] = days as [number, number, number, number];
  const [appeal, judge] = later as [number, number];
  bench.nowMs = verify;
  expect(await take(bench, office, id, 'verify', { reason: 'xem lại' }, '192.0.2.1')).toMatchObject({
    state: 'verifying',
    version: 2,
    workingDaysLeft: 2,
    dueAtMs: at('2026-11-27 16:30'),
    sentAtMs: null,
  });
  bench.nowMs = ask;
  const question = { reason: 'Vì sao quầy trống?', finding: 'Quầy 1 trống 20 phút' };
  expect(await take(bench, office, id, 'request_explanation', question, '192.0.2.1')).toMatchObject({
    state: 'explanation_requested',
    workingDaysLeft: 3,
    dueAtMs: at('2026-12-01 16:30'),
    sentAtMs: ask,
    finding: 'Quầy 1 trống 20 phút',
    question: 'Vì sao quầy trống?',
  });
  bench.nowMs = explain;
  await take(bench, head, id, 'explain', { reason: 'Cán bộ đi họp' }, '192.0.2.2');
  bench.nowMs = conclude;
  const concluded = await take(bench, leader, id, 'conclude', { conclusion: 'criticism', reason: 'Để dân chờ' });
  expect(concluded).toMatchObject({ state: 'concluded', conclusion: 'criticism', dueAtMs: at('2026-12-07 16:30') });
  bench.nowMs = appeal;
  await take(bench, head, id, 'appeal', { reason: 'Đã có người trực' });
  bench.nowMs = judge;
  const ended = await take(bench, inspector, id, 'judge_appeal', {
    outcome: 'changed',
    conclusion: 'reminder',
    reason: 'Xem xét lịch trực',
  });
  expect(incidentSchema.parse(ended)).toMatchObject({
    state: 'closed',
    version: 7,
    conclusion: 'reminder',
    dueAtMs: null,
    due: null,
    workingDaysLeft: null,
    closedAtMs: judge,
    heldUntilMs: at('2028-12-03 09:00'),
  });
  expect(
    ended.history.map(({ step, by, toState, reason, atMs, address }) => [
      step,
      by?.name,
      toState,
      reason,
      atMs,
      address,
    ]),
  ).toEqual([
    ['flag', 'Trần Thị Bình', 'flagged', '', at('2026-11-24 09:30'), '192.0.2.1'],
    ['verify', 'Trần Thị Bình', 'verifying', 'xem lại', verify, '192.0.2.1'],
    ['request_explanation', 'Trần Thị Bình', 'explanation_requested', 'Vì sao quầy trống?', ask, '192.0.2.1'],
    ['explain', 'Lê Hà', 'awaiting_conclusion', 'Cán bộ đi họp', explain, '192.0.2.2'],
    ['conclude', 'Nguyễn Văn An', 'concluded', 'Để dân chờ', conclude, null],
    ['appeal', 'Lê Hà', 'appealed', 'Đã có người trực', appeal, null],
    ['judge_appeal', 'Phạm Minh', 'closed', 'Xem xét lịch trực', judge, null],
  ]);
  expect(ended.history.map(({ conclusion, dueAtMs }) => [conclusion, dueAtMs])).toEqual([
    [null, at('2026-11-26 16:30')],
    [null, at('2026-11-27 16:30')],
    [null, at('2026-12-01 16:30')],
    [null, at('2026-12-04 16:30')],
    ['criticism', at('2026-12-07 16:30')],
    [null, at('2026-12-09 16:30')],
    ['reminder', null],
  ]);
  expect(ended.history.at(-1)?.details).toEqual({ outcome: 'changed' });
  expect(await incidents.get(inspector, id)).toEqual(ended);
  expect(bench.emitted.filter((news) => news.startsWith('changed'))).toEqual(Array(6).fill(`changed ${id}`));
  expect(bench.audited.map(({ action }) => action)).toEqual([
    'incident.created',
    'incident.verifying',
    'incident.explanation_requested',
    'incident.awaiting_conclusion',
    'incident.concluded',
    'incident.appealed',
    'incident.closed',
  ]);
  expect(bench.audited[3]).toMatchObject({ actor: head, address: '192.0.2.2', details: { step: 'explain' } });
});

test('an appeal may keep the conclusion or take it back, and who flagged or concluded does not judge it', async () => {
  for (const [outcome, conclusion] of [
    ['upheld', 'reminder'],
    ['revoked', null],
  ] as const) {
    const { id, steps: allowed } = await caseIn(bench, 'appealed');
    expect(allowed.find(({ step }) => step === 'judge_appeal')).toMatchObject({ allowed: true });
    for (const involved of [office, inspector]) {
      const judged = take(bench, involved, id, 'judge_appeal');
      await expect(judged).rejects.toMatchObject({ kind: 'forbidden', code: 'appeal_needs_someone_new' });
    }
    expect(await take(bench, leader, id, 'judge_appeal', { outcome })).toMatchObject({ state: 'closed', conclusion });
  }
});

test('who flagged may not conclude, refer or dismiss what was explained, and is told so beforehand', async () => {
  const { id } = await caseIn(bench, 'awaiting_conclusion');
  const mine = await bench.incidents.get(office, id);
  for (const step of ['conclude', 'dismiss', 'refer'] as const) {
    const verdict = { allowed: false, refusal: 'flagger_cannot_conclude' };
    expect(mine.steps.find((one) => one.step === step)).toMatchObject(verdict);
    await expect(take(bench, office, id, step)).rejects.toMatchObject({ kind: 'forbidden', code: verdict.refusal });
  }
  expect(await take(bench, inspector, id, 'refer')).toMatchObject({ state: 'referred', conclusion: 'referred' });
});

test('a case without a violation ends with the reason, and no unit ever sees it', async () => {
  const { id } = await caseIn(bench, 'flagged');
  const ended = await take(bench, inspector, id, 'dismiss', { reason: 'Cán bộ đi lấy hồ sơ' });
  expect(ended).toMatchObject({ state: 'no_violation', dueAtMs: null, conclusion: null, closedAtMs: bench.nowMs });
  await expect(bench.incidents.get(head, id)).rejects.toMatchObject({ code: 'incident_unknown' });
});

test('without an answer the case goes on once the term is over, not before; the unit may still answer late', async () => {
  const { id, dueAtMs } = await caseIn(bench, 'explanation_requested');
  const asked = async () => (await bench.incidents.get(office, id)).steps.find(({ step }) => step === 'proceed');
  expect(await asked()).toEqual({ step: 'proceed', allowed: false, refusal: 'term_not_over', untilMs: dueAtMs });
  await expect(take(bench, office, id, 'proceed')).rejects.toMatchObject({ kind: 'conflict', code: 'term_not_over' });
  bench.nowMs = (dueAtMs ?? 0) + 1;
  expect(await asked()).toMatchObject({ allowed: true });
  const { id: late } = await caseIn(bench, 'explanation_requested');
  bench.nowMs = at('2026-12-24 09:00');
  expect(await take(bench, head, late, 'explain')).toMatchObject({ state: 'awaiting_conclusion' });
  expect(await take(bench, office, id, 'proceed')).toMatchObject({ state: 'awaiting_conclusion' });
});

test('an appeal is told its last moment and refused after it; then the case may be closed', async () => {
  const { id, dueAtMs } = await caseIn(bench, 'concluded');
  const verdict = async (who: typeof head, name: string) =>
    (await bench.incidents.get(who, id)).steps.find(({ step }) => step === name);
  expect(await verdict(head, 'appeal')).toEqual({ step: 'appeal', allowed: true, refusal: null, untilMs: dueAtMs });
  expect(await verdict(leader, 'close')).toMatchObject({ refusal: 'term_not_over', untilMs: dueAtMs });
  bench.nowMs = dueAtMs ?? 0;
  expect(await verdict(head, 'appeal')).toMatchObject({ allowed: true });
  bench.nowMs += 1;
  expect(await verdict(head, 'appeal')).toMatchObject({ allowed: false, refusal: 'term_over', untilMs: null });
  await expect(take(bench, head, id, 'appeal')).rejects.toMatchObject({ kind: 'conflict', code: 'term_over' });
  expect(await take(bench, leader, id, 'close')).toMatchObject({ state: 'closed', conclusion: 'reminder' });
});

test('a step out of order or on a stale version is refused, tells what changed, and changes nothing', async () => {
  const { incidents } = bench;
  const { id } = await incidents.create(office, flagOf(bench));
  await expect(take(bench, inspector, id, 'conclude')).rejects.toMatchObject({
    kind: 'conflict',
    code: 'step_out_of_order',
  });
  await take(bench, office, id, 'verify', { reason: 'xem lại' });
  await take(bench, office, id, 'correct', { severity: 3 });
  const stale = incidents.step(inspector, id, 'dismiss', { version: 1, reason: 'x' });
  const error = await stale.catch((thrown: AppError) => thrown);
  expect(error).toMatchObject({ kind: 'conflict', code: 'version_conflict' });
  const told = versionConflict.parse((error as AppError).details);
  expect(told).toMatchObject({ version: 3, state: 'verifying' });
  expect(told.entries.map(({ step, by, reason }) => [step, by?.name, reason])).toEqual([
    ['verify', 'Trần Thị Bình', 'xem lại'],
    ['correct', 'Trần Thị Bình', 'Nhầm hành vi.'],
  ]);
  expect((await incidents.get(office, id)).history).toHaveLength(3);
  expect(bench.audited).toHaveLength(3);
});

test('of two steps at once one wins, and the history holds the winner alone', async () => {
  const { incidents } = bench;
  for (let round = 0; round < 10; round++) {
    const { id } = await incidents.create(office, flagOf(bench));
    const outcomes = await Promise.allSettled([
      incidents.step(office, id, 'verify', { version: 1, reason: '' }),
      incidents.step(inspector, id, 'dismiss', { version: 1, reason: 'x' }),
    ]);
    expect(outcomes.map((o) => o.status).sort()).toEqual(['fulfilled', 'rejected']);
    const [lost] = outcomes.filter((o) => o.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'version_conflict', details: { version: 2 } });
    expect((await incidents.get(leader, id)).history).toHaveLength(2);
  }
});

test('what cannot be told to the audit log is not done', async () => {
  const { incidents } = bench;
  const { id } = await incidents.create(office, flagOf(bench));
  bench.auditFails = true;
  await expect(incidents.create(office, flagOf(bench))).rejects.toThrow('the audit log is away');
  await expect(take(bench, office, id, 'verify')).rejects.toThrow('the audit log is away');
  bench.auditFails = false;
  const { items } = await incidents.list(office, incidentQuery.parse({}));
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ state: 'flagged', version: 1 });
  expect((await incidents.get(office, id)).history).toHaveLength(1);
  expect((await incidents.create(office, flagOf(bench))).number).toBe('VV-2026-0002');
});

test('a correction is a new entry with what was and what is, and leaves the state and its term', async () => {
  const { id, dueAtMs } = await caseIn(bench, 'verifying');
  const corrected = await take(bench, office, id, 'correct', { category: 'VT01', severity: 3, reason: 'Nhầm' });
  expect(corrected).toMatchObject({ state: 'verifying', category: 'VT01', severity: 3, dueAtMs });
  expect(corrected.history.at(-1)).toMatchObject({
    step: 'correct',
    fromState: 'verifying',
    toState: 'verifying',
    dueAtMs: null,
    details: { changes: { category: { from: 'TN01', to: 'VT01' }, severity: { from: 2, to: 3 } } },
  });
  const again = take(bench, office, id, 'correct', { category: 'VT01' });
  await expect(again).rejects.toMatchObject({ kind: 'invalid', code: 'nothing_corrected' });
  const unknown = take(bench, office, id, 'correct', { category: 'ZZ99' });
  await expect(unknown).rejects.toMatchObject({ kind: 'invalid', code: 'category_unknown' });
});

test('a duplicate ends, both histories stay, and the other case is told', async () => {
  const first = await caseIn(bench, 'verifying');
  const second = await caseIn(bench, 'flagged');
  const merged = await take(bench, office, second.id, 'mark_duplicate', { of: first.id, reason: 'Cùng một việc' });
  expect(merged).toMatchObject({ state: 'duplicate', duplicateOf: { id: first.id, number: first.number } });
  expect(merged.history.at(-1)?.details).toEqual({ other: { id: first.id, number: first.number } });
  const other = await bench.incidents.get(office, first.id);
  expect(steps(other.history)).toEqual([
    ['flag', null, 'flagged'],
    ['verify', 'flagged', 'verifying'],
    ['merge', 'verifying', 'verifying'],
  ]);
  expect(other).toMatchObject({ state: 'verifying', version: 3, dueAtMs: first.dueAtMs });
  expect(other.history.at(-1)).toMatchObject({
    reason: 'Cùng một việc',
    details: { other: { id: second.id, number: second.number } },
  });
  expect(bench.emitted.filter((news) => news === `changed ${first.id}`)).toHaveLength(2);
});

test('a case is no duplicate of itself, of a case of another unit, or of a duplicate', async () => {
  const { id } = await caseIn(bench, 'flagged');
  const first = await caseIn(bench, 'flagged');
  const foreign = await caseIn(bench, 'flagged', { cameraId: 'cam-2' });
  await take(bench, office, first.id, 'mark_duplicate', { of: id });
  const refusals: [string, string][] = [
    [id, 'duplicate_of_itself'],
    [foreign.id, 'duplicate_of_another_unit'],
    [first.id, 'duplicate_of_duplicate'],
    ['nowhere', 'incident_unknown'],
  ];
  for (const [of, code] of refusals) {
    await expect(take(bench, office, id, 'mark_duplicate', { of })).rejects.toMatchObject({ code });
  }
  expect((await bench.incidents.get(office, id)).state).toBe('flagged');
});

test('two cases that are marked as each other’s duplicate at once: one of them goes on', async () => {
  for (let round = 0; round < 5; round++) {
    const [a, b] = [await caseIn(bench, 'flagged'), await caseIn(bench, 'flagged')];
    const outcomes = await Promise.allSettled([
      take(bench, office, a.id, 'mark_duplicate', { of: b.id }),
      take(bench, inspector, b.id, 'mark_duplicate', { of: a.id }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const states = await Promise.all([a, b].map(async ({ id }) => (await bench.incidents.get(office, id)).state));
    expect(states.sort()).toEqual(['duplicate', 'flagged']);
  }
});

test('a case is somebody’s work who may act on it, and only while there is something to do', async () => {
  bench.accounts = [leader, inspector, head, cast.admin].map(accountOf);
  bench.accounts.push({ ...accountOf(person('inspector', 'gone')), disabled: true });
  const { id } = await caseIn(bench, 'flagged');
  const assigned = await take(bench, office, id, 'assign', { assigneeId: inspector.userId, reason: 'Xem giúp' });
  const assignee = { id: inspector.userId, name: inspector.name, role: 'inspector' };
  expect(assigned).toMatchObject({ state: 'flagged', assignee, dueAtMs: assigned.dueAtMs });
  expect(assigned.history.at(-1)).toMatchObject({ step: 'assign', reason: 'Xem giúp', details: { assignee } });
  for (const unfit of [head.userId, cast.admin.userId, 'u-gone', 'nobody']) {
    const refused = take(bench, office, id, 'assign', { assigneeId: unfit });
    await expect(refused, unfit).rejects.toMatchObject({ kind: 'invalid', code: 'assignee_unfit' });
  }
  expect(await take(bench, leader, id, 'assign', { assigneeId: null })).toMatchObject({ assignee: null });
  await take(bench, office, id, 'dismiss');
  const ended = take(bench, office, id, 'assign', { assigneeId: leader.userId });
  await expect(ended).rejects.toMatchObject({ code: 'step_out_of_order' });
});

test('a prepared conclusion is kept for the offices, with who wrote it, and gone with the step', async () => {
  const { incidents } = bench;
  const { id } = await caseIn(bench, 'awaiting_conclusion');
  const draft = { conclusion: 'rectify', text: 'Đề nghị chấn chỉnh' } as const;
  expect((await incidents.prepare(inspector, id, draft)).draft).toEqual({
    ...draft,
    by: { name: 'Phạm Minh', role: 'inspector' },
    atMs: bench.nowMs,
  });
  expect((await incidents.prepare(leader, id, { ...draft, conclusion: null })).draft).toMatchObject({
    by: { name: leader.name },
    conclusion: null,
  });
  expect((await incidents.get(head, id)).draft).toBeNull();
  await expect(incidents.prepare(head, id, draft)).rejects.toMatchObject({ code: 'not_permitted' });
  await take(bench, leader, id, 'conclude');
  expect((await incidents.get(office, id)).draft).toBeNull();
  await expect(incidents.prepare(inspector, id, draft)).rejects.toMatchObject({ code: 'step_out_of_order' });
  const { id: other } = await caseIn(bench, 'awaiting_conclusion');
  await incidents.prepare(inspector, other, draft);
  expect((await incidents.prepare(inspector, other, { conclusion: null, text: '' })).draft).toBeNull();
});
