import { createHash, hash, timingSafeEqual } from 'node:crypto';

/**
 * What is stored of a token of 256 random bits. One round of SHA-256 is enough: such a token cannot be guessed, and the
 * hash is asked for at every request.
 */
export function hashOfToken(token: string): string {
  return hash('sha256', token);
}

/** Whether two secrets are the same; takes the same time however much of them is. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
