import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A random identifier of `length` characters of 5 bits each, safe in paths and URLs. */
export function newId(length = 16): string {
  let id = '';
  for (const byte of randomBytes(length)) id += alphabet[byte & 31];
  return id;
}

/** A secret for links, cookies and tokens: 256 random bits, URL-safe. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
