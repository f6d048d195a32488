import { z } from 'zod';
import { epochMs, epochMsQuery, id, streamName } from './common.ts';
import { gapReason } from './timeline.ts';

const ms = z.number().int().min(0);

/** Of the time that was to be recorded: what is recorded, what is not and why, and what nothing explains. scheduled = recorded + explained + unexplained. */
export const completeness = z.object({
  scheduledMs: ms,
  recordedMs: ms,
  explainedMs: z.partialRecord(gapReason, ms),
  unexplainedMs: ms,
});
export type Completeness = z.infer<typeof completeness>;

export const nothingScheduled: Completeness = { scheduledMs: 0, recordedMs: 0, explainedMs: {}, unexplainedMs: 0 };

export function addCompleteness(a: Completeness, b: Completeness): Completeness {
  const explainedMs = { ...a.explainedMs };
  for (const [reason, length] of Object.entries(b.explainedMs)) {
    const known = gapReason.parse(reason);
    explainedMs[known] = (explainedMs[known] ?? 0) + length;
  }
  return {
    scheduledMs: a.scheduledMs + b.scheduledMs,
    recordedMs: a.recordedMs + b.recordedMs,
    explainedMs,
    unexplainedMs: a.unexplainedMs + b.unexplainedMs,
  };
}

export const streamCompleteness = completeness.extend({ cameraId: id, unitId: id, stream: streamName });
export const unitCompleteness = completeness.extend({ unitId: id });

/** `GET /api/completeness?from=&to=&unit=&camera=&by=`: up to now, of the cameras that are registered. Cameras, units and total count every stream. */
export const completenessReport = z.object({
  from: epochMs,
  to: epochMs,
  streams: z.array(streamCompleteness),
  cameras: z.array(completeness.extend({ cameraId: id, unitId: id })),
  units: z.array(unitCompleteness),
  total: completeness,
  /** With `by=day`: the total of each 24 hours from `from` on, the last up to `to`. */
  days: z.array(completeness.extend({ from: epochMs, to: epochMs })).optional(),
});
export type CompletenessReport = z.infer<typeof completenessReport>;

export const completenessQuery = z
  .object({
    from: epochMsQuery,
    to: epochMsQuery,
    unit: id.optional(),
    camera: id.optional(),
    by: z.enum(['day']).optional(),
  })
  .refine((q) => q.to > q.from, { message: 'to must be after from', path: ['to'] });
