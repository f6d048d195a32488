import { z } from 'zod';
import { id as idSchema } from '../../contracts/common.ts';
import type {
  Comment,
  CommentList,
  CreateCommentRequest,
  Mention,
  Mentionable,
} from '../../contracts/incident-work.ts';
import { role as roleSchema } from '../../contracts/roles.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { CommentStore, type IncidentCommentRow, roleTarget, userTarget } from '../../storage/comment.store.ts';
import type { Database } from '../../storage/database.ts';
import type { IncidentStore } from '../../storage/incident.store.ts';
import { WatcherStore } from '../../storage/watcher.store.ts';
import { fold } from '../fold.ts';
import type { Audit, ReachOf, Supervisor } from '../supervisor.ts';
import { type Colleague, type Colleagues, caseOfCity, seesTheCity } from './colleagues.ts';
import { notPermitted } from './visibility.ts';

const mostPerCase = 1_000;

export interface CommentsOptions<A extends Supervisor> {
  database: Database;
  incidents: Pick<IncidentStore, 'find'>;
  colleagues: Colleagues;
  reachOf: ReachOf;
  audit: Audit<A>;
  /** Tells that there is a new comment. */
  commented: (news: { incidentId: string; commentId: string }) => void;
  clock: Clock;
}

/** A comment as notices need it: who wrote it and who is mentioned, by account. */
export interface CommentNews {
  incidentId: string;
  authorId: string;
  text: string;
  /** Accounts that are mentioned, by name or by their office; those who may not see the case are left out. */
  mentioned: string[];
}

const storedMentions = z.array(
  z.object({ role: roleSchema, userId: idSchema.nullable(), name: z.string().nullable() }),
);

/**
 * What those who see the whole city tell each other about a case; the unit learns nothing of it. A comment is never changed or deleted: a
 * correction is a new comment that names the one it corrects.
 */
export class Comments<A extends Supervisor = Supervisor> {
  readonly #options: CommentsOptions<A>;
  readonly #store: CommentStore;
  readonly #watchers: WatcherStore;

  constructor(options: CommentsOptions<A>) {
    this.#options = options;
    this.#store = new CommentStore(options.database.kysely);
    this.#watchers = new WatcherStore(options.database.kysely);
  }

  /** Oldest first. Errors: `not_permitted`, `incident_unknown`. */
  async list(actor: Supervisor, incidentId: string): Promise<CommentList> {
    await this.#case(actor, incidentId);
    return { items: (await this.#store.of(incidentId)).map((row) => present(row, actor)) };
  }

  /**
   * Adds a comment; from then on its author watches the case, unless the author has stopped.
   * Errors: `not_permitted`, `incident_unknown`, `comment_unknown` (`corrects` is none of one's own here), `mention_unknown` (somebody who
   * may not see the case), `comments_full`.
   */
  async add(actor: A, incidentId: string, request: CreateCommentRequest, address = ''): Promise<Comment> {
    const { database, clock, audit, commented } = this.#options;
    const incident = await this.#case(actor, incidentId);
    if (request.corrects !== null) {
      const corrected = await this.#store.byId(request.corrects);
      if (corrected?.incident_id !== incidentId || corrected.author_id !== actor.userId) {
        throw new AppError('invalid', 'comment_unknown', { fields: { corrects: 'not a comment of yours here' } });
      }
    }
    const count = await this.#store.countOf(incidentId);
    if (count >= mostPerCase) throw new AppError('conflict', 'comments_full');
    const mentions = mentionsOf(request.mentions, await this.#readers());
    const nowMs = clock.nowMs();
    const row: IncidentCommentRow = {
      id: newId(),
      incident_id: incidentId,
      seq: count + 1,
      at_ms: nowMs,
      author_id: actor.userId,
      author_name: actor.name,
      author_role: actor.role,
      address,
      text: request.text,
      corrects_id: request.corrects,
      mentions: JSON.stringify(mentions),
      search_text: fold(request.text),
    };
    const targets = new Set(
      mentions.map(({ role, userId }) => (userId === null ? roleTarget(role) : userTarget(userId))),
    );
    await database.kysely.transaction().execute(async (trx) => {
      await this.#store.add(row, [...targets], trx);
      await this.#watchers.begin(incidentId, actor.userId, nowMs, trx);
      const details = { number: incident.number, comment: row.id };
      await audit({ actor, address, action: 'incident.commented', subject: `incident:${incidentId}`, details }, trx);
    });
    commented({ incidentId, commentId: row.id });
    return present(row, actor);
  }

  /** Errors: `not_permitted`, `incident_unknown`. */
  async mentionable(actor: Supervisor, incidentId: string): Promise<Mentionable> {
    await this.#case(actor, incidentId);
    return this.#everybody();
  }

  /** Offices and people who work on the cases of the city. Errors: `not_permitted`. */
  async offices(actor: Supervisor): Promise<Mentionable> {
    if (!seesTheCity(actor, this.#options.reachOf)) throw notPermitted();
    return this.#everybody();
  }

  async #everybody(): Promise<Mentionable> {
    const people = await this.#readers();
    return {
      roles: roleSchema.options.filter((role) => people.some((person) => person.role === role)),
      people: people.map(({ id, name, role }) => ({ userId: id, name, role })),
    };
  }

  /** What is to be told of a comment; undefined when there is none of that id. */
  async news(commentId: string): Promise<CommentNews | undefined> {
    const row = await this.#store.byId(commentId);
    if (row === undefined) return undefined;
    const mentions = storedMentions.parse(JSON.parse(row.mentions));
    const mentioned = (await this.#readers()).filter((person) =>
      mentions.some(({ role, userId }) => (userId === null ? role === person.role : userId === person.id)),
    );
    const { incident_id: incidentId, author_id: authorId, text } = row;
    return { incidentId, authorId, text, mentioned: mentioned.map(({ id }) => id).filter((id) => id !== authorId) };
  }

  #case(actor: Supervisor, incidentId: string) {
    return caseOfCity(actor, incidentId, { store: this.#options.incidents, reachOf: this.#options.reachOf });
  }

  /** Those who may read comments, by name. */
  async #readers(): Promise<Colleague[]> {
    const { colleagues, reachOf } = this.#options;
    return (await colleagues())
      .filter((person) => !person.disabled && seesTheCity(person, reachOf))
      .sort((a, b) => a.name.localeCompare(b.name, 'vi') || (a.id < b.id ? -1 : 1));
  }
}

/** Errors: `mention_unknown`. */
function mentionsOf(mentions: readonly Mention[], readers: readonly Colleague[]): Comment['mentions'] {
  return mentions.map((mention) => {
    const found =
      'role' in mention
        ? readers.find((person) => person.role === mention.role)
        : readers.find((person) => person.id === mention.userId);
    if (found === undefined) {
      throw new AppError('invalid', 'mention_unknown', { fields: { mentions: 'nobody who may see the case' } });
    }
    return 'role' in mention
      ? { role: mention.role, userId: null, name: null }
      : { role: found.role, userId: found.id, name: found.name };
  });
}

function present(row: IncidentCommentRow, reader: Supervisor): Comment {
  return {
    id: row.id,
    atMs: row.at_ms,
    by: { name: row.author_name, role: row.author_role },
    mine: row.author_id === reader.userId,
    text: row.text,
    mentions: storedMentions.parse(JSON.parse(row.mentions)),
    corrects: row.corrects_id,
  };
}
