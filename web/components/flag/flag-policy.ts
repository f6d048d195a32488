import type { Category } from '../../../server/contracts/incidents.ts';
import { fold, matches } from '../time.ts';

/** Before and after the moment, when nothing else is chosen. */
export const BEFORE_MS = 30_000;
export const AFTER_MS = 30_000;
/** How far the ends can be drawn on the small timeline, around a moment. */
export const REACH_MS = 60_000;
const SHORTEST_MS = 1_000;

export type Stretch = { fromMs: number; toMs: number };

/**
 * Categories that a typed text may mean, best first: the code itself, codes that begin so, then names with every typed word,
 * whatever case and diacritics. An empty text means none.
 */
export function suggest(categories: readonly Category[], typed: string): Category[] {
  const text = fold(typed.trim());
  if (text === '') return [];
  const rank = (category: Category): number => {
    const code = fold(category.code);
    if (text === code || text.startsWith(`${code} `)) return 0;
    if (code.startsWith(text)) return 1;
    if (fold(category.vi).startsWith(text) || fold(category.en).startsWith(text)) return 2;
    return matches(typed, `${category.code} ${category.vi} ${category.en}`) ? 3 : 4;
  };
  return categories
    .map((category, i) => ({ category, i, rank: rank(category) }))
    .filter((each) => each.rank < 4)
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map((each) => each.category);
}

/** Latest first, each once, three at most. */
export function remember(recent: readonly string[], code: string): string[] {
  return [code, ...recent.filter((other) => other !== code)].slice(0, 3);
}

/** The whole time that the small timeline shows: a minute to each side of the stretch as it was opened, the moment in it. */
export function scaleOf(opened: Stretch, atMs: number): Stretch {
  const margin = Math.max(REACH_MS - BEFORE_MS, Math.round((opened.toMs - opened.fromMs) / 4));
  return { fromMs: Math.min(opened.fromMs, atMs) - margin, toMs: Math.max(opened.toMs, atMs) + margin };
}

/** Moves one end; it stays on the scale, on its side of the moment, and leaves at least a second. */
export function moveEnd(stretch: Stretch, end: 'from' | 'to', toMs: number, scale: Stretch, atMs: number): Stretch {
  if (end === 'from') {
    const latest = Math.min(atMs, stretch.toMs - SHORTEST_MS);
    return { ...stretch, fromMs: Math.round(Math.max(scale.fromMs, Math.min(latest, toMs))) };
  }
  const earliest = Math.max(atMs, stretch.fromMs + SHORTEST_MS);
  return { ...stretch, toMs: Math.round(Math.min(scale.toMs, Math.max(earliest, toMs))) };
}

/** How much of the stretch is still to come, in ms. */
export function pendingMs(stretch: Stretch, nowMs: number): number {
  return Math.max(0, Math.min(stretch.toMs - stretch.fromMs, stretch.toMs - nowMs));
}
