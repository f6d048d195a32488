import { afterEach, beforeEach, expect, test } from 'vitest';
import { accountOf, cast, flagOf, take } from '../../../test/support/cases.ts';
import { consider, type IncidentWork, incidentWork, people } from '../../../test/support/incident-work.ts';
import { type IncidentBench, openIncidentBench } from '../../../test/support/supervision.ts';
import { figuresQuery } from '../../contracts/incident-figures.ts';
import { createCommentRequest } from '../../contracts/incident-work.ts';
import { incidentQuery } from '../../contracts/incidents.ts';

const { office, inspector, leader, head, otherHead } = cast;
const assignee = people.second;
const address = '10.9.8.7';
/** What is in the case and must never be in an answer to the unit. */
const secrets = {
  flagger: office.name,
  flaggerId: `"${office.userId}"`,
  note: 'nghi ngờ bỏ vị trí',
  comment: 'ý kiến trong nội bộ',
  assignee: assignee.name,
  assigneeId: `"${assignee.userId}"`,
  draft: 'dự thảo kết luận',
  verified: 'xác minh từ 9 giờ',
  corrected: 'nhầm hành vi',
  address,
};

let bench: IncidentBench;
let work: IncidentWork;
beforeEach(async () => {
  bench = await openIncidentBench();
  work = incidentWork(bench);
  bench.accounts.push(...Object.values(cast).map(accountOf), accountOf(assignee));
});
afterEach(() => bench.close());

/** Every answer that the head of the unit can have of the case; what is refused is told by its code. */
async function answersTo(who: typeof head, id: string): Promise<Record<string, unknown>> {
  const { incidents } = bench;
  const list = (parameters: object) => work.list.page(who, incidentQuery.parse(parameters));
  const asks: Record<string, () => Promise<unknown>> = {
    detail: () => incidents.get(who, id),
    summary: () => incidents.summary(who, id),
    audience: async () => (await incidents.audience(id))(who),
    timeline: () => incidents.forTimeline(who, 'cam-1', 0, bench.nowMs + 1),
    list: () => list({}),
    late: () => list({ due: 'ok,soon,overdue', sort: 'due' }),
    figures: () => work.figures.of(who, figuresQuery.parse({})),
    watch: () => work.watchers.set(who, id, true),
    filters: () => work.filters.list(who),
    comments: () => work.comments.list(who, id),
    mentionable: () => work.comments.mentionable(who, id),
    duplicates: () => work.repeats.duplicatesOf(who, id),
    readings: () => work.readings.list(who),
    stale: () => incidents.step(who, id, 'appeal', { version: 999, reason: 'x', attachments: [] }),
    ...Object.fromEntries(
      Object.values(secrets).map((word) => [`search ${word}`, () => list({ q: word.replaceAll('"', '') })]),
    ),
    ...Object.fromEntries(
      ['person', 'assignee'].flatMap((name) =>
        [office.userId, assignee.userId].map((value) => [`${name} ${value}`, () => list({ [name]: value })]),
      ),
    ),
  };
  const told: Record<string, unknown> = {};
  for (const [name, ask] of Object.entries(asks)) {
    told[name] = await ask().catch((error) => ({ code: error.code, details: error.details, params: error.params }));
  }
  return told;
}

async function expectNothing(who: typeof head, id: string, state: string): Promise<void> {
  for (const [name, answer] of Object.entries(await answersTo(who, id))) {
    const text = JSON.stringify(answer) ?? '';
    for (const [secret, word] of Object.entries(secrets))
      expect(text, `${state}: ${name} tells ${secret}`).not.toContain(word);
    if (name.startsWith('search ')) expect((answer as { items: unknown[] }).items, `${state}: ${name}`).toEqual([]);
  }
}

test('in no state and by no answer does the unit learn who flagged, the note, comments, the assignee, drafts or addresses', async () => {
  const { id } = await bench.incidents.create(office, flagOf(bench, { note: secrets.note }), address);
  const at = async (state: string) => {
    await work.comments.add(
      inspector,
      id,
      createCommentRequest.parse({ text: `${secrets.comment}: ${state}` }),
      address,
    );
    await take(bench, office, id, 'assign', { assigneeId: assignee.userId, reason: secrets.verified }, address);
    await expectNothing(head, id, state);
    await expectNothing(otherHead, id, state);
  };
  await at('flagged');
  await take(bench, office, id, 'verify', { reason: secrets.verified }, address);
  await take(bench, office, id, 'correct', { severity: 3, reason: secrets.corrected }, address);
  await at('verifying');
  const question = { reason: 'Vì sao quầy trống?', finding: 'Quầy trống 20 phút' };
  await take(bench, office, id, 'request_explanation', question, address);
  await at('explanation_requested');
  expect(JSON.stringify(await answersTo(head, id))).toContain('Quầy trống 20 phút');
  await take(bench, head, id, 'explain', {}, address.replace('9', '1'));
  await bench.incidents.prepare(inspector, id, { conclusion: 'criticism', text: secrets.draft });
  await at('awaiting_conclusion');
  await take(bench, inspector, id, 'conclude', {}, address);
  await consider(bench, work, id, (await bench.incidents.get(leader, id)).version);
  await expectNothing(head, id, 'concluded');
  await take(bench, head, id, 'appeal');
  await at('appealed');
  await take(bench, leader, id, 'judge_appeal', {}, address);
  await expectNothing(head, id, 'closed');
});
