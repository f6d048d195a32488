/** [from, to) in epoch ms, sorted and disjoint: what a timeline calls recorded. */
export type Recorded = readonly (readonly [number, number])[];
export type Span = { fromMs: number; toMs: number };

/** One segment of a playlist as hls.js lays it out: where it lies on the media timeline, and which moment of the day that is. */
export type DatedSegment = { startS: number; durationS: number; dateMs: number };

/** Footage asked for at once, ahead of and before the moment that is wanted. */
export const WINDOW_AHEAD_MS = 60 * 60_000;
export const WINDOW_BEHIND_MS = 2 * 60_000;
/** Recordings that follow within this time are one stretch: an eye does not notice it, and a file boundary is no gap. */
export const SEAM_MS = 1_500;

/** The stretch to ask for when `atMs` is wanted; it ends at `nowMs`, since nothing later can be recorded. */
export function windowFor(atMs: number, nowMs: number): Span {
  return { fromMs: atMs - WINDOW_BEHIND_MS, toMs: Math.max(atMs + 1_000, Math.min(atMs + WINDOW_AHEAD_MS, nowMs)) };
}

export type Landing = {
  /** Where playing begins. */
  atMs: number;
  /** The stretch without footage that was leapt over, or null. */
  crossed: Span | null;
};

/** Where playing begins when `atMs` is asked for: there, or at the next recorded stretch. Null when nothing is recorded from there on. */
export function landing(recorded: Recorded, atMs: number): Landing | null {
  let previousTo: number | null = null;
  for (const [from, to] of recorded) {
    if (atMs < from) {
      return from - atMs <= SEAM_MS
        ? { atMs: from, crossed: null }
        : { atMs: from, crossed: { fromMs: previousTo ?? atMs, toMs: from } };
    }
    if (atMs < to) return { atMs, crossed: null };
    previousTo = to;
  }
  return null;
}

/** The end of footage that lies before `atMs`, or null when nothing is recorded before it: for stepping back over a gap. */
export function landingBackward(recorded: Recorded, atMs: number): number | null {
  let last: number | null = null;
  for (const [from, to] of recorded) {
    if (from > atMs) break;
    last = Math.min(atMs, to - 1);
  }
  return last;
}

/** The gap that lies between two moments which follow each other on the media timeline, or null when they are one stretch. */
export function gapBetween(beforeMs: number, afterMs: number, elapsedMs: number): Span | null {
  return afterMs - beforeMs - elapsedMs > SEAM_MS ? { fromMs: beforeMs, toMs: afterMs } : null;
}

/** Media time (s) of a moment: inside its segment, or at the start of the next one. Null after the last. */
export function mediaTimeOf(segments: readonly DatedSegment[], atMs: number): number | null {
  for (const segment of segments) {
    if (atMs < segment.dateMs) return segment.startS;
    if (atMs < segment.dateMs + segment.durationS * 1_000) return segment.startS + (atMs - segment.dateMs) / 1_000;
  }
  return null;
}

/** The moment (epoch ms) shown at media time `atS`; the nearest segment's clock runs on beyond its ends. */
export function dateOf(segments: readonly DatedSegment[], atS: number): number | null {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((segments[middle]?.startS ?? 0) <= atS) low = middle;
    else high = middle - 1;
  }
  const segment = segments[low];
  return segment === undefined ? null : segment.dateMs + (atS - segment.startS) * 1_000;
}

/** The moments that a list of segments covers, or null when it is empty. */
export function extentOf(segments: readonly DatedSegment[]): Span | null {
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last) return null;
  return { fromMs: first.dateMs, toMs: last.dateMs + last.durationS * 1_000 };
}

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16] as const;

/**
 * J, K and L as on an editing desk: K stops; L plays, then doubles; J plays backwards, then doubles. Negative is backwards, 0 is stopped.
 */
export function shuttle(key: 'j' | 'k' | 'l', rate: number): number {
  if (key === 'k') return 0;
  const sign = key === 'l' ? 1 : -1;
  if (Math.sign(rate) !== sign) return sign;
  return sign * Math.min(16, Math.max(1, Math.abs(rate) * 2));
}

/** Whether a moment is recorded; the seam between two files counts. */
export function covers(recorded: Recorded, atMs: number): boolean {
  return landing(recorded, atMs)?.crossed === null;
}

/** The recorded stretches of several cameras as one: where any has footage. */
export function union(tracks: readonly Recorded[]): [number, number][] {
  const list: [number, number][] = [];
  for (const [from, to] of tracks.flat().sort((a, b) => a[0] - b[0])) {
    const last = list.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else list.push([from, to]);
  }
  return list;
}

/** Within this time of now, more may have been recorded than the timeline tells. */
export const RECENT_MS = 2 * 60_000;

/**
 * `landing` by what is known, which is of the time `known` only. A moment of which nothing is known is taken at its word, since the server
 * will tell; so is one after the last footage, as long as more may have been recorded since.
 */
export function landingWithin(recorded: Recorded, known: Span, atMs: number, nowMs: number): Landing | null {
  const asIs = { atMs, crossed: null };
  if (recorded.length === 0 || atMs < known.fromMs || atMs >= known.toMs) return asIs;
  const there = landing(recorded, atMs);
  return there ?? (nowMs - atMs < RECENT_MS || known.toMs < nowMs ? asIs : null);
}
