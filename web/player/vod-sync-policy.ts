/** Up to here a player is brought back by its speed, above by a seek. */
export const SEEK_ABOVE_MS = 300;
/** A player that is so far ahead has leapt over a stretch without footage, and waits there. */
export const WAIT_ABOVE_MS = 1_500;
/** Speeds from which on, either way, only keyframes are shown: no browser decodes nine cameras so fast. */
export const PICTURES_FROM = 8;
/** What a player does not show is not worth changing its speed for. */
const STILL_MS = 12;
const MOST = 0.2;

export type Correction = { kind: 'speed'; factor: number } | { kind: 'seek' } | { kind: 'wait' };

/** What a player does that is so many ms ahead of the clock (negative: behind) at a speed: half a second's worth of the difference, at most a fifth. */
export function correction(aheadMs: number, rate: number): Correction {
  if (aheadMs > WAIT_ABOVE_MS) return { kind: 'wait' };
  const bound = SEEK_ABOVE_MS * Math.max(1, rate);
  if (Math.abs(aheadMs) > bound) return { kind: 'seek' };
  if (Math.abs(aheadMs) <= STILL_MS * Math.max(1, rate)) return { kind: 'speed', factor: 1 };
  return { kind: 'speed', factor: 1 + Math.max(-MOST, Math.min(MOST, -aheadMs / (500 * Math.max(0.25, rate)))) };
}

export type Mode = 'video' | 'seeks' | 'pictures';

/** How a speed is shown: as video, by seeking (backwards), or by keyframes alone. */
export function modeOf(rate: number): Mode {
  if (Math.abs(rate) >= PICTURES_FROM) return 'pictures';
  return rate < 0 ? 'seeks' : 'video';
}

/** The moment that all cameras follow: it runs at a speed from an anchor, or stands. Times on the wall in ms of a steady clock. */
export class MasterClock {
  #atMs = 0;
  #sinceMs: number | null = null;
  #rate = 1;

  at(nowMs: number): number {
    return this.#sinceMs === null ? this.#atMs : this.#atMs + (nowMs - this.#sinceMs) * this.#rate;
  }

  get runs(): boolean {
    return this.#sinceMs !== null;
  }

  set(atMs: number, nowMs: number): void {
    this.#atMs = atMs;
    if (this.#sinceMs !== null) this.#sinceMs = nowMs;
  }

  run(rate: number, nowMs: number): void {
    this.#atMs = this.at(nowMs);
    this.#rate = rate;
    this.#sinceMs = nowMs;
  }

  stop(nowMs: number): void {
    this.#atMs = this.at(nowMs);
    this.#sinceMs = null;
  }
}
