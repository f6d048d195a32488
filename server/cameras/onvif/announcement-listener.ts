import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { isLoopback } from '../networks.ts';
import { chooseXAddr } from './addresses.ts';
import { AnnouncementGate } from './announcement-gate.ts';
import { interfaceAddresses } from './discovery.ts';
import { endpointKey } from './endpoint.ts';
import { discoveryGroup, discoveryPort, parseAnnouncement } from './ws-discovery-message.ts';

export interface Announced {
  kind: 'hello' | 'bye';
  /** Endpoint reference in one form. */
  endpoint: string;
  /** Where the device says to be; null in a Bye, and where it names no http address. */
  url: URL | null;
  /** IP address that the message came from. */
  source: string;
}

export interface AnnouncementListenerOptions {
  interfaces?: readonly string[];
  loopback: boolean;
  port?: number;
  clock: Clock;
  log: Logger;
  onAnnounced: (announced: Announced) => void;
}

/** Hears Hello and Bye on the WS-Discovery group, on every IPv4 interface. Anybody may send anything there, so that it only hands on words. */
export class AnnouncementListener {
  readonly #options: AnnouncementListenerOptions;
  readonly #gate = new AnnouncementGate();
  #socket: Socket | undefined;

  constructor(options: AnnouncementListenerOptions) {
    this.#options = options;
  }

  /** Never throws: where the port cannot be had, cameras are found all the same, only later. */
  async start(): Promise<void> {
    const { log, loopback, interfaces, port = discoveryPort } = this.#options;
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    this.#socket = socket;
    try {
      // Bound to the group where the system can, so that nothing sent to this machine itself is taken from its receiver.
      socket.bind({ port, ...(process.platform === 'win32' ? {} : { address: discoveryGroup }) });
      await once(socket, 'listening');
      socket.on('error', (error) => log.warn({ reason: errorMessage(error) }, 'announcements of cameras are impaired'));
      for (const address of interfaces?.length ? interfaces : interfaceAddresses(loopback)) {
        if (isIPv4(address)) this.#join(socket, address);
      }
      socket.on('message', (datagram, from) => this.#receive(datagram, from.address));
    } catch (error) {
      log.warn({ port, reason: errorMessage(error) }, 'announcements of cameras cannot be heard');
      this.stop();
    }
  }

  stop(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  #join(socket: Socket, address: string): void {
    try {
      socket.addMembership(discoveryGroup, address);
    } catch (error) {
      this.#options.log.warn({ interface: address, reason: errorMessage(error) }, 'announcements cannot be heard here');
    }
  }

  #receive(datagram: Buffer, source: string): void {
    const { clock, onAnnounced } = this.#options;
    if (!this.#gate.passes(source, clock.monotonicMs())) return;
    const said = parseAnnouncement(datagram);
    if (!said) return;
    const onThisMachine = isLoopback(source) || interfaceAddresses(true).includes(source);
    const url =
      said.kind === 'hello' ? chooseXAddr(said.xaddrs, { source, onThisMachine, speaksForItself: true }) : null;
    onAnnounced({ kind: said.kind, endpoint: endpointKey(said.endpoint), url, source });
  }
}
