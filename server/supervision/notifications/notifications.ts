import type { DigestChoice } from '../../contracts/notices.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Database } from '../../storage/database.ts';
import { DeliveryStore } from '../../storage/delivery.store.ts';
import { NoticeSettingsStore } from '../../storage/notice-settings.store.ts';
import type { Calendar } from '../calendar.ts';
import type { Audit, Supervisor } from '../supervisor.ts';
import { ConditionWatch, type Wellness } from './condition-watch.ts';
import { Deliveries } from './deliveries.ts';
import { Digests } from './digests.ts';
import { type Happening, unfold } from './happenings.ts';
import { MailAddresses } from './mail-addresses.ts';
import { MailCourier } from './mail-courier.ts';
import type { MailSender } from './mail-sender.ts';
import type { MailContext } from './mail-text.ts';
import { Notices } from './notices.ts';
import { Outbox } from './outbox.ts';
import { ReadingReminders } from './reading-reminders.ts';
import { SettingsOfPeople } from './settings.ts';
import { type NoticeSources, oncePerCase } from './sources.ts';
import type { WebhookSenderOptions } from './webhook-sender.ts';
import { type SecretVault, Webhooks } from './webhooks.ts';

/** How a camera does: the trouble is a stable code, `offline`, `auth_failed`, `covered` … */
export interface CameraReport {
  cameraId: string;
  is: Wellness;
  trouble: string;
}

export interface NotificationsOptions<A extends Supervisor> {
  database: Database;
  sources: NoticeSources;
  /** The connection of every camera at this moment; asked every few seconds. */
  cameraStates: () => Promise<CameraReport[]>;
  calendar: () => Calendar;
  /** People were told of what has these ids: it need not be told again. */
  newsTold?: (newsIds: string[]) => Promise<void>;
  audit: Audit<A>;
  vault: SecretVault;
  clock: Clock;
  log: Logger;
  /** Null: this server sends no mail. */
  mail: MailSender | null;
  webhooks: Omit<WebhookSenderOptions, 'clock'>;
  categoryName: MailContext['categoryName'];
  settings: {
    publicUrl: string;
    keepDays: number;
    perPersonHour: number;
    cameraDownSeconds: number;
    cameraWellMinutes: number;
    digest: DigestChoice;
    mail: { atOnce: number; perPersonHour: number };
    webhooks: { atOnce: number };
  };
  /** In [0, 1), for spreading retries. */
  chance?: () => number;
}

const tickMs = 5000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const mostAtOnce = 500;

/**
 * Tells people and other programs what has happened. Whoever calls `handle`, `picture` or `alarm` never waits and never fails by it:
 * what follows is done in turn, in the background.
 */
