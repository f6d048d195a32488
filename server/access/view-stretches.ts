/** A stretch of media time that was seen: one row of the log. All times are UTC epoch ms. */
export interface SeenStretch {
  id: string;
  /** When it was watched. */
  fromMs: number;
  toMs: number;
  /** What was watched: the time that the pictures show, [from, to). */
  mediaFromMs: number;
  mediaToMs: number;
  /** Changed since it was last written. */
  dirty: boolean;
}

/** Media that lies so close together was watched in one go: players ask for it in pieces. */
export const joinWithinMs = 10_000;
/** Searching back and forth through a day becomes so many stretches at most between two writes. */
export const maxStretches = 16;
/** A view of single pictures is over when it has so many: they are never joined for being many. */
export const maxPictures = 100;

/**
 * Adds what a request shows to the stretches of a view. It widens the stretch that it touches; otherwise it is one more, and
 * when they become too many the two that lie closest become one: the log may say a little more than was seen, never less.
 */
export function addSeen(
  stretches: SeenStretch[],
  nowMs: number,
  mediaFromMs: number,
  mediaToMs: number,
  newId: () => string,
  most: number = maxStretches,
): void {
  const added: SeenStretch = { id: '', fromMs: nowMs, toMs: nowMs, mediaFromMs, mediaToMs, dirty: true };
  const touched = stretches.findLast((stretch) => distance(stretch, added) <= joinWithinMs);
  if (touched !== undefined) {
    widen(touched, added);
    return;
  }
  stretches.push({ ...added, id: newId() });
  if (stretches.length > most) joinClosest(stretches);
}

/** What a view that goes on keeps after a write: what has changed meanwhile, and what it was last at. */
export function keptAfterWrite(stretches: readonly SeenStretch[]): SeenStretch[] {
  const latest = stretches.reduce<SeenStretch | undefined>(
    (best, stretch) => (best === undefined || stretch.toMs >= best.toMs ? stretch : best),
    undefined,
  );
  return stretches.filter((stretch) => stretch.dirty || stretch === latest);
}

/** Of media time between two stretches; negative when they overlap. */
function distance(a: SeenStretch, b: SeenStretch): number {
  return Math.max(a.mediaFromMs, b.mediaFromMs) - Math.min(a.mediaToMs, b.mediaToMs);
}

function widen(stretch: SeenStretch, by: SeenStretch): void {
  stretch.fromMs = Math.min(stretch.fromMs, by.fromMs);
  stretch.toMs = Math.max(stretch.toMs, by.toMs);
  stretch.mediaFromMs = Math.min(stretch.mediaFromMs, by.mediaFromMs);
  stretch.mediaToMs = Math.max(stretch.mediaToMs, by.mediaToMs);
  stretch.dirty = true;
}

function joinClosest(stretches: SeenStretch[]): void {
  const sorted = stretches.toSorted((a, b) => a.mediaFromMs - b.mediaFromMs);
  let closest: [SeenStretch, SeenStretch] | undefined;
  for (const [n, stretch] of sorted.entries()) {
    const next = sorted[n + 1];
    if (next === undefined) continue;
    if (closest === undefined || distance(stretch, next) < distance(...closest)) closest = [stretch, next];
  }
  if (closest === undefined) return;
  const [kept, joined] = closest;
  widen(kept, joined);
  stretches.splice(stretches.indexOf(joined), 1);
}
