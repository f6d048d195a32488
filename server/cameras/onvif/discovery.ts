import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { isLoopback } from '../networks.ts';
import { chooseXAddr } from './addresses.ts';
import { endpointKey } from './endpoint.ts';
import { readScopes, type Scopes } from './scopes.ts';
import {
  discoveryGroup,
  discoveryPort,
  type ProbeMatch,
  parseProbeMatches,
  probeMessages,
} from './ws-discovery-message.ts';

export interface FoundDevice {
  /** The endpoint reference, or the address where there is none. */
  key: string;
  /** Device service address to talk to. */
  url: URL;
  /** As the device sent them. */
  xaddrs: string[];
  /** Where the answer came from, and through which of our interfaces. */
  source: string;
  interfaceAddress: string;
  scopes: Scopes;
}

export interface DiscoveryProblem {
  interfaceAddress: string;
  /** The system's code, e.g. `ENETUNREACH`, or `too_many_answers`. */
  code: string;
}

export interface DiscoverOptions {
  /** Our IPv4 addresses to ask from; all of the machine's where none is named. */
  interfaces?: readonly string[];
  /** Ask on the loopback interface too. */
  loopback: boolean;
  /** How long answers are taken, in ms. */
  durationMs?: number;
  maxDevices?: number;
  /** Answers per interface that are looked at. */
  maxDatagrams?: number;
  port?: number;
  signal: AbortSignal;
  log: Logger;
  onFound: (device: FoundDevice) => void;
  onProblem: (problem: DiscoveryProblem) => void;
}

/** When a probe is sent, in ms from the start: datagrams get lost, and a camera may be busy (WS-Discovery, section 3.1.3). */
const sendTimes = [0, 400, 1_200] as const;

/**
 * WS-Discovery on every IPv4 interface, with a socket of its own for each so that the multicast leaves where it should. Devices are
 * reported as they answer, each once by its endpoint reference. Returns after `durationMs` or when the signal aborts; it never throws.
 */
export async function discoverDevices(options: DiscoverOptions): Promise<void> {
  const seen = new Set<string>();
  const report = (device: FoundDevice) => {
    if (seen.has(device.key) || seen.size >= (options.maxDevices ?? 256)) return;
    seen.add(device.key);
    options.onFound(device);
  };
  const addresses = options.interfaces?.length ? options.interfaces : interfaceAddresses(options.loopback);
  await Promise.all(addresses.map((address) => askOn(address, options, report)));
}

/** IPv4 addresses of the interfaces that are up. */
export function interfaceAddresses(loopback: boolean): string[] {
  return Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter((entry) => entry.family === 'IPv4' && (loopback || !entry.internal))
    .map((entry) => entry.address);
}

async function askOn(address: string, options: DiscoverOptions, report: (device: FoundDevice) => void): Promise<void> {
  const { log, signal } = options;
  const socket = createSocket('udp4');
  const told = new Set<string>();
  const problem = (code: string, error?: unknown) => {
    if (told.has(code)) return;
    told.add(code);
    log.warn(
      { interface: address, code, reason: error === undefined ? undefined : errorMessage(error) },
      'discovery is impaired',
    );
    options.onProblem({ interfaceAddress: address, code });
  };
  try {
    const done = AbortSignal.any([signal, AbortSignal.timeout(options.durationMs ?? 4_000)]);
    const probes = probeMessages();
    socket.bind({ address, port: 0, exclusive: true });
    await once(socket, 'listening', { signal: done });
    socket.setMulticastInterface(address);
    socket.setMulticastTTL(4);
    socket.on('error', (error) => problem(codeOf(error), error));
    listen(
      socket,
      address,
      probes.map(({ id }) => id),
      options.maxDatagrams ?? 4_096,
      report,
      () => problem('too_many_answers'),
    );
    await sendProbes(socket, probes, options.port ?? discoveryPort, done, problem);
    if (!done.aborted) await once(done, 'abort');
  } catch (error) {
    if (!signal.aborted) problem(codeOf(error), error);
  } finally {
    socket.close();
  }
}

function listen(
  socket: Socket,
  interfaceAddress: string,
  asked: readonly string[],
  maxDatagrams: number,
  report: (device: FoundDevice) => void,
  onFlood: () => void,
): void {
  let budget = maxDatagrams;
  socket.on('message', (datagram, from) => {
    budget -= 1;
    if (budget < 0) {
      onFlood();
      return;
    }
    const matches = parseProbeMatches(datagram, asked);
    for (const match of matches) {
      const device = toDevice(match, from.address, interfaceAddress, matches.length === 1);
      if (device) report(device);
    }
  });
}

async function sendProbes(
  socket: Socket,
  probes: readonly { message: Buffer }[],
  port: number,
  done: AbortSignal,
  problem: (code: string, error: unknown) => void,
): Promise<void> {
  let elapsed = 0;
  for (const time of sendTimes) {
    await delay(time - elapsed, undefined, { signal: done }).catch(() => {});
    elapsed = time;
    if (done.aborted) return;
    for (const { message } of probes) {
      socket.send(message, port, discoveryGroup, (error) => {
        if (error && !done.aborted) problem(codeOf(error), error);
      });
    }
  }
}

/** A device that answers for itself is talked to where it answered from; a proxy's answer names others, and those addresses stand. */
function toDevice(
  match: ProbeMatch,
  source: string,
  interfaceAddress: string,
  speaksForItself: boolean,
): FoundDevice | null {
  const onThisMachine = isLoopback(source) || interfaceAddresses(true).includes(source);
  const url = chooseXAddr(match.xaddrs, { source, onThisMachine, speaksForItself });
  if (!url) return null;
  const key = match.endpoint === '' ? url.href : endpointKey(match.endpoint);
  return { key, url, xaddrs: match.xaddrs, source, interfaceAddress, scopes: readScopes(match.scopes) };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? 'unknown';
}
