import { z } from 'zod';
import { cursor, epochMs, id, limit, page, text } from './common.ts';

/** In the order in which they build on each other: a camera that does not answer cannot be asked for the rest. */
export const healthPart = z.enum(['reachable', 'authenticated', 'streaming', 'picture', 'clock']);
export type HealthPart = z.infer<typeof healthPart>;

/** good · trouble · blocked: cannot be told while a part before it is in trouble · unknown: not told yet · off: switched off, or outside its hours. */
export const partState = z.enum(['good', 'trouble', 'blocked', 'unknown', 'off']);
export type PartState = z.infer<typeof partState>;

/**
 * Why, and what to do about it: the console words both by this code. Of `reachable`: as the recorder says (`connection_refused`, `timeout` …);
 * of `authenticated`: `bad_credentials`; of `streaming`: as the recorder says, `disk_full`, `schedule`, `switched_off`; of `picture`: `dark`,
 * `frozen`, `covered`, `out_of_focus`, `moved`; of `clock`: `clock_wrong`, `clock_unread`. Of `blocked`: the part before it.
 */
export const healthCause = z.string().min(1).max(64);

export const partHealth = z.object({
  part: healthPart,
  state: partState,
  sinceMs: epochMs,
  cause: healthCause.nullable(),
  /** A figure that belongs to the cause: of `clock_wrong`, by how many ms the camera's clock is ahead. */
  detail: z.number().int().nullable(),
});
export type PartHealth = z.infer<typeof partHealth>;

export const referenceKind = z.enum(['day', 'night']);
export type ReferenceKind = z.infer<typeof referenceKind>;

/** What keeps focus and place from being judged. `steered`: people turn it. */
export const notCompared = z.enum(['no_reference', 'no_day_reference', 'no_night_reference', 'steered']);
export type NotCompared = z.infer<typeof notCompared>;

export const cameraHealth = z.object({
  cameraId: id,
  parts: z.array(partHealth),
  /** The first part that is in trouble, and has been for as long as it takes to be told; null while there is none. */
  trouble: healthPart.nullable(),
  /** Null where focus and place are judged. */
  notCompared: notCompared.nullable(),
});
export type CameraHealth = z.infer<typeof cameraHealth>;
export const cameraHealthList = z.object({ items: z.array(cameraHealth) });

/** A picture of how a camera should look, with colour (day) or without (night, infrared), as an administrator has approved it. */
export const cameraReference = z.object({
  kind: referenceKind,
  mediaTimeMs: epochMs,
  approvedAtMs: epochMs,
  approvedBy: z.string(),
});
export type CameraReference = z.infer<typeof cameraReference>;

/** One day in the city's time zone. `healthyMs`: recorded, and nothing wrong with the picture. */
export const uptimeDay = z.object({
  day: z.iso.date(),
  scheduledMs: z.number().int().min(0),
  recordedMs: z.number().int().min(0),
  healthyMs: z.number().int().min(0),
});
export type UptimeDay = z.infer<typeof uptimeDay>;

export const cameraHealthDetail = cameraHealth.extend({
  references: z.array(cameraReference),
  /** The last 30 days up to now, oldest first; without days before the camera was there. */
  days: z.array(uptimeDay),
});
export type CameraHealthDetail = z.infer<typeof cameraHealthDetail>;

export const healthChange = z.object({
  part: healthPart,
  atMs: epochMs,
  state: partState,
  cause: healthCause.nullable(),
});
export type HealthChange = z.infer<typeof healthChange>;
export const healthChangePage = page(healthChange);
export const healthChangeQuery = z.object({ cursor: cursor.optional(), limit: limit.default(50) });

/** A still of now that may become the reference; kept for ten minutes. */
export const referenceCandidate = z.object({ id, kind: referenceKind, mediaTimeMs: epochMs });
export type ReferenceCandidate = z.infer<typeof referenceCandidate>;
export const approveReferenceRequest = z.object({ candidateId: id });

/** `cut`: nothing comes from it, or it refuses to let us in. */
export const proposalCause = z.enum(['covered', 'dark', 'moved', 'cut']);
export type ProposalCause = z.infer<typeof proposalCause>;
export const proposalState = z.enum(['open', 'confirmed', 'rejected']);
export type ProposalState = z.infer<typeof proposalState>;

/** A camera that was covered, turned or cut in working hours: a person decides whether it becomes a case. */
export const cameraProposal = z.object({
  id,
  cameraId: id,
  cameraName: z.string(),
  unitId: id,
  unitName: z.string(),
  cause: proposalCause,
  fromMs: epochMs,
  /** Null while it lasts. */
  toMs: epochMs.nullable(),
  state: proposalState,
  /** Whether a still was kept: of what was seen, of a camera that was cut the last one before. */
  still: z.boolean(),
  incidentId: id.nullable(),
  decidedBy: z.string().nullable(),
  decidedAtMs: epochMs.nullable(),
  reason: z.string(),
});
export type CameraProposal = z.infer<typeof cameraProposal>;
export const cameraProposalPage = page(cameraProposal);
export const cameraProposalQuery = z.object({
  state: proposalState.default('open'),
  cursor: cursor.optional(),
  limit: limit.default(50),
});
export const confirmProposalRequest = z.object({ note: text(4000).default('') });
export const rejectProposalRequest = z.object({ reason: text(4000).min(1) });
