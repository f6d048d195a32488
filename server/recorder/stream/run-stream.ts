import type { Child } from '../../platform/child-process.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import { Fmp4Error } from '../fmp4/boxes.ts';
import { type FragmentListener, FragmentReader } from '../fmp4/fragment-reader.ts';
import { type FailureCause, failureCause, scrubbed } from './failure.ts';

/** Life of a stream is told by its frames, not by its process. */
export const streamLimits = {
  /** No frame for so long is a failure. */
  stallMs: 5000,
  /** The first frame comes with the first keyframe, which a camera may send every 10 s only. */
  firstFrameMs: 15_000,
  /** From SIGTERM to SIGKILL. */
  graceMs: 1000,
  /** No frame can last longer than a stall: a fragment that does, or that is so far from the last, has a timestamp that jumped. */
  jumpSeconds: 10,
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
  let timescale = 1;
  let expected: number | null = null;
  const reader = new FragmentReader({
    init: (init) => {
      timescale = init.timescale;
      listener.init(init);
    },
    fragment: (fragment) => {
      if (verdict === 'timestamps_jumped') return;
      const away = Math.abs(fragment.baseDecodeTime - (expected ?? fragment.baseDecodeTime));
      expected = fragment.baseDecodeTime + fragment.duration;
      if (Math.max(away, fragment.duration) > streamLimits.jumpSeconds * timescale) {
        end('timestamps_jumped');
        return;
      }
      lastFrameMs = clock.monotonicMs();
      firstFrameMs ??= lastFrameMs;
      listener.fragment(fragment);
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
  clearInterval(watchdog);
  signal.removeEventListener('abort', abort);
  const detail = failure || scrubbed(child.stderrTail()).trim().slice(-400);
  const hadFrames = firstFrameMs !== null;
  const cause = verdict ?? (exit.error !== undefined ? 'ffmpeg_missing' : failureCause(detail, exit.code, hadFrames));
  return { cause, recordedMs: hadFrames ? lastFrameMs - (firstFrameMs ?? lastFrameMs) : 0, detail };
}
