import {
  type ChannelChoice,
  type DigestFacts,
  digestFacts,
  mostUnread,
  type Notice,
  type NoticeKind,
  type NoticePage,
  type NoticeQuery,
  type ReadNoticesRequest,
} from '../../contracts/notices.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { Events } from '../../platform/events.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import { toFlag } from '../../storage/columns.ts';
import type { Database, Queries } from '../../storage/database.ts';
import { type NewSubject, type NoticeRow, NoticeStore, type SubjectType } from '../../storage/notice.store.ts';
import type { Supervisor } from '../supervisor.ts';
import { foldWindowMs } from './notice-policy.ts';
import { NoticeReader } from './notice-reader.ts';
import type { SettingsOfPeople } from './settings.ts';
import { type Audience, type NoticePerson, type NoticeSources, oncePerCase } from './sources.ts';

export interface NoticeEvents {
  /** A notice came, or joined one that the person has not read; `notice` is as the person may see it. */
  added: { userId: string; notice: Notice; unread: number };
  /** `ids` null: everything up to a moment. */
  read: { userId: string; ids: string[] | null; untilMs: number | null; unread: number };
}

export interface NewNotice {
  person: NoticePerson;
  kind: NoticeKind;
  /** What has to be the same for two to be one: who caused it. */
  foldKey: string;
  subject: { type: SubjectType; id: string; fact?: string } | null;
  details?: { digest: DigestFacts };
  /** What there must be one of only; a second one of the same id is none. */
  id?: string;
}

/** Puts a mail for a notice into the outbox, as part of `within`; says how the notice is mailed (0 not, 1 by itself, 2 in a summary). */
export type QueueMail = (person: NoticePerson, row: NoticeRow, dueMs: number, within: Queries) => Promise<0 | 1 | 2>;

export interface NoticesOptions {
  database: Database;
  sources: NoticeSources;
  settings: SettingsOfPeople;
  queueMail: QueueMail;
  clock: Clock;
  log: Logger;
  /** More than that in an hour are told to one person as one. */
  mostPerHour: number;
}

const hourMs = 3_600_000;
const foundPages = 10;

