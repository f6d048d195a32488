import { sql } from 'kysely';
import type { Conclusion, IncidentState } from '../contracts/incidents.ts';
import type { Role } from '../contracts/roles.ts';
import type { Queries } from './database.ts';
import { type IncidentRow, type IncidentView, visible } from './incident.store.ts';
import { type IncidentFilter, isOverdue, isRepeat, matching, wasLate } from './incident-list.store.ts';

/** Cases counted together: so many of this state, unit … */
export interface StateCount {
  state: IncidentState;
  severity: number;
  conclusion: Conclusion | null;
  count: number;
}

export interface UnitCount {
  unitId: string;
  unitName: string;
  state: IncidentState;
  violations: number;
  overdue: number;
  count: number;
}

export interface TermCount {
  state: IncidentState;
  office: Role;
  late: boolean;
  count: number;
}

export interface RangeCount {
  state: IncidentState;
  isViolation: boolean;
  /** One number for each of the ranges that were asked for. */
  counts: number[];
}

export interface AgreementCount {
  category: string;
  agreed: boolean;
  count: number;
}

type Count = number | string;

/** Numbers of cases, each over the same conditions as the list. */
export class IncidentFiguresStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  async byState(view: IncidentView, filter: IncidentFilter): Promise<StateCount[]> {
    const rows = await this.#db
      .selectFrom('incidents')
      .select((eb) => ['state', 'severity', 'conclusion', eb.fn.countAll<Count>().as('count')])
      .where((eb) => eb.and([...visible(eb, view), ...matching(eb, view, filter, null)]))
      .groupBy(['state', 'severity', 'conclusion'])
      .execute();
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }

  /** A unit is named as in its latest case. */
  async byUnit(view: IncidentView, filter: IncidentFilter, nowMs: number): Promise<UnitCount[]> {
    const rows = await this.#db
      .selectFrom('incidents')
      .select((eb) => [
        'unit_id',
        'state',
        eb.fn.max('unit_name').as('unit_name'),
        eb.fn.count<Count>('conclusion').as('violations'),
        eb.fn.sum<Count>(eb.case().when(isOverdue(eb, nowMs)).then(1).else(0).end()).as('overdue'),
        eb.fn.countAll<Count>().as('count'),
      ])
      .where((eb) => eb.and([...visible(eb, view), ...matching(eb, view, filter, null)]))
      .groupBy(['unit_id', 'state'])
      .execute();
    return rows.map((row) => ({
      unitId: row.unit_id,
      unitName: row.unit_name,
      state: row.state,
      violations: Number(row.violations),
      overdue: Number(row.overdue),
      count: Number(row.count),
    }));
  }

  /** Cases per state whose `column` lies in each of the ranges [fromMs, toMs). */
  async byRange(
    view: IncidentView,
    filter: IncidentFilter,
    column: 'at_ms' | 'created_at_ms',
    ranges: readonly { fromMs: number; toMs: number }[],
  ): Promise<RangeCount[]> {
    if (ranges.length === 0) return [];
    const rows = await this.#db
      .selectFrom('incidents')
      .select('state')
      .select((eb) => eb.case().when('conclusion', 'is', null).then(0).else(1).end().as('violation'))
      .select((eb) =>
        ranges.map(({ fromMs, toMs }, i) =>
          eb.fn
            .sum<Count>(
              eb
                .case()
                .when(eb.and([eb(column, '>=', fromMs), eb(column, '<', toMs)]))
                .then(1)
                .else(0)
                .end(),
            )
            .as(`range_${i}`),
        ),
      )
      .where((eb) => eb.and([...visible(eb, view), ...matching(eb, view, filter, null)]))
      .groupBy(['state', 'violation'])
      .execute();
    return rows.map((row) => ({
      state: row.state,
      isViolation: Number(row.violation) === 1,
      counts: ranges.map((_, i) => Number((row as Record<string, unknown>)[`range_${i}`])),
    }));
  }

  /** Cases that left a state, by the office that moved them on, in time or late. */
  async byTerm(view: IncidentView, filter: IncidentFilter): Promise<TermCount[]> {
    const cases = this.#db
      .selectFrom('incidents')
      .select('id')
      .where((eb) => eb.and([...visible(eb, view), ...matching(eb, view, filter, null)]));
    const rows = await this.#db
      .with('left_states', (db) =>
        db
          .selectFrom('incident_entries')
          .select(['incident_id', 'from_state', 'actor_role', wasLate.as('late')])
          .where('from_state', 'is not', null)
          .whereRef('from_state', '!=', 'to_state')
          .where('incident_id', 'in', cases),
      )
      .selectFrom('left_states')
      .select((eb) => ['from_state', 'actor_role', 'late', eb.fn.count<Count>('incident_id').distinct().as('count')])
      .groupBy(['from_state', 'actor_role', 'late'])
      .execute();
    return rows.flatMap(({ from_state: state, actor_role: office, late, count }) =>
      state === null || office === 'system' ? [] : [{ state, office, late: Number(late) === 1, count: Number(count) }],
    );
  }

  async repeats(view: IncidentView, filter: IncidentFilter, withinMs: number): Promise<number> {
    const { count } = await this.#db
      .selectFrom('incidents')
      .select((eb) => eb.fn.countAll<Count>().as('count'))
      .where((eb) => eb.and([...visible(eb, view), ...matching(eb, view, filter, null), isRepeat(eb, withinMs)]))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** Second readings that are done, by the category of the case. */
  async agreement(filter: IncidentFilter): Promise<AgreementCount[]> {
    const cases = this.#db
      .selectFrom('incidents')
      .select('id')
      .where((eb) => eb.and(matching(eb, 'city', filter, null)));
    const rows = await this.#db
      .selectFrom('second_readings')
      .innerJoin('incidents', 'incidents.id', 'second_readings.incident_id')
      .select((eb) => ['incidents.category', 'agreed', eb.fn.countAll<Count>().as('count')])
      .where('agreed', 'is not', null)
      .where('second_readings.incident_id', 'in', cases)
      .groupBy(['incidents.category', 'agreed'])
      .execute();
    return rows.map((row) => ({ category: row.category, agreed: row.agreed === 1, count: Number(row.count) }));
  }

  /** Cases of the unit and category flagged in [fromMs, toMs) that were not found void, latest first, and all of them counted. */
  async earlier(
    unitId: string,
    category: string,
    fromMs: number,
    toMs: number,
    exceptId: string,
    limit: number,
  ): Promise<{ rows: IncidentRow[]; total: number; violations: number }> {
    const found = this.#db
      .selectFrom('incidents')
      .where('unit_id', '=', unitId)
      .where('category', '=', category)
      .where('at_ms', '>=', fromMs)
      .where('at_ms', '<', toMs)
      .where('id', '!=', exceptId)
      .where('state', 'not in', ['no_violation', 'duplicate']);
    const rows = await found.selectAll().orderBy('at_ms', 'desc').orderBy('id').limit(limit).execute();
    const { total, violations } = await found
      .select((eb) => [eb.fn.countAll<Count>().as('total'), eb.fn.count<Count>('conclusion').as('violations')])
      .executeTakeFirstOrThrow();
    return { rows, total: Number(total), violations: Number(violations) };
  }

  /** Cases of the unit whose stretch comes within `apartMs` of [fromMs, toMs), nearest first. */
  near(
    row: Pick<IncidentRow, 'id' | 'unit_id' | 'camera_id' | 'from_ms' | 'to_ms'>,
    apartMs: number,
    longestMs: number,
    limit: number,
  ): Promise<IncidentRow[]> {
    return this.#db
      .selectFrom('incidents')
      .selectAll()
      .where((eb) => eb.or([eb('unit_id', '=', row.unit_id), eb('camera_id', '=', row.camera_id)]))
      .where('at_ms', '>=', row.from_ms - apartMs - longestMs)
      .where('at_ms', '<', row.to_ms + apartMs + longestMs)
      .where('from_ms', '<', row.to_ms + apartMs)
      .where('to_ms', '>', row.from_ms - apartMs)
      .where('id', '!=', row.id)
      .where('state', '!=', 'duplicate')
      .orderBy(sql`abs(at_ms - ${Math.round((row.from_ms + row.to_ms) / 2)})`)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /** Cases that were found to be the same as this one, oldest first; at most 100. */
  mergedInto(id: string): Promise<IncidentRow[]> {
    return this.#db
      .selectFrom('incidents')
      .selectAll()
      .where('duplicate_of_id', '=', id)
      .orderBy('created_at_ms')
      .orderBy('id')
      .limit(100)
      .execute();
  }
}
