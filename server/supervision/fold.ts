/** Text as the search compares it: lower case, without diacritics (đ as d) and what stands around words, single spaces. */
export function fold(text: string): string {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
  return plain.replace(/[\s.,;:!?()[\]{}"'“”‘’«»…/]+/g, ' ').trim();
}

const maxWords = 10;

/** The folded words of a query, each of which has to occur; at most ten. */
export function searchWords(query: string): string[] {
  const folded = fold(query);
  return folded === '' ? [] : folded.split(' ').slice(0, maxWords);
}
