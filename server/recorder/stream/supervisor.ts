import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../platform/child-process.ts';
import type { Clock } from '../../platform/clock.ts';
import type { FragmentListener } from '../fmp4/fragment-reader.ts';
import type { FailureCause } from './failure.ts';
import { mayBeAway, pauseUntilBack } from './reachable.ts';
import { restartAfter } from './restart-policy.ts';
import { type RunEnd, runStream } from './run-stream.ts';
import type { StartGate } from './start-gate.ts';

/** A start holds its place until the first frame, but no longer than this: cameras that are gone must not keep others waiting. */
const startPlaceMs = 2000;

const brokenPauseMs = 5000;

export interface SupervisedStream {
  start(): Child;
  /** Looks the camera's host up before each start; why it has no place, or null. */
  prepare?(): Promise<FailureCause | null>;
  /** Why the camera cannot be reached now, or null. */
  unreachable(signal: AbortSignal): Promise<FailureCause | null>;
  listener: FragmentListener;
  /** A run is over, and not by `signal`. */
  ended(end: RunEnd): void;
  /** Something that is no failure of the camera, the index for one; the stream is tried again. */
  broken(error: unknown): void;
}

/** Keeps a stream running until `signal` aborts: one run after the other, with the pauses of the restart policy. Never rejects. */
export async function superviseStream(
  stream: SupervisedStream,
  gate: StartGate,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  let lastCause: FailureCause | null = null;
  while (!signal.aborted) {
    try {
      const lost = (await stream.prepare?.()) ?? null;
      const away = lost ?? (mayBeAway(lastCause) ? await stream.unreachable(signal) : null);
      const end: RunEnd =
        away === null
          ? await runOnce(stream, gate, clock, signal)
          : { cause: away, recordedMs: 0, detail: 'no connection' };
      lastCause = end.cause;
      if (signal.aborted) return;
      stream.ended(end);
      const verdict = restartAfter(failures, end, Math.random());
      failures = verdict.failures;
      const { delayMs } = verdict;
      if (!mayBeAway(end.cause)) await sleep(delayMs, undefined, { signal });
      // It may take a few attempts more until all of the camera is up.
      else if (await pauseUntilBack({ delayMs, away: away !== null }, stream.unreachable, signal)) failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      stream.broken(error);
      await sleep(brokenPauseMs, undefined, { signal }).catch(() => {});
    }
  }
}

async function runOnce(stream: SupervisedStream, gate: StartGate, clock: Clock, signal: AbortSignal): Promise<RunEnd> {
  const leave = await gate.enter(signal);
  const timer = setTimeout(leave, startPlaceMs);
  const listener: FragmentListener = {
    init: (init) => stream.listener.init(init),
    fragment: (fragment) => {
      leave();
      stream.listener.fragment(fragment);
    },
  };
  try {
    return await runStream(() => stream.start(), listener, clock, signal);
  } finally {
    clearTimeout(timer);
    leave();
  }
}
