import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** HTTP Digest with MD5 (RFC 2617), as cameras speak it for RTSP and HTTP alike. */

export interface Credentials {
  username: string;
  password: string;
}

export type DigestVerdict = 'ok' | 'missing' | 'refused' | 'stale';

const NONCE_LIFETIME_MS = 10 * 60_000;
const MAX_NONCES = 1000;

export class DigestGuard {
  readonly #realm: string;
  readonly #qop: boolean;
  readonly #nonces = new Map<string, number>();

  /** Without `qop` the older form of the digest is asked for, which is what most cameras' RTSP does. */
  constructor(options: { realm: string; qop: boolean }) {
    this.#realm = options.realm;
    this.#qop = options.qop;
  }

  /** The value of a `WWW-Authenticate` header with a fresh nonce. */
  challenge(stale = false): string {
    const nonce = randomBytes(16).toString('hex');
    this.#nonces.set(nonce, Date.now() + NONCE_LIFETIME_MS);
    if (this.#nonces.size > MAX_NONCES) {
      const oldest = this.#nonces.keys().next().value;
      if (oldest !== undefined) this.#nonces.delete(oldest);
    }
    const parts = [`realm="${this.#realm}"`, `nonce="${nonce}"`, 'algorithm=MD5'];
    if (this.#qop) parts.push('qop="auth"');
    if (stale) parts.push('stale=TRUE');
    return `Digest ${parts.join(', ')}`;
  }

  /** Judges an `Authorization` header. `uri` is the request's address, where the digest must be for that very address. */
  verify(header: string | undefined, method: string, credentials: Credentials, uri?: string): DigestVerdict {
    if (!header || !/^digest\s/i.test(header)) return 'missing';
    const fields = parseDigest(header);
    const nonce = fields.get('nonce') ?? '';
    const expires = this.#nonces.get(nonce);
    if (fields.get('realm') !== this.#realm) return 'refused';
    if (uri !== undefined && fields.get('uri') !== uri) return 'refused';
    if ((fields.get('algorithm') ?? 'MD5').toUpperCase() !== 'MD5') return 'refused';

    const ha1 = md5(`${credentials.username}:${this.#realm}:${credentials.password}`);
    const ha2 = md5(`${method}:${fields.get('uri') ?? ''}`);
    const qop = fields.get('qop');
    const expected =
      qop === undefined
        ? md5(`${ha1}:${nonce}:${ha2}`)
        : md5(`${ha1}:${nonce}:${fields.get('nc') ?? ''}:${fields.get('cnonce') ?? ''}:${qop}:${ha2}`);
    if (fields.get('username') !== credentials.username || !same(fields.get('response') ?? '', expected))
      return 'refused';
    if (expires === undefined || expires < Date.now()) return 'stale';
    return 'ok';
  }
}

function parseDigest(header: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [, name, quoted, plain] of header.slice(6).matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) {
    if (name) fields.set(name.toLowerCase(), quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1'));
  }
  return fields;
}

function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a.toLowerCase());
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
