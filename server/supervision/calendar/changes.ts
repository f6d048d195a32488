import type { CalendarContent, CalendarRow } from '../../contracts/calendar.ts';
import { canonicalJson, type JsonValue } from '../../platform/canonical-json.ts';

/** A row with the event of an iCalendar file that it came from. */
export interface KnownRow extends CalendarRow {
  readonly uid: string | null;
  /** Rows stand in this order. */
  readonly position: number;
}

/** Who changes the calendar, and from where. */
export interface ChangedBy<R> {
  actor: R;
  address: string;
}

/** A row that is put in, changed, or taken out (`after` is null). `uid` names the event that it came from. */
export interface RowChange {
  before: KnownRow | null;
  after: CalendarContent | null;
  uid: string | null;
}

export interface CalendarAuditRecord<R> {
  actor: R | 'system';
  address: string;
  action: 'calendar.taken_from_file' | 'calendar.added' | 'calendar.changed' | 'calendar.removed' | 'calendar.imported';
  subject: string;
  details: { readonly [key: string]: JsonValue };
}

/** The details of one audit entry are bounded, so the rows of a large import are told in several. */
const mostDetails = 50_000;

/** What a change leaves in the audit log: what was before and after, row by row. `made` are its rows that stay, in its order. */
export function auditOf<R>(
  changes: readonly RowChange[],
  made: readonly KnownRow[],
  by: ChangedBy<R>,
  action: CalendarAuditRecord<R>['action'],
): CalendarAuditRecord<R>[] {
  let at = 0;
  const told = changes.map(({ before, after }) => ({
    id: (after === null ? before?.id : made[at++]?.id) ?? '',
    before: before?.content ?? null,
    after,
  }));
  const { actor, address } = by;
  if (action !== 'calendar.imported') {
    return told.map(({ id, ...details }) => ({ actor, address, action, subject: `calendar:${id}`, details }));
  }
  const parts: (typeof told)[] = [[]];
  let length = 0;
  for (const one of told) {
    const size = canonicalJson(one).length;
    if (length + size > mostDetails) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(one);
    length += size;
  }
  return parts.map((rows, i) => ({
    actor,
    address,
    action,
    subject: 'calendar',
    details: { rows, part: i + 1, parts: parts.length },
  }));
}
