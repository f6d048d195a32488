import { z } from 'zod';
import { epochMs } from './common.ts';

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
  alarms: z.array(z.object({ code: z.string(), sinceMs: epochMs, detail: z.string() })),
});
export type RecorderHealth = z.infer<typeof recorderHealth>;
