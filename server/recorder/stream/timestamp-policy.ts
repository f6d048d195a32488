import type { FailureCause } from './failure.ts';
import { restartLimits } from './restart-policy.ts';

/** Whose time a run follows: that of the camera's timestamps, or that of the frames' arrival. */
export type TimestampSource = 'camera' | 'arrival';

export const timestampLimits = {
  /** No frame lasts longer than a stall: one that does, or that is so far from the last, has a timestamp that jumped. */
  jumpSeconds: 10,
  /** A thousand frames a second is no camera: ffmpeg makes such steps of timestamps that stand still or ran backwards. */
  shortestFrameSeconds: 0.001,
  /** Judged over so many frames, since two frames of the same time are no trouble. */
  judgedFrames: 20,
};

/** Looks at the decode times of one run, in units of `timescale`, before its fragments are taken. */
export class TimestampJudge {
  readonly #timescale: number;
  #expected: number | null = null;
  #frames = 0;
  #duration = 0;

  constructor(timescale: number) {
    this.#timescale = timescale;
  }

  judge(fragment: { baseDecodeTime: number; duration: number; samples: number }): 'good' | 'jumped' | 'stuck' {
    const away = Math.abs(fragment.baseDecodeTime - (this.#expected ?? fragment.baseDecodeTime));
    this.#expected = fragment.baseDecodeTime + fragment.duration;
    if (Math.max(away, fragment.duration) > timestampLimits.jumpSeconds * this.#timescale) return 'jumped';
    this.#frames += fragment.samples;
    this.#duration += fragment.duration;
    if (this.#frames < timestampLimits.judgedFrames) return 'good';
    const stuck = this.#duration < this.#frames * timestampLimits.shortestFrameSeconds * this.#timescale;
    this.#frames = 0;
    this.#duration = 0;
    return stuck ? 'stuck' : 'good';
  }
}

/**
 * A camera's clock may be set once; a stream whose timestamps fail twice in a row is timed by arrival for its next run. `failures` is how
 * often in a row they have failed, this end included.
 */
export function timestampFailures(failures: number, end: { cause: FailureCause; recordedMs: number }): number {
  if (end.cause !== 'timestamps_jumped' && end.cause !== 'timestamps_stuck') return 0;
  return end.recordedMs >= restartLimits.healthyMs ? 1 : failures + 1;
}

export function timestampSource(failures: number): TimestampSource {
  return failures >= 2 ? 'arrival' : 'camera';
}
