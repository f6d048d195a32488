import type { Role } from '../contracts/roles.ts';
import type { Queries } from './database.ts';

/** Comments are added and never changed or deleted. */
export interface IncidentCommentTable {
  id: string;
  incident_id: string;
  /** From 1; of two written at the very same time both may have the same. */
  seq: number;
  at_ms: number;
  author_id: string;
  author_name: string;
  author_role: Role;
  /** Network address of the author. */
  address: string;
  text: string;
  /** The comment that this one corrects. */
  corrects_id: string | null;
  /** Who was mentioned, with the names of then, as JSON. */
  mentions: string;
  /** The text, folded for the search. */
  search_text: string;
}
export type IncidentCommentRow = IncidentCommentTable;

export interface IncidentMentionTable {
  comment_id: string;
  /** `role:<role>` or `user:<account id>`. */
  target: string;
  incident_id: string;
}

export const roleTarget = (role: Role): string => `role:${role}`;
export const userTarget = (userId: string): string => `user:${userId}`;

export class CommentStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** The comments of a case, oldest first. */
  of(incidentId: string): Promise<IncidentCommentRow[]> {
    return this.#db
      .selectFrom('incident_comments')
      .selectAll()
      .where('incident_id', '=', incidentId)
      .orderBy('seq')
      .orderBy('id')
      .execute();
  }

  async countOf(incidentId: string): Promise<number> {
    const { count } = await this.#db
      .selectFrom('incident_comments')
      .select((eb) => eb.fn.countAll<number | string>().as('count'))
      .where('incident_id', '=', incidentId)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  byId(id: string): Promise<IncidentCommentRow | undefined> {
    return this.#db.selectFrom('incident_comments').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async add(row: IncidentCommentRow, targets: readonly string[], within: Queries): Promise<void> {
    await within.insertInto('incident_comments').values(row).execute();
    if (targets.length === 0) return;
    const mentions = targets.map((target) => ({ comment_id: row.id, target, incident_id: row.incident_id }));
    await within.insertInto('incident_mentions').values(mentions).execute();
  }
}
