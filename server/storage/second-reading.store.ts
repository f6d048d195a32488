import type { Conclusion } from '../contracts/incidents.ts';
import type { Flag } from './columns.ts';
import type { Queries } from './database.ts';

/** A decided case that a second person reads without knowing the decision. */
export interface SecondReadingTable {
  id: string;
  incident_id: string;
  drawn_at_ms: number;
  /** The decision as it stood when the case was drawn. */
  decided_by_id: string;
  decided_violation: Flag;
  decided_category: string;
  decided_severity: number;
  decided_conclusion: Conclusion | null;
  /** Who reads it at present, and since when. */
  reader_id: string | null;
  claimed_at_ms: number | null;
  /** The second judgement; null until there is one. */
  judged_at_ms: number | null;
  violation: Flag | null;
  category: string | null;
  severity: number | null;
  conclusion: Conclusion | null;
  reason: string | null;
  agreed: Flag | null;
}
export type SecondReadingRow = SecondReadingTable;

/** Who has opened the whole case since it was drawn: no reader of it any more. */
export interface SecondReadingOpenTable {
  incident_id: string;
  account_id: string;
  at_ms: number;
}

export interface SecondJudgementRow {
  judged_at_ms: number;
  violation: Flag;
  category: string;
  severity: number;
  conclusion: Conclusion | null;
  reason: string;
  agreed: Flag;
}

export class SecondReadingStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** Nothing is drawn twice. */
  async draw(row: SecondReadingRow, within: Queries): Promise<void> {
    await within
      .insertInto('second_readings')
      .values(row)
      .onConflict((c) => c.column('incident_id').doNothing())
      .execute();
  }

  find(id: string): Promise<SecondReadingRow | undefined> {
    return this.#db.selectFrom('second_readings').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /**
   * Readings still to be done by somebody who took no step in the case, wrote no comment there, is not assigned to it and has not opened it
   * since; those that the person has begun come first, then the oldest. What another has begun after `lapsedMs` is left to them.
   */
  openFor(accountId: string, lapsedMs: number, limit: number): Promise<SecondReadingRow[]> {
    return this.#openFor(accountId, lapsedMs)
      .orderBy((eb) => eb.case().when('reader_id', '=', accountId).then(0).else(1).end())
      .orderBy('drawn_at_ms')
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /** The reading if it is one of those. */
  openOne(id: string, accountId: string, lapsedMs: number): Promise<SecondReadingRow | undefined> {
    return this.#openFor(accountId, lapsedMs).where('id', '=', id).executeTakeFirst();
  }

  /** What the person has judged, latest first. */
  doneBy(accountId: string, limit: number): Promise<SecondReadingRow[]> {
    return this.#db
      .selectFrom('second_readings')
      .selectAll()
      .where('reader_id', '=', accountId)
      .where('judged_at_ms', 'is not', null)
      .orderBy('judged_at_ms', 'desc')
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /** Takes the reading for one person; false when somebody else has it since `lapsedMs` or it is judged. */
  async claim(id: string, accountId: string, nowMs: number, lapsedMs: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('second_readings')
      .set({ reader_id: accountId, claimed_at_ms: nowMs })
      .where('id', '=', id)
      .where('judged_at_ms', 'is', null)
      .where((eb) =>
        eb.or([eb('reader_id', 'is', null), eb('reader_id', '=', accountId), eb('claimed_at_ms', '<', lapsedMs)]),
      )
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** Writes the judgement of the one who has the reading; false when that is somebody else or it is judged. */
  async judge(id: string, accountId: string, judgement: SecondJudgementRow, within: Queries): Promise<boolean> {
    const { numUpdatedRows } = await within
      .updateTable('second_readings')
      .set(judgement)
      .where('id', '=', id)
      .where('reader_id', '=', accountId)
      .where('judged_at_ms', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async hasOpened(incidentId: string, accountId: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('second_reading_opens')
      .select('at_ms')
      .where('incident_id', '=', incidentId)
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Notes who opened the whole case while its reading is not judged, and gives the reading free if it was theirs. */
  async opened(incidentId: string, accountId: string, nowMs: number): Promise<void> {
    const reading = await this.#db
      .selectFrom('second_readings')
      .select(['id', 'reader_id'])
      .where('incident_id', '=', incidentId)
      .where('judged_at_ms', 'is', null)
      .executeTakeFirst();
    if (reading === undefined) return;
    await this.#db
      .insertInto('second_reading_opens')
      .values({ incident_id: incidentId, account_id: accountId, at_ms: nowMs })
      .onConflict((c) => c.columns(['incident_id', 'account_id']).doNothing())
      .execute();
    if (reading.reader_id !== accountId) return;
    await this.#db
      .updateTable('second_readings')
      .set({ reader_id: null, claimed_at_ms: null })
      .where('id', '=', reading.id)
      .where('reader_id', '=', accountId)
      .where('judged_at_ms', 'is', null)
      .execute();
  }

  #openFor(accountId: string, lapsedMs: number) {
    return this.#db
      .selectFrom('second_readings')
      .selectAll()
      .where('judged_at_ms', 'is', null)
      .where((eb) =>
        eb.or([eb('reader_id', 'is', null), eb('reader_id', '=', accountId), eb('claimed_at_ms', '<', lapsedMs)]),
      )
      .where('incident_id', 'not in', (eb) =>
        eb.selectFrom('incident_entries').select('incident_id').where('actor_id', '=', accountId),
      )
      .where('incident_id', 'not in', (eb) =>
        eb.selectFrom('incidents').select('incidents.id').where('assignee_id', '=', accountId),
      )
      .where('incident_id', 'not in', (eb) =>
        eb.selectFrom('incident_comments').select('incident_id').where('author_id', '=', accountId),
      )
      .where('incident_id', 'not in', (eb) =>
        eb.selectFrom('second_reading_opens').select('incident_id').where('account_id', '=', accountId),
      );
  }
}
