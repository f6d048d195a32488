import type { Category, EntryDetails } from '../../contracts/incidents.ts';
import { AppError } from '../../platform/errors.ts';
import type { Events } from '../../platform/events.ts';
import type { ConclusionDraftStore } from '../../storage/conclusion-draft.store.ts';
import type { Queries } from '../../storage/database.ts';
import {
  type IncidentChange,
  type IncidentEntryRow,
  type IncidentMove,
  type IncidentRow,
  noDueMs,
} from '../../storage/incident.store.ts';
import type { City } from '../city.ts';
import type { Audit, Supervisor } from '../supervisor.ts';
import { unitSearchTextOf, withWords } from './case-search.ts';
import { visibleCase } from './colleagues.ts';
import { termOf } from './deadline-policy.ts';
import type { IncidentEvents } from './incidents.ts';
import { isForUnit, presentEntries, questionOf, saysToUnit, versionFor } from './present.ts';
import { isEnd, isSentOn, judgeStep } from './state-policy.ts';
import { effectOf, type StepEffect, type StepTaking } from './step-effects.ts';
import { attachmentUnknown, type StepFactsOptions, StepFactsReader } from './step-facts.ts';

/** Does what belongs to a step, as part of its transaction: the case as it is then, and the entry of the step. */
export type Stepped = (row: IncidentRow, entry: IncidentEntryRow, within: Queries) => Promise<unknown>;

export interface CaseStepsOptions<A extends Supervisor> extends StepFactsOptions {
  drafts: ConclusionDraftStore;
  city: Pick<City, 'categories' | 'calendar' | 'workflow'>;
  audit: Audit<A>;
  stepped?: Stepped | undefined;
  events: Events<IncidentEvents>;
}

/** A case that somebody else has just changed, or the one that a duplicate goes into, is looked at anew so often. */
const mostAttempts = 5;

/** The one way in which people move cases: the policy is asked, one of two at once wins, and each step leaves an entry. */
export class CaseSteps<A extends Supervisor> {
  readonly #options: CaseStepsOptions<A>;
  readonly #facts: StepFactsReader;
  readonly #categories: ReadonlyMap<string, Category>;

  constructor(options: CaseStepsOptions<A>) {
    this.#options = options;
    this.#facts = new StepFactsReader(options);
    this.#categories = new Map(options.city.categories.map((category) => [category.code, category]));
  }

  /**
   * Takes a step, decided on the version that the person saw, and returns the case as it is then. Errors, the first that holds: `incident_unknown`,
   * `not_permitted`, `version_conflict` (with what changed), `step_out_of_order`, `flagger_cannot_conclude`, `appeal_needs_someone_new`,
   * `term_over`, `term_not_over`; then what the step itself asks for.
   */
  async take(actor: A, id: string, taking: StepTaking, address: string): Promise<IncidentRow> {
    for (let attempt = 1; ; attempt++) {
      const row = await visibleCase(actor, id, this.#options);
      const to = await this.#judge(actor, row, taking);
      const facts = await this.#facts.of(actor, row, taking);
      const effect = effectOf(taking, row, facts);
      const move = this.#move(actor, row, to, taking, effect, address);
      const merged = facts.other === undefined ? null : this.#merge(actor, row, facts.other, taking, address);
      const outrun = await this.#options.store.advanceAll(merged === null ? [move] : [move, merged], (within) =>
        this.#also(actor, row, taking, move, effect, address, within),
      );
      if (outrun === null) {
        for (const { id: incidentId, entry } of merged === null ? [move] : [move, merged]) {
          this.#options.events.emit('changed', { incidentId, seq: entry.seq, step: entry.step, actorId: actor.userId });
        }
        return { ...row, ...move.change, version: row.version + 1 };
      }
      // Judged anew: what was outrun by a change that this person may not know of is taken all the same.
      if (attempt >= mostAttempts) throw await this.#conflict(actor, id, taking);
    }
  }

