import type { Severity } from '../../contracts/common.ts';
import type { Figure, FiguresQuery, IncidentFigures } from '../../contracts/incident-figures.ts';
import {
  conclusion as conclusions,
  type IncidentState,
  incidentQuery,
  incidentState,
} from '../../contracts/incidents.ts';
import type { Clock } from '../../platform/clock.ts';
import type { IncidentView } from '../../storage/incident.store.ts';
import type {
  AgreementCount,
  IncidentFiguresStore,
  RangeCount,
  StateCount,
  TermCount,
  UnitCount,
} from '../../storage/incident-figures.store.ts';
import type { IncidentFilter } from '../../storage/incident-list.store.ts';
import type { City } from '../city.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { ageRanges, monthRanges } from './figure-ranges.ts';
import { filterOf, ownStates } from './list-filter.ts';
import { openStates } from './state-policy.ts';
import { notPermitted, viewOf } from './visibility.ts';

export interface FiguresOptions {
  store: IncidentFiguresStore;
  city: Pick<City, 'calendar'>;
  reachOf: ReachOf;
  /** How far back an earlier case makes a repeat. */
  repeatDays: number;
  clock: Clock;
}

type Parameters = Record<string, string>;

const dayMs = 86_400_000;
const isOpen = (state: IncidentState) => openStates.includes(state);

/** The numbers behind the cases. Each goes with the parameters that list the cases it counts; a unit's head gets those of its own sent cases. */
export class Figures {
  readonly #options: FiguresOptions;

  constructor(options: FiguresOptions) {
    this.#options = options;
  }

  /** Errors: `not_permitted` for whoever sees no cases. */
  async of(reader: Supervisor, query: FiguresQuery): Promise<IncidentFigures> {
    const { store, reachOf, clock, repeatDays } = this.#options;
    const view = viewOf(reader, reachOf);
    if (view === null) throw notPermitted();
    const nowMs = clock.nowMs();
    const base = parametersOf(query);
    const filter = filterOf(incidentQuery.parse(base), reader, { reachOf, nowMs, repeatDays });
    const cityWide = view === 'city';
    const [byState, units, terms, ages, months, repeated, agreement] = await Promise.all([
      store.byState(view, filter),
      store.byUnit(view, filter, nowMs),
      store.byTerm(view, filter),
      this.#ages(view, filter, nowMs),
      this.#months(view, filter, query, nowMs),
      cityWide ? store.repeats(view, filter, repeatDays * dayMs) : null,
      cityWide ? store.agreement(filter) : null,
    ]);
    const counted = (more: Parameters, count: number): Figure => ({ count, filter: { ...base, ...more } });
    const sum = (of: (row: StateCount) => boolean) => byState.reduce((n, row) => n + (of(row) ? row.count : 0), 0);
    const soon = await this.#count(view, { ...filter, due: { in: ['soon'], nowMs } });
    const overdue = units.reduce((n, row) => n + row.overdue, 0);
    return {
      atMs: nowMs,
      total: counted(
        {},
        sum(() => true),
      ),
      open: {
        total: counted(
          { open: 'true' },
          sum((row) => isOpen(row.state)),
        ),
        overdue: counted({ due: 'overdue' }, overdue),
        soon: counted({ due: 'soon' }, soon),
        byState: openStates.map((state) => ({
          state,
          cases: counted(
            { state },
            sum((row) => row.state === state),
          ),
        })),
        bySeverity: ([3, 2, 1] as Severity[]).map((severity) => ({
          severity,
          cases: counted(
            { open: 'true', severity: String(severity) },
            sum((row) => isOpen(row.state) && row.severity === severity),
          ),
        })),
        byAge: ages.map(({ range, count }) => ({
          fromDays: range.fromDays,
          toDays: range.toDays,
          cases: counted(
            {
              open: 'true',
              ...(range.fromMs === null ? {} : { createdFrom: String(range.fromMs) }),
              ...(range.toMs === null ? {} : { createdTo: String(range.toMs) }),
            },
            count,
          ),
        })),
      },
      terms: termsOf(cityWide ? terms : terms.filter(ofUnit), counted),
      conclusions: {
        violations: counted(
          { violation: 'true' },
          sum((row) => row.conclusion !== null),
        ),
        noViolation: counted(
          { state: 'no_violation' },
          sum((row) => row.state === 'no_violation'),
        ),
        byConclusion: conclusions.options.map((conclusion) => ({
          conclusion,
          cases: counted(
            { conclusion },
            sum((row) => row.conclusion === conclusion),
          ),
        })),
      },
      units: unitsOf(units, base),
      months,
      repeats: repeated === null ? null : { days: repeatDays, cases: counted({ repeat: 'true' }, repeated) },
      agreement: agreement === null ? null : agreementOf(agreement, base),
    };
  }

  async #count(view: IncidentView, filter: IncidentFilter): Promise<number> {
    return (await this.#options.store.byState(view, filter)).reduce((n, row) => n + row.count, 0);
  }

