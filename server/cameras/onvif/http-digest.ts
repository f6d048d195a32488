import { createHash, randomBytes } from 'node:crypto';

/** One `WWW-Authenticate` challenge: scheme in lower case, parameters by lower-case name. */
export interface Challenge {
  scheme: string;
  parameters: ReadonlyMap<string, string>;
}

export interface DigestInput {
  challenge: Challenge;
  username: string;
  password: string;
  method: string;
  /** Path and query of the request. */
  uri: string;
  body: string;
  /** How often this nonce has been used, from 1. */
  count: number;
  cnonce?: string;
}

/**
 * Reads any number of challenges from any number of header lines, in whatever order their parameters come (RFC 9110, section 11.6.1).
 * Broken pieces are left out.
 */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  for (const header of headers.slice(0, 16)) {
    const token = /\s*,?\s*([\w!#$%&'*+.^`|~-]{1,64})(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/gy;
    let current: { scheme: string; parameters: Map<string, string> } | null = null;
    for (let found = token.exec(header.slice(0, 4_096)); found; found = token.exec(header.slice(0, 4_096))) {
      const [, name = '', quoted, bare] = found;
      if (quoted === undefined && bare === undefined) {
        current = { scheme: name.toLowerCase(), parameters: new Map() };
        challenges.push(current);
      } else {
        current?.parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
      }
    }
  }
  return challenges;
}

const strength: Readonly<Record<string, number>> = { 'SHA-256': 4, 'SHA-256-SESS': 3, MD5: 2, 'MD5-SESS': 1 };

function algorithmOf(challenge: Challenge): string {
  return (challenge.parameters.get('algorithm') ?? 'MD5').toUpperCase();
}

/** The strongest digest challenge that can be answered, or null. Basic is never chosen. */
export function chooseDigest(challenges: readonly Challenge[]): Challenge | null {
  let best: Challenge | null = null;
  for (const challenge of challenges) {
    if (challenge.scheme !== 'digest' || !challenge.parameters.has('nonce')) continue;
    const rank = strength[algorithmOf(challenge)] ?? 0;
    if (rank > 0 && rank > (best ? (strength[algorithmOf(best)] ?? 0) : 0)) best = challenge;
  }
  return best;
}

export function isStale(challenge: Challenge): boolean {
  return challenge.parameters.get('stale')?.toLowerCase() === 'true';
}

/** Value of the `Authorization` header (RFC 7616, section 3.4). */
export function digestAuthorization(input: DigestInput): string {
  const get = (name: string) => input.challenge.parameters.get(name);
  const algorithm = algorithmOf(input.challenge);
  const hash = (...parts: string[]) =>
    createHash(algorithm.startsWith('SHA-256') ? 'sha256' : 'md5')
      .update(parts.join(':'), 'utf8')
      .digest('hex');
  const [realm, nonce] = [get('realm') ?? '', get('nonce') ?? ''];
  // Node hands header bytes over one character a byte; the hash is over the text that they encode.
  const realmText = Buffer.from(realm, 'latin1').toString('utf8');
  const cnonce = input.cnonce ?? randomBytes(16).toString('hex');
  const count = input.count.toString(16).padStart(8, '0');
  const offered =
    get('qop')
      ?.toLowerCase()
      .split(/[\s,]+/) ?? [];
  const qop = offered.includes('auth') ? 'auth' : offered.includes('auth-int') ? 'auth-int' : null;

  let secret = hash(input.username, realmText, input.password);
  if (algorithm.endsWith('-SESS')) secret = hash(secret, nonce, cnonce);
  const request = qop === 'auth-int' ? hash(input.method, input.uri, hash(input.body)) : hash(input.method, input.uri);
  const response = qop ? hash(secret, nonce, count, cnonce, qop, request) : hash(secret, nonce, request);

  const quote = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`;
  const fields = [
    `username=${quote(Buffer.from(input.username, 'utf8').toString('latin1'))}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(input.uri)}`,
    `response="${response}"`,
  ];
  const named = get('algorithm');
  if (named !== undefined) fields.push(`algorithm=${named}`);
  const opaque = get('opaque');
  if (opaque !== undefined) fields.push(`opaque=${quote(opaque)}`);
  if (qop) fields.push(`qop=${qop}`, `nc=${count}`, `cnonce="${cnonce}"`);
  return `Digest ${fields.join(', ')}`;
}