  async #judge(actor: A, row: IncidentRow, taking: StepTaking): Promise<IncidentRow['state']> {
    const { reachOf, clock } = this.#options;
    const { step, request } = taking;
    const verdict = judgeStep({ ...questionOf(actor, row, clock.nowMs()), step }, reachOf);
    if (!verdict.allowed && verdict.refusal === 'not_permitted') throw new AppError('forbidden', verdict.refusal);
    if (request.version !== versionFor(actor, row, reachOf)) throw await this.#conflict(actor, row.id, taking);
    if (verdict.allowed) return verdict.to;
    const byRelation = verdict.refusal === 'flagger_cannot_conclude' || verdict.refusal === 'appeal_needs_someone_new';
    throw new AppError(byRelation ? 'forbidden' : 'conflict', verdict.refusal, { params: { state: row.state, step } });
  }

  /** What happened since the version that the person decided on, as the person may see it. */
  async #conflict(actor: A, id: string, { request }: StepTaking): Promise<AppError> {
    const { store, reachOf } = this.#options;
    const [row, entries] = await Promise.all([visibleCase(actor, id, this.#options), store.entries(id)]);
    const version = versionFor(actor, row, reachOf);
    const since = presentEntries(actor, entries, reachOf).filter(({ seq }) => seq > request.version);
    const details = { version, state: row.state, entries: since };
    return new AppError('conflict', 'version_conflict', { params: { version, state: row.state }, details });
  }

  #move(
    actor: A,
    row: IncidentRow,
    to: IncidentRow['state'],
    taking: StepTaking,
    effect: StepEffect,
    address: string,
  ): IncidentMove {
    const nowMs = this.#options.clock.nowMs();
    const change: IncidentChange = { ...effect.change, updated_at_ms: nowMs };
    const term = to === row.state ? null : termOf(this.#options.city, to, row.unit_id, nowMs);
    if (to !== row.state) {
      change.state = to;
      change.due_at_ms = term?.dueAtMs ?? noDueMs;
      change.soon_at_ms = term?.soonAtMs ?? noDueMs;
      change.term_version = this.#options.city.calendar.version;
      change.due_told = 0;
      change.escalated_at_ms = null;
      if (isSentOn(to) && row.sent_at_ms === null) change.sent_at_ms = nowMs;
      if (isEnd(to)) change.closed_at_ms = nowMs;
    }
    const sent = (change.sent_at_ms ?? row.sent_at_ms) !== null;
    if (isForUnit(taking.step)) {
      // Counted by itself: a hole would tell how often the offices acted among themselves.
      change.unit_version = row.unit_version + 1;
      if (sent) change.unit_changed_at_ms = nowMs;
    }
    this.#addWords(change, actor, row, taking, sent);
    const reason = taking.request.reason;
    const entry: IncidentEntryRow = {
      incident_id: row.id,
      seq: row.version + 1,
      at_ms: nowMs,
      step: taking.step,
      ...signature(actor),
      from_state: row.state,
      to_state: to,
      conclusion: effect.conclusion,
      reason,
      address,
      due_at_ms: term?.dueAtMs ?? null,
      details: JSON.stringify(effect.details),
    };
    return { id: row.id, version: row.version, change, entry };
  }

  /** The case is found by what was said in it from now on: by the unit, by what the unit is told. */
  #addWords(change: IncidentChange, actor: A, row: IncidentRow, taking: StepTaking, sent: boolean): void {
    const category = this.#categories.get(change.category ?? row.category);
    const { reason } = taking.request;
    change.search_text = withWords(row.search_text, [
      ...(change.category === undefined ? [] : [category?.code, category?.vi, category?.en]),
      change.finding,
      reason,
      actor.name,
      change.assignee_name,
    ]);
    if (!sent || !saysToUnit(taking.step)) return;
    const known =
      row.unit_search_text === '' && category !== undefined ? unitSearchTextOf(row, category) : row.unit_search_text;
    change.unit_search_text = withWords(known, [change.finding, reason]);
  }

  /** The entry in the case that goes on. */
  #merge(actor: A, row: IncidentRow, other: IncidentRow, taking: StepTaking, address: string): IncidentMove {
    const details: EntryDetails = { other: { id: row.id, number: row.number } };
    const nowMs = this.#options.clock.nowMs();
    return {
      id: other.id,
      version: other.version,
      change: { updated_at_ms: nowMs },
      entry: {
        incident_id: other.id,
        seq: other.version + 1,
        at_ms: nowMs,
        step: 'merge',
        ...signature(actor),
        from_state: other.state,
        to_state: other.state,
        conclusion: null,
        reason: taking.request.reason,
        address,
        due_at_ms: null,
        details: JSON.stringify(details),
      },
    };
  }

  async #also(
    actor: A,
    row: IncidentRow,
    taking: StepTaking,
    { entry, change }: IncidentMove,
    effect: StepEffect,
    address: string,
    within: Queries,
  ): Promise<void> {
    const { attachments, drafts, audit, stepped } = this.#options;
    const ids = effect.details.attachments?.map((attachment) => attachment.id) ?? [];
    const owner = { incident_id: row.id, uploaded_by_id: actor.userId };
    if (ids.length > 0 && !(await attachments.use(ids, owner, entry.seq, within))) throw attachmentUnknown();
    if (change.state !== undefined) await drafts.remove(row.id, within);
    await stepped?.({ ...row, ...change, version: entry.seq }, entry, within);
    const details = {
      number: row.number,
      version: entry.seq,
      step: taking.step,
      fromState: row.state,
      toState: entry.to_state,
      conclusion: effect.conclusion,
    };
    const action = actionOf(taking.step, entry.to_state);
    await audit({ actor, address, action, subject: `incident:${row.id}`, details }, within);
  }
}

function signature(actor: Supervisor) {
  return { actor_id: actor.userId, actor_name: actor.name, actor_role: actor.role };
}

/** The action of the audit log: the state that the case came to, or what was done without moving it. */
function actionOf(step: StepTaking['step'], to: IncidentRow['state']): string {
  if (step === 'assign') return 'incident.assigned';
  return step === 'correct' ? 'incident.corrected' : `incident.${to}`;
}
