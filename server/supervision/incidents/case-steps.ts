import type { AnswerStretch, Attachment, Category, EntryDetails } from '../../contracts/incidents.ts';
import type { Role } from '../../contracts/roles.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { Events } from '../../platform/events.ts';
import type { AttachmentStore } from '../../storage/attachment.store.ts';
import type { ConclusionDraftStore } from '../../storage/conclusion-draft.store.ts';
import type { Queries } from '../../storage/database.ts';
import {
  type IncidentChange,
  type IncidentEntryRow,
  type IncidentMove,
  type IncidentRow,
  type IncidentStore,
  noDueMs,
} from '../../storage/incident.store.ts';
import type { City } from '../city.ts';
import type { Account, PeopleDirectory } from '../people.ts';
import type { Audit, ReachOf, Supervisor } from '../supervisor.ts';
import { unitSearchTextOf, withWords } from './case-search.ts';
import { termOf } from './deadline-policy.ts';
import type { IncidentEvents } from './incidents.ts';
import { isForUnit, presentEntries, questionOf, saysToUnit, versionFor } from './present.ts';
import { isEnd, isSentOn, judgeStep } from './state-policy.ts';
import { effectOf, type StepEffect, type StepFacts, type StepTaking } from './step-effects.ts';
import { maySee, unknownIncident, viewOf } from './visibility.ts';

export interface CameraPlace {
  id: string;
  name: string;
  unitId: string;
}

/** The camera with the unit in which it stood at that moment; undefined when there is none of that id. */
export type CameraOf = (cameraId: string, atMs: number) => CameraPlace | undefined | Promise<CameraPlace | undefined>;

export interface CaseStepsOptions<A extends Supervisor> {
  store: IncidentStore;
  attachments: AttachmentStore;
  drafts: ConclusionDraftStore;
  city: Pick<City, 'categories' | 'calendar' | 'workflow'>;
  cameraOf: CameraOf;
  people: Pick<PeopleDirectory, 'find'>;
  reachOf: ReachOf;
  audit: Audit<A>;
  events: Events<IncidentEvents>;
  clock: Clock;
}

/** Somebody else may change the case that goes on while a duplicate is merged into it: it is looked at anew, so often. */
const mergeAttempts = 5;

/** The one way in which people move cases: the policy is asked, one of two at once wins, and each step leaves an entry. */
export class CaseSteps<A extends Supervisor> {
  readonly #options: CaseStepsOptions<A>;
  readonly #categories: ReadonlyMap<string, Category>;

  constructor(options: CaseStepsOptions<A>) {
    this.#options = options;
    this.#categories = new Map(options.city.categories.map((category) => [category.code, category]));
  }

  /**
   * Takes a step, decided on the version that the person saw, and returns the case as it is then. Errors, the first that holds: `incident_unknown`,
   * `not_permitted`, `version_conflict` (with what changed), `step_out_of_order`, `flagger_cannot_conclude`, `appeal_needs_someone_new`,
   * `term_over`, `term_not_over`; then what the step itself asks for.
   */
  async take(actor: A, id: string, taking: StepTaking, address: string): Promise<IncidentRow> {
    for (let attempt = 1; ; attempt++) {
      const row = await this.#visible(actor, id);
      const to = await this.#judge(actor, row, taking);
      const facts = await this.#facts(actor, row, taking);
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
      if (outrun === id || attempt >= mergeAttempts) throw await this.#conflict(actor, id, taking);
    }
  }

