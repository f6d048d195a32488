import { z } from 'zod';
import { epochMs, id, streamName } from './common.ts';
import { retentionInForce, selfCheck, selfCheckProgress, volumeHealth } from './health.ts';

const bytes = z.number().int().min(0);

/** One alarm in force: since when, about what. What each means stands in docs/operations.md. */
export const archiveAlarm = z.object({
  code: z.string(),
  sinceMs: epochMs,
  detail: z.string(),
  /** What it is about, where that is one stream of a camera. */
  camera: z.object({ id, name: z.string(), unitId: id, stream: streamName }).nullable(),
});
export type ArchiveAlarm = z.infer<typeof archiveAlarm>;

/** All volumes together. */
export const archiveTotal = z.object({
  files: z.number().int().min(0),
  usedBytes: bytes,
  freeBytes: bytes,
  bytesPerDay: z.number().min(0).nullable(),
  /** Until quota or volumes are full at the present rate and the oldest footage goes; null while that is not known. */
  daysLeft: z.number().min(0).nullable(),
  oldestMs: epochMs.nullable(),
});

/** `GET /api/archive`: how the archive stands. */
export const archiveState = z.object({
  atMs: epochMs,
  /** In the order in which they are filled. */
  volumes: z.array(volumeHealth),
  total: archiveTotal,
  retention: retentionInForce,
  alarms: z.array(archiveAlarm),
  /** The last self-check that came to its end; null before the first. */
  selfCheck: selfCheck.nullable(),
  selfCheckProgress: selfCheckProgress.nullable(),
});
export type ArchiveState = z.infer<typeof archiveState>;
