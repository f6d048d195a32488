import {
  type CreateWebhookRequest,
  type PatchWebhookRequest,
  type TestAnswer,
  type Webhook,
  type WebhookKind,
  type WebhookPayload,
  type WebhookWithSecret,
  webhookKind,
  webhookPayload,
} from '../../contracts/notices.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { fromFlag, toFlag } from '../../storage/columns.ts';
import type { Database } from '../../storage/database.ts';
import type { DeliveryRow, DeliveryStore } from '../../storage/delivery.store.ts';
import { type WebhookRow, WebhookStore } from '../../storage/webhook.store.ts';
import type { Audit, Supervisor } from '../supervisor.ts';
import type { Told } from './happenings.ts';
import type { Outbox } from './outbox.ts';
import type { Outcome } from './retry-policy.ts';
import type { NoticeSources } from './sources.ts';
import { callWebhook, type WebhookSenderOptions } from './webhook-sender.ts';
import { newWebhookSecret } from './webhook-signature.ts';

/** Keeps secrets where the database is not enough. `name` is bound in. */
export interface SecretVault {
  seal(name: string, secret: string): string;
  open(name: string, sealed: string): string;
}

export interface WebhooksOptions<A extends Supervisor> {
  database: Database;
  deliveries: DeliveryStore;
  outbox: () => Outbox;
  sources: NoticeSources;
  vault: SecretVault;
  audit: Audit<A>;
  clock: Clock;
  sender: WebhookSenderOptions;
  publicUrl: string;
}

const mostWebhooks = 20;
/** Whoever sees the whole city, and is nobody: what a webhook may be told is what such a reader sees. */
const cityReader: Supervisor = { userId: '', name: '', role: 'home_affairs', unitId: null };

/** Addresses that are called with news. They are told identifiers and codes; who wants more asks the API, with the rights of an account. */
export class Webhooks<A extends Supervisor = Supervisor> {
  readonly #options: WebhooksOptions<A>;
  readonly #store: WebhookStore;

  constructor(options: WebhooksOptions<A>) {
    this.#options = options;
    this.#store = new WebhookStore(options.database.kysely);
  }

