import type { DuplicateCandidates, Repeats as RepeatsAnswer, RepeatsQuery } from '../../contracts/incident-work.ts';
import type { Clock } from '../../platform/clock.ts';
import type { IncidentRow, IncidentStore } from '../../storage/incident.store.ts';
import type { IncidentFiguresStore } from '../../storage/incident-figures.store.ts';
import type { Calendar } from '../calendar.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { caseOfCity, seesTheCity } from './colleagues.ts';
import { longestStretchMs } from './flag-policy.ts';
import { presentEntries, presentFor } from './present.ts';
import { notPermitted } from './visibility.ts';

export interface RepeatsOptions {
  incidents: Pick<IncidentStore, 'find' | 'entries'>;
  store: IncidentFiguresStore;
  /** How far back an earlier case makes a repeat. */
  days: number;
  reachOf: ReachOf;
  calendar: Calendar;
  clock: Clock;
}

const dayMs = 86_400_000;
const nearMs = 3_600_000;
const mostRepeats = 20;
const mostCandidates = 20;

/** Other cases that a case is to be seen beside: earlier ones of its kind, and those that may be about the same moment. */
export class Repeats {
  readonly #options: RepeatsOptions;

  constructor(options: RepeatsOptions) {
    this.#options = options;
  }

  /** Earlier cases of a unit and category within the period. Errors: `not_permitted` for whoever does not see the whole city. */
  async of(actor: Supervisor, query: RepeatsQuery): Promise<RepeatsAnswer> {
    const { store, days, clock, reachOf } = this.#options;
    if (!seesTheCity(actor, reachOf)) throw notPermitted();
    const toMs = query.at ?? clock.nowMs();
    const fromMs = Math.max(0, toMs - days * dayMs);
    const { unit, category, except = '' } = query;
    const { rows, total, violations } = await store.earlier(unit, category, fromMs, toMs, except, mostRepeats);
    const items = rows.map(({ id, number, state, at_ms: atMs, conclusion }) => ({
      id,
      number,
      state,
      atMs,
      conclusion,
    }));
    return { days, fromMs, total, violations, items };
  }

  /**
   * Cases of the same unit or camera that overlap the case or come within the hour; duplicates are left out. The likeliest first: of the same
   * camera, then the nearest. And those that were found to be the same, whose histories stay their own. Errors: `not_permitted`, `incident_unknown`.
   */
  async duplicatesOf(actor: Supervisor, id: string): Promise<DuplicateCandidates> {
    const { store, incidents, reachOf, calendar, clock } = this.#options;
    const row = await caseOfCity(actor, id, { store: incidents, reachOf });
    const [near, same] = await Promise.all([
      store.near(row, nearMs, longestStretchMs, mostCandidates),
      store.mergedInto(id),
    ]);
    const context = { reachOf, calendar, nowMs: clock.nowMs() };
    const items = near.map((other) => ({ ...presentFor(actor, other, context), ...likeness(row, other) }));
    items.sort((a, b) => Number(b.sameCamera) - Number(a.sameCamera) || a.apartMs - b.apartMs);
    const merged = await Promise.all(
      same.map(async (other) => ({
        ...presentFor(actor, other, context),
        history: presentEntries(actor, await incidents.entries(other.id), reachOf),
      })),
    );
    return { items, merged };
  }
}

function likeness(row: IncidentRow, other: IncidentRow) {
  const apartMs = Math.max(0, other.from_ms - row.to_ms, row.from_ms - other.to_ms);
  return {
    sameCamera: other.camera_id === row.camera_id,
    sameCategory: other.category === row.category,
    overlaps: other.from_ms < row.to_ms && row.from_ms < other.to_ms,
    apartMs,
  };
}
