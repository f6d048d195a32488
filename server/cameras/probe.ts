import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { NetworkPolicy } from './networks.ts';
import { deviceServiceUrl, portOf, type RepairedAddress, repairServiceAddress } from './onvif/addresses.ts';
import { DeviceClient, type OnvifLimits } from './onvif/device-client.ts';
import { endpointKey } from './onvif/endpoint.ts';
import { authFailureOf, OnvifError, type OnvifFailure } from './onvif/errors.ts';
import { readMedia, readSnapshotUri, refusesStrangers } from './onvif/media.ts';
import { deviceService } from './onvif/node-onvif.ts';
import { printable, readScopes } from './onvif/scopes.ts';
import { namespaces, type OnvifService, readServices, type ServiceReading } from './onvif/services.ts';
import { soapEnvelope } from './onvif/soap.ts';
import { all, textAt } from './onvif/xml.ts';
import { emptyResult, note, type ProbeResult, warningsOf } from './probe-result.ts';
import { chooseStreams } from './stream-policy.ts';

export type { ProbedProfile, ProbeResult } from './probe-result.ts';

export interface ProbeRequest {
  /** Device service address, `host` or `host:port`. */
  onvif: string;
  username: string;
  password: string;
  certificateSha256?: string | null;
  /** Try HTTP Basic where the device offers nothing else. */
  allowBasic?: boolean;
  signal?: AbortSignal;
}

export interface ProbeOptions {
  clock: Clock;
  log: Logger;
  policy: NetworkPolicy;
  limits?: OnvifLimits;
  /** The whole probe, in ms. */
  deadlineMs?: number;
}

/** How devices answer those who have not said who they are. */
const answersOfStrangers: readonly OnvifFailure[] = [
  'credentials_needed',
  'clock_skew',
  'basic_only',
  'fault',
  'http',
  'malformed',
];
/** With what a command takes to start, ten seconds. */
export const defaultProbeDeadlineMs = 9_000;

/**
 * Asks one device what it is and whether the credentials work, and tells apart: unreachable, not ONVIF, credentials missing, wrong or locked
 * out, and a clock that spoils them. Each pair of credentials is tried as few times as the protocol allows. Ends within the deadline.
 * Errors: `address_invalid`; the signal's reason when the caller gives up. Everything else is in the result.
 */
export async function probeDevice(request: ProbeRequest, options: ProbeOptions): Promise<ProbeResult> {
  const url = deviceServiceUrl(request.onvif);
  if (!url) throw new AppError('invalid', 'address_invalid');
  const deadline = AbortSignal.timeout(options.deadlineMs ?? defaultProbeDeadlineMs);
  const over = new AbortController();
  const signal = AbortSignal.any([deadline, over.signal, ...(request.signal ? [request.signal] : [])]);
  let client = new DeviceClient({ ...options, ...request, url, signal });
  let result = emptyResult(url);
  try {
    await new Probe(client, result).run().catch(async (error) => {
      const secure = mayBeHttps(request.onvif, url, error);
      if (!secure) throw error;
      client = new DeviceClient({ ...options, ...request, url: secure, signal });
      const second = emptyResult(secure);
      await new Probe(client, second).run().catch((failure) => {
        if (!second.reachable) throw error;
        result = second;
        throw failure;
      });
      result = second;
      note(result, 'https_only');
    });
  } catch (error) {
    request.signal?.throwIfAborted();
    if (!(error instanceof OnvifError)) throw error;
    record(result, error);
  } finally {
    over.abort();
  }
  // What was left out quietly because time was up must not pass for what the device does not have.
  if (deadline.aborted && result.failure === null) {
    const streamsKnown = result.profiles.length > 0 && result.profiles.every(({ rtsp }) => rtsp !== null);
    if (streamsKnown) note(result, 'probe_incomplete');
    else record(result, new OnvifError('timeout'));
  }
  result.clockSkewMs = client.clockOffsetMs ?? (result.isOnvif ? client.dateOffsetMs : null);
  result.certificateSha256 = client.certificateSha256;
  result.warnings = warningsOf(result);
  options.log.debug(
    {
      host: result.host,
      reachable: result.reachable,
      isOnvif: result.isOnvif,
      failure: result.failure,
      auth: result.auth,
    },
    'device probed',
  );
  return result;
}

