/** Letters and digits that nobody confuses when they are read out or written down: no 0 O o, 1 I l. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const GROUPS = 4;
const GROUP = 4;

/**
 * A password to hand to a person: 16 characters in four groups, about 92 bits.
 * @param random fills the array with random bytes, as `crypto.getRandomValues` does
 */
export function newPassword(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  const limit = 256 - (256 % ALPHABET.length);
  const picked: string[] = [];
  while (picked.length < GROUPS * GROUP) {
    for (const byte of random(new Uint8Array(32))) {
      // Bytes past the last whole multiple would favour the first letters.
      if (byte < limit && picked.length < GROUPS * GROUP) picked.push(ALPHABET.charAt(byte % ALPHABET.length));
    }
  }
  return Array.from({ length: GROUPS }, (_, at) => picked.slice(at * GROUP, (at + 1) * GROUP).join('')).join('-');
}
