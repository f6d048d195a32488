import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { caseIn, cast, flagOf } from '../../../test/support/cases.ts';
import { at, type IncidentBench, openIncidentBench, person } from '../../../test/support/supervision.ts';
import {
  type CreateIncidentRequest,
  incidentPage,
  incidentQuery,
  incident as incidentSchema,
} from '../../contracts/incidents.ts';

const { leader, office, inspector, head, otherHead, admin, auditor } = cast;

let bench: IncidentBench;
beforeEach(async () => {
  bench = await openIncidentBench();
});
afterEach(() => bench.close());

const request = (change: Partial<CreateIncidentRequest> = {}) => flagOf(bench, change);
const query = (parameters: Record<string, unknown> = {}) => incidentQuery.parse(parameters);

const concluded = (change: Partial<CreateIncidentRequest> = {}) => caseIn(bench, 'concluded', change);

test('a flag becomes a case with number, severity of its category, place as of now, and its first entry', async () => {
  const { nowMs } = bench;
  const created = await bench.incidents.create(leader, request({ note: 'Hai người dân chờ' }));
  expect(incidentSchema.parse(created)).toMatchObject({
    id: created.id,
    number: 'VV-2026-0001',
    version: 1,
    state: 'flagged',
    category: 'TN01',
    severity: 2,
    cameraId: 'cam-1',
    cameraName: 'Quầy số 1',
    unitId: 'hong-ha',
    unitName: 'Phường Hồng Hà',
    atMs: nowMs - 30_000,
    fromMs: nowMs - 60_000,
    toMs: nowMs,
    note: 'Hai người dân chờ',
    flaggedBy: { name: 'Nguyễn Văn An', role: 'leader' },
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    dueAtMs: at('2026-11-26 16:30'),
    workingDaysLeft: 2,
    conclusion: null,
    still: `/api/incidents/${created.id}/still.jpg`,
    history: [
      {
        atMs: nowMs,
        step: 'flag',
        by: { name: 'Nguyễn Văn An', role: 'leader' },
        fromState: null,
        toState: 'flagged',
        reason: 'Hai người dân chờ',
      },
    ],
    footage: { recorded: [[nowMs - 60_000, nowMs]], gaps: [], complete: true, pending: false },
  });
  expect(bench.emitted[0]).toBe(`created ${created.id}`);
  expect(bench.audited).toEqual([
    {
      actor: leader,
      address: '',
      action: 'incident.created',
      subject: `incident:${created.id}`,
      details: { number: 'VV-2026-0001', category: 'TN01', camera: 'cam-1', atMs: nowMs - 30_000 },
    },
  ]);
});

test('numbers count within the year of the city’s own time zone', async () => {
  const numbers: string[] = [];
  for (const now of ['2026-12-31 23:58', '2026-12-31 23:59', '2027-01-01 00:00']) {
    bench.nowMs = at(now);
    numbers.push((await bench.incidents.create(office, request())).number);
  }
  expect(numbers).toEqual(['VV-2026-0001', 'VV-2026-0002', 'VV-2027-0001']);
});

test('flags set at the same time get different numbers', async () => {
  const created = await Promise.all(Array.from({ length: 20 }, () => bench.incidents.create(office, request())));
  expect(new Set(created.map((c) => c.number)).size).toBe(20);
});

test('only those who may flag do; a camera and a category have to exist', async () => {
  for (const refused of [head, admin, auditor]) {
    await expect(bench.incidents.create(refused, request())).rejects.toMatchObject({ code: 'not_permitted' });
  }
  const elsewhere = bench.incidents.create(office, request({ cameraId: 'cam-9' }));
  await expect(elsewhere).rejects.toMatchObject({ kind: 'not_found', code: 'camera_unknown' });
  const unheard = bench.incidents.create(office, request({ category: 'ZZ99' }));
  await expect(unheard).rejects.toMatchObject({ kind: 'invalid', code: 'category_unknown' });
  expect((await bench.incidents.list(office, query())).counts.all).toBe(0);
});

test('a flag reaches back 31 days and 10 minutes ahead, and its moment lies in its stretch', async () => {
  const { incidents, nowMs } = bench;
  const back = nowMs - 31 * 86_400_000;
  const ahead = nowMs + 600_000;
  await incidents.create(office, request({ fromMs: back, toMs: back + 1000 }));
  await incidents.create(office, request({ fromMs: nowMs, toMs: ahead }));
  const refusals: [Partial<CreateIncidentRequest>, string][] = [
    [{ fromMs: back - 1, toMs: back + 1000 }, 'fromMs'],
    [{ fromMs: nowMs, toMs: ahead + 1 }, 'toMs'],
    [{ atMs: nowMs + 1 }, 'atMs'],
    [{ atMs: nowMs - 60_001 }, 'atMs'],
  ];
  for (const [change, field] of refusals) {
    await expect(incidents.create(office, request(change))).rejects.toMatchObject({
      code: 'time_out_of_bounds',
      fields: { [field]: expect.any(String) },
    });
  }
});

