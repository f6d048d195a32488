import type { Clock } from '../../platform/clock.ts';
import type { NetworkPolicy } from '../networks.ts';
import { type Interpreted, interpretAnswer, type Refused } from './answers.ts';
import { deviceTimeMs } from './clock-offset.ts';
import { DeviceTransport } from './device-transport.ts';
import { OnvifError } from './errors.ts';
import { type Challenge, chooseDigest, digestAuthorization, isStale, parseChallenges } from './http-digest.ts';
import { type ExchangeResponse, isTimeout } from './http-exchange.ts';
import { Limiter } from './limiter.ts';
import { soapEnvelope, usernameToken, withSecurity } from './soap.ts';
import { defaultXmlCaps, type XmlCaps, type XmlElement } from './xml.ts';

export interface OnvifLimits {
  /** One call with all its retries, in ms. */
  callMs: number;
  maxBytes: number;
  xml: XmlCaps;
  /** Calls to one device at once. */
  parallelCalls: number;
}

export const defaultOnvifLimits: OnvifLimits = {
  callMs: 5_000,
  maxBytes: 1_048_576,
  xml: defaultXmlCaps,
  parallelCalls: 2,
};

export interface DeviceClientOptions {
  /** The device service address that answered. */
  url: URL;
  username: string;
  password: string;
  clock: Clock;
  policy: NetworkPolicy;
  limits?: OnvifLimits;
  /** Pinned certificate (SHA-256, hex); null pins the first one seen for the life of this client. */
  certificateSha256?: string | null;
  /** Send the password in the clear where the device offers nothing better; only on somebody's express wish. */
  allowBasic?: boolean;
  signal: AbortSignal;
}

export type AuthMethod = 'username_token' | 'http_digest' | 'http_basic';
const clockRequest = soapEnvelope({ tds: 'http://www.onvif.org/ver10/device/wsdl' }, '<tds:GetSystemDateAndTime/>');

/**
 * Speaks SOAP with one device: deadline, caps, one or two calls at once, credentials by digest only and only to this device's host.
 * It lives as long as one piece of work with the device and remembers which way of authentication worked.
 */
export class DeviceClient {
  readonly url: URL;
  readonly #options: DeviceClientOptions;
  readonly #limits: OnvifLimits;
  readonly #limiter: Limiter;
  #clockOffsetMs: number | null = null;
  #toldOffsetMs: number | null = null;
  #method: AuthMethod | null = null;
  #nonce: { challenge: Challenge; count: number } | null = null;
  /** The device wants the token in the envelope besides HTTP Digest. */
  #tokenToo = false;
  /** The offset in the last token: what is learnt from its refusal is worth another try only where it differs. */
  #sentOffsetMs = 0;
  readonly #transport: DeviceTransport;

  constructor(options: DeviceClientOptions) {
    this.url = options.url;
    this.#options = options;
    this.#limits = options.limits ?? defaultOnvifLimits;
    this.#limiter = new Limiter(this.#limits.parallelCalls);
    this.#transport = new DeviceTransport({ ...options, maxBytes: this.#limits.maxBytes });
  }

  /** Camera clock minus ours in ms, once it is known from the camera itself. */
  get clockOffsetMs(): number | null {
    return this.#clockOffsetMs;
  }

  /** The same as the header of its last HTTP answer tells it, to the second. */
  get dateOffsetMs(): number | null {
    return this.#transport.dateOffsetMs;
  }

  /** Where a service is really asked: a port on which nothing listens gives way to the one that answered. */
  reached(url: URL): URL {
    return this.#transport.reached(url);
  }

  /** The way of authentication that the device has accepted so far. */
  get method(): AuthMethod | null {
    return this.#method;
  }

  get certificateSha256(): string | null {
    return this.#transport.certificateSha256;
  }

  get allowsBasic(): boolean {
    return this.#options.allowBasic === true;
  }

  get hasCredentials(): boolean {
    return this.#options.username !== '';
  }

  /**
   * GetSystemDateAndTime, which devices answer to anyone (ONVIF Core, access class PRE_AUTH). Learns the offset from the midpoint
   * of the exchange. Returns null where the device answers without a usable time. Errors: as `call`.
   */
  async readClock(auth: 'anonymous' | 'authenticated' = 'anonymous'): Promise<number | null> {
    return this.#learnOffset((envelope) => this.call(this.url, 'GetSystemDateAndTime', envelope, auth));
  }

