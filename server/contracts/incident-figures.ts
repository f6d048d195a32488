import { z } from 'zod';
import { epochMs, id, severity } from './common.ts';
import { conclusion, incidentState } from './incidents.ts';
import { role } from './roles.ts';

/** Cases flagged in [from, to) of these units and categories; everything that the reader may see when left out. */
const many = <T extends z.ZodType>(item: T) =>
  z.preprocess((v) => (typeof v === 'string' ? v.split(',').filter(Boolean) : v), z.array(item).max(50).optional());

export const figuresQuery = z
  .object({
    from: z.coerce.number().pipe(epochMs).optional(),
    to: z.coerce.number().pipe(epochMs).optional(),
    unit: many(id),
    category: many(z.string().max(8)),
  })
  .refine((q) => q.from === undefined || q.to === undefined || q.to > q.from, {
    message: 'to must be after from',
    path: ['to'],
  });
export type FiguresQuery = z.infer<typeof figuresQuery>;

/** A number of cases, and the parameters with which `GET /api/incidents` lists exactly these. */
export const figure = z.object({ count: z.number().int(), filter: z.record(z.string(), z.string()) });
export type Figure = z.infer<typeof figure>;

export const incidentFigures = z.object({
  atMs: epochMs,
  total: figure,
  open: z.object({
    total: figure,
    overdue: figure,
    /** At most one working day is left. */
    soon: figure,
    byState: z.array(z.object({ state: incidentState, cases: figure })),
    bySeverity: z.array(z.object({ severity, cases: figure })),
    /** Working days since the flag, by the city's calendar; `toDays` null is without end. */
    byAge: z.array(z.object({ fromDays: z.number().int(), toDays: z.number().int().nullable(), cases: figure })),
  }),
  /** Cases that left a state within its term or after it, and which office moved them on. */
  terms: z.array(z.object({ state: incidentState, office: role, kept: figure, late: figure })),
  conclusions: z.object({
    violations: figure,
    noViolation: figure,
    byConclusion: z.array(z.object({ conclusion, cases: figure })),
  }),
  units: z.array(
    z.object({ unitId: id, unitName: z.string(), total: figure, open: figure, overdue: figure, violations: figure }),
  ),
  /** By the month of the flagged moment, in the city's time; at most the latest 24. */
  months: z.array(z.object({ month: z.string(), total: figure, open: figure, violations: figure })),
  /** Cases before which one of the same unit and category was concluded as a violation within `days`; null for the unit. */
  repeats: z.object({ days: z.number().int(), cases: figure }).nullable(),
  /** Of second readings that are done; null for the unit. */
  agreement: z
    .object({
      read: figure,
      agreed: figure,
      byCategory: z.array(z.object({ category: z.string(), read: figure, agreed: figure })),
    })
    .nullable(),
});
export type IncidentFigures = z.infer<typeof incidentFigures>;
