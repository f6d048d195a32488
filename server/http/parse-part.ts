import type { z } from 'zod';
import { AppError } from '../platform/errors.ts';

/** Parses a part of a request at the door. Errors: `request_invalid`, with what to mend by field. */
export function parsePart(schema: z.ZodType | undefined, value: unknown, part: 'params' | 'query' | 'body'): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues.flatMap(nearest).slice(0, 20)) {
    fields[issue.path.join('.') || part] ??= issue.message;
  }
  throw new AppError('invalid', 'request_invalid', { fields });
}

/** Of a choice between shapes, what is wrong with the one that came nearest. */
function nearest(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const [best] = issue.errors.toSorted((a, b) => a.length - b.length);
  if (best === undefined || best.length === 0) return [issue];
  return best.flatMap(nearest).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}
