import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';

const rememberMs = 600_000;
const mostHosts = 4_096;

/**
 * Which credentials devices have refused lately, so that the same are not tried on them again: cameras count tries, and lock accounts. What
 * is kept of a pair tells nobody what it was.
 */
export class CredentialAttempts {
  readonly #clock: Clock;
  readonly #key = randomBytes(32);
  readonly #refused = new Map<string, { pairs: Set<string>; locked: boolean; atMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Why the pair is not to be tried on a device now, or null. */
  obstacle(host: string, username: string, password: string): 'bad_credentials' | 'locked_out' | null {
    const known = this.#refused.get(host);
    if (!known || username === '') return null;
    if (this.#clock.monotonicMs() - known.atMs > rememberMs) {
      this.#refused.delete(host);
      return null;
    }
    if (known.pairs.has(this.#pair(username, password))) return known.locked ? 'locked_out' : 'bad_credentials';
    return null;
  }

  refused(host: string, username: string, password: string, why: 'bad_credentials' | 'locked_out'): void {
    const known = this.#refused.get(host) ?? { pairs: new Set<string>(), locked: false, atMs: 0 };
    known.pairs.add(this.#pair(username, password));
    known.locked = why === 'locked_out';
    known.atMs = this.#clock.monotonicMs();
    // Last heard of, last to go.
    this.#refused.delete(host);
    this.#refused.set(host, known);
    for (const oldest of this.#refused.keys()) {
      if (this.#refused.size <= mostHosts) break;
      this.#refused.delete(oldest);
    }
  }

  accepted(host: string): void {
    this.#refused.delete(host);
  }

  #pair(username: string, password: string): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([username, password]))
      .digest('base64');
  }
}
