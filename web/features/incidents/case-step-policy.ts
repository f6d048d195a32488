import type { Incident, IncidentState, IncidentStep } from '../../../server/contracts/incidents.ts';
import type { IncidentStepInput } from '../../api/incidents.ts';
import type { StepDraft } from './draft.ts';

type Verdict = Incident['steps'][number];

/** For each state: the steps that move the case on, by whomever, and its other endings. */
const STEPS: Partial<Record<IncidentState, { next: readonly IncidentStep[]; others: readonly IncidentStep[] }>> = {
  flagged: { next: ['verify'], others: ['mark_duplicate', 'dismiss'] },
  verifying: { next: ['request_explanation'], others: ['mark_duplicate', 'dismiss'] },
  explanation_requested: { next: ['explain', 'proceed'], others: ['dismiss'] },
  awaiting_conclusion: { next: ['conclude'], others: ['refer', 'dismiss'] },
  concluded: { next: ['appeal', 'close'], others: [] },
  appealed: { next: ['judge_appeal'], others: [] },
};
/** Change the case without moving it. */
const TOOLS: readonly IncidentStep[] = ['correct', 'assign'];

export interface Actions {
  /** What the card is named after: the step that comes next for the case, allowed or not; null when the case has ended. */
  next: IncidentStep | null;
  /** The next step, when the reader may take it. */
  primary: IncidentStep | null;
  /** Other endings that the reader may choose. */
  others: readonly IncidentStep[];
  /** What the reader may change without moving the case. */
  tools: readonly IncidentStep[];
  /** Why the reader may not take the next step; null when they may, or when there is none. */
  refusal: Verdict | null;
}

/** What the reader may do with a case now. Of what is refused only the next step is told, and only why it teaches something. */
export function actionsOf({ state, steps }: Pick<Incident, 'state' | 'steps'>): Actions {
  const find = (step: IncidentStep) => steps.find((one) => one.step === step);
  const allowed = (step: IncidentStep) => find(step)?.allowed === true;
  const course = STEPS[state];
  if (course === undefined) return { next: null, primary: null, others: [], tools: [], refusal: null };
  const primary = course.next.find(allowed) ?? null;
  const telling = course.next.find((step) => {
    const refusal = find(step)?.refusal;
    return refusal !== undefined && refusal !== null && refusal !== 'not_permitted';
  });
  const next = primary ?? telling ?? course.next[0] ?? null;
  return {
    next,
    primary,
    others: course.others.filter(allowed),
    tools: TOOLS.filter(allowed),
    refusal: primary === null && next !== null ? (find(next) ?? null) : null,
  };
}

/** Steps whose consequences are shown before they are taken: what is sent to somebody, and what ends the case by a conclusion. */
const CONFIRMED: ReadonlySet<IncidentStep> = new Set([
  'request_explanation',
  'explain',
  'conclude',
  'refer',
  'appeal',
  'judge_appeal',
  'close',
]);
export const isConfirmed = (step: IncidentStep): boolean => CONFIRMED.has(step);

export type StepField = 'reason' | 'finding' | 'conclusion' | 'outcome' | 'duplicateOf' | 'change';

const WITHOUT_REASON: ReadonlySet<IncidentStep> = new Set(['verify', 'close', 'assign']);
export const needsReason = (step: IncidentStep): boolean => !WITHOUT_REASON.has(step);

type Known = Pick<Incident, 'note' | 'category' | 'severity'>;

/** What the unit will read as the finding. */
export const findingOf = (draft: Pick<StepDraft, 'finding'>, { note }: Pick<Incident, 'note'>): string =>
  (draft.finding ?? note).trim();

/** What a step needs and the draft does not have. */
export function missingOf(step: IncidentStep, draft: StepDraft, incident: Known): Set<StepField> {
  const missing = new Set<StepField>();
  if (needsReason(step) && draft.reason.trim() === '') missing.add('reason');
  if (step === 'request_explanation' && findingOf(draft, incident) === '') missing.add('finding');
  if (step === 'conclude' && draft.conclusion === null) missing.add('conclusion');
  if (step === 'mark_duplicate' && draft.duplicateOf === null) missing.add('duplicateOf');
  if (step === 'judge_appeal') {
    if (draft.outcome === null) missing.add('outcome');
    if (draft.outcome === 'changed' && draft.conclusion === null) missing.add('conclusion');
  }
  if (step === 'correct' && !changesOf(draft, incident)) missing.add('change');
  return missing;
}

function changesOf({ category, severity }: StepDraft, known: Known): boolean {
  return (category !== null && category !== known.category) || (severity !== null && severity !== known.severity);
}

/** What is sent for a step; null as long as something is missing. `assign` has a form of its own. */
export function stepInput(
  step: IncidentStep,
  draft: StepDraft,
  incident: Known & Pick<Incident, 'id'>,
  version: number,
): IncidentStepInput | null {
  if (missingOf(step, draft, incident).size > 0) return null;
  const common = { id: incident.id, version, reason: draft.reason.trim() };
  const attachments = draft.files.map(({ id }) => id);
  switch (step) {
    case 'verify':
    case 'proceed':
    case 'dismiss':
    case 'refer':
    case 'close':
      return { ...common, step };
    case 'request_explanation':
      return { ...common, step, finding: findingOf(draft, incident) };
    case 'explain': {
      const stretches = draft.stretches.map(({ cameraId, fromMs, toMs }) => ({ cameraId, fromMs, toMs }));
      return { ...common, step, attachments, stretches };
    }
    case 'appeal':
      return { ...common, step, attachments };
    case 'conclude':
      return draft.conclusion === null ? null : { ...common, step, conclusion: draft.conclusion };
    case 'mark_duplicate':
      return draft.duplicateOf === null ? null : { ...common, step, of: draft.duplicateOf.id };
    case 'judge_appeal':
      if (draft.outcome !== 'changed')
        return draft.outcome === null ? null : { ...common, step, outcome: draft.outcome };
      return draft.conclusion === null ? null : { ...common, step, outcome: 'changed', conclusion: draft.conclusion };
    case 'correct': {
      const { category, severity } = draft;
      return {
        ...common,
        step,
        ...(category !== null && category !== incident.category && { category }),
        ...(severity !== null && severity !== incident.severity && { severity }),
      };
    }
    case 'assign':
      return null;
  }
}
