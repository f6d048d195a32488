import type { Clock } from '../../platform/clock.ts';
import type { NetworkPolicy } from '../networks.ts';
import { OnvifError } from './errors.ts';
import { type ExchangeResponse, exchange } from './http-exchange.ts';
import { asSoap11 } from './soap.ts';

export interface DeviceTransportOptions {
  /** The device service address that answered. */
  url: URL;
  clock: Clock;
  policy: NetworkPolicy;
  /** Of a SOAP answer. */
  maxBytes: number;
  certificateSha256?: string | null;
}

const maxRedirects = 2;
/** How long another port of the device than the one that answered may take to be connected to. */
const otherPortMs = 2_000;

/** The way to one device: its host and no other, its certificate and no other, and what was learnt of its ports, clock and SOAP. */
export class DeviceTransport {
  readonly url: URL;
  readonly #options: DeviceTransportOptions;
  #certificateSha256: string | null;
  #dateOffsetMs: number | null = null;
  #soap11 = false;
  readonly #deadPorts = new Set<string>();

  constructor(options: DeviceTransportOptions) {
    this.url = options.url;
    this.#options = options;
    this.#certificateSha256 = options.certificateSha256 ?? null;
  }

  /** Pinned, or seen at the first exchange. */
  get certificateSha256(): string | null {
    return this.#certificateSha256;
  }

  /** The device's clock less ours by the header of its last answer, in ms, to the second. */
  get dateOffsetMs(): number | null {
    return this.#dateOffsetMs;
  }

  /** Where a service is really asked: a port on which nothing listens gives way to the one that answered. */
  reached(url: URL): URL {
    if (!this.#deadPorts.has(url.port)) return url;
    const reached = new URL(url);
    reached.port = this.url.port;
    reached.protocol = this.url.protocol;
    return reached;
  }

  /** Asks at the port that answered from now on instead of that of `url`; false where it is the same. */
  giveUpPort(url: URL): boolean {
    if (this.reached(url).port === this.url.port) return false;
    this.#deadPorts.add(url.port);
    return true;
  }

  /** Sends, and follows what is about the way rather than the answer: redirects, ports on which nothing listens, SOAP 1.1. */
  async post(
    to: URL,
    body: string,
    authorization: ((url: URL, body: string) => string) | null,
    signal: AbortSignal,
  ): Promise<ExchangeResponse> {
    let url = this.reached(to);
    for (let hop = 0; ; hop += 1) {
      if (!this.#mayTalkTo(url)) throw new OnvifError('redirected', { detail: 'other_host' });
      const sent = this.#soap11 ? asSoap11(body) : body;
      let response: ExchangeResponse;
      try {
        response = await this.#exchange(url, sent, authorization?.(url, sent), signal);
      } catch (error) {
        if (url.port === this.url.port || !(error instanceof OnvifError) || error.failure !== 'unreachable')
          throw error;
        this.#deadPorts.add(url.port);
        url = this.reached(url);
        continue;
      }
      this.#certificateSha256 ??= response.certificateSha256;
      if (response.dateMs !== null) this.#dateOffsetMs = response.dateMs - this.#options.clock.nowMs();
      if (response.status === 415 && !this.#soap11) {
        this.#soap11 = true;
        continue;
      }
      if (response.status < 300 || response.status > 399) return response;
      const next = URL.parse(response.location ?? '', url.href);
      if (!next || hop >= maxRedirects)
        throw new OnvifError('redirected', { status: response.status, detail: 'too_many' });
      url = next;
    }
  }

  #exchange(url: URL, body: string, authorization: string | undefined, signal: AbortSignal): Promise<ExchangeResponse> {
    return exchange({
      url,
      method: 'POST',
      headers: {
        ...(this.#soap11
          ? { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' }
          : { 'content-type': 'application/soap+xml; charset=utf-8' }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      body,
      maxBytes: this.#options.maxBytes,
      connectMs: url.port === this.url.port ? undefined : otherPortMs,
      policy: this.#options.policy,
      certificateSha256: this.#certificateSha256,
      signal,
    });
  }

  /** Everything goes to the host that the administrator named, and never from https back to http. */
  #mayTalkTo(url: URL): boolean {
    return (
      url.hostname === this.url.hostname &&
      (url.protocol === 'https:' || (url.protocol === 'http:' && this.url.protocol === 'http:'))
    );
  }

  /** Fetches a picture. Errors: `OnvifError` as of `exchange`, redirected. */
  async get(
    url: URL,
    authorization: string | undefined,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<ExchangeResponse> {
    if (!this.#mayTalkTo(url)) throw new OnvifError('redirected', { detail: 'other_host' });
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const { policy } = this.#options;
    return exchange({
      ...{ url, method: 'GET', headers, body: '', maxBytes, policy, signal },
      certificateSha256: this.#certificateSha256,
    });
  }
}
