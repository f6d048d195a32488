import type { TransportFailure } from './live-transport.ts';

/** Ways of a live stream into the browser: one endless response, LL-HLS by hls.js, or LL-HLS by the browser itself. */
export type LivePath = 'push' | 'hls' | 'native';

export type PathMemory = {
  /** Attempts by push in a row that failed through push itself. */
  failures: number;
  /** How often push has been given up. */
  givenUp: number;
  avoidUntilMs: number;
};

export const freshMemory: PathMemory = { failures: 0, givenUp: 0, avoidUntilMs: 0 };

const FAILURES_TO_GIVE_UP = 2;
const AVOID_MS = 60_000;
const AVOID_AT_MOST_MS = 600_000;

/** Push wherever it can be had; LL-HLS for a while after repeated trouble, and then push is tried again. */
export function livePath(can: { push: boolean; hls: boolean }, memory: PathMemory, nowMs: number): LivePath {
  if (can.push && nowMs >= memory.avoidUntilMs) return 'push';
  return can.hls ? 'hls' : 'native';
}

/** What remains of an attempt by push that failed. What the server says of the camera (any status) is no fault of push. */
export function afterPushFailure(memory: PathMemory, failure: TransportFailure | undefined, nowMs: number): PathMemory {
  const innocent = failure !== undefined && (failure.status !== null || failure.code === 'push_ended');
  if (innocent) return memory;
  const failures = memory.failures + 1;
  if (failures < FAILURES_TO_GIVE_UP) return { ...memory, failures };
  const avoidMs = Math.min(AVOID_AT_MOST_MS, AVOID_MS * 2 ** memory.givenUp);
  return { failures: 0, givenUp: memory.givenUp + 1, avoidUntilMs: nowMs + avoidMs };
}