  async list(): Promise<Webhook[]> {
    return (await this.#store.list()).map(present);
  }

  /** The secret is told here and never again. Errors: `webhook_not_https`, `webhooks_full`. */
  async create(actor: A, request: CreateWebhookRequest, address: string): Promise<WebhookWithSecret> {
    this.#refuseUrl(request.url);
    if ((await this.#store.list()).length >= mostWebhooks) throw new AppError('conflict', 'webhooks_full');
    const id = newId();
    const secret = newWebhookSecret();
    const row: WebhookRow = {
      id,
      name: request.name,
      url: request.url,
      kinds: JSON.stringify(request.kinds),
      sealed_secret: this.#options.vault.seal(id, secret),
      enabled: 1,
      created_at_ms: this.#options.clock.nowMs(),
      last_at_ms: null,
      last_ok: null,
    };
    await this.#options.database.kysely.transaction().execute(async (trx) => {
      await this.#store.insert(row, trx);
      await this.#audit(actor, address, 'webhook.created', row, trx);
    });
    return { webhook: present(row), secret };
  }

  /** Errors: `webhook_unknown`, `webhook_not_https`. */
  async patch(actor: A, id: string, request: PatchWebhookRequest, address: string): Promise<Webhook> {
    if (request.url !== undefined) this.#refuseUrl(request.url);
    const row = await this.#change(actor, id, 'webhook.changed', address, {
      ...(request.name === undefined ? {} : { name: request.name }),
      ...(request.url === undefined ? {} : { url: request.url }),
      ...(request.kinds === undefined ? {} : { kinds: JSON.stringify(request.kinds) }),
      ...(request.enabled === undefined ? {} : { enabled: toFlag(request.enabled) }),
    });
    return present(row);
  }

  /** A new secret in the place of the old one, which holds no more. Errors: `webhook_unknown`. */
  async renewSecret(actor: A, id: string, address: string): Promise<WebhookWithSecret> {
    const secret = newWebhookSecret();
    const changes = { sealed_secret: this.#options.vault.seal(id, secret) };
    return { webhook: present(await this.#change(actor, id, 'webhook.secret_renewed', address, changes)), secret };
  }

  /** Errors: `webhook_unknown`. */
  async remove(actor: A, id: string, address: string): Promise<void> {
    const { database, deliveries, clock } = this.#options;
    await database.kysely.transaction().execute(async (trx) => {
      const row = known(await this.#store.byId(id, trx));
      await this.#store.remove(id, trx);
      await deliveries.dropFor('webhook', id, clock.nowMs(), trx);
      await this.#audit(actor, address, 'webhook.removed', row, trx);
    });
  }

  /** Calls it once, now, with a body that says that it is a test. Errors: `webhook_unknown`. */
  async test(id: string): Promise<TestAnswer> {
    const row = known(await this.#store.byId(id));
    const body = JSON.stringify(this.#payload('test', {}));
    const outcome = await this.#call(row, newId(), body, new AbortController().signal);
    const failure = outcome.kind === 'failed' ? { code: outcome.code, detail: outcome.detail } : null;
    return { ok: failure === null, failure };
  }

  /** Puts a call into the outbox for every webhook that is to be told. */
  async tell(told: readonly Told[]): Promise<void> {
    if (told.length === 0) return;
    const rows = (await this.#store.list()).filter((row) => fromFlag(row.enabled));
    for (const one of told) {
      const kind = webhookKind.safeParse(one.kind);
      if (!kind.success) continue;
      const wanting = rows.filter((row) => kindsOf(row).includes(kind.data));
      if (wanting.length === 0) continue;
      const data = await this.#dataOf(one.subject);
      if (data === null) continue;
      const payload = JSON.stringify(this.#payload(kind.data, data));
      const dueMs = this.#options.clock.nowMs();
      for (const { id } of wanting) {
        await this.#options.outbox().put({ channel: 'webhook', targetId: id, kind: kind.data, payload, dueMs });
      }
    }
  }

  /** One attempt, for the outbox. */
  async send(row: DeliveryRow, signal: AbortSignal): Promise<Outcome> {
    const target = await this.#store.byId(row.target_id);
    if (target === undefined || !fromFlag(target.enabled) || row.payload === null) return { kind: 'dropped' };
    return this.#call(target, row.id, row.payload, signal);
  }

  async nameOf(id: string): Promise<string | null> {
    return (await this.#store.byId(id))?.name ?? null;
  }

  async #call(row: WebhookRow, id: string, body: string, signal: AbortSignal): Promise<Outcome> {
    const { vault, clock, sender } = this.#options;
    const secret = vault.open(row.id, row.sealed_secret);
    const outcome = await callWebhook({ url: row.url, secret, id: `msg_${id}`, body }, sender, signal);
    await this.#store.update(row.id, { last_at_ms: clock.nowMs(), last_ok: toFlag(outcome.kind === 'sent') });
    return outcome;
  }

  #payload(type: WebhookKind | 'test', data: WebhookPayload['data']): WebhookPayload {
    const timestamp = new Date(this.#options.clock.nowMs()).toISOString();
    return webhookPayload.parse({ type, timestamp, data });
  }

  async #dataOf(subject: Told['subject']): Promise<WebhookPayload['data'] | null> {
    if ('alarm' in subject) return { alarm: { code: subject.alarm } };
    if ('camera' in subject) {
      const { id, unitId } = subject.camera;
      return { camera: { id, unitId, trouble: subject.trouble } };
    }
    const seen = (await this.#options.sources.audience(subject.case))(cityReader);
    if (seen === null) return null;
    const { publicUrl } = this.#options;
    const { id, number, state, category, severity, unitId, cameraId } = seen;
    const link = publicUrl === '' ? null : `${publicUrl}/incidents/${id}`;
    return { case: { id, number, state, category, severity, unitId, cameraId, link } };
  }

  async #change(
    actor: A,
    id: string,
    action: string,
    address: string,
    changes: Partial<WebhookRow>,
  ): Promise<WebhookRow> {
    return this.#options.database.kysely.transaction().execute(async (trx) => {
      const before = known(await this.#store.byId(id, trx));
      const after = { ...before, ...changes };
      if (Object.keys(changes).length > 0) {
        await this.#store.update(id, changes, trx);
        await this.#audit(actor, address, action, after, trx);
      }
      return after;
    });
  }

  #audit(actor: A, address: string, action: string, row: WebhookRow, within: Parameters<Audit<A>>[1]) {
    const details = { name: row.name, url: row.url, kinds: row.kinds, enabled: row.enabled };
    return this.#options.audit({ actor, address, action, subject: `webhook:${row.id}`, details }, within);
  }

  #refuseUrl(url: string): void {
    const { protocol, username, password } = new URL(url);
    if (protocol !== 'https:' && !this.#options.sender.allowHttp) {
      throw new AppError('invalid', 'webhook_not_https', { fields: { url: 'https' } });
    }
    // They would be told in lists and logs.
    if (username !== '' || password !== '') {
      throw new AppError('invalid', 'webhook_url_with_password', { fields: { url: 'without user and password' } });
    }
  }
}

function present(row: WebhookRow): Webhook {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    kinds: kindsOf(row),
    enabled: fromFlag(row.enabled),
    createdAtMs: row.created_at_ms,
    lastAtMs: row.last_at_ms,
    lastOk: row.last_ok === null ? null : fromFlag(row.last_ok),
  };
}

function kindsOf(row: WebhookRow): WebhookKind[] {
  return (JSON.parse(row.kinds) as string[]).flatMap((kind) => webhookKind.safeParse(kind).data ?? []);
}

function known(row: WebhookRow | undefined): WebhookRow {
  if (row === undefined) throw new AppError('not_found', 'webhook_unknown');
  return row;
}
