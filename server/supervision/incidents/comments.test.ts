import { afterEach, beforeEach, expect, test } from 'vitest';
import { colleague, type IncidentWork, incidentWork, people, sendToUnit } from '../../../test/support/incident-work.ts';
import { type IncidentBench, openIncidentBench, person } from '../../../test/support/supervision.ts';
import { commentList, createCommentRequest } from '../../contracts/incident-work.ts';
import { createIncidentRequest } from '../../contracts/incidents.ts';

const { leader, office, inspector, second, head, otherHead, admin, auditor } = people;

let bench: IncidentBench;
let work: IncidentWork;
let id: string;
beforeEach(async () => {
  bench = await openIncidentBench();
  work = incidentWork(bench);
  const { nowMs } = bench;
  const flag = { cameraId: 'cam-1', category: 'TN01', fromMs: nowMs - 60_000, toMs: nowMs };
  ({ id } = await bench.incidents.create(office, createIncidentRequest.parse(flag)));
});
afterEach(() => bench.close());

const comment = (text: string, more: object = {}) => createCommentRequest.parse({ text, ...more });

test('those who see the whole city read comments in order, with who wrote them and whom they mention', async () => {
  await work.comments.add(
    office,
    id,
    comment('Xem lại quầy 2', { mentions: [{ userId: inspector.userId }] }),
    '10.0.0.7',
  );
  bench.nowMs += 1_000;
  await work.comments.add(leader, id, comment('Đồng ý', { mentions: [{ role: 'home_affairs' }] }));
  const list = await work.comments.list(inspector, id);
  expect(commentList.parse(list).items).toMatchObject([
    {
      by: { name: office.name, role: 'home_affairs' },
      mine: false,
      text: 'Xem lại quầy 2',
      mentions: [{ role: 'inspector', userId: inspector.userId, name: inspector.name }],
      corrects: null,
    },
    { by: { name: leader.name, role: 'leader' }, mentions: [{ role: 'home_affairs', userId: null, name: null }] },
  ]);
  expect(work.commented).toEqual(list.items.map((item) => ({ incidentId: id, commentId: item.id })));
  expect(bench.audited.filter(({ action }) => action === 'incident.commented')).toMatchObject([
    { actor: office, address: '10.0.0.7', subject: `incident:${id}` },
    { actor: leader },
  ]);
});

test('the unit, the administrator and the auditor neither read nor write comments, also of a case that was sent', async () => {
  await sendToUnit(bench, id);
  for (const refused of [head, otherHead, admin, auditor]) {
    const refusal = { kind: 'forbidden', code: 'not_permitted' };
    await expect(work.comments.list(refused, id)).rejects.toMatchObject(refusal);
    await expect(work.comments.add(refused, id, comment('x'))).rejects.toMatchObject(refusal);
    await expect(work.comments.mentionable(refused, id)).rejects.toMatchObject(refusal);
  }
  await expect(work.comments.list(office, 'nowhere')).rejects.toMatchObject({ code: 'incident_unknown' });
});

test('whoever may not see the case cannot be mentioned, nor an account that is disabled', async () => {
  work.accounts.push(colleague(person('inspector', 'Nghỉ việc'), true));
  const { people: named, roles } = await work.comments.mentionable(office, id);
  expect(new Set(named.map(({ userId }) => userId))).toEqual(
    new Set([leader, office, inspector, second].map(({ userId }) => userId)),
  );
  expect(roles).toEqual(['leader', 'home_affairs', 'inspector']);
  for (const mention of [{ userId: head.userId }, { role: 'unit_head' }, { role: 'admin' }, { userId: 'u-nghỉ' }]) {
    const bad = { text: 'x', mentions: [mention as never], corrects: null };
    await expect(work.comments.add(office, id, bad)).rejects.toMatchObject({ code: 'mention_unknown' });
  }
  expect((await work.comments.list(office, id)).items).toEqual([]);
});

test('a correction is a new comment that names one’s own earlier one of the same case', async () => {
  const first = await work.comments.add(office, id, comment('9 giờ'));
  const corrected = await work.comments.add(office, id, comment('10 giờ', { corrects: first.id }));
  expect(corrected.corrects).toBe(first.id);
  expect((await work.comments.list(office, id)).items.map((item) => item.text)).toEqual(['9 giờ', '10 giờ']);
  const foreign = work.comments.add(leader, id, comment('11 giờ', { corrects: first.id }));
  await expect(foreign).rejects.toMatchObject({ code: 'comment_unknown' });
});

test('the news of a comment names each mentioned account once, by name or by office, and not the author', async () => {
  const mentions = [{ role: 'inspector' }, { userId: inspector.userId }, { userId: office.userId }];
  const { id: commentId } = await work.comments.add(office, id, comment('Xem giúp', { mentions }));
  const news = await work.comments.news(commentId);
  expect(news).toMatchObject({ incidentId: id, authorId: office.userId, text: 'Xem giúp' });
  expect(new Set(news?.mentioned)).toEqual(new Set([inspector.userId, second.userId]));
  expect(news?.mentioned).toHaveLength(2);
});

test('whoever comments watches the case, and having stopped, does not watch it again by commenting', async () => {
  await work.comments.add(office, id, comment('một'));
  expect(await work.watchers.idsOf(id)).toEqual([office.userId]);
  await work.watchers.set(office, id, false);
  await work.comments.add(office, id, comment('hai'));
  await work.watchers.begin(id, office.userId);
  expect(await work.watchers.idsOf(id)).toEqual([]);
});

test('a person watches and stops by word; the unit watches its own sent case and learns of nobody else who does', async () => {
  await work.watchers.set(leader, id, true);
  await work.watchers.begin(id, inspector.userId);
  await expect(work.watchers.set(head, id, true)).rejects.toMatchObject({ code: 'incident_unknown' });
  await sendToUnit(bench, id);
  expect(await work.watchers.set(head, id, true)).toEqual({ watching: true, watchers: null });
  await expect(work.watchers.of(otherHead, id)).rejects.toMatchObject({ code: 'incident_unknown' });
  const { watching, watchers } = await work.watchers.of(office, id);
  expect(watching).toBe(false);
  expect(new Set(watchers?.map(({ userId }) => userId))).toEqual(
    new Set([leader, inspector, head].map((p) => p.userId)),
  );
  expect((await work.watchers.set(leader, id, false)).watchers?.map(({ userId }) => userId)).not.toContain(
    leader.userId,
  );
});