  async #ages(view: IncidentView, filter: IncidentFilter, nowMs: number) {
    const ranges = ageRanges(this.#options.city.calendar, nowMs);
    const bounds = ranges.map(({ fromMs, toMs }) => ({ fromMs: fromMs ?? 0, toMs: toMs ?? Number.MAX_SAFE_INTEGER }));
    const rows = await this.#options.store.byRange(view, filter, 'created_at_ms', bounds);
    return ranges.map((range, i) => ({ range, count: total(rows, i, (row) => isOpen(row.state)) }));
  }

  async #months(view: IncidentView, filter: IncidentFilter, query: FiguresQuery, nowMs: number) {
    const ranges = monthRanges(query.from, query.to, nowMs);
    const rows = await this.#options.store.byRange(view, filter, 'at_ms', ranges);
    const { from: _from, to: _to, ...base } = parametersOf(query);
    return ranges.map(({ month, fromMs, toMs }, i) => {
      const counted = (more: Parameters, of: (row: RangeCount) => boolean): Figure => ({
        count: total(rows, i, of),
        filter: { ...base, from: String(fromMs), to: String(toMs), ...more },
      });
      return {
        month,
        total: counted({}, () => true),
        open: counted({ open: 'true' }, (row) => isOpen(row.state)),
        violations: counted({ violation: 'true' }, (row) => row.isViolation),
      };
    });
  }
}

function total(rows: readonly RangeCount[], range: number, of: (row: RangeCount) => boolean): number {
  return rows.reduce((n, row) => n + (of(row) ? (row.counts[range] ?? 0) : 0), 0);
}

function parametersOf({ from, to, unit, category }: FiguresQuery): Parameters {
  return {
    ...(from === undefined ? {} : { from: String(from) }),
    ...(to === undefined ? {} : { to: String(to) }),
    ...(unit === undefined || unit.length === 0 ? {} : { unit: unit.join(',') }),
    ...(category === undefined || category.length === 0 ? {} : { category: category.join(',') }),
  };
}

type Counted = (more: Parameters, count: number) => Figure;

/** The unit is told how its own terms were kept, and nothing of the offices. */
const ofUnit = ({ state, office }: TermCount) => ownStates.has(state) && office === 'unit_head';

/** One row for each state and the office that moved cases on from it, in the order of the workflow. */
function termsOf(terms: readonly TermCount[], counted: Counted): IncidentFigures['terms'] {
  const keys = new Map(terms.map(({ state, office }) => [`${state} ${office}`, { state, office }]));
  const order = incidentState.options;
  return [...keys.values()]
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || (a.office < b.office ? -1 : 1))
    .map(({ state, office }) => {
      const count = (late: boolean) =>
        terms.find((row) => row.state === state && row.office === office && row.late === late)?.count ?? 0;
      const of = (term: 'kept' | 'late') => counted({ left: state, office, term }, count(term === 'late'));
      return { state, office, kept: of('kept'), late: of('late') };
    });
}

/** Those with most cases first. */
function unitsOf(rows: readonly UnitCount[], base: Parameters): IncidentFigures['units'] {
  const byUnit = Map.groupBy(rows, (row) => row.unitId);
  return [...byUnit]
    .map(([unitId, own]) => {
      const sum = (of: (row: UnitCount) => number) => own.reduce((n, row) => n + of(row), 0);
      const figure = (more: Parameters, count: number): Figure => ({
        count,
        filter: { ...base, unit: unitId, ...more },
      });
      return {
        unitId,
        unitName: own[0]?.unitName ?? unitId,
        total: figure(
          {},
          sum((row) => row.count),
        ),
        open: figure(
          { open: 'true' },
          sum((row) => (isOpen(row.state) ? row.count : 0)),
        ),
        overdue: figure(
          { due: 'overdue' },
          sum((row) => row.overdue),
        ),
        violations: figure(
          { violation: 'true' },
          sum((row) => row.violations),
        ),
      };
    })
    .sort((a, b) => b.total.count - a.total.count || (a.unitId < b.unitId ? -1 : 1));
}

function agreementOf(rows: readonly AgreementCount[], base: Parameters): NonNullable<IncidentFigures['agreement']> {
  const figures = (own: readonly AgreementCount[], more: Parameters) => {
    const sum = (of: readonly AgreementCount[]) => of.reduce((n, row) => n + row.count, 0);
    return {
      read: { count: sum(own), filter: { ...base, ...more, readAgain: 'agreed,disagreed' } },
      agreed: { count: sum(own.filter((row) => row.agreed)), filter: { ...base, ...more, readAgain: 'agreed' } },
    };
  };
  return {
    ...figures(rows, {}),
    byCategory: [...Map.groupBy(rows, (row) => row.category)]
      .map(([category, own]) => ({ category, ...figures(own, { category }) }))
      .sort((a, b) => (a.category < b.category ? -1 : 1)),
  };
}
