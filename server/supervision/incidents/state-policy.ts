import { type IncidentState, type IncidentStep, incidentStep } from '../../contracts/incidents.ts';
import type { Ability, Role } from '../../contracts/roles.ts';
import type { ReachOf } from '../supervisor.ts';

/** How the person who acts stands to the case. */
export interface Relation {
  /** The person flagged it. */
  flagger: boolean;
  /** The person took its last conclusion. */
  concluder: boolean;
  /** The person heads the unit that the case is about. */
  ownUnit: boolean;
}

export type Refusal =
  | 'not_permitted'
  | 'step_out_of_order'
  | 'flagger_cannot_conclude'
  | 'appeal_needs_someone_new'
  | 'term_over'
  | 'term_not_over';

export type Verdict = { allowed: true; to: IncidentState } | { allowed: false; refusal: Refusal };

interface Transition {
  step: IncidentStep;
  from: readonly IncidentState[];
  /** Left out: the case stays in its state. */
  to?: IncidentState;
  /** Any of these, reaching the whole city, or the own unit where the case is of the own unit. */
  abilities: readonly Ability[];
  unless?: { relations: readonly (keyof Relation)[]; refusal: Refusal };
  /** Whether the term of the state has to be over, or still to run. */
  term?: 'over' | 'running';
}

/** States in which somebody still has to act. */
export const openStates: readonly IncidentState[] = [
  'flagged',
  'verifying',
  'explanation_requested',
  'awaiting_conclusion',
  'appealed',
];
/** Nobody has to act any more; a concluded case may still be appealed. */
export const endedStates: readonly IncidentState[] = ['concluded', 'closed', 'no_violation', 'duplicate', 'referred'];

/** The ends, from which no step leads on. */
const ends: ReadonlySet<IncidentState> = new Set(['closed', 'no_violation', 'duplicate', 'referred']);
export const isEnd = (state: IncidentState): boolean => ends.has(state);

const verifiers = ['verify_incident'] as const;
const concluders = ['conclude_incident'] as const;
const unit = ['explain_incident'] as const;
const notFlagger = { relations: ['flagger'], refusal: 'flagger_cannot_conclude' } as const;

/** The workflow, one row a step: `to` is where it leads from any state of `from`. */
const transitions: readonly Transition[] = [
  { step: 'verify', from: ['flagged'], to: 'verifying', abilities: verifiers },
  { step: 'request_explanation', from: ['verifying'], to: 'explanation_requested', abilities: verifiers },
  { step: 'explain', from: ['explanation_requested'], to: 'awaiting_conclusion', abilities: unit },
  { step: 'proceed', from: ['explanation_requested'], to: 'awaiting_conclusion', abilities: verifiers, term: 'over' },
  { step: 'conclude', from: ['awaiting_conclusion'], to: 'concluded', abilities: concluders, unless: notFlagger },
  {
    step: 'dismiss',
    from: ['flagged', 'verifying', 'explanation_requested'],
    to: 'no_violation',
    abilities: verifiers,
  },
  { step: 'dismiss', from: ['awaiting_conclusion'], to: 'no_violation', abilities: concluders, unless: notFlagger },
  { step: 'refer', from: ['awaiting_conclusion'], to: 'referred', abilities: concluders, unless: notFlagger },
  { step: 'mark_duplicate', from: ['flagged', 'verifying'], to: 'duplicate', abilities: verifiers },
  { step: 'correct', from: ['flagged', 'verifying'], abilities: verifiers },
  { step: 'appeal', from: ['concluded'], to: 'appealed', abilities: unit, term: 'running' },
  {
    step: 'judge_appeal',
    from: ['appealed'],
    to: 'closed',
    abilities: concluders,
    unless: { relations: ['flagger', 'concluder'], refusal: 'appeal_needs_someone_new' },
  },
  { step: 'close', from: ['concluded'], to: 'closed', abilities: concluders, term: 'over' },
  { step: 'assign', from: openStates, abilities: [...verifiers, ...concluders] },
];

export interface Question {
  state: IncidentState;
  role: Role;
  relation: Relation;
  /** Whether the term of the present state has passed. */
  termOver: boolean;
}

/**
 * Whether a person may take `step` from `state`, and where it leads. Refusals, the first that holds: `not_permitted`, `step_out_of_order`, what
 * the relation refuses, what the term refuses.
 */
export function judgeStep(
  { state, step, role, relation, termOver }: Question & { step: IncidentStep },
  reachOf: ReachOf,
): Verdict {
  const rows = transitions.filter((row) => row.step === step);
  if (!rows.some((row) => may(row, role, relation, reachOf))) return { allowed: false, refusal: 'not_permitted' };
  const row = rows.find(({ from }) => from.includes(state));
  if (row === undefined) return { allowed: false, refusal: 'step_out_of_order' };
  if (!may(row, role, relation, reachOf)) return { allowed: false, refusal: 'not_permitted' };
  if (row.unless?.relations.some((each) => relation[each])) return { allowed: false, refusal: row.unless.refusal };
  if (row.term === 'over' && !termOver) return { allowed: false, refusal: 'term_not_over' };
  if (row.term === 'running' && termOver) return { allowed: false, refusal: 'term_over' };
  return { allowed: true, to: row.to ?? state };
}

function may(row: Transition, role: Role, relation: Relation, reachOf: ReachOf): boolean {
  return row.abilities.some((ability) => {
    const reach = reachOf(role, ability);
    return reach === 'city' || (reach === 'own_unit' && relation.ownUnit);
  });
}

/** The verdict on every step, in the order of the contract. */
export function judgeAll(question: Question, reachOf: ReachOf): { step: IncidentStep; verdict: Verdict }[] {
  return incidentStep.options.map((step) => ({ step, verdict: judgeStep({ ...question, step }, reachOf) }));
}

/** States on entering which the unit is given the case. */
export const isSentOn = (state: IncidentState): boolean => state === 'explanation_requested';
