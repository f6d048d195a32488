import type { CalendarException, CalendarImportItem, ImportReason } from '../../contracts/calendar.ts';
import { canonicalJson } from '../../platform/canonical-json.ts';
import type { KnownRow, RowChange } from './changes.ts';
import type { ReadEvent } from './ical-read.ts';
import { ownUid } from './ical-words.ts';

/** A row of the preview, with what it would do. */
export interface PlannedItem {
  item: CalendarImportItem;
  /** Null where it is ignored. */
  change: RowChange | null;
}

/**
 * What the events of a file would add and change. An event is the row that came from it or that it was exported from; an event that
 * says what is entered already is ignored. Nothing is taken out: an administrator does that by hand.
 */
export function planImport(
  events: readonly ReadEvent[],
  rows: readonly KnownRow[],
  isUnit: (id: string) => boolean,
): PlannedItem[] {
  const byUid = new Map<string, KnownRow>();
  const said = new Set<string>();
  for (const row of rows) {
    if (row.content.kind !== 'exception') continue;
    byUid.set(ownUid(row.id), row);
    if (row.uid !== null) byUid.set(row.uid, row);
    said.add(canonicalJson(row.content));
  }
  const seen = new Set<string>();
  return events.map(({ uid, title, content, reason }, i) => {
    const ignored = (why: ImportReason): PlannedItem => ({
      item: { key: `${i + 1}:${uid}`, title, action: 'ignore', reason: why, content, before: null },
      change: null,
    });
    if (content === null) return ignored(reason ?? 'broken');
    if (!content.unitIds.every(isUnit)) return ignored('unit_unknown');
    if (uid !== '' && seen.has(uid)) return ignored('twice_in_file');
    seen.add(uid);
    const known = byUid.get(uid);
    const before = known?.content.kind === 'exception' ? known.content : null;
    const same = canonicalJson(content);
    if (before === null ? said.has(same) : canonicalJson(before) === same) return ignored('already_there');
    said.add(same);
    return {
      item: {
        key: `${i + 1}:${uid}`,
        title,
        action: before === null ? 'add' : 'change',
        reason: null,
        content,
        before,
      },
      change: {
        before: known ?? null,
        after: content satisfies CalendarException,
        uid: known === undefined ? uid || null : known.uid,
      },
    };
  });
}
