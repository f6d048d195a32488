/**
 * The clock that all simulated cameras share. The frame shown is a function of the time of day, so any two streams of
 * the same loop length show the same number at the same moment, and a number read from a screen can be dated.
 */

export const FRAMES_PER_SECOND = 25;
export const FRAME_MS = 1000 / FRAMES_PER_SECOND;
export const GOP_FRAMES = 25;
export const DEFAULT_LOOP_FRAMES = 1500;
/** The clock rate of RTP video, in Hz (RFC 6184, section 8.2.1). */
export const RTP_CLOCK_HZ = 90_000;
export const RTP_TICKS_PER_FRAME = RTP_CLOCK_HZ / FRAMES_PER_SECOND;

/** UTC epoch ms that moves evenly: a step of the system clock while the simulator runs does not break its streams. */
export function loopNowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** How many frames have begun since the epoch at `nowMs`. */
export function frameCount(nowMs: number): number {
  return Math.floor((nowMs * FRAMES_PER_SECOND) / 1000);
}

/** The frame number that the strip of every simulated camera shows at `nowMs` (UTC epoch ms). */
export function expectedFrame(nowMs: number, loopFrames: number = DEFAULT_LOOP_FRAMES): number {
  return frameCount(nowMs) % loopFrames;
}

/** How long before `nowMs` the frame `frame` began, in ms; at most one loop. For glass-to-glass figures. */
export function frameAgeMs(frame: number, nowMs: number, loopFrames: number = DEFAULT_LOOP_FRAMES): number {
  const loopMs = loopFrames * FRAME_MS;
  return (((nowMs - frame * FRAME_MS) % loopMs) + loopMs) % loopMs;
}
