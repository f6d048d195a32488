import { type IncidentState, type IncidentStep, incidentStep } from '../../contracts/incidents.ts';
import type { Ability, Role } from '../../contracts/roles.ts';
import type { ReachOf } from '../supervisor.ts';

/** How the person who acts stands to the case. */
export interface Relation {
  /** The person flagged it. */
  flagger: boolean;
  /** The person heads the unit that the case is about. */
  ownUnit: boolean;
}

export type Refusal = 'not_permitted' | 'step_out_of_order' | 'flagger_cannot_conclude';

export type Verdict = { allowed: true; to: IncidentState } | { allowed: false; refusal: Refusal };

interface Transition {
  from: IncidentState;
  step: IncidentStep;
  to: IncidentState;
  /** Any of these, reaching the whole city, or the own unit where the case is of the own unit. */
  abilities: readonly Ability[];
  /** What else the relation must be, and the refusal when it is not. */
  unless?: { relation: keyof Relation; refusal: Refusal };
}

/** The workflow, one row a step from a state: a longer workflow is more rows. */
const transitions: readonly Transition[] = [
  { from: 'flagged', step: 'verify', to: 'verifying', abilities: ['verify_incident'] },
  { from: 'flagged', step: 'dismiss', to: 'no_violation', abilities: ['verify_incident'] },
  {
    from: 'verifying',
    step: 'dismiss',
    to: 'no_violation',
    abilities: ['verify_incident', 'conclude_incident'],
  },
  {
    from: 'verifying',
    step: 'conclude',
    to: 'concluded',
    abilities: ['conclude_incident'],
    unless: { relation: 'flagger', refusal: 'flagger_cannot_conclude' },
  },
];

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

/** States on entering which the unit is given the case. */
const sentStates: ReadonlySet<IncidentState> = new Set(['concluded']);
export const isSentOn = (state: IncidentState): boolean => sentStates.has(state);

/**
 * Whether a person of `role` may take `step` from `state`, and where it leads. Refusals, the first that holds: `not_permitted`
 * (no role's right, whatever the state), `step_out_of_order`, then what the row itself refuses.
 */
export function judgeStep(
  question: { state: IncidentState; step: IncidentStep; role: Role; relation: Relation },
  reachOf: ReachOf,
): Verdict {
  const { state, step, role, relation } = question;
  const rows = transitions.filter((row) => row.step === step);
  if (!rows.some((row) => may(row, role, relation, reachOf))) return { allowed: false, refusal: 'not_permitted' };
  const row = rows.find((r) => r.from === state);
  if (row === undefined) return { allowed: false, refusal: 'step_out_of_order' };
  if (!may(row, role, relation, reachOf)) return { allowed: false, refusal: 'not_permitted' };
  if (row.unless !== undefined && relation[row.unless.relation]) return { allowed: false, refusal: row.unless.refusal };
  return { allowed: true, to: row.to };
}

function may(row: Transition, role: Role, relation: Relation, reachOf: ReachOf): boolean {
  return row.abilities.some((ability) => {
    const reach = reachOf(role, ability);
    return reach === 'city' || (reach === 'own_unit' && relation.ownUnit);
  });
}

/** The verdict on every step, in the order of the contract. */
export function judgeAll(
  question: { state: IncidentState; role: Role; relation: Relation },
  reachOf: ReachOf,
): { step: IncidentStep; verdict: Verdict }[] {
  return incidentStep.options.map((step) => ({ step, verdict: judgeStep({ ...question, step }, reachOf) }));
}
