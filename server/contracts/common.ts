import { z } from 'zod';

/** UTC epoch milliseconds: the one form of time that is stored and sent. */
export const epochMs = z.number().int().min(0).max(8_640_000_000_000_000);

/** The same, written in a query string: up to the end of the year 9999, since calendars do not count on to the end of time. */
export const epochMsQuery = z.coerce.number().pipe(epochMs.max(253_402_300_799_999));

/** Identifiers are short, printable and safe in a path, a file name and a URL. */
export const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9_-]*$/);

export const streamName = z.enum(['main', 'sub']);
export type StreamName = z.infer<typeof streamName>;

export const severity = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export type Severity = z.infer<typeof severity>;

/** Free text that a person types: trimmed, bounded, without control characters other than line breaks and tabs. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((s) => !/[^\P{Cc}\n\r\t]/u.test(s), { message: 'control characters' });

/** `code` is stable and listed in the OpenAPI document; `message` is in the caller's language; `fields` names what to mend; `details` are facts of that code. */
export const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;

/** Lists are one page and the cursor of the next, or null at the end. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });

export const cursor = z.string().min(1).max(400);
export const limit = z.coerce.number().int().min(1).max(200);

/** A stretch of time, [fromMs, toMs). */
export const stretch = z.object({ fromMs: epochMs, toMs: epochMs });
export type Stretch = z.infer<typeof stretch>;

/** Times as a query asks for them: `?from=&to=` in epoch ms, `to` after `from`. */
export const rangeQuery = z
  .object({ from: epochMsQuery, to: epochMsQuery })
  .refine((r) => r.to > r.from, { message: 'to must be after from', path: ['to'] });
