import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '../digest-auth.ts';
import { child, descend, type XmlElement } from './soap.ts';

/** WS-Security UsernameToken with password digest (WSS UsernameToken Profile 1.0, section 3.1). */

export type TokenVerdict = 'ok' | 'missing' | 'wrong' | 'expired' | 'replayed';

const WINDOW_MS = 5 * 60_000;
const MAX_NONCES = 10_000;

export class UsernameTokenGuard {
  /** Nonce to the time after which its Created is out of the window anyway. */
  readonly #seen = new Map<string, number>();

  /** `nowMs` is the device's own clock: a token made with another clock is refused as in a real camera. */
  verify(header: XmlElement | undefined, credentials: Credentials, nowMs: number): TokenVerdict {
    const token = descend(header, 'Security', 'UsernameToken');
    if (!token) return 'missing';
    const password = child(token, 'Password');
    const nonce = child(token, 'Nonce')?.text ?? '';
    const created = child(token, 'Created')?.text ?? '';
    if (!password?.attributes.get('Type')?.endsWith('#PasswordDigest') || nonce === '' || created === '')
      return 'wrong';

    const digest = createHash('sha1')
      .update(Buffer.from(nonce, 'base64'))
      .update(created, 'utf8')
      .update(credentials.password, 'utf8')
      .digest();
    const given = Buffer.from(password.text, 'base64');
    const matches = given.length === digest.length && timingSafeEqual(given, digest);
    if (!matches || child(token, 'Username')?.text !== credentials.username) return 'wrong';

    const createdMs = Date.parse(created);
    if (!(Math.abs(nowMs - createdMs) <= WINDOW_MS)) return 'expired';
    const key = `${nonce} ${created}`;
    if (this.#seen.has(key)) return 'replayed';
    this.#remember(key, createdMs + WINDOW_MS, nowMs);
    return 'ok';
  }

  #remember(key: string, untilMs: number, nowMs: number): void {
    this.#seen.set(key, untilMs);
    if (this.#seen.size <= MAX_NONCES) return;
    for (const [old, until] of this.#seen) if (until < nowMs) this.#seen.delete(old);
    const oldest = this.#seen.keys().next().value;
    if (this.#seen.size > MAX_NONCES && oldest !== undefined) this.#seen.delete(oldest);
  }
}
