/** The one seam for time: `nowMs` is wall time in UTC epoch ms and may jump, `monotonicMs` never runs backwards. */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
