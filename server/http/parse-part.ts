import type { z } from 'zod';
import { AppError } from '../platform/errors.ts';

/** Parses a part of a request at the door. Errors: `request_invalid`, with what to mend by field. */
export function parsePart(schema: z.ZodType | undefined, value: unknown, part: 'params' | 'query' | 'body'): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues.slice(0, 20)) fields[issue.path.join('.') || part] ??= issue.message;
  throw new AppError('invalid', 'request_invalid', { fields });
}
