import { z } from 'zod';
import { cursor, epochMs, limit, page } from './common.ts';

export const auditEntry = z.object({
  seq: z.number().int().min(1),
  atMs: epochMs,
  actorName: z.string(),
  actorRole: z.string(),
  /** `session.created`, `camera.created`, `incident.concluded` … */
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.unknown()),
  address: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditQuery = z.object({
  cursor: cursor.optional(),
  limit: limit.default(100),
  action: z.string().max(64).optional(),
});
export const auditPage = page(auditEntry);
export const auditVerification = z.object({
  ok: z.boolean(),
  entries: z.number().int(),
  /** The first entry whose hash does not follow from what precedes it. */
  firstBroken: z.number().int().nullable(),
});
