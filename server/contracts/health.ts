import { z } from 'zod';
import { epochMs } from './common.ts';

const bytes = z.number().int().min(0);

/** `roomy`, `near` its limit (others are filled first), `full`, `failed` (refuses writes; recordings can be read), or `offline`. */
export const volumeState = z.enum(['roomy', 'near', 'full', 'failed', 'offline']);

/** One volume of the archive. */
export const volumeHealth = z.object({
  name: z.string(),
  /** Null for a volume that the configuration does not name any more. */
  path: z.string().nullable(),
  state: volumeState,
  /** Why it is offline or failed. */
  detail: z.string().nullable(),
  files: z.number().int().min(0),
  usedBytes: bytes,
  freeBytes: bytes,
  sizeBytes: bytes,
  limitBytes: bytes.nullable(),
  reserveBytes: bytes,
  /** Until the reserve is reached, at the rate of the last minutes; null while that is not known, or nothing is written. */
  daysLeft: z.number().min(0).nullable(),
  /** By retention, since the start. */
  deletedFiles: z.number().int().min(0),
  deletedBytes: bytes,
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
  alarms: z.array(z.object({ code: z.string(), sinceMs: epochMs, detail: z.string() })),
});
export type RecorderHealth = z.infer<typeof recorderHealth>;
