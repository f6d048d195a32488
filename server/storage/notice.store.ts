import type { NoticeKind } from '../contracts/notices.ts';
import type { Flag } from './columns.ts';
import type { Queries } from './database.ts';

export interface NoticeTable {
  id: string;
  /** Whose it is. */
  account_id: string;
  kind: NoticeKind;
  /** Notices of one kind and key that come close together are one. */
  fold_key: string;
  at_ms: number;
  read_at_ms: number | null;
  /** Whether the console shows it; otherwise it is there for a mail only. */
  shown: Flag;
  /** 0: no mail; 1: a mail of its own; 2: told in the mail that sums up an hour. */
  mailed: number;
  /** Facts that are of no subject (the numbers of a digest) as JSON. */
  details: string | null;
}
export type NoticeRow = NoticeTable;

export type SubjectType = 'case' | 'camera' | 'alarm' | 'delivery' | 'reading';

export interface NoticeSubjectTable {
  notice_id: string;
  type: SubjectType;
  subject_id: string;
  /** In the order in which they came, from 0. */
  seq: number;
  /** What is stored of the subject besides its id: the trouble of a camera. */
  fact: string | null;
}
export type NoticeSubjectRow = NoticeSubjectTable;

export interface NewSubject {
  type: SubjectType;
  id: string;
  fact: string | null;
}

/** A notice never stands for more subjects than that. */
export const mostSubjects = 500;
/** Databases bound the values of one statement. */
const insertedAtOnce = 100;

export interface NoticeListQuery {
  unread: boolean;
  kinds: readonly NoticeKind[] | null;
  before: { atMs: number; id: string } | null;
  limit: number;
}

/** Notices of people, with what they are about. */
export class NoticeStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** False when there is one of that id. */
  async insert(row: NoticeRow, within: Queries): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await within
      .insertInto('notices')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async setMailed(id: string, mailed: number, within: Queries): Promise<void> {
    await within.updateTable('notices').set({ mailed }).where('id', '=', id).execute();
  }

  byId(id: string, within: Queries = this.#db): Promise<NoticeRow | undefined> {
    return within.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** The newest unread notice of that kind and key since `sinceMs`. */
  unreadOf(
    accountId: string,
    kind: NoticeKind,
    foldKey: string,
    sinceMs: number,
    within: Queries,
  ): Promise<NoticeRow | undefined> {
    return within
      .selectFrom('notices')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('read_at_ms', 'is', null)
      .where('at_ms', '>', sinceMs)
      .where('kind', '=', kind)
      .where('fold_key', '=', foldKey)
      .orderBy('at_ms', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  async countSince(accountId: string, sinceMs: number, within: Queries): Promise<number> {
    const row = await within
      .selectFrom('notices')
      .select((eb) => eb.fn.countAll<number | bigint | string>().as('count'))
      .where('account_id', '=', accountId)
      .where('at_ms', '>', sinceMs)
      .where('kind', '!=', 'summary')
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  }

  /** Returns how many of them the notice did not stand for yet; beyond the most that it may stand for, none. */
  async addSubjects(noticeId: string, subjects: readonly NewSubject[], within: Queries): Promise<number> {
    const row = await within
      .selectFrom('notice_subjects')
      .select((eb) => eb.fn.countAll<number | bigint | string>().as('count'))
      .where('notice_id', '=', noticeId)
      .executeTakeFirst();
    const first = Number(row?.count ?? 0);
    const values = subjects.slice(0, mostSubjects - first).map(({ type, id, fact }, i) => ({
      notice_id: noticeId,
      type,
      subject_id: id,
      seq: first + i,
      fact,
    }));
    let added = 0;
    for (let at = 0; at < values.length; at += insertedAtOnce) {
      const { numInsertedOrUpdatedRows } = await within
        .insertInto('notice_subjects')
        .values(values.slice(at, at + insertedAtOnce))
        .onConflict((conflict) => conflict.columns(['notice_id', 'type', 'subject_id']).doNothing())
        .executeTakeFirst();
      added += Number(numInsertedOrUpdatedRows ?? 0);
    }
    return added;
  }

  /** Newest first. */
  list(accountId: string, query: NoticeListQuery): Promise<NoticeRow[]> {
    const { before, kinds } = query;
    let select = this.#db.selectFrom('notices').selectAll().where('account_id', '=', accountId).where('shown', '=', 1);
    if (query.unread) select = select.where('read_at_ms', 'is', null);
    if (kinds !== null) select = select.where('kind', 'in', kinds);
    if (before !== null) {
      select = select.where((eb) =>
        eb.or([eb('at_ms', '<', before.atMs), eb.and([eb('at_ms', '=', before.atMs), eb('id', '<', before.id)])]),
      );
    }
    return select.orderBy('at_ms', 'desc').orderBy('id', 'desc').limit(query.limit).execute();
  }

  subjectsOf(noticeIds: readonly string[]): Promise<NoticeSubjectRow[]> {
    if (noticeIds.length === 0) return Promise.resolve([]);
    return this.#db
      .selectFrom('notice_subjects')
      .selectAll()
      .where('notice_id', 'in', noticeIds)
      .orderBy('notice_id')
      .orderBy('seq')
      .execute();
  }

  /** How many of the person's notices this read that were not read before. */
  async markRead(
    accountId: string,
    which: { ids: readonly string[] } | { untilMs: number },
    nowMs: number,
  ): Promise<number> {
    const update = this.#db
      .updateTable('notices')
      .set({ read_at_ms: nowMs })
      .where('account_id', '=', accountId)
      .where('read_at_ms', 'is', null);
    const { numUpdatedRows } = await ('ids' in which
      ? update.where('id', 'in', which.ids)
      : update.where('at_ms', '<=', which.untilMs)
    ).executeTakeFirst();
    return Number(numUpdatedRows);
  }

  /** What a mail that sums up tells: those of [fromMs, toMs) that got no mail of their own. */
  summed(accountId: string, fromMs: number, toMs: number, limit: number): Promise<NoticeRow[]> {
    return this.#db
      .selectFrom('notices')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('at_ms', '>=', fromMs)
      .where('at_ms', '<', toMs)
      .where('mailed', '=', 2)
      .orderBy('at_ms')
      .limit(limit)
      .execute();
  }

  /** Deletes at most `limit` of the notices from before `beforeMs`; returns how many. */
  async deleteBefore(beforeMs: number, limit: number): Promise<number> {
    const old = await this.#db
      .selectFrom('notices')
      .select('id')
      .where('at_ms', '<', beforeMs)
      .orderBy('at_ms')
      .limit(limit)
      .execute();
    if (old.length === 0) return 0;
    const ids = old.map(({ id }) => id);
    await this.#db.deleteFrom('notices').where('id', 'in', ids).execute();
    return ids.length;
  }
}
