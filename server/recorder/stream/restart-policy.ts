import type { FailureCause } from './failure.ts';

export const restartLimits = {
  firstDelayMs: 500,
  /** A camera that was away and answers again is not kept waiting for so long (`pauseUntilBack`). */
  longestDelayMs: 30_000,
  /** Cameras lock an account after a few wrong passwords; a new password restarts the stream at once anyway. */
  authDelayMs: 60_000,
  /** Recorded for this long, a stream counts as healthy and the next failure as the first. */
  healthyMs: 10_000,
};

export interface RestartVerdict {
  delayMs: number;
  /** Failures in a row, to be handed in with the next one. */
  failures: number;
}

/** When to start again. `random` in [0, 1) spreads restarts, so that cameras behind one switch do not return as one. */
export function restartAfter(
  failures: number,
  end: { cause: FailureCause; recordedMs: number },
  random: number,
): RestartVerdict {
  // Nothing is amiss: the new format needs an init of its own, and every second until then is lost.
  if (end.cause === 'format_changed' && end.recordedMs >= restartLimits.healthyMs) return { delayMs: 0, failures: 0 };
  const inARow = end.recordedMs >= restartLimits.healthyMs ? 1 : failures + 1;
  const longest =
    end.cause === 'bad_credentials'
      ? restartLimits.authDelayMs
      : Math.min(restartLimits.longestDelayMs, restartLimits.firstDelayMs * 2 ** Math.min(inARow - 1, 10));
  return { delayMs: Math.round(longest * (0.75 + 0.25 * random)), failures: inARow };
}
