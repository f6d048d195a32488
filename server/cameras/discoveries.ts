import type { CreateDiscoveryRequest, DiscoveredDevice, Discovery } from '../contracts/discoveries.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError, errorMessage } from '../platform/errors.ts';
import { Events } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import { addressesOf, type NetworkPolicy } from './networks.ts';
import { deviceServiceUrl, withoutPassword } from './onvif/addresses.ts';
import type { OnvifLimits } from './onvif/device-client.ts';
import { discoverDevices, type FoundDevice } from './onvif/discovery.ts';
import { Limiter } from './onvif/limiter.ts';
import { sweep } from './onvif/sweep.ts';
import { type ProbeResult, probeDevice } from './probe.ts';

export interface DiscoveryEvents {
  changed: { id: string };
}

export interface DiscoveriesOptions {
  clock: Clock;
  log: Logger;
  policy: NetworkPolicy;
  /** The camera that is registered at a device, or null. */
  registeredAt: (device: { endpoint: string | null; onvif: string }) => string | null;
  /** Ask by WS-Discovery on the loopback interface too: for simulated cameras. */
  loopback: boolean;
  interfaces?: readonly string[];
  /** How long answers to WS-Discovery are taken, in ms. */
  listenMs?: number;
  limits?: OnvifLimits;
  probeDeadlineMs?: number;
}

interface Run {
  discovery: Discovery;
  request: CreateDiscoveryRequest;
  items: Map<string, DiscoveredDevice>;
  abort: AbortController;
  ended: Promise<void>;
}

/** What a probe begins with; `typed` is an address as somebody wrote it, whose scheme may be guessed. */
type Begun = Pick<FoundDevice, 'key' | 'url' | 'scopes'> & { typed?: string };

const noScopes = { name: '', hardware: '', location: '', simulated: false };
const maxRange = 1_024;
const maxRunning = 4;
const maxKept = 20;
const maxDevices = 256;
const parallelProbes = 48;

/** Searches for cameras that go on after the request that started them; kept in memory, the oldest make room. */
export class Discoveries {
  readonly #options: DiscoveriesOptions;
  readonly #events: Events<DiscoveryEvents>;
  readonly #runs = new Map<string, Run>();
  readonly #limiter = new Limiter(parallelProbes);

  constructor(options: DiscoveriesOptions) {
    this.#options = options;
    this.#events = new Events(options.log);
  }

