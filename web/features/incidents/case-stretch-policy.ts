import { HOUR_MS, MINUTE_MS, parseDateTime, SECOND_MS } from '../../components/time.ts';

export interface Span {
  fromMs: number;
  toMs: number;
}

/** The longest stretch that the contract lets through. */
export const LONGEST_MS = 4 * HOUR_MS;
export const MOST_STRETCHES = 10;

export type StretchProblem = 'from' | 'to' | 'order' | 'long' | 'future';

/** Reads two times as they are typed; what is left out of the second (the date) comes from the first, of the first from `nearMs`. */
export function readStretch(
  from: string,
  to: string,
  nearMs: number,
  nowMs: number,
): Span | { problem: StretchProblem } {
  const fromMs = parseDateTime(from, nearMs);
  if (fromMs === null) return { problem: 'from' };
  const toMs = parseDateTime(to, fromMs);
  if (toMs === null) return { problem: 'to' };
  if (toMs <= fromMs) return { problem: 'order' };
  if (toMs - fromMs > LONGEST_MS) return { problem: 'long' };
  return toMs > nowMs ? { problem: 'future' } : { fromMs, toMs };
}

/** What the small timeline shows: as much again to each side of a stretch, a minute at least, never what is still to come. */
export function scaleAround({ fromMs, toMs }: Span, nowMs: number): Span {
  const margin = Math.max(MINUTE_MS, toMs - fromMs);
  const end = Math.max(toMs, Math.min(toMs + margin, nowMs));
  // Whole seconds, in which its ends are moved.
  return {
    fromMs: Math.floor((fromMs - margin) / SECOND_MS) * SECOND_MS,
    toMs: Math.ceil(end / SECOND_MS) * SECOND_MS,
  };
}

/** Moves one end on the small timeline; it stays on the scale and leaves at least a second. */
export function moveEnd(span: Span, end: 'from' | 'to', toMs: number, scale: Span): Span {
  return end === 'from'
    ? { ...span, fromMs: Math.max(scale.fromMs, Math.min(toMs, span.toMs - SECOND_MS)) }
    : { ...span, toMs: Math.min(scale.toMs, Math.max(toMs, span.fromMs + SECOND_MS)) };
}

/** The scale for a stretch that was typed: the one there is as long as it holds the stretch. */
export function scaleFor(span: Span, scale: Span, nowMs: number): Span {
  return span.fromMs >= scale.fromMs && span.toMs <= scale.toMs ? scale : scaleAround(span, nowMs);
}
