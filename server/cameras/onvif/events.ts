import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import { repairServiceAddress } from './addresses.ts';
import type { DeviceClient } from './device-client.ts';
import { OnvifError } from './errors.ts';
import { printable } from './scopes.ts';
import { namespaces } from './services.ts';
import { soapEnvelope } from './soap.ts';
import { all, at, textAt, type XmlElement } from './xml.ts';

/** What a device tells (ONVIF Core, section 9.4). */
export interface DeviceEvent {
  /** Without prefixes, e.g. `VideoSource/MotionAlarm`. */
  topic: string;
  /** By the device's clock, UTC epoch ms; null where it does not say. */
  atMs: number | null;
  /** `Initialized` tells a state that was there before; null where the device does not say. */
  operation: string | null;
  source: Readonly<Record<string, string>>;
  data: Readonly<Record<string, string>>;
}

export interface FollowOptions {
  client: DeviceClient;
  /** Address of the event service. */
  url: URL;
  clock: Clock;
  /** Ends it; the subscription is given back. */
  stop: AbortSignal;
  onEvent: (event: DeviceEvent) => void;
  /** Whether the device is being listened to, and why not. */
  onState?: (state: 'subscribed' | 'lost', failure: OnvifError | null) => void;
  /** How long a subscription is asked for, and how long one question waits for news, in ms. */
  lifeMs?: number;
  waitMs?: number;
  /** Before a new subscription after the first failure, doubled up to a minute, in ms. */
  againMs?: number;
}

const notification = 'http://docs.oasis-open.org/wsn/b-2';
const addressing = 'http://www.w3.org/2005/08/addressing';
const mostMessages = 64;
const longestPauseMs = 60_000;
const pullEveryMs = 200;

/**
 * Listens to a device by pull points: subscribes, asks for news, renews in time, subscribes anew after any failure, and unsubscribes at
 * the end. Resolves when `stop` is aborted; never rejects with an `OnvifError`.
 */