  on<K extends keyof DiscoveryEvents>(name: K, listener: (payload: DiscoveryEvents[K]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Begins and returns at once. Errors: `discoveries_busy`, `addresses_missing`, `network_range_invalid`. */
  start(request: CreateDiscoveryRequest): Discovery {
    if (request.method === 'range' && this.#rangeOf(request) === null) {
      throw new AppError('invalid', 'network_range_invalid', { fields: { range: 'network_range_invalid' } });
    }
    if (request.method === 'address' && request.addresses.length === 0) {
      throw new AppError('invalid', 'addresses_missing', { fields: { addresses: 'addresses_missing' } });
    }
    const running = [...this.#runs.values()].filter((run) => run.discovery.state === 'running').length;
    if (running >= maxRunning) throw new AppError('too_many', 'discoveries_busy');
    this.#makeRoom();
    const run: Run = {
      discovery: { id: newId(), state: 'running', startedAtMs: this.#options.clock.nowMs(), items: [], problems: [] },
      request,
      items: new Map(),
      abort: new AbortController(),
      ended: Promise.resolve(),
    };
    this.#runs.set(run.discovery.id, run);
    run.ended = this.#run(run);
    return this.#snapshot(run);
  }

  /** What has been found so far. Errors: `discovery_unknown`. */
  get(id: string): Discovery {
    const run = this.#runs.get(id);
    if (!run) throw new AppError('not_found', 'discovery_unknown');
    return this.#snapshot(run);
  }

  /** Errors: `discovery_unknown`. */
  async cancel(id: string): Promise<Discovery> {
    this.get(id);
    const run = this.#runs.get(id);
    run?.abort.abort();
    await run?.ended;
    return this.get(id);
  }

  /** The endpoint reference of the device that a kept search found at a device service address, or null. */
  endpointAt(onvif: string): string | null {
    for (const run of this.#runs.values()) {
      for (const item of run.items.values()) if (item.onvif === onvif && item.key !== onvif) return item.key;
    }
    return null;
  }

  /** Ends every search. */
  async stop(): Promise<void> {
    for (const run of this.#runs.values()) run.abort.abort();
    await Promise.all([...this.#runs.values()].map((run) => run.ended));
  }

  async #run(run: Run): Promise<void> {
    const { discovery, abort, request } = run;
    const probes: Promise<void>[] = [];
    const begin = (device: Begun) => {
      if (run.items.has(device.key) || run.items.size >= maxDevices) return;
      run.items.set(device.key, newItem(device));
      this.#changed(run);
      probes.push(this.#probe(run, device.key, device.url, device.typed ?? device.url.href));
    };
    try {
      if (request.method === 'ws_discovery') await this.#listen(run, begin);
      else if (request.method === 'range') await this.#sweep(run, begin);
      else for (const address of request.addresses) this.#beginAt(run, address, begin);
      await Promise.all(probes);
      discovery.state = abort.signal.aborted ? 'cancelled' : this.#nothingAsked(run) ? 'failed' : 'done';
    } catch (error) {
      discovery.state = abort.signal.aborted ? 'cancelled' : 'failed';
      if (!abort.signal.aborted) this.#options.log.error({ err: errorMessage(error) }, 'discovery failed');
    }
    // What is kept of a search needs no credentials.
    run.request = { ...request, username: '', password: '' };
    this.#changed(run);
  }

  #listen(run: Run, begin: (device: FoundDevice) => void): Promise<void> {
    const { loopback, interfaces, listenMs, log } = this.#options;
    return discoverDevices({
      loopback,
      interfaces,
      durationMs: listenMs,
      maxDevices,
      log,
      signal: run.abort.signal,
      onFound: begin,
      onProblem: (problem) => {
        run.discovery.problems?.push(problem);
        this.#changed(run);
      },
    });
  }

  /** Every interface failed and nobody answered: that is no empty network. */
  #nothingAsked(run: Run): boolean {
    return run.items.size === 0 && (run.discovery.problems?.length ?? 0) > 0;
  }

  #rangeOf(request: CreateDiscoveryRequest): string[] | null {
    return addressesOf(request.range ?? '', maxRange);
  }

  /** Whatever listens is asked what it is; the others are not listed. */
  #sweep({ abort, request }: Run, begin: (device: Begun) => void): Promise<void> {
    return sweep(this.#rangeOf(request) ?? [], request.ports ?? [80], {
      policy: this.#options.policy,
      signal: abort.signal,
      onOpen: (address, port) => {
        const typed = `${address}:${port}`;
        const url = deviceServiceUrl(typed);
        if (url) begin({ key: url.href, url, scopes: noScopes, typed });
      },
    });
  }

  #beginAt(run: Run, address: string, begin: (device: Begun) => void): void {
    const url = deviceServiceUrl(address);
    const scopes = noScopes;
    if (url) {
      begin({ key: url.href, url, scopes, typed: address });
    } else if (run.items.size < maxDevices) {
      run.items.set(address, {
        ...newItem({ key: address, url: null, scopes }),
        state: 'failed',
        errorCode: 'address_invalid',
      });
    }
  }

  async #probe(run: Run, key: string, url: URL, onvif: string): Promise<void> {
    const { clock, log, policy, limits, probeDeadlineMs: deadlineMs } = this.#options;
    const { username, password } = run.request;
    const signal = run.abort.signal;
    try {
      const result = await this.#limiter.run(
        () => probeDevice({ onvif, username, password, signal }, { clock, log, policy, limits, deadlineMs }),
        signal,
      );
      this.#settle(run, key, describe(result), result.endpoint);
    } catch (error) {
      if (signal.aborted) return;
      log.error({ host: url.host, err: errorMessage(error) }, 'device could not be probed');
      this.#settle(run, key, { state: 'failed', errorCode: 'internal' }, null);
    }
  }

  #settle(run: Run, key: string, found: Partial<DiscoveredDevice>, endpoint: string | null): void {
    const item = run.items.get(key);
    if (!item) return;
    const known =
      endpoint !== null && [...run.items.values()].some((other) => other !== item && other.key === endpoint);
    const byAddress = item.key === item.onvif;
    Object.assign(item, found, {
      name: found.name || item.name,
      simulated: item.simulated || (found.simulated ?? false),
      key: endpoint !== null && !known ? endpoint : byAddress ? (found.onvif ?? item.key) : item.key,
    });
    this.#changed(run);
  }

  #changed(run: Run): void {
    this.#events.emit('changed', { id: run.discovery.id });
  }

  /** Which of the devices are cameras of the city is answered anew every time: they are taken in while the results are looked at. */
  #snapshot(run: Run): Discovery {
    const items = [...run.items.values()].map((item) => {
      const endpoint = item.key === item.onvif ? null : item.key;
      const isDevice = item.onvif !== '';
      return { ...item, cameraId: isDevice ? this.#options.registeredAt({ endpoint, onvif: item.onvif }) : null };
    });
    return structuredClone({ ...run.discovery, items });
  }

  #makeRoom(): void {
    for (const [id, run] of this.#runs) {
      if (this.#runs.size < maxKept) return;
      if (run.discovery.state !== 'running') this.#runs.delete(id);
    }
  }
}

