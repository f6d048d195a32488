/** Bounds of how recorder time follows the camera's timestamps. */
export const clockLimits = {
  /** Part of a file's length by which its end may be moved to take up drift. */
  drift: 0.005,
  /** The same after a camera sent a burst at its start, whose times would otherwise stay ahead of the clock. */
  catchUp: 0.05,
  catchUpFromMs: 500,
  /** Frames this much later than their timestamps say: the clock or the timestamps jumped, and time is taken anew. */
  jumpMs: 2000,
  /** Further ahead than this the server's clock was set back: time runs on, 5 % slower, until the clock has come up to it. */
  aheadMs: 10_000,
};

export type ClockState = 'ok' | 'corrected' | 'ahead' | 'jumped';

/**
 * Turns media time of one run (in units of its timescale) into UTC epoch ms: the recorder's clock at arrival, smoothed over the camera's
 * own timestamps. Between `start` and `turn` the two run at the same rate, so that durations are the camera's; at `turn`
 * (a new recording file) a bounded part of the drift is taken up. Times never run backwards.
 */
export class MediaClock {
  readonly #timescale: number;
  #media: number;
  #wallMs: number;
  #leastLateMs = Number.POSITIVE_INFINITY;
  #jumpTold = false;
  state: ClockState = 'ok';
  /** By how much the latest frames came later than expected, in ms. */
  lateMs = 0;

  /** `media` is the start of the fragment that arrived at `arrivalMs`, complete; `floorMs` the end of what is already recorded. */
  constructor(timescale: number, media: number, duration: number, arrivalMs: number, floorMs: number) {
    this.#timescale = timescale;
    this.#media = media;
    this.#wallMs = Math.max(Math.round(arrivalMs - (duration * 1000) / timescale), floorMs);
    if (this.#wallMs - arrivalMs > clockLimits.aheadMs) this.state = 'ahead';
  }

  /** UTC epoch ms, not rounded. */
  at(media: number): number {
    return this.#wallMs + ((media - this.#media) * 1000) / this.#timescale;
  }

  /** Takes note of when the frames up to `mediaEnd` arrived; returns by how much later than expected, in ms. */
  observe(mediaEnd: number, arrivalMs: number): number {
    const lateMs = arrivalMs - this.at(mediaEnd);
    this.lateMs = lateMs;
    if (lateMs < this.#leastLateMs) this.#leastLateMs = lateMs;
    return lateMs;
  }

  /** A file ends at `media`: returns its end in whole ms, from which the next one goes on. */
  turn(media: number): number {
    const spanMs = this.at(media) - this.#wallMs;
    const late = Number.isFinite(this.#leastLateMs) ? this.#leastLateMs : 0;
    const correction = driftCorrection(late, spanMs);
    // The first file after a jump says so, whatever drift it ends with.
    const isJump = this.state === 'jumped' && !this.#jumpTold;
    if (spanMs > 0) this.#jumpTold = true;
    if (spanMs > 0 && !isJump)
      this.state = late < -clockLimits.aheadMs ? 'ahead' : Math.abs(correction) > 50 ? 'corrected' : 'ok';
    this.#wallMs = Math.round(this.#wallMs + spanMs + correction);
    this.#media = media;
    this.#leastLateMs = Number.POSITIVE_INFINITY;
    return this.#wallMs;
  }
}

/** By how many ms the end of a file of `spanMs` moves when its frames were at least `lateMs` late (negative: early). */
export function driftCorrection(lateMs: number, spanMs: number): number {
  const share = Math.abs(lateMs) > clockLimits.catchUpFromMs ? clockLimits.catchUp : clockLimits.drift;
  const most = spanMs * share;
  return Math.max(-most, Math.min(most, lateMs));
}