test('a case of the past belongs to the unit in which the camera stood then, and none reaches over a move', async () => {
  const movedMs = bench.nowMs - 3_600_000;
  bench.unitAt = (atMs) => (atMs < movedMs ? 'bai-chay' : 'hong-ha');
  const before = { fromMs: movedMs - 60_000, toMs: movedMs };
  const { id, unitName } = await caseIn(bench, 'concluded', before, otherHead);
  expect(unitName).toBe('Phường Bãi Cháy');
  await expect(bench.incidents.get(head, id)).rejects.toMatchObject({ code: 'incident_unknown' });
  expect((await bench.incidents.get(otherHead, id)).unitId).toBe('bai-chay');
  expect((await bench.incidents.create(office, request({ fromMs: movedMs, toMs: movedMs + 1 }))).unitId).toBe(
    'hong-ha',
  );
  await expect(
    bench.incidents.create(office, request({ ...before, toMs: movedMs + 1, atMs: movedMs })),
  ).rejects.toMatchObject({ code: 'time_out_of_bounds', fields: { toMs: expect.any(String) } });
});

test('an audience is told what each may see, and nothing to whoever may not', async () => {
  const { id } = await concluded();
  const tell = await bench.incidents.audience(id);
  expect(tell(leader)?.flaggedBy).toEqual({ name: 'Trần Thị Bình', role: 'home_affairs' });
  expect(tell(head)).toMatchObject({ id, flaggedBy: null });
  expect([otherHead, admin, auditor].map(tell)).toEqual([null, null, null]);
  expect((await bench.incidents.audience('gone'))(leader)).toBeNull();
  expect(await bench.incidents.summary(head, id)).toEqual(tell(head));
});

test('whoever sees no cases gets no list', async () => {
  for (const refused of [admin, auditor, person('unit_head', 'x', null)]) {
    const list = bench.incidents.list(refused, query());
    await expect(list).rejects.toMatchObject({ kind: 'forbidden', code: 'not_permitted' });
  }
});

test('filters narrow the list, and the counts are those of the filter in whatever state', async () => {
  const { incidents } = bench;
  const a = await concluded({ category: 'TP01', note: 'không thẻ' });
  const b = await incidents.create(leader, request({ cameraId: 'cam-2', category: 'TD02' }));
  const c = await incidents.create(leader, request({ cameraId: 'cam-2', category: 'VT01', severity: 1 }));
  const ids = async (parameters: Record<string, unknown>) =>
    (await incidents.list(office, query(parameters))).items.map((i) => i.number);
  expect(await ids({ unit: 'hong-ha' })).toEqual([a.number]);
  expect(await ids({ camera: 'cam-2,cam-1', severity: '1' })).toHaveLength(2);
  expect(await ids({ category: 'TD02' })).toEqual([b.number]);
  expect(await ids({ severity: ['3'] })).toEqual([b.number]);
  expect(await ids({ state: 'concluded' })).toEqual([a.number]);
  expect((await ids({ open: 'true' })).sort()).toEqual([b.number, c.number]);
  expect(await ids({ open: 'false' })).toEqual([a.number]);
  expect(await ids({ open: 'true', state: 'concluded' })).toEqual([]);
  expect(await ids({ from: String(b.atMs), to: String(b.atMs) })).toEqual([]);
  expect(await ids({ from: String(b.atMs), to: String(b.atMs + 1) })).toHaveLength(3);
  expect(await ids({ unit: '' })).toHaveLength(3);
  const page = incidentPage.parse(await incidents.list(office, query({ unit: 'hong-ha', state: 'flagged' })));
  expect(page.counts).toEqual({ open: 0, overdue: 0, concluded: 1, all: 1, byState: { concluded: 1 } });
  bench.nowMs = at('2026-11-26 16:31');
  expect((await incidents.list(office, query({ limit: '1' }))).counts.overdue).toBe(2);
});

