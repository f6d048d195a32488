import { z } from 'zod';
import { epochMs } from './common.ts';

const bytes = z.number().int().min(0);

/** `roomy`, `near` its limit (others are filled first), `full`, `failed` (refuses writes; recordings can be read), or `offline`. */
export const volumeState = z.enum(['roomy', 'near', 'full', 'failed', 'offline']);

/** Past its days; over the quota of the archive; to make room on a volume. */
export const deletionReason = z.enum(['age', 'quota', 'room']);
export type DeletionReason = z.infer<typeof deletionReason>;
export const deletion = z.object({ files: z.number().int().min(0), bytes });
export const nothingDeleted = {
  age: { files: 0, bytes: 0 },
  quota: { files: 0, bytes: 0 },
  room: { files: 0, bytes: 0 },
} as const;

/** One volume of the archive. */
export const volumeHealth = z.object({
  name: z.string(),
  /** Null for a volume that the configuration does not name any more. */
  path: z.string().nullable(),
  state: volumeState,
  /** Why it is offline or failed. */
  detail: z.string().nullable(),
  /** Number of its file system on this machine, which volumes may share; null while it is not there. */
  fileSystem: z.number().nullable().optional(),
  files: z.number().int().min(0),
  usedBytes: bytes,
  freeBytes: bytes,
  sizeBytes: bytes,
  limitBytes: bytes.nullable(),
  reserveBytes: bytes,
  /** Until the reserve is reached, at the rate of the last minutes; null while that is not known, or nothing is written. */
  daysLeft: z.number().min(0).nullable(),
  /** What is written at the rate of the last minutes; null while that is not known. */
  bytesPerDay: z.number().min(0).nullable(),
  /** By retention, since the start. */
  deletedFiles: z.number().int().min(0),
  deletedBytes: bytes,
  /** By retention since midnight in Viet Nam, or since the start where that was later, and why. */
  deletedToday: z.record(deletionReason, deletion),
});
export type VolumeHealth = z.infer<typeof volumeHealth>;

/** The nightly comparison of index, files and hashes in a running recorder. */
export const selfCheck = z.object({
  startedMs: epochMs,
  /** When it ended. */
  atMs: epochMs,
  files: z.number().int(),
  rows: z.number().int(),
  /** Files that were read against their SHA-256 this time. */
  hashed: z.number().int(),
  /** Files up to this time have been read; null when the next check begins anew. */
  hashedUntilMs: epochMs.nullable(),
  /** Differences by kind: `file_missing`, `row_missing`, `size_differs`, `hash_differs`, `unreadable`, `foreign_file`. */
  kinds: z.record(z.string(), z.number().int()),
  examples: z.array(z.object({ kind: z.string(), path: z.string() })),
});
export type SelfCheck = z.infer<typeof selfCheck>;

/** A self-check that is under way: names and sizes first, then as much of the files' content as one check reads. */
export const selfCheckProgress = z.object({
  startedMs: epochMs,
  lookedAt: z.number().int().min(0),
  toLookAt: z.number().int().min(0),
  readBytes: bytes,
  toReadBytes: bytes,
});
export type SelfCheckProgress = z.infer<typeof selfCheckProgress>;

/** How long recordings are kept where a stream has no days of its own, and the most that all may take. */
export const retentionInForce = z.object({ days: z.number().min(0), quotaBytes: bytes.nullable() });

/** What the recorder says of itself; shown to administrators. */
export const recorderHealth = z.object({
  atMs: epochMs,
  streams: z.object({ total: z.number().int(), recording: z.number().int() }),
  archive: z.object({
    bytes: z.number().int(),
    files: z.number().int(),
    freeBytes: z.number().int(),
    oldestMs: epochMs.nullable(),
  }),
  /** In the order in which they are filled. */
  volumes: z.array(volumeHealth).optional(),
  /** Null before the first night. */
  selfCheck: selfCheck.nullable().optional(),
  /** Null while none is under way. */
  selfCheckProgress: selfCheckProgress.nullable().optional(),
  retention: retentionInForce.optional(),
  alarms: z.array(z.object({ code: z.string(), sinceMs: epochMs, detail: z.string() })),
});
export type RecorderHealth = z.infer<typeof recorderHealth>;
