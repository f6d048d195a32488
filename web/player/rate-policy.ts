/** What the rate controller sees, in seconds of media. */
export type RateFacts = {
  /** Least that was buffered ahead of the playhead during the last second: parts come in steps, so only the low point counts. */
  leastAheadS: number;
  /** Buffered ahead now. */
  aheadS: number;
  /** How far the shown frame is behind the lens, or null while unknown. */
  lagMs: number | null;
  /** Reserve to hold at the low point; `HOLD_S` unless told. */
  holdS?: number;
};

export type RateVerdict = { rate: number; jumpS: number | null };

/** Held in reserve at the low point over LL-HLS: below 0.25 s pictures stall now and then, at 0.3 s they do not. */
export const HOLD_S = 0.3;
/** Further behind than this, playing faster would take too long: jump. */
export const JUMP_ABOVE_S = 3;
const DEAD_BAND_S = 0.06;
/** A reserve that has fallen to this share of the hold is helped by a slower picture. */
const THIN = 0.4;
const SLOWEST = 0.95;
const FASTEST = 1.25;

/**
 * Playback rate that brings the reserve to the hold, or a jump forward by `jumpS` seconds when more than 3 s lie buffered.
 * The reserve, not the clock, steers: it needs no agreement between the clocks of browser and server.
 */
export function rateVerdict(facts: RateFacts): RateVerdict {
  const holdS = facts.holdS ?? HOLD_S;
  if (facts.aheadS > JUMP_ABOVE_S) return { rate: 1, jumpS: facts.aheadS - holdS - 0.2 };
  const late = facts.lagMs !== null && facts.lagMs > JUMP_ABOVE_S * 1_000;
  if (late && facts.aheadS > 1) return { rate: 1, jumpS: facts.aheadS - holdS - 0.2 };
  const surplus = facts.leastAheadS - holdS;
  if (Math.abs(surplus) <= Math.min(DEAD_BAND_S, holdS * 0.4)) return { rate: 1, jumpS: null };
  if (surplus < 0) return { rate: facts.leastAheadS < holdS * THIN ? SLOWEST : 1, jumpS: null };
  // 0.1 s too much is played off at 1.05, 0.5 s and more at 1.25; steps of 0.05 keep the decoder from being retuned at every tick.
  const rate = Math.min(FASTEST, 1 + Math.ceil(surplus * 10 - 1e-6) / 20);
  return { rate: Math.round(rate * 100) / 100, jumpS: null };
}

/** The least of the samples taken within the last `spanMs`. Old samples are dropped as new ones come. */
export class LowPoint {
  readonly #spanMs: number;
  #samples: { atMs: number; value: number }[] = [];

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  add(atMs: number, value: number): number {
    this.#samples.push({ atMs, value });
    while ((this.#samples[0]?.atMs ?? atMs) < atMs - this.#spanMs) this.#samples.shift();
    return Math.min(...this.#samples.map((s) => s.value));
  }

  /** Null when there is no sample. */
  get least(): number | null {
    return this.#samples.length === 0 ? null : Math.min(...this.#samples.map((s) => s.value));
  }

  clear(): void {
    this.#samples = [];
  }
}

/** A hold that grows when the picture had to wait, and comes back to its base while it does not. */
export class Hold {
  readonly #baseS: number;
  #extraS = 0;
  #atMs = 0;

  constructor(baseS: number) {
    this.#baseS = baseS;
  }

  /** The picture stood still for want of data. */
  waited(atMs: number): void {
    this.#extraS = Math.min(MOST_EXTRA_S, this.seconds(atMs) - this.#baseS + STEP_S);
    this.#atMs = atMs;
  }

  seconds(atMs: number): number {
    return this.#baseS + Math.max(0, this.#extraS - ((atMs - this.#atMs) / 1_000) * BACK_PER_S);
  }
}

const STEP_S = 0.05;
const MOST_EXTRA_S = 0.3;
const BACK_PER_S = 0.001;
