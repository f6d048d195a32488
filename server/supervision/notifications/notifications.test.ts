import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type NotificationsBench, openNotificationsBench } from '../../../test/support/notifications.ts';
import type { Notice, NoticeKind } from '../../contracts/notices.ts';
import type { NoticePerson } from './sources.ts';

const minuteMs = 60_000;
let bench: NotificationsBench;
let flagger: NoticePerson;
let office: NoticePerson;
let leader: NoticePerson;
let head: NoticePerson;
let admin: NoticePerson;

beforeEach(async () => {
  bench = await openNotificationsBench();
  flagger = await bench.person('inspector', 'lan');
  office = await bench.person('home_affairs');
  leader = await bench.person('leader');
  head = await bench.person('unit_head', 'head', 'hong-ha');
  admin = await bench.person('admin');
});
afterEach(() => bench.close());

async function of(person: NoticePerson): Promise<Notice[]> {
  await bench.work();
  return (await bench.notifications.notices.list(person, { limit: 200 })).items;
}
const kinds = async (person: NoticePerson): Promise<[NoticeKind, number][]> =>
  (await of(person)).map(({ kind, count }) => [kind, count]);

describe('a case', () => {
  it('that was flagged is told to those who verify, and not to the flagger', async () => {
    bench.case('c1', flagger);
    bench.notifications.handle({ what: 'flagged', incidentId: 'c1' });
    expect(await kinds(office)).toEqual([['case_flagged', 1]]);
    for (const person of [flagger, head, admin]) expect(await kinds(person)).toEqual([]);
  });

  it('is told to the head of the unit once it was sent, without anything of the flagger', async () => {
    const made = bench.case('c1', flagger);
    const step = { what: 'step', incidentId: 'c1', step: 'request_explanation', actorId: office.userId } as const;
    bench.notifications.handle(step);
    expect(await of(head)).toEqual([]);
    made.sent = true;
    bench.notifications.handle(step);
    const [notice] = await of(head);
    expect(notice).toMatchObject({ kind: 'case_sent', cases: [{ id: 'c1', unitName: 'UBND phường Hồng Hà' }] });
    expect(JSON.stringify(notice)).not.toMatch(/Người lan|Ghi chú|flaggedBy/);
  });

  it('is one notice to each person, however the person stands to it', async () => {
    bench.case('c1', flagger, { assigneeId: office.userId, watcherIds: [office.userId, leader.userId] });
    bench.notifications.handle({ what: 'step', incidentId: 'c1', step: 'explain', actorId: head.userId });
    expect(await kinds(office)).toEqual([['case_awaiting_conclusion', 1]]);
    expect(await kinds(leader)).toEqual([['case_explained', 1]]);
    expect(await kinds(flagger)).toEqual([['case_explained', 1]]);
  });

  it('that is overdue is told to whose turn it is and to the superior', async () => {
    bench.case('c1', flagger, { assigneeId: office.userId });
    const superior = { username: 'leader' };
    bench.notifications.handle({ what: 'due', incidentId: 'c1', state: 'verifying', due: 'overdue', superior });
    expect(await kinds(office)).toEqual([['case_overdue', 1]]);
    expect(await kinds(leader)).toEqual([['case_overdue', 1]]);
    expect(await kinds(flagger)).toEqual([]);
  });

  it('is talked about among those who see it; a mention goes before', async () => {
    bench.case('c1', flagger, { watcherIds: [leader.userId], sent: true });
    bench.comments.set('k1', { authorId: office.userId, mentionedIds: [head.userId, flagger.userId] });
    bench.notifications.handle({ what: 'commented', incidentId: 'c1', commentId: 'k1' });
    expect(await kinds(flagger)).toEqual([['case_mentioned', 1]]);
    expect(await kinds(leader)).toEqual([['case_commented', 1]]);
    expect([await kinds(head), await kinds(office)]).toEqual([[], []]);
  });

  it('that the reader has lost is gone from old notices and from the count', async () => {
    const made = bench.case('c1', flagger, { sent: true });
    bench.notifications.handle({ what: 'step', incidentId: 'c1', step: 'conclude', actorId: office.userId });
    expect(await kinds(head)).toEqual([['case_concluded', 1]]);
    expect(await bench.notifications.notices.unread(head)).toBe(1);
    made.sent = false;
    expect(await kinds(head)).toEqual([]);
    expect(await bench.notifications.notices.unread(head)).toBe(0);
    expect(await kinds({ ...flagger, role: 'auditor' })).toEqual([]);
  });
});