export async function followEvents(options: FollowOptions): Promise<void> {
  const { stop, onState, againMs = 1_000 } = options;
  let pauseMs = againMs;
  while (!stop.aborted) {
    const point = new PullPoint(options);
    try {
      await point.open();
      onState?.('subscribed', null);
      pauseMs = againMs;
      while (!stop.aborted) {
        const begunMs = options.clock.monotonicMs();
        await point.pull();
        // Some answer at once, with nothing or with the same again, as often as they are asked.
        const leftMs = pullEveryMs - (options.clock.monotonicMs() - begunMs);
        if (leftMs > 0) await delay(leftMs, undefined, { signal: stop }).catch(() => {});
      }
    } catch (error) {
      if (!(error instanceof OnvifError)) throw error;
      if (!stop.aborted) onState?.('lost', error);
    } finally {
      await point.close();
    }
    await delay(pauseMs, undefined, { signal: stop }).catch(() => {});
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

/** One subscription. Errors of every call: `OnvifError`. */
class PullPoint {
  readonly #options: FollowOptions;
  readonly #lifeMs: number;
  readonly #waitMs: number;
  #address: URL | null = null;
  /** By our monotonic clock: halfway through its life. */
  #renewAtMs = 0;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#lifeMs = options.lifeMs ?? 60_000;
    this.#waitMs = options.waitMs ?? 20_000;
  }

  async open(): Promise<void> {
    const { client, url } = this.#options;
    const body = `<tev:CreatePullPointSubscription><tev:InitialTerminationTime>${duration(this.#lifeMs)}</tev:InitialTerminationTime></tev:CreatePullPointSubscription>`;
    const action = `${namespaces.events}/EventPortType/CreatePullPointSubscriptionRequest`;
    const answer = await this.#call(url, 'CreatePullPointSubscription', body, action);
    const sent = textAt(answer, 'SubscriptionReference', 'Address');
    const address = sent === null ? null : repairServiceAddress(sent, client.url, url.port || '80');
    if (!address) throw new OnvifError('malformed', { detail: 'no_subscription' });
    this.#address = address.url;
    this.#lives(answer);
  }

  /** Waits for news, tells it, and renews where it is time. */
  async pull(): Promise<void> {
    const { onEvent, clock } = this.#options;
    if (clock.monotonicMs() >= this.#renewAtMs) await this.#renew();
    const waitMs = Math.min(this.#waitMs, Math.max(1_000, this.#renewAtMs - clock.monotonicMs()));
    const body = `<tev:PullMessages><tev:Timeout>${duration(waitMs)}</tev:Timeout><tev:MessageLimit>${mostMessages}</tev:MessageLimit></tev:PullMessages>`;
    const action = `${namespaces.events}/PullPointSubscription/PullMessagesRequest`;
    const answer = await this.#call(this.#here(), 'PullMessages', body, action, waitMs + 5_000);
    for (const message of all(answer, 'NotificationMessage').slice(0, mostMessages)) {
      const event = readEvent(message);
      if (event) onEvent(event);
    }
  }

  /** Gives the subscription back; a device that does not take it forgets it by itself. */
  async close(): Promise<void> {
    const address = this.#address;
    this.#address = null;
    if (!address) return;
    const body = '<wsnt:Unsubscribe/>';
    const envelope = this.#envelope(address, body, `${notification}/SubscriptionManager/UnsubscribeRequest`);
    await this.#options.client.call(address, 'Unsubscribe', envelope, 'preferred', { callMs: 2_000 }).catch((error) => {
      if (!(error instanceof OnvifError)) throw error;
    });
  }

  async #renew(): Promise<void> {
    const body = `<wsnt:Renew><wsnt:TerminationTime>${duration(this.#lifeMs)}</wsnt:TerminationTime></wsnt:Renew>`;
    this.#lives(await this.#call(this.#here(), 'Renew', body, `${notification}/SubscriptionManager/RenewRequest`));
  }

  /** The device may give less time than was asked for; both times are by its own clock. */
  #lives(answer: XmlElement): void {
    const ms = (name: string) => Date.parse(textAt(answer, name) ?? '');
    const given = ms('TerminationTime') - ms('CurrentTime');
    const lifeMs = given > 0 && given < this.#lifeMs ? given : this.#lifeMs;
    this.#renewAtMs = this.#options.clock.monotonicMs() + lifeMs / 2;
  }

  #here(): URL {
    if (!this.#address) throw new OnvifError('aborted');
    return this.#address;
  }

  #call(url: URL, operation: string, body: string, action: string, callMs?: number): Promise<XmlElement> {
    const { client, stop } = this.#options;
    const envelope = this.#envelope(url, body, action);
    return client.call(url, operation, envelope, 'preferred', {
      signal: stop,
      ...(callMs !== undefined && { callMs }),
    });
  }

  #envelope(url: URL, body: string, action: string): string {
    const header = `<wsa:Action>${action}</wsa:Action><wsa:To>${url.href.replaceAll('&', '&amp;')}</wsa:To>`;
    return soapEnvelope({ tev: namespaces.events, wsnt: notification, wsa: addressing }, body, header);
  }
}

function readEvent(message: XmlElement): DeviceEvent | null {
  const topic = printable((textAt(message, 'Topic') ?? '').replace(/[\w.-]+:/g, ''), 200);
  const told = at(message, 'Message', 'Message') ?? at(message, 'Message');
  if (topic === '') return null;
  const atMs = Date.parse(told?.attributes.get('UtcTime') ?? '');
  return {
    topic,
    atMs: Number.isFinite(atMs) ? atMs : null,
    operation: told?.attributes.get('PropertyOperation') ?? null,
    source: items(at(told, 'Source')),
    data: items(at(told, 'Data')),
  };
}

function items(element: XmlElement | undefined): Record<string, string> {
  const pairs = all(element, 'SimpleItem')
    .slice(0, 32)
    .map((item) => [
      printable(item.attributes.get('Name') ?? '', 60),
      printable(item.attributes.get('Value') ?? '', 200),
    ]);
  return Object.fromEntries(pairs.filter(([name]) => name !== ''));
}

/** xsd:duration in seconds. */
function duration(ms: number): string {
  return `PT${Math.max(1, Math.round(ms / 1_000))}S`;
}
