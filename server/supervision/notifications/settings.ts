import { z } from 'zod';
import {
  type ChannelChoice,
  channelChoice,
  type DigestChoice,
  digestChoice,
  language,
  type NoticeKind,
  type NoticeLanguage,
  type NoticeSettings,
  noticeKind,
  type PatchNoticeSettings,
  quietHours,
} from '../../contracts/notices.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { NoticeSettingsStore } from '../../storage/notice-settings.store.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { defaultChoice, kindsFor, mayEverReceive, neverMailed } from './notice-policy.ts';

/** What a person chose; whatever is missing follows the defaults, also those that come later. */
const chosen = z.object({
  language: language.optional(),
  choices: z.partialRecord(noticeKind, channelChoice).optional(),
  quietHours: quietHours.nullable().optional(),
  digest: digestChoice.optional(),
});
type Chosen = z.infer<typeof chosen>;

/** What holds for one person. */
export interface ResolvedSettings {
  language: NoticeLanguage;
  quietHours: { from: string; to: string } | null;
  digest: DigestChoice;
  /** Channels by which a kind goes to the person. */
  channels(kind: NoticeKind): ChannelChoice;
}

/** How each person wants to be told. */
export class SettingsOfPeople {
  readonly #options: {
    store: NoticeSettingsStore;
    reachOf: ReachOf;
    clock: Clock;
    digest: DigestChoice;
    mailOffered: boolean;
  };

  constructor(options: {
    store: NoticeSettingsStore;
    reachOf: ReachOf;
    clock: Clock;
    /** When digests are sent to whoever has not chosen. */
    digest: DigestChoice;
    mailOffered: boolean;
  }) {
    this.#options = options;
  }

  async of(person: Supervisor): Promise<ResolvedSettings> {
    return this.#resolve(person, await this.#chosen(person.userId));
  }

  /** Reads everyone's once, for what goes to many. */
  async all(): Promise<(person: Supervisor) => ResolvedSettings> {
    const rows = await this.#options.store.allContents();
    const byAccount = new Map(rows.map((row) => [row.account_id, row.content]));
    return (person) => this.#resolve(person, parse(byAccount.get(person.userId) ?? null));
  }

  async present(person: Supervisor): Promise<NoticeSettings> {
    const { store, reachOf, mailOffered } = this.#options;
    const [resolved, address] = await Promise.all([this.of(person), store.address(person.userId)]);
    return {
      mailOffered,
      mail: address === undefined ? null : { address: address.address, verified: address.verified_at_ms !== null },
      language: resolved.language,
      choices: kindsFor(person.role, reachOf).map((kind) => ({
        kind,
        ...resolved.channels(kind),
        mailFixed: neverMailed.has(kind),
      })),
      quietHours: resolved.quietHours,
      digest: mayEverReceive('digest', person.role, reachOf) ? resolved.digest : null,
    };
  }

  /** Errors: `notice_kind_not_yours` for a kind that the person does not get. */
  async patch(person: Supervisor, request: PatchNoticeSettings): Promise<NoticeSettings> {
    const { store, reachOf, clock } = this.#options;
    const offered = new Set(kindsFor(person.role, reachOf));
    const foreign = Object.keys(request.choices ?? {}).find((kind) => !offered.has(kind as NoticeKind));
    if (foreign !== undefined) {
      throw new AppError('invalid', 'notice_kind_not_yours', { fields: { choices: foreign } });
    }
    const before = await this.#chosen(person.userId);
    const after: Chosen = { ...before, ...request, choices: { ...before.choices, ...request.choices } };
    await store.save(person.userId, JSON.stringify(after), clock.nowMs());
    return this.present(person);
  }

  async #chosen(accountId: string): Promise<Chosen> {
    return parse(await this.#options.store.contentOf(accountId));
  }

  #resolve(person: Supervisor, own: Chosen): ResolvedSettings {
    const channels = (kind: NoticeKind): ChannelChoice => {
      const { console, mail } = own.choices?.[kind] ?? defaultChoice(kind, person.role);
      return { console, mail: mail && !neverMailed.has(kind) };
    };
    return {
      language: own.language ?? 'vi',
      quietHours: own.quietHours ?? null,
      digest: own.digest ?? this.#options.digest,
      channels,
    };
  }
}

function parse(content: string | null): Chosen {
  if (content === null) return {};
  const result = chosen.safeParse(JSON.parse(content));
  return result.success ? result.data : {};
}