export class Notifications<A extends Supervisor = Supervisor> {
  readonly notices: Notices;
  readonly settings: SettingsOfPeople;
  readonly addresses: MailAddresses<A>;
  readonly courier: MailCourier;
  readonly webhooks: Webhooks<A>;
  readonly deliveries: Deliveries<A>;
  readonly #options: NotificationsOptions<A>;
  readonly #outbox: Outbox;
  readonly #watch: ConditionWatch;
  readonly #digests: Digests;
  readonly #readings: ReadingReminders;
  readonly #pending: Happening[] = [];
  #draining: Promise<void> | undefined;
  #ticking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #forgotAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: NotificationsOptions<A>) {
    this.#options = options;
    const { database, sources, audit, clock, log, vault, settings } = options;
    const publicUrl = settings.publicUrl.replace(/\/+$/, '');
    const mailOffered = options.mail !== null;
    const store = new NoticeSettingsStore(database.kysely);
    const deliveries = new DeliveryStore(database.kysely);
    const outbox = () => this.#outbox;
    this.settings = new SettingsOfPeople({
      store,
      reachOf: sources.reachOf,
      clock,
      digest: settings.digest,
      mailOffered,
    });
    this.addresses = new MailAddresses({ database, store, deliveries, outbox, audit, clock, mailOffered });
    this.courier = new MailCourier({
      sender: options.mail,
      deliveries,
      outbox,
      notices: () => this.notices,
      addresses: this.addresses,
      settings: this.settings,
      sources,
      clock,
      publicUrl,
      categoryName: options.categoryName,
      mostPerHour: settings.mail.perPersonHour,
    });
    this.notices = new Notices({
      database,
      sources,
      settings: this.settings,
      queueMail: (person, row, dueMs, within) => this.courier.queue(person, row, dueMs, within),
      clock,
      log,
      mostPerHour: settings.perPersonHour,
    });
    const sender = { ...options.webhooks, clock };
    this.webhooks = new Webhooks({ database, deliveries, outbox, sources, vault, audit, clock, sender, publicUrl });
    this.deliveries = new Deliveries({ database, store: deliveries, sources, webhooks: this.webhooks, audit, clock });
    this.#outbox = new Outbox({
      store: deliveries,
      clock,
      log,
      send: {
        mail: (row, signal) => this.courier.send(row, signal),
        webhook: (row, signal) => this.webhooks.send(row, signal),
      },
      atOnce: { mail: settings.mail.atOnce, webhook: settings.webhooks.atOnce },
      dead: ({ id }) => this.handle({ what: 'dead', deliveryId: id }),
      ...(options.chance === undefined ? {} : { chance: options.chance }),
    });
    const camera = { lastingMs: settings.cameraDownSeconds * 1000, settledMs: settings.cameraWellMinutes * 60_000 };
    this.#watch = new ConditionWatch({
      store,
      clock,
      log,
      // Whoever reports an alarm or a wrong picture has waited until it lasted; a lost connection is judged here.
      termsOf: (name) => (name.endsWith(':connection') ? camera : { ...camera, lastingMs: 0 }),
      tell: (name, tell, fact) => this.#tell(name, tell, fact),
    });
    const regular = { sources, notices: this.notices, calendar: options.calendar, clock, log };
    this.#digests = new Digests({ ...regular, settings: this.settings });
    this.#readings = new ReadingReminders(regular);
  }

  /** Takes up what was left, and works by the clock from then on. */
  async start(): Promise<void> {
    await this.#watch.start();
    this.#timer = setInterval(() => void this.tick(), tickMs).unref();
  }

  /** Ends what is under way; what waits is taken up at the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#ticking;
    await this.#draining;
    await this.#outbox.stop();
    await this.#watch.settled();
  }

  handle(happening: Happening): void {
    this.#pending.push(happening);
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
  }

  /** What is wrong with a camera's picture (`covered`, `frozen` …), told by whoever watches pictures and waits until it lasts; null: it is well. */
  picture(cameraId: string, trouble: string | null): void {
    this.#watch.report(`camera:${cameraId}:picture`, trouble === null ? 'well' : 'bad', trouble);
  }

  alarm(code: string, active: boolean): void {
    this.#watch.report(`alarm:${code}`, active ? 'bad' : 'well');
  }

  /** All alarms that are on, at the start: what people were told of and is not among them has ended meanwhile. */
  alarmsOn(codes: readonly string[]): void {
    for (const name of this.#watch.told()) {
      if (name.startsWith('alarm:') && !codes.includes(name.slice('alarm:'.length))) this.#watch.report(name, 'well');
    }
    for (const code of codes) this.alarm(code, true);
  }

  cameraRemoved(cameraId: string): void {
    this.#watch.forget((name) => name.startsWith(`camera:${cameraId}:`));
  }

  /** Everything that the time asks for; what the timer calls. Returns when deliveries have begun, not when they have ended. */
  tick(): Promise<void> {
    this.#ticking ??= this.#everyTick()
      .catch((error) => this.#options.log.error({ err: error }, 'notifications could not be worked on'))
      .finally(() => {
        this.#ticking = undefined;
      });
    return this.#ticking;
  }

  /** Settles when everything that happened so far is told, and no delivery is under way. */
  async settled(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
    await this.#watch.settled();
    await this.#outbox.idle();
    while (this.#draining !== undefined) await this.#draining;
  }

  async #everyTick(): Promise<void> {
    const { clock, cameraStates, settings } = this.#options;
    for (const { cameraId, is, trouble } of await cameraStates()) {
      this.#watch.report(`camera:${cameraId}:connection`, is, trouble);
    }
    this.#watch.tick();
    await this.#digests.tick();
    await this.#readings.tick();
    await this.#outbox.tick();
    const nowMs = clock.nowMs();
    if (nowMs - this.#forgotAtMs < hourMs) return;
    this.#forgotAtMs = nowMs;
    await this.notices.forget(nowMs - settings.keepDays * dayMs);
    await this.deliveries.forget(settings.keepDays);
  }

  async #drain(): Promise<void> {
    const { sources, newsTold, log } = this.#options;
    // What comes in the same breath (many cases at once) is worked on together.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0, mostAtOnce);
      try {
        const people = await sources.people();
        const unfolded = [];
        const audience = oncePerCase(sources.audience);
        for (const happening of batch) unfolded.push(await unfold(happening, people, { ...sources, audience }));
        await this.notices.add(
          unfolded.flatMap(({ notices }) => notices),
          audience,
        );
        await this.webhooks.tell(unfolded.flatMap(({ told }) => told));
        await newsTold?.(batch.flatMap((one) => (one.what === 'due' && one.newsId ? [one.newsId] : [])));
      } catch (error) {
        log.error({ err: error }, 'people could not be told what has happened');
      }
    }
  }

  #tell(name: string, tell: 'bad' | 'well', fact: string | null): void {
    const [type, id = '', trouble = ''] = name.split(':');
    if (type === 'alarm') {
      if (tell === 'bad') this.handle({ what: 'alarm', code: id });
      return;
    }
    // A camera is well again when nothing that was told of it goes on.
    if (tell === 'well' && this.#watch.told().some((other) => other.startsWith(`camera:${id}:`))) return;
    this.handle({ what: 'camera', cameraId: id, trouble: fact ?? trouble, tell });
  }
}
