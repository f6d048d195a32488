import { createHash, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../platform/errors.ts';

export interface SignInLimitOptions {
  /** Failed attempts within the window before a username is refused, whoever tries. */
  perUsername: number;
  /** The same per network address; offices share one, so it is larger. */
  perAddress: number;
  windowSeconds: number;
}

export const defaultSignInLimits: SignInLimitOptions = { perUsername: 10, perAddress: 100, windowSeconds: 900 };

/**
 * Counters are kept per bucket, not per name: strangers choose names, and must not choose how much memory is used. Which
 * names share a bucket depends on a secret of this process, so nobody can aim at another person's.
 */
const buckets = 16_384;

/** Slows down guessing of passwords. An attempt counts before it is judged, so that many at once gain nothing. */
export class SignInLimits {
  readonly #usernames: RateLimiterMemory;
  readonly #addresses: RateLimiterMemory;
  readonly #secret = randomBytes(16);

  constructor(options: SignInLimitOptions = defaultSignInLimits) {
    const duration = options.windowSeconds;
    this.#usernames = new RateLimiterMemory({ points: options.perUsername, duration });
    this.#addresses = new RateLimiterMemory({ points: options.perAddress, duration });
  }

  /** Counts an attempt. Errors: `too_many_attempts`, with `retryAfterSeconds` in its params. */
  async take(username: string, address: string): Promise<void> {
    await this.#consume(this.#addresses, addressGroup(address));
    await this.#consume(this.#usernames, username);
  }

  /** A right password forgives the username and takes back the attempt of the address. */
  async succeeded(username: string, address: string): Promise<void> {
    await this.#usernames.delete(this.#bucket(username));
    await this.#addresses.reward(this.#bucket(addressGroup(address)), 1);
  }

  /** Takes back an attempt that was not judged, because the server was busy. */
  async notJudged(username: string, address: string): Promise<void> {
    await this.#usernames.reward(this.#bucket(username), 1);
    await this.#addresses.reward(this.#bucket(addressGroup(address)), 1);
  }

  async #consume(limiter: RateLimiterMemory, key: string): Promise<void> {
    try {
      await limiter.consume(this.#bucket(key), 1);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new AppError('too_many', 'too_many_attempts', { params: { retryAfterSeconds } });
    }
  }

  #bucket(key: string): number {
    const digest = createHash('sha256').update(this.#secret).update(key).digest();
    return digest.readUInt32BE(0) % buckets;
  }
}

/** Whom an address stands for: itself, or, in IPv6, the /64 network in which one device can take any address. */
export function addressGroup(address: string): string {
  const bare = address.split('%')[0] ?? '';
  if (!isIPv6(bare)) return bare;
  const canonical = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
  const mapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff';
  if (!mapped) return `${groups.slice(0, 4).join(':')}::/64`;
  return groups
    .slice(6)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
    .join('.');
}