test('the search needs no diacritics and looks at number, category, unit, camera and note', async () => {
  const { incidents } = bench;
  const a = await incidents.create(office, request({ note: 'Đứng chờ 100% thời gian_dài' }));
  const b = await incidents.create(office, request({ cameraId: 'cam-2', category: 'TD03' }));
  const found = async (q: string) => (await incidents.list(office, query({ q }))).items.map((i) => i.number);
  expect(await found('hồng hà')).toEqual([a.number]);
  expect(await found('HONG HA dung')).toEqual([a.number]);
  expect(await found('đăng ký')).toEqual([b.number]);
  expect(await found('dang ky hut thuoc')).toEqual([b.number]);
  expect(await found('smoking')).toEqual([b.number]);
  expect(await found('td03')).toEqual([b.number]);
  expect(await found('vv-2026-0001')).toEqual([a.number]);
  expect(await found('hong bai')).toEqual([]);
  expect(await found('100%')).toEqual([a.number]);
  expect(await found('gian_dai')).toEqual([a.number]);
  expect(await found('_%_')).toEqual([]);
  expect(await found('\\')).toEqual([]);
  expect(await found('  ')).toHaveLength(2);
});

test.each(['newest', 'due'] as const)(
  'pages by %s hold every case once, in order, also with cases of the same moment',
  async (sort) => {
    const { incidents } = bench;
    for (let i = 0; i < 11; i++) {
      // Several of one moment, then a later day, and some that have ended.
      if (i % 4 === 0) bench.nowMs += 86_400_000;
      const { id } = await incidents.create(office, request());
      if (i % 3 === 0) await incidents.step(inspector, id, 'dismiss', { version: 1, reason: 'x' });
    }
    const whole = (await incidents.list(office, query({ sort, limit: '200' }))).items;
    const key = (i: (typeof whole)[number]) =>
      sort === 'newest' ? -i.createdAtMs : (i.dueAtMs ?? Number.POSITIVE_INFINITY);
    expect(whole.map(key)).toEqual(whole.map(key).sort((x, y) => x - y));
    const paged: typeof whole = [];
    for (let cursor: string | undefined; ; ) {
      const page = await incidents.list(office, query({ sort, limit: '2', ...(cursor && { cursor }) }));
      paged.push(...page.items);
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(paged).toEqual(whole);
    expect(whole).toHaveLength(11);
  },
);

test('a cursor of another order, or none at all, is refused', async () => {
  const { incidents } = bench;
  await incidents.create(office, request());
  await incidents.create(office, request());
  const { next } = await incidents.list(office, query({ limit: '1' }));
  for (const bad of [{ sort: 'due', cursor: next }, { cursor: 'x' }, { cursor: btoa('["newest",1,2]') }]) {
    await expect(incidents.list(office, query(bad))).rejects.toMatchObject({ kind: 'invalid', code: 'cursor_invalid' });
  }
});

test('the timeline of a camera has the cases that touch the asked range', async () => {
  const { incidents } = bench;
  const noon = bench.nowMs;
  const { id } = await concluded({ fromMs: noon - 3_600_000, toMs: noon });
  await incidents.create(office, request({ cameraId: 'cam-2' }));
  const ids = async (who: typeof head, from: number, to: number) =>
    (await incidents.forTimeline(who, 'cam-1', from, to)).map((i) => i.id);
  expect(await ids(leader, noon - 1, noon + 1)).toEqual([id]);
  expect(await ids(leader, noon - 4_000_000, noon - 3_599_999)).toEqual([id]);
  expect(await ids(leader, noon, noon + 1)).toEqual([]);
  expect(await ids(leader, noon - 4_000_000, noon - 3_600_000)).toEqual([]);
  expect(await ids(head, noon - 1, noon)).toEqual([id]);
  for (const none of [otherHead, admin, auditor]) expect(await ids(none, noon - 1, noon)).toEqual([]);
});

test('names stay those of the time of the flag', async () => {
  const { id } = await bench.incidents.create(office, request());
  const row = await bench.store.find(id);
  expect(row).toMatchObject({ camera_name: 'Quầy số 1', unit_name: 'Phường Hồng Hà' });
});

test('a footage that the recorder cannot tell of does not hide the case', async () => {
  vi.spyOn(bench.recorder, 'timeline').mockRejectedValue(new Error('away'));
  const created = await bench.incidents.create(office, request());
  expect(created.footage).toEqual({ recorded: [], gaps: [], complete: false, pending: false });
});

test('gaps of the stretch are told, and an end that is still to come', async () => {
  const { nowMs } = bench;
  const gaps = [{ from: nowMs - 40_000, to: nowMs - 20_000, reason: 'camera_offline' as const }];
  bench.recorder.recorded = { recorded: [[nowMs - 60_000, nowMs - 40_000]], gaps };
  const { footage } = await bench.incidents.create(office, request({ toMs: nowMs + 30_000 }));
  expect(footage).toEqual({ recorded: [[nowMs - 60_000, nowMs - 40_000]], gaps, complete: false, pending: true });
});
