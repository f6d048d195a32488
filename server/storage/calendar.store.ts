import type { Queries } from './database.ts';

export interface CalendarRowTable {
  id: string;
  kind: string;
  /** As JSON, of the form of server/contracts/calendar.ts's `calendarContent`. */
  content: string;
  /** Of the event of an iCalendar file that it came from. */
  uid: string | null;
  /** Rows stand in the order in which they were entered. */
  position: number;
  /** The version of the calendar that last changed the row. */
  version: number;
  changed_at_ms: number;
}

/** One row, with the id 1. */
export interface CalendarStateTable {
  id: number;
  version: number;
  file_hash: string;
  file_taken_at_ms: number;
}

export type CalendarRowRecord = CalendarRowTable;
export type CalendarStateRecord = Omit<CalendarStateTable, 'id'>;

/** A statement takes so many rows at most: databases bound the parameters of one. */
const batch = 500;

export class CalendarStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** Undefined before the first content was taken over. */
  async state(): Promise<CalendarStateRecord | undefined> {
    const row = await this.#db.selectFrom('calendar_state').selectAll().where('id', '=', 1).executeTakeFirst();
    return (
      row && {
        version: Number(row.version),
        file_hash: row.file_hash,
        file_taken_at_ms: Number(row.file_taken_at_ms),
      }
    );
  }

  async rows(): Promise<CalendarRowRecord[]> {
    const rows = await this.#db.selectFrom('calendar_rows').selectAll().orderBy('position').orderBy('id').execute();
    return rows.map((row) => ({
      ...row,
      position: Number(row.position),
      version: Number(row.version),
      changed_at_ms: Number(row.changed_at_ms),
    }));
  }

  async begin(state: CalendarStateRecord, within: Queries): Promise<void> {
    await within
      .insertInto('calendar_state')
      .values({ id: 1, ...state })
      .execute();
  }

  /** Moves from one version to the next; false when somebody else has been faster. */
  async advance(from: number, within: Queries): Promise<boolean> {
    const result = await within
      .updateTable('calendar_state')
      .set({ version: from + 1 })
      .where('id', '=', 1)
      .where('version', '=', from)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async insert(rows: readonly CalendarRowRecord[], within: Queries): Promise<void> {
    for (let at = 0; at < rows.length; at += batch) {
      await within
        .insertInto('calendar_rows')
        .values(rows.slice(at, at + batch))
        .execute();
    }
  }

  async update(row: CalendarRowRecord, within: Queries): Promise<void> {
    const { id, ...changes } = row;
    await within.updateTable('calendar_rows').set(changes).where('id', '=', id).execute();
  }

  async remove(id: string, within: Queries): Promise<void> {
    await within.deleteFrom('calendar_rows').where('id', '=', id).execute();
  }
}
