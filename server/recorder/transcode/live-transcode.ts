import type { Child } from '../../platform/child-process.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError, errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { FragmentReader } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import { LivePush } from '../live/live-push.ts';
import { type LivePart, LiveWindow } from '../live/live-window.ts';
import type { LivePlaylistRequest } from '../recorder.ts';
import { transcodedTimescale } from './encode-arguments.ts';
import { transcodedPrefix } from './transcoded-name.ts';

export const liveTranscodeLimits = {
  /** Further behind than this many bytes, a transcode begins anew at the newest keyframe. */
  behindBytes: 24 * 2 ** 20,
  /** A viewer's first request waits so long for the first segment: players take a playlist without one for an error. */
  firstSegmentMs: 10_000,
  /** Between the end of a process that failed and the next one. */
  againMs: 2000,
};

interface Run {
  child: Child;
  /** Media time of the input, from its first frame on, and the moment that it stands for. */
  times: { seconds: number; startMs: number }[];
  firstSeconds: number | null;
}

/**
 * One live window, turned into H.264 in a window of its own, for all who watch. It reads what has been recorded, from the newest
 * keyframe on, and follows it until `end`.
 */
export class LiveTranscode {
  readonly #source: LiveWindow;
  readonly #start: () => Child;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #window: LiveWindow;
  /** For viewers of the push stream; each of them is somebody who watches. */
  readonly push: LivePush;
  #unfollow: () => void = () => {};
  #run: Run | null = null;
  #ending: Promise<unknown> = Promise.resolve();
  #again: NodeJS.Timeout | undefined;
  #runs = 0;
  #ended = false;
  #keyframes = 0;
  #present = 0;
  #lastSeenMs: number;
  readonly #firstSegment = Promise.withResolvers<void>();

  /** `start` starts the ffmpeg that reads "init, then fragments" and writes the same in H.264. */
  constructor(source: LiveWindow, start: () => Child, clock: Clock, log: Logger) {
    this.#source = source;
    this.#start = start;
    this.#clock = clock;
    this.#log = log;
    this.#lastSeenMs = clock.monotonicMs();
    this.#window = new LiveWindow(Math.floor(clock.nowMs() / 1000));
    this.push = new LivePush(this.#window, () => this.#seen());
    this.#firstSegment.promise.catch(() => {});
    this.#follow();
  }

  /** Since when nobody has asked for anything, in ms of the monotonic clock; null while somebody waits for an answer. */
  get unseenSinceMs(): number | null {
    return this.#present > 0 || this.push.viewers > 0 ? null : this.#lastSeenMs;
  }

  /** Errors: those of `LiveWindow.playlist`. */
  async playlist(request: LivePlaylistRequest): Promise<string> {
    return this.#whileSeen(async () => {
      await this.#begun();
      return this.#window.playlist(request);
    });
  }

  /** Errors: `media_gone`. */
  async resource(name: string): Promise<Uint8Array> {
    return this.#whileSeen(() => this.#window.resource(name));
  }

  /** Returns when the process is gone. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#again);
    this.#unfollow();
    this.#endRun(true);
    this.#window.end();
    this.push.stop();
    this.#firstSegment.reject(new AppError('unavailable', 'stream_not_live'));
    await this.#ending;
  }

  async #whileSeen<T>(work: () => Promise<T>): Promise<T> {
    this.#present += 1;
    try {
      return await work();
    } finally {
      this.#present -= 1;
      this.#seen();
    }
  }

  #seen(): void {
    this.#lastSeenMs = this.#clock.monotonicMs();
  }

  async #begun(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const refuse = () => reject(new AppError('unavailable', 'stream_not_live'));
      timer = setTimeout(refuse, liveTranscodeLimits.firstSegmentMs);
    });
    await Promise.race([this.#firstSegment.promise, late]).finally(() => clearTimeout(timer));
  }

  #follow(): void {
    this.#unfollow = this.#source.follow({
      begin: (init) => this.#guarded(() => this.#begin(init)),
      part: (part) => this.#guarded(() => this.#part(part)),
      end: () => this.#guarded(() => this.#endRun(false)),
    });
  }

  /** What goes wrong here must not reach the recording that it follows. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#log.warn({ reason: errorMessage(error) }, 'a transcode failed and begins anew');
      this.#endRun(true);
      this.#restart(liveTranscodeLimits.againMs);
    }
  }

  #begin(init: Init): void {
    this.#endRun(false);
    const child = this.#start();
    const run: Run = { child, times: [], firstSeconds: null };
    this.#run = run;
    this.#runs += 1;
    const mark = `${transcodedPrefix}${this.#clock.nowMs().toString(36)}${this.#runs.toString(36)}`;
    const reader = new FragmentReader({
      init: (made) => this.#window.begin(made, mark),
      fragment: (fragment) => {
        this.#window.push(fragment, momentOf(run, fragment.baseDecodeTime, fragment.duration));
        if (fragment.keyframe) this.#keyframes += 1;
        if (this.#keyframes === 2) this.#firstSegment.resolve();
      },
    });
    child.stdout.on('data', (chunk: Buffer) => {
      // What an earlier process still had in it comes too late.
      if (this.#run !== run) return;
      try {
        reader.push(chunk);
      } catch (error) {
        this.#log.warn({ reason: errorMessage(error) }, 'a transcode cannot be read');
        void child.terminate(0);
      }
    });
    child.stdin.write(init.bytes);
    const gone = child.exited.then((exit) => {
      if (this.#run !== run || this.#ended) return;
      this.#run = null;
      this.#window.end();
      this.#log.warn({ code: exit.code, reason: child.stderrTail().slice(-300) }, 'a transcode ended by itself');
      this.#restart(liveTranscodeLimits.againMs);
    });
    this.#ending = Promise.all([this.#ending, gone]);
  }

  #part(part: LivePart): void {
    const run = this.#run;
    if (run === null) return;
    if (run.child.stdin.writableLength > liveTranscodeLimits.behindBytes) {
      this.#log.warn({}, 'a transcode is too slow for its stream and begins anew');
      this.#endRun(true);
      this.#window.end();
      this.#restart(0);
      return;
    }
    run.firstSeconds ??= part.decodeSeconds;
    run.times.push({ seconds: part.decodeSeconds - run.firstSeconds, startMs: part.startMs });
    if (run.times.length > 200) run.times.shift();
    for (const piece of part.pieces) run.child.stdin.write(piece);
  }

  #restart(afterMs: number): void {
    this.#unfollow();
    this.#unfollow = () => {};
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#follow(), afterMs);
  }

  #endRun(now: boolean): void {
    const run = this.#run;
    if (run === null) return;
    this.#run = null;
    run.child.stdin.destroy();
    void run.child.terminate(now ? 0 : 1000);
    if (!this.#ended) this.#window.end();
  }
}

/** Output counts from zero with the first frame; the last input that began before the middle of a part says what time that is. */
function momentOf(run: Run, baseDecodeTime: number, duration: number): number {
  const seconds = baseDecodeTime / transcodedTimescale;
  const middle = (baseDecodeTime + duration / 2) / transcodedTimescale;
  const at = run.times.findLast((time) => time.seconds <= middle) ?? run.times[0];
  return at === undefined ? 0 : at.startMs + (seconds - at.seconds) * 1000;
}