  async #visible(actor: Supervisor, id: string): Promise<IncidentRow> {
    const row = await this.#options.store.find(id);
    if (row === undefined || !maySee(actor, row, this.#options.reachOf)) throw unknownIncident(id);
    return row;
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
    const [row, entries] = await Promise.all([this.#visible(actor, id), store.entries(id)]);
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
      change.due_told = 0;
      change.escalated_at_ms = null;
      if (isSentOn(to) && row.sent_at_ms === null) change.sent_at_ms = nowMs;
      if (isEnd(to)) change.closed_at_ms = nowMs;
    }
    const sent = (change.sent_at_ms ?? row.sent_at_ms) !== null;
    if (sent && isForUnit(taking.step)) {
      change.unit_version = row.version + 1;
      change.unit_changed_at_ms = nowMs;
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
    const { attachments, drafts, audit } = this.#options;
    const ids = effect.details.attachments?.map((attachment) => attachment.id) ?? [];
    const owner = { incident_id: row.id, uploaded_by_id: actor.userId };
    if (ids.length > 0 && !(await attachments.use(ids, owner, entry.seq, within))) throw attachmentUnknown();
    if (change.state !== undefined) await drafts.remove(row.id, within);
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

  /** Errors: those that the step itself asks for. */
  async #facts(actor: A, row: IncidentRow, taking: StepTaking): Promise<StepFacts & { other?: IncidentRow }> {
    const actorId = actor.userId;
    switch (taking.step) {
      case 'request_explanation':
        return { actorId, category: this.#categories.get(row.category) };
      case 'explain': {
        const stretches = await this.#stretches(row, taking.request.stretches);
        return { actorId, stretches, attachments: await this.#attachments(actor, row, taking.request.attachments) };
      }
      case 'appeal':
        return { actorId, attachments: await this.#attachments(actor, row, taking.request.attachments) };
      case 'mark_duplicate':
        return { actorId, other: await this.#other(actor, row, taking.request.of) };
      case 'correct':
        this.#refuseCorrection(row, taking.request);
        return { actorId };
      case 'assign': {
        const { assigneeId } = taking.request;
        return { actorId, assignee: assigneeId === null ? null : await this.#assignee(assigneeId) };
      }
      default:
        return { actorId };
    }
  }

  async #attachments(actor: A, row: IncidentRow, ids: readonly string[]): Promise<Attachment[]> {
    if (ids.length === 0) return [];
    const unused = await this.#options.attachments.unusedOf(row.id, actor.userId);
    return ids.map((id) => {
      const found = unused.find((one) => one.id === id);
      if (found === undefined) throw attachmentUnknown();
      const { name, type, size_bytes: sizeBytes, sha256 } = found;
      return { id, name, type, sizeBytes, sha256 };
    });
  }

  /** Footage of another unit, or of time to come, answers nothing. */
  async #stretches(row: IncidentRow, asked: readonly Omit<AnswerStretch, 'cameraName'>[]): Promise<AnswerStretch[]> {
    const { cameraOf, clock } = this.#options;
    return Promise.all(
      asked.map(async ({ cameraId, fromMs, toMs }) => {
        const [first, last] = await Promise.all([cameraOf(cameraId, fromMs), cameraOf(cameraId, toMs - 1)]);
        if (first?.unitId !== row.unit_id || last?.unitId !== row.unit_id) {
          throw new AppError('invalid', 'stretch_of_another_unit', {
            fields: { stretches: 'cameras of the own unit' },
          });
        }
        if (toMs > clock.nowMs()) {
          throw new AppError('invalid', 'time_out_of_bounds', { fields: { stretches: 'not in the future' } });
        }
        return { cameraId, cameraName: first.name, fromMs, toMs };
      }),
    );
  }

  async #other(actor: A, row: IncidentRow, id: string): Promise<IncidentRow> {
    const refuse = (code: string) => new AppError('invalid', code, { fields: { of: 'another case of the unit' } });
    if (id === row.id) throw refuse('duplicate_of_itself');
    const other = await this.#visible(actor, id);
    if (other.unit_id !== row.unit_id) throw refuse('duplicate_of_another_unit');
    if (other.state === 'duplicate') throw refuse('duplicate_of_duplicate');
    return other;
  }

  #refuseCorrection(row: IncidentRow, { category, severity }: { category?: string; severity?: number }): void {
    if (category !== undefined && !this.#categories.has(category)) {
      throw new AppError('invalid', 'category_unknown', { fields: { category: 'not a category of this city' } });
    }
    if ((category ?? row.category) === row.category && (severity ?? row.severity) === row.severity) {
      throw new AppError('invalid', 'nothing_corrected', { fields: { category: 'another than now' } });
    }
  }

  /** Somebody who may see the case and take steps in it. */
  async #assignee(id: string): Promise<Account> {
    const { people, reachOf } = this.#options;
    const account = await people.find(id);
    const may = (role: Role) =>
      (['verify_incident', 'conclude_incident'] as const).some((a) => reachOf(role, a) === 'city');
    const person = account && { userId: account.id, name: account.name, role: account.role, unitId: account.unitId };
    if (account === undefined || person === undefined || !may(account.role) || viewOf(person, reachOf) !== 'city') {
      throw new AppError('invalid', 'assignee_unfit', { fields: { assigneeId: 'somebody who may act on the case' } });
    }
    return account;
  }
}

function signature(actor: Supervisor) {
  return { actor_id: actor.userId, actor_name: actor.name, actor_role: actor.role };
}

function attachmentUnknown(): AppError {
  return new AppError('invalid', 'attachment_unknown', {
    fields: { attachments: 'files sent for this step by yourself' },
  });
}

/** The action of the audit log: the state that the case came to, or what was done without moving it. */
function actionOf(step: StepTaking['step'], to: IncidentRow['state']): string {
  if (step === 'assign') return 'incident.assigned';
  return step === 'correct' ? 'incident.corrected' : `incident.${to}`;
}
