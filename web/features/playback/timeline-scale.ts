import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, startOfDay } from '../../components/time.ts';

/** The time that a timeline shows, [fromMs, toMs) in epoch ms. */
export type Span = { fromMs: number; toMs: number };

export const SHORTEST_MS = MINUTE_MS;
export const LONGEST_MS = DAY_MS;

export function lengthOf(span: Span): number {
  return span.toMs - span.fromMs;
}

/** Pixels from the left edge of a moment. */
export function xOf(span: Span, width: number, ms: number): number {
  return ((ms - span.fromMs) / lengthOf(span)) * width;
}

/** The moment at so many pixels from the left edge. */
export function msAt(span: Span, width: number, x: number): number {
  return span.fromMs + (x / Math.max(1, width)) * lengthOf(span);
}

/** Shows `factor` times as much, with the moment `aroundMs` staying where it is; between one minute and 24 hours. */
export function zoom(span: Span, factor: number, aroundMs: number): Span {
  const length = Math.max(SHORTEST_MS, Math.min(LONGEST_MS, lengthOf(span) * factor));
  const share = (aroundMs - span.fromMs) / lengthOf(span);
  const fromMs = Math.round(aroundMs - share * length);
  return { fromMs, toMs: Math.round(fromMs + length) };
}

export function pan(span: Span, byMs: number): Span {
  return { fromMs: Math.round(span.fromMs + byMs), toMs: Math.round(span.toMs + byMs) };
}

/** The same length, with `ms` at a share of the width. */
export function centre(span: Span, ms: number, share = 0.5): Span {
  return pan(span, ms - lengthOf(span) * share - span.fromMs);
}

/** Follows a playhead: when it leaves the middle nine tenths, the next page begins a tenth before it. */
export function follow(span: Span, ms: number): Span {
  const share = (ms - span.fromMs) / lengthOf(span);
  return share >= 0 && share <= 0.95 ? span : centre(span, ms, 0.1);
}

export type Tick = { ms: number; major: boolean };

const STEPS = [
  SECOND_MS,
  5 * SECOND_MS,
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
];
const LABEL_PX = 76;
const MINOR_PX = 14;

/** The step between labels, so that they stand at least 76 px apart. */
export function stepOf(span: Span, width: number): number {
  const msPerPx = lengthOf(span) / Math.max(1, width);
  return STEPS.find((step) => step / msPerPx >= LABEL_PX) ?? 6 * HOUR_MS;
}

/** Ticks of the ruler by the clock in Việt Nam: labelled ones and, where there is room, four or five between. */
export function ticks(span: Span, width: number): Tick[] {
  const step = stepOf(span, width);
  const msPerPx = lengthOf(span) / Math.max(1, width);
  const parts = [5, 4, 3, 2].find((each) => step % (each * SECOND_MS) === 0 && step / each / msPerPx >= MINOR_PX) ?? 1;
  const minor = step / parts;
  const day = startOfDay(span.fromMs);
  const list: Tick[] = [];
  for (let ms = day + Math.ceil((span.fromMs - day) / minor) * minor; ms < span.toMs; ms += minor) {
    list.push({ ms, major: (ms - day) % step === 0 });
  }
  return list;
}
