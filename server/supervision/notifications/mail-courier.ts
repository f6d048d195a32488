import type { TestAnswer } from '../../contracts/notices.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Queries } from '../../storage/database.ts';
import type { DeliveryRow, DeliveryStore } from '../../storage/delivery.store.ts';
import type { NoticeRow } from '../../storage/notice.store.ts';
import type { Supervisor } from '../supervisor.ts';
import type { MailAddresses } from './mail-addresses.ts';
import type { MailSender } from './mail-sender.ts';
import { type MailContext, mailOfCode, mailOfMany, mailOfNotice, mailOfTest } from './mail-text.ts';
import type { Notices } from './notices.ts';
import type { Outbox } from './outbox.ts';
import type { Outcome } from './retry-policy.ts';
import type { ResolvedSettings, SettingsOfPeople } from './settings.ts';
import type { NoticePerson, NoticeSources } from './sources.ts';
import { afterQuietHours } from './time-policy.ts';

export interface MailCourierOptions {
  /** Null where this server sends no mail. */
  sender: MailSender | null;
  deliveries: DeliveryStore;
  outbox: () => Outbox;
  notices: () => Notices;
  addresses: Pick<MailAddresses, 'usable' | 'newCode'>;
  settings: SettingsOfPeople;
  sources: NoticeSources;
  clock: Clock;
  publicUrl: string;
  categoryName: MailContext['categoryName'];
  mostPerHour: number;
}

const hourMs = 3_600_000;

/**
 * Turns what waits in the outbox into mails. Everything is asked at the moment of sending: whether the person still has an account, a
 * verified address, wishes for that kind, no quiet hours, and what of the subject the person may see.
 */
export class MailCourier {
  readonly #options: MailCourierOptions;

  constructor(options: MailCourierOptions) {
    this.#options = options;
  }

  /** See `QueueMail`. Beyond the bound of an hour notices are told in one mail at its end. */
  async queue(person: NoticePerson, row: NoticeRow, dueMs: number, within: Queries): Promise<0 | 1 | 2> {
    const { sender, addresses, deliveries, outbox, clock, mostPerHour } = this.#options;
    if (sender === null || (await addresses.usable(person.userId, within)) === null) return 0;
    const nowMs = clock.nowMs();
    const mail = { channel: 'mail', targetId: person.userId } as const;
    if ((await deliveries.countSince('mail', person.userId, nowMs - hourMs, null, within)) < mostPerHour) {
      await outbox().put({ ...mail, kind: row.kind, noticeId: row.id, dueMs }, within);
      return 1;
    }
    const fromMs = Math.floor(nowMs / hourMs) * hourMs;
    const onceKey = `summary:${person.userId}:${fromMs}`;
    await outbox().put({ ...mail, kind: 'summary', onceKey, dueMs: fromMs + hourMs }, within);
    return 2;
  }

  /** One attempt, for the outbox. */
  async send(row: DeliveryRow, signal: AbortSignal): Promise<Outcome> {
    const { sender, sources, settings, addresses, clock } = this.#options;
    const person = (await sources.people()).find(({ userId }) => userId === row.target_id);
    if (sender === null || person === undefined || person.disabled) return { kind: 'dropped' };
    const own = await settings.of(person);
    const context = this.#context(own);
    if (row.kind === 'verification') {
      const made = await addresses.newCode(person.userId);
      if (made === null) return { kind: 'dropped' };
      return sender.send(made.address, mailOfCode(made.code, context), row.id, signal);
    }
    const nowMs = clock.nowMs();
    const quietUntilMs = afterQuietHours(own.quietHours, nowMs);
    if (quietUntilMs > nowMs) return { kind: 'later', atMs: quietUntilMs };
    const [address, mail] = await Promise.all([
      addresses.usable(person.userId),
      this.#mailFor(person, own, row, context),
    ]);
    if (address === null || mail === null) return { kind: 'dropped' };
    return sender.send(address, mail, row.id, signal);
  }

  /** Sends a test mail now, past the outbox. Errors: `mail_not_offered`. */
  async test(person: Supervisor, address: string): Promise<TestAnswer> {
    const { sender, settings } = this.#options;
    if (sender === null) throw new AppError('conflict', 'mail_not_offered');
    const context = this.#context(await settings.of(person));
    const outcome = await sender.send(address, mailOfTest(context), newId(), new AbortController().signal);
    const failure = outcome.kind === 'failed' ? { code: outcome.code, detail: outcome.detail } : null;
    return { ok: failure === null, failure };
  }

  async #mailFor(person: NoticePerson, own: ResolvedSettings, row: DeliveryRow, context: MailContext) {
    const notices = this.#options.notices();
    if (row.notice_id === null) {
      const fromMs = Number(row.once_key?.split(':').at(-1));
      const summed = await notices.summed(person, fromMs, fromMs + hourMs);
      const wanted = summed.filter(({ kind }) => kind === 'summary' || own.channels(kind).mail);
      return wanted.length === 0 ? null : mailOfMany(wanted, context);
    }
    const notice = await notices.forMail(person, row.notice_id);
    if (notice === null || (notice.kind !== 'summary' && !own.channels(notice.kind).mail)) return null;
    return mailOfNotice(notice, context);
  }

  #context({ language }: ResolvedSettings): MailContext {
    const { publicUrl, categoryName } = this.#options;
    return { language, publicUrl, categoryName };
  }
}
