import type { PictureSign } from './picture-policy.ts';

/** What several pictures in a row have shown. */
export interface PictureMemory {
  /** Null before the first verdict. */
  sign: PictureSign | null;
  /** Another sign, and how often in a row it was seen. */
  next: PictureSign | null;
  times: number;
}

export const noPicture: PictureMemory = { sign: null, next: null, times: 0 };

/** So many pictures in a row, of one a minute, make a sign believed: somebody who walks past the lens covers it for one. */
const needed: Readonly<Record<PictureSign, number>> = { good: 2, dark: 2, covered: 2, out_of_focus: 3, moved: 3 };

/** What is believed after one more picture. */
export function withSign(memory: PictureMemory, sign: PictureSign): PictureMemory {
  if (sign === memory.sign) return { sign, next: null, times: 0 };
  if (memory.sign === null && sign === 'good') return { sign, next: null, times: 0 };
  const times = sign === memory.next ? memory.times + 1 : 1;
  return times >= needed[sign] ? { sign, next: null, times: 0 } : { sign: memory.sign, next: sign, times };
}