/** The notices of people: made, folded, read. What one says is made anew for its reader each time. */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #store: NoticeStore;
  readonly #reader: NoticeReader;
  readonly #events: Events<NoticeEvents>;

  constructor(options: NoticesOptions) {
    this.#options = options;
    this.#store = new NoticeStore(options.database.kysely);
    this.#reader = new NoticeReader(this.#store, options.sources);
    this.#events = new Events(options.log);
  }

  /** Returns the function that ends the subscription. */
  on<K extends keyof NoticeEvents>(name: K, listener: (payload: NoticeEvents[K]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Keeps what people are to be told, and tells their sessions. Whoever switched a kind off everywhere gets none. What is of one person, kind
   * and cause is kept together, each in a short transaction of its own: a storm of it keeps nobody else from the database.
   */
  async add(wanted: readonly NewNotice[], audience = oncePerCase(this.#options.sources.audience)): Promise<void> {
    if (wanted.length === 0) return;
    const { database } = this.#options;
    const settings = await this.#options.settings.all();
    const groups = Map.groupBy(wanted, ({ person, kind, foldKey }) => `${person.userId} ${kind} ${foldKey}`);
    for (const [first, ...others] of groups.values()) {
      if (first === undefined || first.person.disabled) continue;
      const channels = settings(first.person).channels(first.kind);
      if (!channels.console && !channels.mail) continue;
      const subjects = [first, ...others].flatMap(({ subject }) =>
        subject === null ? [] : [{ ...subject, fact: subject.fact ?? null }],
      );
      const row = await database.kysely.transaction().execute((trx) => this.#keep(first, subjects, channels, trx));
      if (row === null || row.shown === 0) continue;
      const [notice] = await this.#reader.present(first.person, [row], audience);
      const unread = await this.unread(first.person, audience);
      if (notice !== undefined) this.#events.emit('added', { userId: first.person.userId, notice, unread });
    }
  }

  /** A page, newest first, of what the person may still see. Errors: `cursor_invalid`. */
  async list(person: Supervisor, query: NoticeQuery): Promise<NoticePage> {
    const items: Notice[] = [];
    let before = query.cursor === undefined ? null : parseCursor(query.cursor);
    let more = true;
    for (let page = 0; page < foundPages && more && items.length < query.limit; page++) {
      const wanted = query.limit - items.length;
      const rows = await this.#store.list(person.userId, {
        unread: query.unread === true,
        kinds: query.kind === undefined || query.kind.length === 0 ? null : query.kind,
        before,
        limit: wanted + 1,
      });
      more = rows.length > wanted;
      const shown = rows.slice(0, wanted);
      const last = shown.at(-1);
      if (last !== undefined) before = { atMs: last.at_ms, id: last.id };
      items.push(...(await this.#reader.present(person, shown)));
    }
    return {
      items,
      next: more && before !== null ? `${before.atMs}.${before.id}` : null,
      unread: await this.unread(person),
    };
  }

  /** Unread notices that the person may see, counted up to 100. */
  async unread(person: Supervisor, audience?: Audience): Promise<number> {
    const rows = await this.#store.list(person.userId, { unread: true, kinds: null, before: null, limit: mostUnread });
    return this.#reader.countVisible(person, rows, audience);
  }

  /** Marks the person's own notices as read, in every window; others' ids are passed over. Returns what is left unread. */
  async markRead(person: Supervisor, which: ReadNoticesRequest): Promise<number> {
    const count = await this.#store.markRead(person.userId, which, this.#options.clock.nowMs());
    const unread = await this.unread(person);
    if (count > 0) {
      const what = 'ids' in which ? { ids: which.ids, untilMs: null } : { ids: null, untilMs: which.untilMs };
      this.#events.emit('read', { userId: person.userId, ...what, unread });
    }
    return unread;
  }

  /** One notice as the person may see it now; null when there is none left for the person. For mails. */
  async forMail(person: Supervisor, noticeId: string): Promise<Notice | null> {
    const row = await this.#store.byId(noticeId);
    if (row === undefined || row.account_id !== person.userId) return null;
    return (await this.#reader.present(person, [row]))[0] ?? null;
  }

  /** What the mail of an hour sums up. */
  async summed(person: Supervisor, fromMs: number, toMs: number): Promise<Notice[]> {
    return this.#reader.present(person, await this.#store.summed(person.userId, fromMs, toMs, 200));
  }

  async exists(noticeId: string): Promise<boolean> {
    return (await this.#store.byId(noticeId)) !== undefined;
  }

  /** Deletes what is older than that, a piece at a time. */
  async forget(beforeMs: number): Promise<void> {
    while ((await this.#store.deleteBefore(beforeMs, 500)) === 500);
  }

  /** The row that stands for them, or null when all of it was told already. */
  async #keep(
    { person, kind, foldKey, details, id }: NewNotice,
    subjects: readonly NewSubject[],
    channels: ChannelChoice,
    trx: Queries,
  ): Promise<NoticeRow | null> {
    const nowMs = this.#options.clock.nowMs();
    const known = await this.#store.unreadOf(person.userId, kind, foldKey, nowMs - foldWindowMs(kind), trx);
    if (known !== undefined && subjects.length > 0) return this.#join(known, subjects, trx);
    const draft = { person, channels, subjects, details: details ?? null, id: id ?? newId() };
    // A digest is asked for; it is no part of a storm.
    const told = await this.#store.countSince(person.userId, nowMs - hourMs, trx);
    if (kind === 'digest' || told < this.#options.mostPerHour) return this.#open({ ...draft, kind, foldKey }, trx);
    const sum = await this.#store.unreadOf(person.userId, 'summary', '', nowMs - foldWindowMs('summary'), trx);
    if (sum !== undefined) return this.#join(sum, subjects, trx);
    return this.#open({ ...draft, kind: 'summary', foldKey: '', id: newId() }, trx);
  }

  async #join(row: NoticeRow, subjects: readonly NewSubject[], trx: Queries): Promise<NoticeRow | null> {
    return (await this.#store.addSubjects(row.id, subjects, trx)) > 0 ? row : null;
  }

  async #open(
    { person, kind, foldKey, channels, subjects, details, id }: Draft,
    trx: Queries,
  ): Promise<NoticeRow | null> {
    const nowMs = this.#options.clock.nowMs();
    const row: NoticeRow = {
      id,
      account_id: person.userId,
      kind,
      fold_key: foldKey,
      at_ms: nowMs,
      read_at_ms: null,
      shown: toFlag(channels.console),
      mailed: 0,
      details: details === null ? null : JSON.stringify({ digest: digestFacts.parse(details.digest) }),
    };
    if (!(await this.#store.insert(row, trx))) return null;
    if (channels.mail) {
      row.mailed = await this.#options.queueMail(person, row, nowMs + foldWindowMs(kind), trx);
      await this.#store.setMailed(row.id, row.mailed, trx);
    }
    if (subjects.length > 0) await this.#store.addSubjects(row.id, subjects, trx);
    return row;
  }
}

/** A notice that is not kept yet. */
interface Draft {
  person: NoticePerson;
  kind: NoticeKind;
  foldKey: string;
  channels: ChannelChoice;
  subjects: readonly NewSubject[];
  details: { digest: DigestFacts } | null;
  id: string;
}

function parseCursor(cursor: string): { atMs: number; id: string } {
  const found = /^(\d{1,16})\.([a-z0-9-]{1,64})$/.exec(cursor);
  if (found?.[1] === undefined || found[2] === undefined) throw new AppError('invalid', 'cursor_invalid');
  return { atMs: Number(found[1]), id: found[2] };
}
