import { z } from 'zod';
import { cursor, epochMs, id, limit, page, severity, text } from './common.ts';
import { gap } from './timeline.ts';

/** The states of DOMAIN.md's workflow that the first workflow uses. */
export const incidentState = z.enum(['flagged', 'verifying', 'concluded', 'no_violation']);
export type IncidentState = z.infer<typeof incidentState>;

export const incidentStep = z.enum(['verify', 'conclude', 'dismiss']);
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

export const incidentEntry = z.object({
  atMs: epochMs,
  /** `flag`, a step, or `system`. */
  step: z.string(),
  /** Null where the reader may not know who acted (the unit never sees who flagged). */
  by: actor.nullable(),
  fromState: incidentState.nullable(),
  toState: incidentState,
  reason: z.string(),
});
export type IncidentEntry = z.infer<typeof incidentEntry>;

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
  note: z.string(),
  flaggedBy: actor.nullable(),
  createdAtMs: epochMs,
  updatedAtMs: epochMs,
  /** End of the term of the present state, in working days; null when the case has ended. */
  dueAtMs: epochMs.nullable(),
  /** Whole working days left, negative when overdue. */
  workingDaysLeft: z.number().int().nullable(),
  conclusion: conclusion.nullable(),
  /** Address of the still that was kept when the flag was set. */
  still: z.string(),
};

export const incidentSummary = z.object(incidentFields);
export type IncidentSummary = z.infer<typeof incidentSummary>;

export const incident = z.object({
  ...incidentFields,
  history: z.array(incidentEntry),
  /** What the signed-in person may do next, and when not, why not: a stable code per refused step. */
  steps: z.array(z.object({ step: incidentStep, allowed: z.boolean(), refusal: z.string().nullable() })),
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
export const verifyRequest = z.object({ version, reason: text(4000).default('') });
export const dismissRequest = z.object({ version, reason: text(4000).min(1) });
export const concludeRequest = z.object({ version, conclusion, reason: text(4000).min(1) });
export type VerifyRequest = z.infer<typeof verifyRequest>;
export type DismissRequest = z.infer<typeof dismissRequest>;
export type ConcludeRequest = z.infer<typeof concludeRequest>;

/** A list parameter may be given once or several times, separated by commas. */
const many = <T extends z.ZodType>(item: T) =>
  z.preprocess((v) => (typeof v === 'string' ? v.split(',').filter(Boolean) : v), z.array(item).max(50).optional());

export const incidentQuery = z.object({
  q: z.string().trim().max(200).optional(),
  unit: many(id),
  camera: many(id),
  category: many(z.string().max(8)),
  severity: many(z.coerce.number().pipe(severity)),
  state: many(incidentState),
  open: z.stringbool().optional(),
  from: z.coerce.number().pipe(epochMs).optional(),
  to: z.coerce.number().pipe(epochMs).optional(),
  sort: z.enum(['newest', 'due']).default('newest'),
  cursor: cursor.optional(),
  limit: limit.default(50),
});
export type IncidentQuery = z.infer<typeof incidentQuery>;

export const incidentPage = page(incidentSummary).extend({
  /** Of all the reader may see: what the tabs above the list show. */
  counts: z.object({
    open: z.number().int(),
    overdue: z.number().int(),
    concluded: z.number().int(),
    all: z.number().int(),
  }),
});
export type IncidentPage = z.infer<typeof incidentPage>;
