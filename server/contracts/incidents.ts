import { z } from 'zod';
import { cursor, epochMs, id, limit, page, severity, text } from './common.ts';
import { role } from './roles.ts';
import { gap } from './timeline.ts';

/** The states of a case; `no_violation`, `duplicate`, `referred` and `closed` are ends. */
export const incidentState = z.enum([
  'flagged',
  'verifying',
  'explanation_requested',
  'awaiting_conclusion',
  'concluded',
  'appealed',
  'closed',
  'no_violation',
  'duplicate',
  'referred',
]);
export type IncidentState = z.infer<typeof incidentState>;

/** What people do with a case. `correct` and `assign` leave it in its state. */
export const incidentStep = z.enum([
  'verify',
  'request_explanation',
  'explain',
  'proceed',
  'conclude',
  'dismiss',
  'refer',
  'mark_duplicate',
  'correct',
  'appeal',
  'judge_appeal',
  'close',
  'assign',
]);
export type IncidentStep = z.infer<typeof incidentStep>;

export const conclusion = z.enum(['reminder', 'criticism', 'rectify', 'referred']);
export type Conclusion = z.infer<typeof conclusion>;

export const category = z.object({
  code: z.string().regex(/^[A-Z]{2}\d{2}$/),
  vi: z.string().min(1),
  en: z.string().min(1),
  severity,
});
export type Category = z.infer<typeof category>;
export const categoryList = z.object({ items: z.array(category) });

/** A person as a history shows them: the office, and the name for those who may know it. */
export const actor = z.object({ name: z.string(), role: z.string() });

