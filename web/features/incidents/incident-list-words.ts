import { fold } from '../../components/time.ts';

export interface Piece {
  text: string;
  /** Whether it is what was searched for. */
  hit: boolean;
}

/** The words of a search, folded. */
export function wordsOf(q: string): string[] {
  return fold(q)
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
}

const isLetter = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** Cuts a text where searched words begin (or, for one with a digit, occur), as the server finds them. */
export function piecesOf(text: string, words: readonly string[]): Piece[] {
  const characters = [...text.normalize('NFC')];
  // One folded character for each: places in the folded text are places in the text.
  const folded = characters.map((character) => fold(character)[0] ?? ' ');
  const line = folded.join('');
  const hit = new Array<boolean>(characters.length).fill(false);
  for (const word of words) {
    for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
      if (isLetter(folded[at - 1]) && !/\d/.test(word)) continue;
      hit.fill(true, at, at + word.length);
    }
  }
  const pieces: Piece[] = [];
  characters.forEach((character, at) => {
    const last = pieces.at(-1);
    const now = hit[at] ?? false;
    if (last !== undefined && last.hit === now) last.text += character;
    else pieces.push({ text: character, hit: now });
  });
  return pieces;
}

const has = (text: string, word: string) => piecesOf(text, [word]).some(({ hit }) => hit);
const BEFORE = 24;

/** The part of a hidden text (a note) that holds a word which what is shown does not; null when it tells nothing more. */
export function excerptOf(hidden: string, shown: readonly string[], words: readonly string[]): string | null {
  const only = words.find((word) => !shown.some((text) => has(text, word)) && has(hidden, word));
  if (only === undefined) return null;
  const text = hidden.normalize('NFC').replace(/\s+/g, ' ');
  const before = piecesOf(text, [only])[0];
  const start = before === undefined || before.hit ? 0 : Math.max(0, before.text.length - BEFORE);
  const from = start === 0 ? 0 : text.lastIndexOf(' ', start) + 1;
  return `${from > 0 ? '… ' : ''}${text.slice(from)}`;
}
