import { z } from 'zod';
import { epochMs } from './common.ts';

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
  /** Null before the first night. */
  selfCheck: selfCheck.nullable().optional(),
  alarms: z.array(z.object({ code: z.string(), sinceMs: epochMs, detail: z.string() })),
});
export type RecorderHealth = z.infer<typeof recorderHealth>;