  async #learnOffset(ask: (envelope: string) => Promise<XmlElement>): Promise<number | null> {
    const { clock } = this.#options;
    const [startMs, startTick] = [clock.nowMs(), clock.monotonicMs()];
    const element = await ask(clockRequest);
    const midpointMs = startMs + (clock.monotonicMs() - startTick) / 2;
    const timeMs = deviceTimeMs(element);
    if (timeMs !== null) this.#clockOffsetMs = Math.round(timeMs - midpointMs);
    return this.#clockOffsetMs;
  }

  /**
   * Sends an envelope with an empty header and returns the element `<operation>Response`. `preferred` sends credentials where there are any.
   * `within` bounds this call otherwise than the others: a question that the device may take its time for, or that is given up alone.
   * Errors: `OnvifError` with every failure that its type names.
   */
  async call(
    url: URL,
    operation: string,
    envelope: string,
    auth: 'anonymous' | 'authenticated' | 'preferred' = 'preferred',
    within: { callMs?: number; signal?: AbortSignal } = {},
  ): Promise<XmlElement> {
    const own = this.#options.signal;
    const session = within.signal ? AbortSignal.any([own, within.signal]) : own;
    try {
      return await this.#limiter.run(() => {
        // The deadline is the call's own: waiting for others is bounded by the session.
        const signal = AbortSignal.any([session, AbortSignal.timeout(within.callMs ?? this.#limits.callMs)]);
        const authenticated = auth === 'authenticated' || (auth === 'preferred' && this.hasCredentials);
        const ask = () =>
          authenticated
            ? this.#authenticated(url, operation, envelope, signal)
            : this.#anonymous(url, operation, envelope, signal);
        // A busy device cuts connections off. Questions may be asked again, commands may not.
        return ask().catch((error) => {
          const elsewhere = speaksOtherwise(error) && this.#transport.giveUpPort(url);
          if (!operation.startsWith('Get') || !(wasCutOff(error) || elsewhere)) throw error;
          return ask();
        });
      }, session);
    } catch (error) {
      if (error instanceof OnvifError || !session.aborted) throw error;
      throw new OnvifError(isTimeout(session.reason) ? 'timeout' : 'aborted', { cause: error });
    }
  }

  /**
   * Fetches what stands at an address of the device: a picture. HTTP Digest where it is asked for, never anything in the clear.
   * Errors: as `call`.
   */
  get(url: URL, maxBytes: number): Promise<Uint8Array> {
    const signal = AbortSignal.any([this.#options.signal, AbortSignal.timeout(this.#limits.callMs)]);
    return this.#limiter.run(async () => {
      let authorization: string | undefined;
      for (let round = 0; ; round += 1) {
        const response = await this.#transport.get(url, authorization, maxBytes, signal);
        const { status } = response;
        if (status >= 200 && status < 300) return response.body;
        if (status >= 300 && status < 400) throw new OnvifError('redirected', { status });
        if (status !== 401) throw new OnvifError('http', { status, detail: `HTTP ${status}` });
        if (!this.hasCredentials) throw new OnvifError('credentials_needed');
        const challenges = parseChallenges(response.challenges);
        const challenge = chooseDigest(challenges);
        if (!challenge) throw new OnvifError(challenges.length > 0 ? 'basic_only' : 'bad_credentials', { status });
        if (round === 2 || (round > 0 && !isStale(challenge))) throw new OnvifError('bad_credentials', { status });
        const { username, password } = this.#options;
        const uri = `${url.pathname}${url.search}`;
        authorization = digestAuthorization({ challenge, username, password, method: 'GET', uri, body: '', count: 1 });
      }
    }, signal);
  }

  async #anonymous(url: URL, operation: string, envelope: string, signal: AbortSignal): Promise<XmlElement> {
    const result = this.#interpret(await this.#transport.post(url, envelope, null, signal), operation);
    if (result.kind === 'answer') return result.element;
    throw refusal(result, 'credentials_needed');
  }

  /** WS-UsernameToken first, HTTP Digest where it is asked for; a refusal is looked into once before it counts. */
  async #authenticated(url: URL, operation: string, envelope: string, signal: AbortSignal): Promise<XmlElement> {
    if (!this.hasCredentials) throw new OnvifError('credentials_needed');
    if (this.#method === 'http_digest' && this.#nonce) return this.#digest(url, operation, envelope, signal);
    if (this.#method === 'http_basic') return this.#basic(url, operation, envelope, signal);

    let result = this.#interpret(await this.#transport.post(url, this.#withToken(envelope), null, signal), operation);
    if (result.kind === 'refused' && !chooseDigest(result.challenges) && (await this.#clockWasOff(signal))) {
      result = this.#interpret(await this.#transport.post(url, this.#withToken(envelope), null, signal), operation);
    }
    if (result.kind === 'refused' && result.why === 'time' && this.#otherTime()) {
      result = this.#interpret(await this.#transport.post(url, this.#withToken(envelope), null, signal), operation);
    }
    if (result.kind === 'answer') {
      this.#method = 'username_token';
      return result.element;
    }
    const challenge = chooseDigest(result.challenges);
    // A device that has taken tokens before means what it says.
    if (challenge && this.#method !== 'username_token') {
      this.#nonce = { challenge, count: 0 };
      return this.#digest(url, operation, envelope, signal);
    }
    const refused = refusal(result, 'bad_credentials');
    if (refused.failure === 'basic_only' && this.#options.allowBasic)
      return this.#basic(url, operation, envelope, signal);
    throw refused;
  }

  async #basic(url: URL, operation: string, envelope: string, signal: AbortSignal): Promise<XmlElement> {
    const { username, password } = this.#options;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
    const result = this.#interpret(await this.#transport.post(url, envelope, () => authorization, signal), operation);
    if (result.kind === 'refused') throw new OnvifError('bad_credentials');
    this.#method = 'http_basic';
    return result.element;
  }

  async #digest(url: URL, operation: string, envelope: string, signal: AbortSignal): Promise<XmlElement> {
    for (let round = 0; ; round += 1) {
      const nonce = this.#nonce;
      if (!nonce) throw new OnvifError('bad_credentials');
      nonce.count += 1;
      const fresh = nonce.count === 1;
      const body = this.#tokenToo ? this.#withToken(envelope) : envelope;
      const authorization = (to: URL, sent: string) => this.#authorization(to, sent, nonce);
      const result = this.#interpret(await this.#transport.post(url, body, authorization, signal), operation);
      if (result.kind === 'answer') {
        this.#method = 'http_digest';
        return result.element;
      }
      // HTTP let it pass and the service behind refuses: it looks for the token too.
      if (result.fault && result.challenges.length === 0 && !this.#tokenToo) {
        this.#tokenToo = true;
        continue;
      }
      const next = chooseDigest(result.challenges);
      // Only an aged nonce is worth another try: a fresh one that is refused means wrong credentials, and tries may be counted.
      if (!next || round === 2 || (fresh && !isStale(next))) throw refusal(result, 'bad_credentials');
      this.#nonce = { challenge: next, count: 0 };
    }
  }

  /** Reads the clock again after a refusal; true when the token's time had been off by more than the camera's resolution. */
  async #clockWasOff(signal: AbortSignal): Promise<boolean> {
    const before = this.#sentOffsetMs;
    try {
      await this.#learnOffset((envelope) => this.#anonymous(this.url, 'GetSystemDateAndTime', envelope, signal));
    } catch (error) {
      if (!(error instanceof OnvifError) || signal.aborted) throw error;
    }
    return Math.abs(this.#offset() - before) > 3_000;
  }

  /** A device that finds the token out of time by its own telling is tried once by the clock of its HTTP header, or by ours. */
  #otherTime(): boolean {
    const other = this.#transport.dateOffsetMs ?? 0;
    if (Math.abs(other - this.#sentOffsetMs) < 3_000) return false;
    this.#toldOffsetMs = other;
    return true;
  }

  /** What to add to our time for a token; the HTTP date stands in where the device does not tell its time. */
  #offset(): number {
    return (
      this.#toldOffsetMs ??
      this.#clockOffsetMs ??
      (this.#transport.dateOffsetMs !== null && Math.abs(this.#transport.dateOffsetMs) > 5_000
        ? this.#transport.dateOffsetMs
        : 0)
    );
  }

  #withToken(envelope: string): string {
    const { username, password, clock } = this.#options;
    this.#sentOffsetMs = this.#offset();
    return withSecurity(envelope, usernameToken({ username, password, createdMs: clock.nowMs() + this.#offset() }));
  }

  #authorization(url: URL, body: string, nonce: { challenge: Challenge; count: number }): string {
    const { username, password } = this.#options;
    const uri = `${url.pathname}${url.search}`;
    return digestAuthorization({ ...nonce, username, password, method: 'POST', uri, body });
  }

  #interpret(response: ExchangeResponse, operation: string): Interpreted {
    const result = interpretAnswer(response, operation, this.#limits.xml);
    if (result.kind === 'refused' && result.timeMs !== null)
      this.#toldOffsetMs = result.timeMs - this.#options.clock.nowMs();
    return result;
  }
}

/** No SOAP: on another port than the one that answered, that may be another server. A service that fails answers 500. */
function speaksOtherwise(error: unknown): boolean {
  if (!(error instanceof OnvifError)) return false;
  return error.failure === 'malformed' || (error.failure === 'http' && (error.status ?? 500) < 500);
}

function wasCutOff(error: unknown): boolean {
  return error instanceof OnvifError && error.failure === 'malformed' && error.detail === 'closed';
}

function refusal(result: Refused, otherwise: 'credentials_needed' | 'bad_credentials'): OnvifError {
  const { fault } = result;
  if (result.why === 'time') return new OnvifError('clock_skew', { fault });
  const schemes = result.challenges.map((challenge) => challenge.scheme);
  if (schemes.includes('basic') && !schemes.includes('digest')) return new OnvifError('basic_only', { status: 401 });
  return new OnvifError(otherwise, { fault });
}
