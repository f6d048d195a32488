/**
 * What the typeface (Tinos 1.23) has: Latin with every Vietnamese letter, Greek, Cyrillic, punctuation, currencies, arrows. Hebrew, which it has
 * too, is left out: a PDF made here has no order from right to left.
 */
const unprintable =
  /[^\n\u0020-\u007e\u00a0-\u0377\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u052f\u1d00-\u1df5\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u2070\u2074-\u208e\u20a0-\u20be\u2100-\u214f\u2190-\u2195\u2212\u2248\u2260\u2264\u2265\u25a1]/gu;

/** Marks that steer the order of writing, join, or stand for nothing: they would hide or reorder what is read. */
const invisible = /\u034f|[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\p{Variation_Selector}\p{Cc}]/gu;

/**
 * Text as it can be printed and copied out again: composed letters (NFC), line ends as `\n`, no steering marks, at most two marks upon a letter, and
 * a box for each character that the typeface does not have. Pure.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029\u0085\f\v]/gu, '\n')
    .replaceAll('\t', ' ')
    .replace(invisible, (mark) => (mark === '\n' ? mark : ''))
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .replace(/[\p{Emoji_Modifier}]/gu, '')
    .replace(unprintable, '□');
}

/** The same on one line. */
export const printableLine = (text: string): string => printable(text).replaceAll('\n', ' ');