/** An address without a scheme whose port does not answer to plain HTTP may be one of https. No credentials have been sent by then. */
function mayBeHttps(typed: string, url: URL, error: unknown): URL | null {
  if (/^\s*https?:/i.test(typed) || !(error instanceof OnvifError)) return null;
  const closed = error.failure === 'malformed' && (error.detail === 'closed' || error.detail === 'not_http');
  if (!closed && !(error.failure === 'http' && error.status === 400)) return null;
  const secure = new URL(url);
  secure.protocol = 'https:';
  secure.port = portOf(url);
  return secure;
}

function record(result: ProbeResult, error: OnvifError): void {
  const auth = authFailureOf(error);
  if (auth) {
    result.auth = { ok: false, method: null, error: auth };
    return;
  }
  result.failure = { code: error.failure, detail: error.detail ?? null };
  if (result.isOnvif) note(result, 'probe_incomplete');
}

/** The questions in their order. What is optional fails alone; what is essential throws. */
class Probe {
  readonly #client: DeviceClient;
  readonly #result: ProbeResult;

  constructor(client: DeviceClient, result: ProbeResult) {
    this.#client = client;
    this.#result = result;
  }

  async run(): Promise<void> {
    const result = this.#result;
    await this.#clock();
    // What a device tells strangers of itself is worth having even when the rest is refused.
    const [known, information] = await Promise.allSettled([
      this.#optional(this.#scopes('anonymous')),
      this.#information(),
    ]);
    if (information.status === 'rejected') throw information.reason;
    const openToAll = information.value;
    const read = await readServices(this.#client);
    if (read.failures.some((error) => error.fault === undefined)) note(result, 'services_incomplete');
    this.#services(read.mediaGuessed ? read.services.slice(0, -1) : read.services);
    await this.#media(read);
    // What is not needed to record comes last: a slow device may not get that far.
    await Promise.all([
      known.status === 'fulfilled' && known.value ? null : this.#optional(this.#scopes('preferred')),
      this.#optional(this.#endpoint()),
    ]);
    await this.#provenBy(openToAll, read.services);
  }

  /** First of all: it tells whether this is ONVIF at all, and every later token needs the offset. */
  async #clock(): Promise<void> {
    const result = this.#result;
    try {
      await this.#client.readClock();
    } catch (error) {
      if (!(error instanceof OnvifError)) throw error;
      const refused = authFailureOf(error);
      result.reachable = !['unreachable', 'timeout', 'not_allowed', 'aborted'].includes(error.failure);
      if (refused === null) {
        if (!(await this.#answersAnythingElse(error))) throw error;
      } else if (refused === 'credentials_needed' || (refused === 'basic_only' && this.#client.allowsBasic)) {
        // Some devices refuse even this to strangers. What is behind an HTTP login is seen once it lets us in.
        result.isOnvif = true;
        if (this.#client.hasCredentials) {
          await this.#optional(this.#client.readClock('authenticated'), true).catch((failure) => {
            result.isOnvif = error.fault !== undefined || authFailureOf(failure) !== null;
            throw failure;
          });
        }
      } else throw error;
    }
    result.reachable = true;
    result.isOnvif = true;
  }

  /** Whether a device that answers the question for its time wrongly knows ONVIF all the same. */
  async #answersAnythingElse(error: OnvifError): Promise<boolean> {
    if (!['fault', 'http', 'malformed'].includes(error.failure)) return false;
    if (error.detail === 'closed' || error.detail === 'not_http') return false;
    if ((error.fault?.subcodes.length ?? 0) > 0) return true;
    const device = deviceService(this.#client, 'anonymous');
    const answers = await Promise.allSettled([device.information(), device.capabilities()]);
    return answers.some(
      (answer) =>
        answer.status === 'fulfilled' ||
        (answer.reason instanceof OnvifError &&
          answer.reason.fault !== undefined &&
          answer.reason.fault.subcodes.length > 0),
    );
  }

  /** Returns whether strangers are told as well. */
  async #information(): Promise<boolean> {
    const result = this.#result;
    let refused: OnvifError | null = null;
    let response = await deviceService(this.#client, 'anonymous')
      .information()
      .catch((error: unknown) => {
        // Devices turn strangers away in many ways; only one that cannot be talked to at all is not worth asking again.
        if (!(error instanceof OnvifError) || !answersOfStrangers.includes(error.failure)) throw error;
        refused = error;
        return null;
      });
    if (this.#client.hasCredentials)
      response = await this.#optional(deviceService(this.#client, 'authenticated').information(), true);
    // What is wrong with the time of a token that was not sent is that there was none.
    else if (refused) throw authFailureOf(refused) === 'clock_skew' ? new OnvifError('credentials_needed') : refused;
    const openToAll = refused === null;
    result.auth = { ok: true, method: this.#client.method ?? 'none', error: null };
    if (!response) return openToAll;
    const text = (name: string) => printable(textAt(response, name) ?? '');
    result.device = {
      manufacturer: text('Manufacturer'),
      model: text('Model'),
      firmware: text('FirmwareVersion'),
      serial: text('SerialNumber'),
      hardware: text('HardwareId'),
    };
    return openToAll;
  }

  async #scopes(auth: 'anonymous' | 'preferred'): Promise<true> {
    const response = await deviceService(this.#client, auth).scopes();
    const items = all(response, 'Scopes').flatMap((scope) => textAt(scope, 'ScopeItem') ?? []);
    this.#result.scopes = readScopes(items);
    return true;
  }

  /** The name under which WS-Discovery knows the device (ONVIF Core, section 8.3.1.10). */
  async #endpoint(): Promise<true> {
    const envelope = soapEnvelope({ tds: namespaces.device }, '<tds:GetEndpointReference/>');
    const response = await this.#client.call(this.#client.url, 'GetEndpointReference', envelope);
    const guid = textAt(response, 'GUID');
    if (guid) this.#result.endpoint = endpointKey(guid);
    return true;
  }

  #services(services: readonly OnvifService[]): void {
    const result = this.#result;
    result.services = services.map(({ namespace, address, version }) => ({
      namespace,
      xaddr: this.#client.reached(address.url).href,
      xaddrAsSent: address.asSent,
      version,
    }));
    result.ptz = services.some(({ namespace }) => namespace === namespaces.ptz);
    result.events = services.some(({ namespace }) => namespace === namespaces.events);
    const repaired = (address: RepairedAddress) =>
      address.repaired || this.#client.reached(address.url).href !== address.url.href;
    if (services.some(({ address }) => address.asSent !== '' && repaired(address))) note(result, 'address_repaired');
  }

  async #media({ services, ownPort, mediaGuessed }: ServiceReading): Promise<void> {
    const result = this.#result;
    const media = await readMedia(this.#client, services).catch((error) => {
      if (mediaGuessed && error instanceof OnvifError && ['fault', 'http', 'malformed'].includes(error.failure))
        return null;
      throw error;
    });
    if (!media || media.profiles.length === 0) note(result, 'no_media');
    if (!media) return;
    this.#services(services);
    const { main, sub } = chooseStreams(media.profiles);
    result.profiles = media.profiles.map((profile) => ({
      ...profile,
      stream: profile === main ? 'main' : profile === sub ? 'sub' : null,
    }));
    if (media.media2Failure) note(result, 'media2_failed');
    const ask = main ?? media.profiles[0];
    if (!ask) return;
    const sent = await this.#optional(readSnapshotUri(this.#client, services, media.version, ask.token));
    const address = sent ? repairServiceAddress(sent, this.#client.url, ownPort) : null;
    result.snapshot = address?.url.href ?? null;
    if (address?.repaired) note(result, 'address_repaired');
  }

  async #provenBy(openToAll: boolean, services: readonly OnvifService[]): Promise<void> {
    this.#result.auth = { ok: true, method: this.#client.method ?? 'none', error: null };
    if (!openToAll) return;
    const proven = (await this.#optional(refusesStrangers(this.#client, services))) ?? false;
    if (proven && this.#client.hasCredentials) return;
    note(this.#result, this.#client.hasCredentials ? 'credentials_unproven' : 'no_authentication');
  }

  /** The value, or null where the device does not give it. When `strict`, only a fault is taken for that. */
  async #optional<T>(work: Promise<T>, strict = false): Promise<T | null> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof OnvifError) || (strict && error.failure !== 'fault')) throw error;
      return null;
    }
  }
}