describe('a storm', () => {
  it('of 200 cases that are assigned at once is one notice, told with its count', async () => {
    const told: number[] = [];
    bench.notifications.notices.on('added', ({ notice }) => told.push(notice.count));
    for (let i = 1; i <= 200; i++) {
      bench.case(`c${i}`, flagger, { assigneeId: office.userId });
      bench.notifications.handle({ what: 'step', incidentId: `c${i}`, step: 'assign', actorId: leader.userId });
    }
    const notices = await of(office);
    expect(notices.map(({ kind, count, cases }) => [kind, count, cases.length])).toEqual([['case_assigned', 200, 3]]);
    expect(told.at(-1)).toBe(200);
    expect(told.length).toBeLessThan(10);
    expect(await bench.notifications.notices.unread(office)).toBe(1);
  });

  it('is not what comes later, of another cause, or after the first was read', async () => {
    const flag = (id: string, by = flagger) => {
      bench.case(id, by);
      bench.notifications.handle({ what: 'flagged', incidentId: id });
      return bench.work();
    };
    await flag('c0');
    bench.clock.advance(30_000);
    await flag('c1');
    expect(await kinds(office)).toEqual([['case_flagged', 2]]);
    await flag('c2', leader);
    expect(await kinds(office)).toHaveLength(2);
    bench.clock.advance(61_000);
    await flag('c3');
    expect(await kinds(office)).toHaveLength(3);
    const [newest] = await of(office);
    await bench.notifications.notices.markRead(office, { ids: [newest?.id ?? ''] });
    await flag('c4');
    expect(await kinds(office)).toHaveLength(4);
  });

  it('of many kinds in an hour ends in one notice that stands for the rest', async () => {
    await bench.restart({ settings: { perPersonHour: 5 } });
    for (let i = 1; i <= 12; i++) {
      bench.case(`c${i}`, flagger);
      bench.notifications.handle({ what: 'flagged', incidentId: `c${i}` });
      await bench.work();
      bench.clock.advance(2 * minuteMs);
    }
    expect(await kinds(office)).toEqual([['summary', 7], ...Array.from({ length: 5 }, () => ['case_flagged', 1])]);
  });

  it('of a camera that flaps is one notice until it was well for ten minutes', async () => {
    bench.cameras.set('cam-1', { unitId: 'hong-ha', state: 'well', trouble: 'offline' });
    const camera = bench.cameras.get('cam-1');
    const pass = async (minutes: number, state: 'bad' | 'well') => {
      if (camera !== undefined) camera.state = state;
      await bench.work();
      bench.clock.advance(minutes * minuteMs);
      await bench.work();
    };
    for (let i = 0; i < 10; i++) {
      await pass(1, 'bad');
      await pass(1, 'well');
    }
    expect(await kinds(admin)).toEqual([['camera_down', 1]]);
    expect(await kinds(head)).toEqual([['camera_down', 1]]);
    expect(await kinds(office)).toEqual([]);
    // A restart neither forgets nor repeats it.
    await bench.restart();
    await pass(1, 'bad');
    expect(await kinds(admin)).toEqual([['camera_down', 1]]);
    await pass(10, 'well');
    expect(await kinds(admin)).toEqual([
      ['camera_up', 1],
      ['camera_down', 1],
    ]);
    await pass(1, 'bad');
    expect(await kinds(admin)).toEqual([
      ['camera_down', 1],
      ['camera_up', 1],
      ['camera_down', 1],
    ]);
  });

  it('of a switch that fails is one notice with the count of its cameras, to each head of the own ones only', async () => {
    for (let i = 1; i <= 30; i++) {
      bench.cameras.set(`cam-${i}`, { unitId: i <= 10 ? 'hong-ha' : 'bai-chay', state: 'bad', trouble: 'offline' });
    }
    await bench.work();
    bench.clock.advance(minuteMs);
    expect(await kinds(admin)).toEqual([['camera_down', 30]]);
    expect(await kinds(head)).toEqual([['camera_down', 10]]);
    expect((await of(admin))[0]?.cameras).toHaveLength(3);
    // A camera that came to another unit is that unit's head's to know of.
    for (let i = 1; i <= 4; i++)
      bench.cameras.set(`cam-${i}`, { unitId: 'bai-chay', state: 'bad', trouble: 'offline' });
    expect(await kinds(head)).toEqual([['camera_down', 6]]);
  });
});

describe('an alarm of the archive', () => {
  it('is told once to the administrator, and again when it comes back after it had ended while the server was down', async () => {
    bench.notifications.alarm('disk_full', true);
    bench.notifications.alarm('disk_full', true);
    expect(await of(admin)).toMatchObject([{ kind: 'archive_alarm', alarm: { code: 'disk_full' } }]);
    await bench.restart();
    bench.notifications.alarmsOn(['disk_full']);
    expect(await kinds(admin)).toHaveLength(1);
    await bench.restart();
    bench.notifications.alarmsOn([]);
    bench.clock.advance(10 * minuteMs);
    await bench.work();
    bench.notifications.alarm('disk_full', true);
    expect(await kinds(admin)).toEqual([
      ['archive_alarm', 1],
      ['archive_alarm', 1],
    ]);
    expect(await kinds(office)).toEqual([]);
  });
});

