import type { TransportFailure } from './live-transport.ts';

/** Ways of a live stream into the browser: one endless response, LL-HLS by hls.js, or LL-HLS by the browser itself. */
export type LivePath = 'push' | 'hls' | 'native';

export type PathMemory = {
  /** Attempts by push that failed through push itself, one soon after the other. */
  failures: number;
  lastFailureMs: number;
  /** How often push has been given up. */
  givenUp: number;
  avoidUntilMs: number;
};

export const freshMemory: PathMemory = {
  failures: 0,
  lastFailureMs: Number.NEGATIVE_INFINITY,
  givenUp: 0,
  avoidUntilMs: 0,
};

const FAILURES_TO_GIVE_UP = 2;
/** Failures further apart have nothing to do with each other. */
const SOON_MS = 60_000;
const AVOID_MS = 60_000;
const AVOID_AT_MOST_MS = 600_000;
/** Push that was good for so long is trusted as at the beginning. */
const FORGIVEN_AFTER_MS = 1_800_000;

/** Push wherever it can be had; LL-HLS for a while after repeated trouble, and then push is tried again. */
export function livePath(can: { push: boolean; hls: boolean }, memory: PathMemory, nowMs: number): LivePath {
  if (can.push && nowMs >= memory.avoidUntilMs) return 'push';
  return can.hls ? 'hls' : 'native';
}

/** What only push can be blamed for: bytes that something on the way collects, and what the browser does not take. */
const faultsOfPush = new Set([
  'push_silent',
  'push_not_taken',
  'push_codec',
  'push_media',
  'QuotaExceededError',
  'Error',
]);

/**
 * What remains of an attempt by push that failed. `failure` is undefined when the picture stood still. While the camera itself does not
 * send (`cameraSends`), and whenever the server or the network is away, LL-HLS would fare no better: that is no fault of push.
 */
export function afterPushFailure(
  memory: PathMemory,
  failure: TransportFailure | undefined,
  cameraSends: boolean,
  nowMs: number,
): PathMemory {
  if (!cameraSends || (failure !== undefined && !faultsOfPush.has(failure.code))) return memory;
  const sinceMs = nowMs - memory.lastFailureMs;
  const failures = sinceMs <= SOON_MS ? memory.failures + 1 : 1;
  const givenUp = sinceMs > FORGIVEN_AFTER_MS ? 0 : memory.givenUp;
  if (failures < FAILURES_TO_GIVE_UP) return { ...memory, failures, givenUp, lastFailureMs: nowMs };
  const avoidMs = Math.min(AVOID_AT_MOST_MS, AVOID_MS * 2 ** givenUp);
  return { failures: 0, lastFailureMs: nowMs, givenUp: givenUp + 1, avoidUntilMs: nowMs + avoidMs };
}