function newItem({
  key,
  url,
  scopes,
}: {
  key: string;
  url: URL | null;
  scopes: FoundDevice['scopes'];
}): DiscoveredDevice {
  return {
    key,
    host: url?.host ?? key,
    onvif: url?.href ?? '',
    name: scopes.name,
    simulated: scopes.simulated,
    state: 'probing',
    errorCode: null,
    device: null,
    clockSkewMs: null,
    profiles: [],
    cameraId: null,
  };
}

/** A probe's result in the words of the API. */
function describe(result: ProbeResult): Partial<DiscoveredDevice> {
  return {
    ...verdict(result),
    onvif: result.onvif,
    host: result.host,
    name: result.scopes.name || [result.device?.manufacturer, result.device?.model].filter(Boolean).join(' '),
    simulated: result.scopes.simulated,
    device: result.device && {
      manufacturer: result.device.manufacturer,
      model: result.device.model,
      firmware: result.device.firmware,
      serial: result.device.serial,
    },
    clockSkewMs: result.clockSkewMs,
    profiles: result.profiles.map(({ token, name, stream, codec, width, height, fps, rtsp }) => ({
      token,
      name,
      stream,
      codec,
      width,
      height,
      fps,
      rtsp: rtsp && withoutPassword(rtsp),
    })),
  };
}

function verdict(result: ProbeResult): Pick<DiscoveredDevice, 'state' | 'errorCode'> {
  const code = result.failure?.code ?? null;
  if (!result.reachable) return { state: 'unreachable', errorCode: code };
  const refused = result.auth.error;
  if (refused === 'credentials_needed' || refused === 'bad_credentials' || refused === 'clock_skew') {
    return { state: refused, errorCode: refused };
  }
  if (refused) return { state: 'failed', errorCode: refused };
  if (!result.isOnvif) return { state: 'not_onvif', errorCode: code };
  if (result.profiles.some((profile) => profile.stream === 'main')) return { state: 'ready', errorCode: null };
  return { state: 'failed', errorCode: code ?? 'no_stream' };
}