describe('notices', () => {
  async function flags(count: number): Promise<void> {
    for (let i = 1; i <= count; i++) {
      bench.case(`c${i}`, flagger);
      bench.notifications.handle({ what: 'flagged', incidentId: `c${i}` });
      await bench.work();
      bench.clock.advance(2 * minuteMs);
    }
  }

  it('are read one by one or up to a moment, and every window hears of it', async () => {
    await flags(3);
    const heard: unknown[] = [];
    bench.notifications.notices.on('read', (event) => heard.push(event));
    const { notices } = bench.notifications;
    const all = await of(office);
    const [newest, , oldest] = all;
    expect(await notices.markRead(office, { ids: [oldest?.id ?? ''] })).toBe(2);
    // Another person's notices are not one's own to read.
    expect(await notices.markRead(leader, { ids: all.map(({ id }) => id) })).toBe(0);
    expect(await notices.unread(office)).toBe(2);
    expect(await notices.markRead(office, { untilMs: (newest?.atMs ?? 0) - 1 })).toBe(1);
    expect(heard).toMatchObject([
      { userId: office.userId, ids: [oldest?.id], unread: 2 },
      { userId: office.userId, ids: null, untilMs: (newest?.atMs ?? 0) - 1, unread: 1 },
    ]);
  });

  it('come in pages, newest first, also where the reader has lost some', async () => {
    await flags(7);
    bench.cases.delete('c5');
    const { notices } = bench.notifications;
    const first = await notices.list(office, { limit: 4 });
    const second = await notices.list(office, { limit: 4, cursor: first.next ?? '' });
    const numbers = [...first.items, ...second.items].map(({ cases }) => cases[0]?.id);
    expect(numbers).toEqual(['c7', 'c6', 'c4', 'c3', 'c2', 'c1']);
    expect(second.next).toBeNull();
    expect(first.unread).toBe(6);
    await expect(notices.list(office, { limit: 4, cursor: 'x' })).rejects.toMatchObject({ code: 'cursor_invalid' });
  });

  it('are forgotten after 90 days', async () => {
    await flags(1);
    bench.clock.advance(91 * 24 * 60 * minuteMs);
    expect(await of(office)).toEqual([]);
    expect(await bench.database.kysely.selectFrom('notice_subjects').selectAll().execute()).toEqual([]);
  });

  it('of a kind that a person switched off are not made', async () => {
    const { settings } = bench.notifications;
    await settings.patch(office, { choices: { case_flagged: { console: false, mail: false } } });
    await flags(1);
    expect(await of(office)).toEqual([]);
    const patch = settings.patch(head, { choices: { case_flagged: { console: true, mail: true } } });
    await expect(patch).rejects.toMatchObject({ code: 'notice_kind_not_yours' });
  });
});

it('a year without days off is told to administrators alone, once, also after a restart, and not to webhooks', async () => {
  const tell = vi.spyOn(bench.notifications.webhooks, 'tell');
  bench.notifications.alarmsOn(['holidays_missing']);
  bench.notifications.alarm('holidays_missing', true);
  expect(await of(admin)).toMatchObject([{ kind: 'calendar_alarm', alarm: { code: 'holidays_missing' } }]);
  expect([await kinds(leader), tell.mock.calls.flat(2)]).toEqual([[], []]);
  await bench.restart();
  bench.notifications.alarmsOn(['holidays_missing']);
  expect(await kinds(admin)).toEqual([['calendar_alarm', 1]]);
});

it('news of a term are given back only once people were told', async () => {
  bench.case('c1', flagger);
  const due = {
    what: 'due',
    newsId: 'n1',
    incidentId: 'c1',
    state: 'flagged',
    due: 'overdue',
    superior: null,
  } as const;
  const add = vi.spyOn(bench.notifications.notices, 'add').mockRejectedValueOnce(new Error('the database is away'));
  bench.notifications.handle(due);
  await bench.work();
  expect([bench.newsTold, add.mock.calls.length]).toEqual([[], 1]);
  bench.notifications.handle(due);
  await bench.work();
  expect(bench.newsTold).toEqual(['n1']);
  expect(await kinds(office)).toContainEqual(['case_overdue', 1]);
});

describe('a digest', () => {
  it('is made at its hour, once, also after restarts, and only for whoever sees the city', async () => {
    bench.case('c1', flagger);
    bench.clock.advance(21.4 * 60 * minuteMs);
    expect(await kinds(leader)).toEqual([]);
    bench.clock.advance(10 * minuteMs);
    const [digest] = await of(leader);
    expect(digest).toMatchObject({ kind: 'digest', digest: { open: 1, coveragePercent: 99.5 } });
    await bench.restart();
    bench.clock.advance(60 * minuteMs);
    await bench.restart();
    expect(await kinds(leader)).toEqual([['digest', 1]]);
    expect([await kinds(head), await kinds(admin)]).toEqual([[], []]);
  });
});

it('second readings that wait are told in the morning, by their number, to those who may read', async () => {
  bench.readings = ['x1', 'x2'];
  bench.clock.advance(22.6 * 60 * minuteMs);
  const only = async (person: NoticePerson) =>
    (await of(person)).filter(({ kind }) => kind === 'second_reading_waiting');
  const [notice] = await only(office);
  expect(notice).toMatchObject({ count: 2, cases: [], atMs: bench.clock.nowMs() });
  expect(JSON.stringify(notice)).not.toMatch(/x1|x2/);
  await bench.restart();
  expect([(await only(office)).length, (await only(leader)).length, (await only(head)).length]).toEqual([1, 1, 0]);
});
