import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

export interface NetworkOptions {
  /** Cameras on this very machine: simulated ones, tests. */
  allowLoopback: boolean;
  /** 169.254.0.0/16 and fe80::/10, where cloud machines also keep their secrets. */
  allowLinkLocal: boolean;
  /** CIDR ranges that cameras may be in; empty means anywhere else. */
  allowedNetworks: readonly string[];
}

export interface NetworkPolicy {
  /** Whether a connection to an IP address may be made. */
  allows(ip: string): boolean;
}

const loopback = list(['127.0.0.0/8', '::1/128']);
const linkLocal = list(['169.254.0.0/16', 'fe80::/10']);
/** Addresses that are no single device: unspecified, multicast, broadcast. */
const never = list(['0.0.0.0/8', '::/128', '224.0.0.0/4', '255.255.255.255/32', 'ff00::/8']);

/** Errors: `RangeError` for what is no CIDR range; configuration is checked before it comes here. */
export function createNetworkPolicy(options: NetworkOptions): NetworkPolicy {
  const allowed = options.allowedNetworks.length > 0 ? list(options.allowedNetworks) : null;
  return {
    allows(ip) {
      const plain = plainAddress(ip);
      if (isIP(plain) === 0 || has(never, plain)) return false;
      if (has(loopback, plain)) return options.allowLoopback;
      if (has(linkLocal, plain)) return options.allowLinkLocal;
      return allowed === null || has(allowed, plain);
    },
  };
}

export class HostError extends Error {
  readonly reason: 'host_unknown' | 'not_allowed';
  constructor(reason: 'host_unknown' | 'not_allowed', cause?: unknown) {
    super(reason, { cause });
    this.name = 'HostError';
    this.reason = reason;
  }
}

/**
 * The IP address to connect to. A name is resolved here and connected to by number, so that what was checked is what is used.
 * Errors: `HostError` host_unknown, not_allowed.
 */
export async function resolveHost(hostname: string, policy: NetworkPolicy): Promise<string> {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) {
    if (!policy.allows(bare)) throw new HostError('not_allowed');
    return bare;
  }
  const found = await lookup(bare, { all: true, order: 'ipv4first' }).catch((error: unknown) => {
    throw new HostError('host_unknown', error);
  });
  const usable = found.find((entry) => policy.allows(entry.address));
  if (!usable) throw new HostError('not_allowed');
  return usable.address;
}

/** The same for the recorder, in the causes that it tells. */
export async function findHost(
  hostname: string,
  policy: NetworkPolicy,
): Promise<{ address: string } | { cause: 'name_unknown' | 'address_not_allowed' }> {
  try {
    return { address: await resolveHost(hostname, policy) };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { cause: error.reason === 'not_allowed' ? 'address_not_allowed' : 'name_unknown' };
  }
}

/** Hosts that mean something only to the device itself or to its own wire. */
export function isLocalToDevice(hostname: string): boolean {
  const bare = plainAddress(hostname.replace(/^\[|\]$/g, ''));
  return isLoopback(hostname) || (isIP(bare) !== 0 && (has(never, bare) || has(linkLocal, bare)));
}

export function isLoopback(hostname: string): boolean {
  const bare = plainAddress(hostname.replace(/^\[|\]$/g, ''));
  return bare === 'localhost' || (isIP(bare) !== 0 && has(loopback, bare));
}

/** Every address of an IPv4 network that a device may have, or null for what is none or has more than `max` addresses. */
export function addressesOf(range: string, max: number): string[] | null {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(range.trim());
  const [, ...parts] = (found ?? []).map(Number);
  const [a = 0, b = 0, c = 0, d = 0, bits = 33] = parts;
  if (!found || bits > 32 || Math.max(a, b, c, d) > 255) return null;
  const size = 2 ** (32 - bits);
  if (size > max) return null;
  const first = Math.floor((((a * 256 + b) * 256 + c) * 256 + d) / size) * size;
  const all = Array.from({ length: size }, (_, n) => first + n);
  // The first and the last name the network and everybody in it.
  const usable = size > 2 ? all.slice(1, -1) : all;
  return usable.map((ip) => [ip >>> 24, (ip >>> 16) & 255, (ip >>> 8) & 255, ip & 255].join('.'));
}

/** IPv4 written as IPv6 (`::ffff:10.0.0.1`, `::ffff:a00:1`) as plain IPv4, and without a zone. */
function plainAddress(ip: string): string {
  const bare = ip.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/.exec(bare);
  if (!mapped) return bare;
  if (mapped[1]) return mapped[1];
  const [high, low] = [Number.parseInt(mapped[2] ?? '0', 16), Number.parseInt(mapped[3] ?? '0', 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

function list(ranges: readonly string[]): BlockList {
  const blocks = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
    if (family === 0 || !Number.isInteger(bits)) throw new RangeError(`not a CIDR range: ${range}`);
    blocks.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  }
  return blocks;
}

function has(blocks: BlockList, ip: string): boolean {
  return blocks.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}
