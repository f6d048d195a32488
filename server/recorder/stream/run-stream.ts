import type { Child } from '../../platform/child-process.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import { Fmp4Error } from '../fmp4/boxes.ts';
import { type Fragment, type FragmentListener, FragmentReader } from '../fmp4/fragment-reader.ts';
import { FragmentGatherer } from '../fmp4/gather.ts';
import type { Init } from '../fmp4/init.ts';
import { sequenceParameters } from '../fmp4/parameter-sets.ts';
import { type FailureCause, failureCause, scrubbed } from './failure.ts';
import { partMicroseconds } from './ffmpeg-arguments.ts';
import { TimestampJudge } from './timestamp-policy.ts';

/** Life of a stream is told by its frames, not by its process. */
export const streamLimits = {
  /** No frame for so long is a failure. */
  stallMs: 5000,
  /** The first frame comes with the first keyframe, which a camera may send every 10 s only. */
  firstFrameMs: 15_000,
  /** From SIGTERM to SIGKILL. */
  graceMs: 1000,
};

export interface RunEnd {
  cause: FailureCause;
  recordedMs: number;
  /** ffmpeg's last words, without credentials. */
  detail: string;
}

/**
 * One run of one stream, from start to end: starts the process, hands on "init, then fragments", ends it when frames stay
 * away, when the bytes are no MP4, or when `signal` aborts. Returns when the process is gone; never rejects.
 */
export async function runStream(
  start: () => Child,
  listener: FragmentListener,
  clock: Clock,
  signal: AbortSignal,
): Promise<RunEnd> {
  const startedMs = clock.monotonicMs();
  const child = start();
  let firstFrameMs: number | null = null;
  let lastFrameMs = startedMs;
  let verdict: FailureCause | null = null;

  const end = (cause: FailureCause | null) => {
    verdict ??= cause;
    void child.terminate(streamLimits.graceMs);
  };
  let inspect: (fragment: Fragment) => FailureCause | null = () => null;
  const parts = new FragmentGatherer(partMicroseconds / 1e6, (part) => listener.fragment(part));
  const reader = new FragmentReader({
    init: (init) => {
      inspect = inspector(init);
      parts.begin(init);
      listener.init(init);
    },
    fragment: (fragment) => {
      if (verdict !== null && unfit.has(verdict)) return;
      const fault = inspect(fragment);
      if (fault !== null) {
        end(fault);
        return;
      }
      lastFrameMs = clock.monotonicMs();
      firstFrameMs ??= lastFrameMs;
      parts.push(fragment);
    },
  });
  let failure = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (verdict === 'unsupported_stream' || verdict === 'recorder_failed') return;
    try {
      reader.push(chunk);
    } catch (error) {
      // One stream's trouble is never another's: whatever goes wrong here ends this run only.
      failure = errorMessage(error);
      end(error instanceof Fmp4Error ? 'unsupported_stream' : 'recorder_failed');
    }
  });
  const watchdog = setInterval(() => {
    const silentMs = clock.monotonicMs() - lastFrameMs;
    if (silentMs < (firstFrameMs === null ? streamLimits.firstFrameMs : streamLimits.stallMs)) return;
    clearInterval(watchdog);
    end(firstFrameMs === null ? 'timeout' : 'no_frames');
  }, 250);
  const abort = () => end('connection_closed');
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();

  const exit = await child.exited;
  try {
    if (verdict !== 'recorder_failed') parts.flush();
  } catch (error) {
    failure ||= errorMessage(error);
    verdict ??= 'recorder_failed';
  }
  clearInterval(watchdog);
  signal.removeEventListener('abort', abort);
  const detail = failure || scrubbed(child.stderrTail()).trim().slice(-400);
  const hadFrames = firstFrameMs !== null;
  const remains = {
    ...{ stderr: detail, exitCode: exit.code, killed: exit.signal !== null, hadFrames },
    lastedMs: clock.monotonicMs() - startedMs,
  };
  const cause = verdict ?? (exit.error !== undefined ? 'ffmpeg_missing' : failureCause(remains));
  return { cause, recordedMs: hadFrames ? lastFrameMs - (firstFrameMs ?? lastFrameMs) : 0, detail };
}

/** What comes after one of these is not taken: its time or its format is not that of the file it would go to. */
const unfit: ReadonlySet<FailureCause> = new Set(['timestamps_jumped', 'timestamps_stuck', 'format_changed']);

/** Judges the fragments of a run one after the other, before they are taken. */
function inspector(init: Init): (fragment: Fragment) => FailureCause | null {
  const timestamps = new TimestampJudge(init.timescale);
  let parameters: string | null = null;
  return (fragment) => {
    const verdict = timestamps.judge(fragment);
    if (verdict !== 'good') return verdict === 'jumped' ? 'timestamps_jumped' : 'timestamps_stuck';
    // The first keyframe counts and not the init: cameras describe a stream otherwise than they send it.
    const found = sequenceParameters(fragment, init);
    if (found !== null && parameters !== null && found !== parameters) return 'format_changed';
    parameters ??= found;
    return null;
  };
}
