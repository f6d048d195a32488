import type { IncidentPage, IncidentQuery, IncidentState, IncidentSummary } from '../../contracts/incidents.ts';
import type { Clock } from '../../platform/clock.ts';
import type { IncidentCounts, IncidentListStore } from '../../storage/incident-list.store.ts';
import type { City } from '../city.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { cursorAfter, parseCursor } from './cursor.ts';
import { filterOf } from './list-filter.ts';
import { presentFor } from './present.ts';
import { openStates } from './state-policy.ts';
import { notPermitted, viewOf } from './visibility.ts';

export interface IncidentListOptions {
  store: IncidentListStore;
  city: Pick<City, 'calendar'>;
  reachOf: ReachOf;
  /** How far back an earlier case makes a repeat. */
  repeatDays: number;
  clock: Clock;
}

/** Cases by filter, a page at a time. A cursor is a place in the order and no case: what leaves the filter meanwhile shifts nothing. */
export class IncidentList {
  readonly #options: IncidentListOptions;

  constructor(options: IncidentListOptions) {
    this.#options = options;
  }

  /** Errors: `not_permitted` for whoever sees no cases, or asks by what they may not know; `cursor_invalid`. */
  async page(actor: Supervisor, query: IncidentQuery): Promise<IncidentPage> {
    const { store, clock, reachOf, city, repeatDays } = this.#options;
    const view = viewOf(actor, reachOf);
    if (view === null) throw notPermitted();
    const nowMs = clock.nowMs();
    const { sort, limit } = query;
    const after = query.cursor === undefined ? null : parseCursor(query.cursor, sort);
    const context = { reachOf, nowMs, repeatDays };
    const filter = filterOf(query, actor, context);
    const rows = filter.state?.length === 0 ? [] : await store.list(view, filter, sort, after, limit + 1);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    const items = shown.map((row) => presentFor(actor, row, { reachOf, calendar: city.calendar, nowMs }));
    // The tabs tell how many there are in each state, whichever of them is open.
    const { state, open, overdue, ...besides } = query;
    const isWhole = after === null && last === undefined && [state, open, overdue].every((one) => one === undefined);
    // A search for what few cases say has looked through all of them: once is enough.
    const counts = isWhole ? count(items) : await store.counts(view, filterOf(besides, actor, context), nowMs);
    return { items, next: last === undefined ? null : cursorAfter(last, sort), counts: countsOf(counts) };
  }
}

function count(items: readonly IncidentSummary[]): IncidentCounts {
  const byState = new Map<IncidentState, number>();
  for (const { state } of items) byState.set(state, (byState.get(state) ?? 0) + 1);
  return { byState, overdue: items.filter(({ due }) => due === 'overdue').length };
}

function countsOf({ byState, overdue }: IncidentCounts): IncidentPage['counts'] {
  const sum = (states: Iterable<IncidentState>) => [...states].reduce((n, state) => n + (byState.get(state) ?? 0), 0);
  return {
    open: sum(openStates),
    overdue,
    concluded: sum(['concluded']),
    all: sum(byState.keys()),
    byState: Object.fromEntries(byState),
  };
}
