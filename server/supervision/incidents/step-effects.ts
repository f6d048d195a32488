import type {
  AnswerStretch,
  Attachment,
  Category,
  Conclusion,
  EntryDetails,
  IncidentStep,
  StepRequests,
} from '../../contracts/incidents.ts';
import type { IncidentChange, IncidentRow } from '../../storage/incident.store.ts';
import type { Account } from '../people.ts';
import { toColleague } from '../people.ts';

/** A step with what it carries, as the contract has parsed it. */
export type StepTaking = { [S in IncidentStep]: { step: S; request: StepRequests[S] } }[IncidentStep];

/** What a step needs to know besides the case: looked up and checked before. */
export interface StepFacts {
  actorId: string;
  attachments?: Attachment[];
  stretches?: AnswerStretch[];
  /** The case that goes on. */
  other?: Pick<IncidentRow, 'id' | 'number'>;
  assignee?: Account | null;
  /** The category that the case has, and the one that it is corrected to. */
  category?: Category | undefined;
}

/** What a step leaves in the case, besides its state, version and times. */
export interface StepEffect {
  change: IncidentChange;
  details: EntryDetails;
  /** The conclusion that the entry sets, or takes back with null. */
  conclusion: Conclusion | null;
}

/** Pure: what each step writes. */
export function effectOf({ step, request }: StepTaking, row: IncidentRow, facts: StepFacts): StepEffect {
  const none: StepEffect = { change: {}, details: {}, conclusion: null };
  switch (step) {
    case 'verify':
    case 'proceed':
    case 'dismiss':
    case 'close':
      return none;
    case 'request_explanation': {
      // A finding has to be told: where nobody wrote one, it is what the case is about.
      const finding = request.finding ?? (row.note === '' ? (facts.category?.vi ?? row.category) : row.note);
      return { ...none, change: { finding, question: request.reason }, details: { finding } };
    }
    case 'explain': {
      const { attachments = [], stretches = [] } = facts;
      // The footage that the unit points to is kept as well.
      return { ...none, change: stretches.length > 0 ? { held: 0 } : {}, details: { attachments, stretches } };
    }
    case 'appeal':
      return { ...none, details: { attachments: facts.attachments ?? [] } };
    case 'conclude':
      return concluded(request.conclusion, facts);
    case 'refer':
      return concluded('referred', facts);
    case 'mark_duplicate': {
      const { other } = facts;
      if (other === undefined) return none;
      return {
        ...none,
        change: { duplicate_of_id: other.id, duplicate_of_number: other.number },
        details: { other: { id: other.id, number: other.number } },
      };
    }
    case 'correct': {
      const { category = row.category, severity = row.severity } = request;
      const from = row.severity as 1 | 2 | 3;
      const changes: EntryDetails['changes'] = {
        ...(category === row.category ? {} : { category: { from: row.category, to: category } }),
        ...(severity === row.severity ? {} : { severity: { from, to: severity as 1 | 2 | 3 } }),
      };
      return { ...none, change: { category, severity }, details: { changes } };
    }
    case 'judge_appeal': {
      const { outcome } = request;
      const conclusion =
        outcome === 'upheld' ? row.conclusion : outcome === 'changed' ? (request.conclusion ?? null) : null;
      return { change: { conclusion }, details: { outcome }, conclusion };
    }
    case 'assign': {
      const { assignee = null } = facts;
      return {
        ...none,
        change: {
          assignee_id: assignee?.id ?? null,
          assignee_name: assignee?.name ?? null,
          assignee_role: assignee?.role ?? null,
        },
        details: { assignee: assignee === null ? null : toColleague(assignee) },
      };
    }
  }
}

function concluded(conclusion: Conclusion, { actorId }: StepFacts): StepEffect {
  return { change: { conclusion, concluded_by_id: actorId }, details: {}, conclusion };
}
