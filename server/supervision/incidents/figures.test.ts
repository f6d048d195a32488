import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateCases } from '../../../test/bench/incident-generator.ts';
import { consider, type IncidentWork, incidentWork, people } from '../../../test/support/incident-work.ts';
import { at, type IncidentBench, openIncidentBench } from '../../../test/support/supervision.ts';
import { type Figure, figure, figuresQuery, incidentFigures } from '../../contracts/incident-figures.ts';
import { incidentQuery } from '../../contracts/incidents.ts';
import type { Supervisor } from '../supervisor.ts';
import { ageRanges, monthRanges } from './figure-ranges.ts';

const { office, head, otherHead, admin, auditor } = people;

let bench: IncidentBench;
let work: IncidentWork;
beforeEach(async () => {
  bench = await openIncidentBench();
  work = incidentWork(bench);
});
afterEach(() => bench.close());

/** Every number with its filter, wherever it stands in the answer, by the way to it. */
function figuresIn(value: unknown, path = ''): [path: string, figure: Figure][] {
  if (typeof value !== 'object' || value === null) return [];
  const parsed = figure.strict().safeParse(value);
  if (parsed.success) return [[path, parsed.data]];
  return Object.entries(value).flatMap(([key, inner]) => figuresIn(inner, `${path}.${key}`));
}

async function listed(who: Supervisor, filter: Record<string, string>): Promise<number> {
  let count = 0;
  let cursor: string | null = null;
  do {
    const asked = incidentQuery.parse({ ...filter, limit: '200', ...(cursor === null ? {} : { cursor }) });
    const page = await work.list.page(who, asked);
    count += page.items.length;
    cursor = page.next;
  } while (cursor !== null);
  return count;
}

async function aCity(): Promise<void> {
  let state = 7;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  await generateCases(bench.database, bench.city, 240, bench.nowMs, random, 90);
  const { kysely } = bench.database;
  const closed = await kysely.selectFrom('incidents').selectAll().where('state', '=', 'closed').limit(9).execute();
  for (const [i, row] of closed.entries()) {
    work.lots.push(0);
    await consider(bench, work, row.id, 9);
    const judged = { judged_at_ms: bench.nowMs, agreed: i % 3 === 0 ? 0 : 1, reader_id: 'x' };
    await kysely.updateTable('second_readings').set(judged).where('incident_id', '=', row.id).execute();
  }
}

test('each number equals the count of the list that it opens, for the city and for a unit, whole and narrowed', async () => {
  await aCity();
  const period = { from: String(at('2026-09-15 00:00')), to: String(at('2026-11-10 00:00')) };
  const asks: [Supervisor, object, number][] = [
    [office, {}, 80],
    [office, { ...period, category: 'TN01,VT01,VT02,TP01,CS01,KT01' }, 60],
    [head, {}, 30],
  ];
  for (const [who, query, most] of asks) {
    const answer = incidentFigures.parse(await work.figures.of(who, figuresQuery.parse(query)));
    const figures = figuresIn(answer);
    expect(figures.length).toBeGreaterThan(most);
    for (const [path, { count, filter }] of figures) {
      expect(await listed(who, filter), `${path} ${JSON.stringify(filter)}`).toBe(count);
    }
    expect(figures.filter(([, { count }]) => count > 0).length).toBeGreaterThan(most / 3);
  }
});

test('steps are counted by state and office, in their term and late; open cases by age without gap or overlap', async () => {
  await aCity();
  const { open, terms, agreement, total, months, units } = await work.figures.of(office, figuresQuery.parse({}));
  const answered = terms.filter(({ state }) => state === 'explanation_requested').map((row) => row.office);
  expect(answered).toContain('unit_head');
  expect(terms.some(({ kept, late }) => kept.count > 0 && late.count > 0)).toBe(true);
  const sum = (list: { cases: Figure }[]) => list.reduce((n, { cases }) => n + cases.count, 0);
  for (const part of [open.byState, open.byAge, open.bySeverity]) expect(sum(part)).toBe(open.total.count);
  expect(months.reduce((n, month) => n + month.total.count, 0)).toBe(total.count);
  expect(units.reduce((n, unit) => n + unit.total.count, 0)).toBe(total.count);
  expect(agreement).toMatchObject({ read: { count: 9 }, agreed: { count: 6 } });
});

test('the head of a unit learns of its own sent cases and terms alone, and nothing of offices and second readings', async () => {
  await aCity();
  const answer = await work.figures.of(head, figuresQuery.parse({}));
  expect(answer.units.map(({ unitId }) => unitId)).toEqual(['hong-ha']);
  expect(answer.terms.every(({ state, office: by }) => state === 'explanation_requested' && by === 'unit_head')).toBe(
    true,
  );
  expect([answer.repeats, answer.agreement]).toEqual([null, null]);
  expect(answer.total.count).toBe(await listed(head, {}));
  const other = await work.figures.of(otherHead, figuresQuery.parse({ unit: 'hong-ha' }));
  expect(other.total.count).toBe(0);
  for (const refused of [admin, auditor]) {
    await expect(work.figures.of(refused, figuresQuery.parse({}))).rejects.toMatchObject({ code: 'not_permitted' });
  }
});

test('an age counts working days of the city: a case flagged on Friday is one day old on Monday', () => {
  const monday = at('2026-11-23 10:00');
  const ranges = ageRanges(bench.city.calendar, monday);
  expect(ranges.map(({ fromDays, toDays }) => [fromDays, toDays])).toEqual([
    [0, 2],
    [3, 5],
    [6, 10],
    [11, null],
  ]);
  // Monday, Friday and Thursday; then Wednesday back to Monday of the week before.
  expect(ranges[0]).toMatchObject({ fromMs: at('2026-11-19 00:00'), toMs: null });
  expect(ranges[1]).toMatchObject({ fromMs: at('2026-11-16 00:00'), toMs: at('2026-11-19 00:00') });
  expect(ranges[3]?.fromMs).toBeNull();
});

test('months are those of the city’s time, cut to the period, the latest 24 at most', () => {
  const now = at('2026-11-24 09:30');
  expect(monthRanges(at('2026-10-10 00:00'), at('2026-12-01 00:00'), now)).toEqual([
    { month: '2026-10', fromMs: at('2026-10-10 00:00'), toMs: at('2026-11-01 00:00') },
    { month: '2026-11', fromMs: at('2026-11-01 00:00'), toMs: at('2026-12-01 00:00') },
  ]);
  expect(monthRanges(undefined, undefined, now)).toHaveLength(12);
  expect(monthRanges(0, undefined, now)).toHaveLength(24);
  // The first hour of November in the city is still October by UTC.
  expect(monthRanges(at('2026-11-01 00:30'), at('2026-11-01 01:00'), now).map(({ month }) => month)).toEqual([
    '2026-11',
  ]);
});