/** A file that belongs to an answer or an appeal of the unit. */
export const attachment = z.object({
  id,
  /** As its sender named it, without path and control characters: for display and download only. */
  name: z.string(),
  /** Media type, proven by the content. */
  type: z.string(),
  sizeBytes: z.number().int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Attachment = z.infer<typeof attachment>;

/** Footage that the unit points to in its answer. */
export const answerStretch = z.object({ cameraId: id, cameraName: z.string(), fromMs: epochMs, toMs: epochMs });
export type AnswerStretch = z.infer<typeof answerStretch>;

export const appealOutcome = z.enum(['upheld', 'changed', 'revoked']);
export type AppealOutcome = z.infer<typeof appealOutcome>;

/** Somebody with an account, as others see them. */
export const colleague = z.object({ id, name: z.string(), role });
export type ColleagueRef = z.infer<typeof colleague>;

/** Who hears of a passed term: everybody of an office, or one account. */
export const superior = z.union([z.strictObject({ role }), z.strictObject({ username: z.string().min(1).max(64) })]);
export type Superior = z.infer<typeof superior>;

/** What belongs to an entry besides its words; each step has its own. */
export const entryDetails = z.object({
  /** request_explanation: what the unit is told was found. */
  finding: z.string().optional(),
  /** explain */
  stretches: z.array(answerStretch).optional(),
  /** explain, appeal */
  attachments: z.array(attachment).optional(),
  /** judge_appeal */
  outcome: appealOutcome.optional(),
  /** correct: what was and what is. */
  changes: z
    .object({
      category: z.object({ from: z.string(), to: z.string() }).optional(),
      severity: z.object({ from: severity, to: severity }).optional(),
    })
    .optional(),
  /** mark_duplicate: the case that goes on; merge: the case that was found to be the same. */
  other: z.object({ id, number: z.string() }).optional(),
  /** assign */
  assignee: colleague.nullable().optional(),
  /** escalate */
  superior: superior.nullable().optional(),
  /** term_changed: the end of the term before and after a change of the working calendar. */
  term: z.object({ from: epochMs, to: epochMs }).optional(),
});
export type EntryDetails = z.infer<typeof entryDetails>;

export const incidentEntry = z.object({
  seq: z.number().int(),
  atMs: epochMs,
  /** `flag`, a step, or what the system did: `escalate`, `merge`, `close`, `term_changed`. */
  step: z.string(),
  /** Null where the reader may not know who acted (the unit never sees who flagged), and for the system. */
  by: actor.nullable(),
  /** True for what the server did by itself. */
  system: z.boolean(),
  /** Network address from which it was done; null for whoever does not see the whole city, and where there is none. */
  address: z.string().nullable(),
  fromState: incidentState.nullable(),
  toState: incidentState,
  /** End of the term of the state that was entered, as it was told then; null where there is none. */
  dueAtMs: epochMs.nullable(),
  conclusion: conclusion.nullable(),
  reason: z.string(),
  details: entryDetails,
});
export type IncidentEntry = z.infer<typeof incidentEntry>;

/** `soon`: at most one working day is left. */
export const due = z.enum(['ok', 'soon', 'overdue']);
export type Due = z.infer<typeof due>;

const incidentFields = {
  id,
  /** The number that people quote: `VV-2026-0001`. */
  number: z.string(),
  version: z.number().int().min(1),
  state: incidentState,
  category: z.string(),
  severity,
  cameraId: id,
  cameraName: z.string(),
  unitId: id,
  unitName: z.string(),
  /** The moment when the flag key went down. */
  atMs: epochMs,
  fromMs: epochMs,
  toMs: epochMs,
  /** What was noted with the flag; empty for the unit. */
  note: z.string(),
  flaggedBy: actor.nullable(),
  createdAtMs: epochMs,
  updatedAtMs: epochMs,
  /** End of the term of the present state, in working days; null when the case has ended. */
  dueAtMs: epochMs.nullable(),
  /** Whole working days left, negative when overdue. */
  workingDaysLeft: z.number().int().nullable(),
  /** How the term stands; null where there is none, and for a concluded case whose term of appeal is over. */
  due: due.nullable(),
  /** When the superior was told that the term of the present state has passed; null until then, and for the unit. */
  escalatedAtMs: epochMs.nullable(),
  conclusion: conclusion.nullable(),
  /** What the unit is told was found, and what it is asked; null until the case is sent. */
  finding: z.string().nullable(),
  question: z.string().nullable(),
  /** When the unit was given the case; null until then. */
  sentAtMs: epochMs.nullable(),
  /** When the case came to its end; null while it goes on. */
  closedAtMs: epochMs.nullable(),
  /** Whose work the case is; null for nobody, and for the unit. */
  assignee: colleague.nullable(),
  /** Of a duplicate, the case that goes on; null otherwise. */
  duplicateOf: z.object({ id, number: z.string() }).nullable(),
  /** Address of the still that was kept when the flag was set. */
  still: z.string(),
};

export const stepVerdict = z.object({
  step: incidentStep,
  allowed: z.boolean(),
  refusal: z.string().nullable(),
  /** Until when it is allowed (`appeal`), or from when it will be (refused with `term_not_over`); null where no term counts. */
  untilMs: epochMs.nullable(),
});
export type StepVerdict = z.infer<typeof stepVerdict>;

/** A conclusion in preparation, for the offices alone; gone with the next step that changes the state. */
export const conclusionDraft = z.object({
  conclusion: conclusion.nullable(),
  text: z.string(),
  by: actor,
  atMs: epochMs,
});
export type ConclusionDraft = z.infer<typeof conclusionDraft>;

export const incidentSummary = z.object(incidentFields);
export type IncidentSummary = z.infer<typeof incidentSummary>;

export const incident = z.object({
  ...incidentFields,
  history: z.array(incidentEntry),
  /** What the signed-in person may do next, and when not, why not: a stable code per refused step. */
  steps: z.array(stepVerdict),
  /** The conclusion that somebody prepares; null where there is none, and for the unit. */
  draft: conclusionDraft.nullable(),
  /** Until when the footage stays held after the end of the case; null while the case goes on. */
  heldUntilMs: epochMs.nullable(),
  /** Footage of the stretch: what is recorded, what is missing and why, and whether the end is still to come. */
  footage: z.object({
    recorded: z.array(z.tuple([epochMs, epochMs])),
    gaps: z.array(gap),
    complete: z.boolean(),
    pending: z.boolean(),
  }),
});
export type Incident = z.infer<typeof incident>;

/** A flag may reach back 31 days and lie up to 10 minutes ahead; a stretch is at most 4 hours. */
export const createIncidentRequest = z
  .object({
    cameraId: id,
    category: z.string().regex(/^[A-Z]{2}\d{2}$/),
    fromMs: epochMs,
    toMs: epochMs,
    /** The moment itself; the middle of the stretch when left out. */
    atMs: epochMs.optional(),
    severity: severity.optional(),
    note: text(4000).default(''),
  })
  .refine((r) => r.toMs > r.fromMs, { message: 'toMs must be after fromMs', path: ['toMs'] })
  .refine((r) => r.toMs - r.fromMs <= 4 * 3_600_000, { message: 'a stretch is at most 4 hours', path: ['toMs'] });
export type CreateIncidentRequest = z.infer<typeof createIncidentRequest>;

const version = z.number().int().min(1);
const words = text(4000).pipe(z.string().min(1));
const maybeWords = text(4000).default('');
const categoryCode = z.string().regex(/^[A-Z]{2}\d{2}$/);
export const maxAttachmentsPerStep = 10;
const attachments = z
  .array(id)
  .max(maxAttachmentsPerStep)
  .refine((list) => new Set(list).size === list.length, { message: 'each file once' })
  .default([]);

export const verifyRequest = z.object({ version, reason: maybeWords });
/** `reason` is the question; `finding` is what was found, the flag's note when left out. */
export const requestExplanationRequest = z.object({ version, reason: words, finding: words.optional() });
export const explainRequest = z.object({
  version,
  reason: words,
  attachments,
  /** Footage of the own unit that answers: at most 4 hours each. */
  stretches: z
    .array(
      z
        .object({ cameraId: id, fromMs: epochMs, toMs: epochMs })
        .refine((r) => r.toMs > r.fromMs && r.toMs - r.fromMs <= 4 * 3_600_000, {
          message: 'a stretch has a length, of at most 4 hours',
          path: ['toMs'],
        }),
    )
    .max(10)
    .default([]),
});
export const proceedRequest = z.object({ version, reason: words });
export const concludeRequest = z.object({ version, conclusion, reason: words });
export const dismissRequest = z.object({ version, reason: words });
export const referRequest = z.object({ version, reason: words });
/** `of` is the case that goes on. */
export const markDuplicateRequest = z.object({ version, of: id, reason: words });
export const correctRequest = z
  .object({ version, category: categoryCode.optional(), severity: severity.optional(), reason: words })
  .refine((r) => r.category !== undefined || r.severity !== undefined, {
    message: 'a category or a severity',
    path: ['category'],
  });
export const appealRequest = z.object({ version, reason: words, attachments });
export const judgeAppealRequest = z
  .object({ version, outcome: appealOutcome, conclusion: conclusion.optional(), reason: words })
  .refine((r) => (r.outcome === 'changed') === (r.conclusion !== undefined), {
    message: 'a changed conclusion, and nothing else, names the new one',
    path: ['conclusion'],
  });
export const closeRequest = z.object({ version, reason: maybeWords });
export const assignRequest = z.object({ version, assigneeId: id.nullable(), reason: maybeWords });

/** What each step carries. */
export const stepRequests = {
  verify: verifyRequest,
  request_explanation: requestExplanationRequest,
  explain: explainRequest,
  proceed: proceedRequest,
  conclude: concludeRequest,
  dismiss: dismissRequest,
  refer: referRequest,
  mark_duplicate: markDuplicateRequest,
  correct: correctRequest,
  appeal: appealRequest,
  judge_appeal: judgeAppealRequest,
  close: closeRequest,
  assign: assignRequest,
} as const satisfies Record<IncidentStep, z.ZodType>;
export type StepRequests = { [S in IncidentStep]: z.infer<(typeof stepRequests)[S]> };

export const draftRequest = z.object({ conclusion: conclusion.nullable().default(null), text: text(4000) });
export type DraftRequest = z.infer<typeof draftRequest>;

/** Rides on 409 `version_conflict`, beside the error's code: what happened meanwhile, as the reader may see it. */
export const versionConflict = z.object({
  version: z.number().int(),
  state: incidentState,
  entries: z.array(incidentEntry),
});
export type VersionConflict = z.infer<typeof versionConflict>;

/** A file is at most 20 MB. */
export const maxAttachmentBytes = 20 * 1024 * 1024;

/** A list parameter may be given once or several times, separated by commas. */
const many = <T extends z.ZodType>(item: T) =>
  z.preprocess((v) => (typeof v === 'string' ? v.split(',').filter(Boolean) : v), z.array(item).max(50).optional());

export const incidentQuery = z.object({
  /** Words that all occur, whatever their diacritics: in number, category, unit, camera, people, note, finding and comments that the reader may see. */
  q: text(200).optional(),
  unit: many(id),
  camera: many(id),
  category: many(z.string().max(8)),
  severity: many(z.coerce.number().pipe(severity)),
  state: many(incidentState),
  open: z.stringbool().optional(),
  overdue: z.stringbool().optional(),
  due: many(due),
  /** The term ends before this moment. */
  dueBefore: z.coerce.number().pipe(epochMs).optional(),
  /** The flagged moment lies in [from, to). */
  from: z.coerce.number().pipe(epochMs).optional(),
  to: z.coerce.number().pipe(epochMs).optional(),
  /** The flagged moment lies within so many days of the city, today included: what a saved filter asks for anew each day. */
  days: z.coerce.number().int().min(1).max(366).optional(),
  /** The flag was set in [createdFrom, createdTo). */
  createdFrom: z.coerce.number().pipe(epochMs).optional(),
  createdTo: z.coerce.number().pipe(epochMs).optional(),
  /** Flagged by this account or assigned to it; `me` is the reader. */
  person: id.optional(),
  /** Assigned to this account; `me` is the reader. */
  assignee: id.optional(),
  unassigned: z.stringbool().optional(),
  /** Watched by the reader. */
  watching: z.stringbool().optional(),
  /** The reader, or the reader's office, is mentioned in a comment. */
  mentioned: z.stringbool().optional(),
  conclusion: many(conclusion),
  /** Whether the case was concluded as a violation. */
  violation: z.stringbool().optional(),
  /** One of the same unit and category was concluded as a violation within the configured period before. */
  repeat: z.stringbool().optional(),
  /** Second readings that are done: whether both readers found the same. */
  readAgain: many(z.enum(['agreed', 'disagreed'])),
  /** The case has left this state, moved on by somebody of `office`, within its `term` or late. */
  left: incidentState.optional(),
  office: role.optional(),
  term: z.enum(['kept', 'late']).optional(),
  sort: z.enum(['newest', 'due']).default('newest'),
  cursor: cursor.optional(),
  limit: limit.default(50),
});
export type IncidentQuery = z.infer<typeof incidentQuery>;

export const incidentPage = page(incidentSummary).extend({
  /** Of the cases that the filter finds in whatever state: what the tabs above the list and the columns of the board show. */
  counts: z.object({
    open: z.number().int(),
    overdue: z.number().int(),
    concluded: z.number().int(),
    all: z.number().int(),
    /** States without a case are left out. */
    byState: z.partialRecord(incidentState, z.number().int()).default({}),
  }),
});
export type IncidentPage = z.infer<typeof incidentPage>;
