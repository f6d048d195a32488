import { z } from 'zod';
import { epochMs, id } from '../../contracts/common.ts';
import { AppError } from '../../platform/errors.ts';
import type { IncidentRow } from '../../storage/incident.store.ts';
import type { IncidentPosition, IncidentSort } from '../../storage/incident-list.store.ts';

const position = z.tuple([z.enum(['newest', 'due']), epochMs, epochMs, id]);

/** The place after `row` in a list of that order, as opaque text. */
export function cursorAfter(row: IncidentRow, sort: IncidentSort): string {
  return Buffer.from(JSON.stringify([sort, row.due_at_ms, row.created_at_ms, row.id])).toString('base64url');
}

/** Errors: `cursor_invalid` for anything but a cursor of a list of the same order. */
export function parseCursor(cursor: string, sort: IncidentSort): IncidentPosition {
  const [of, dueAtMs, createdAtMs, rowId] = position.safeParse(decoded(cursor)).data ?? [];
  if (of !== sort || dueAtMs === undefined || createdAtMs === undefined || rowId === undefined) {
    throw new AppError('invalid', 'cursor_invalid', { fields: { cursor: 'not a cursor of this list' } });
  }
  return { dueAtMs, createdAtMs, id: rowId };
}

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
