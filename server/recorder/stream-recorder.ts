import type { CameraStream, StreamState } from '../contracts/cameras.ts';
import type { StreamName } from '../contracts/common.ts';
import type { GapReason } from '../contracts/timeline.ts';
import type { Clock } from '../platform/clock.ts';
import type { Events } from '../platform/events.ts';
import type { Logger } from '../platform/log.ts';
import type { ArchiveIndex } from './archive/archive-index.ts';
import { diskReason, StreamWriter } from './archive/stream-writer.ts';
import type { Fragment } from './fmp4/fragment-reader.ts';
import type { Init } from './fmp4/init.ts';
import { LiveWindow } from './live/live-window.ts';
import type { RecorderEvents, RecorderSource } from './recorder.ts';
import { type FailureCause, gapReasonOf, stateOf } from './stream/failure.ts';
import { type FfmpegSettings, startCamera } from './stream/ffmpeg.ts';
import type { RunEnd } from './stream/run-stream.ts';
import type { StartGate } from './stream/start-gate.ts';
import { superviseStream } from './stream/supervisor.ts';

/** After a stall of 5 s, this much longer without a frame makes the camera offline: shown within 10 s of the last frame. */
const stalledToOfflineMs = 4000;
const frameRateSeconds = 2;

/** What all streams of a recorder share. */
export interface StreamHost {
  archiveDir: string;
  index: ArchiveIndex;
  ffmpeg: FfmpegSettings;
  clock: Clock;
  log: Logger;
  gate: StartGate;
  events: Events<RecorderEvents>;
  fileMs: number;
  /** The archive disk refused this stream, or takes it again (null). */
  disk(stream: StreamRecorder, error: Error | null): void;
}

/** One stream of one camera: its run loop, its way to the archive and to the live window, and its state. */
export class StreamRecorder {
  readonly cameraId: string;
  readonly name: StreamName;
  readonly writer: StreamWriter;
  readonly window: LiveWindow;
  readonly #host: StreamHost;
  readonly #log: Logger;
  #source: RecorderSource | null = null;
  #loop: { abort: AbortController; done: Promise<void> } | null = null;
  #state: CameraStream;
  #diskError: Error | null = null;
  #offlineTimer: NodeJS.Timeout | undefined;
  #counted = { samples: 0, seconds: 0 };
  #generations = 0;
  #timescale = 1;

  constructor(host: StreamHost, cameraId: string, name: StreamName) {
    const { clock, log, events } = host;
    this.#host = host;
    this.cameraId = cameraId;
    this.name = name;
    this.#log = log.child({ camera: cameraId, stream: name });
    this.window = new LiveWindow(Math.floor(clock.nowMs() / 1000));
    this.writer = new StreamWriter({
      ...{
        archiveDir: host.archiveDir,
        index: host.index,
        cameraId,
        stream: name,
        clock,
        log: this.#log,
        fileMs: host.fileMs,
      },
      onFileClosed: (fromMs, toMs) => events.emit('file.closed', { cameraId, stream: name, fromMs, toMs }),
      onGapClosed: (fromMs, toMs, reason) =>
        events.emit('gap.closed', { cameraId, stream: name, fromMs, toMs, reason }),
      onDisk: (error) => {
        this.#diskError = error;
        host.disk(this, error);
      },
    });
    const sinceMs = clock.nowMs();
    this.#state = {
      name,
      codec: 'unknown',
      width: 0,
      height: 0,
      fps: 0,
      state: 'stopped',
      sinceMs,
      cause: null,
      codecString: null,
    };
  }

  get state(): CameraStream {
    return { ...this.#state };
  }

  /** Records from `source`; a source that is the same as before goes on undisturbed. */
  async record(source: RecorderSource): Promise<void> {
    if (this.#loop !== null && sameSource(this.#source, source)) return;
    const restarted = this.#loop !== null;
    await this.#endLoop();
    if (restarted) this.writer.interrupt('planned');
    this.#source = source;
    this.#show('connecting', null);
    const abort = new AbortController();
    const { gate, clock, ffmpeg } = this.#host;
    const done = superviseStream(
      {
        start: () => startCamera(ffmpeg, source),
        listener: { init: (init) => this.#init(init), fragment: (fragment) => this.#fragment(fragment) },
        ended: (end) => this.#ended(end),
        broken: (error) => this.#log.error({ err: error }, 'a stream cannot be run; it is tried again'),
      },
      gate,
      clock,
      abort.signal,
    );
    this.#loop = { abort, done };
  }

  /** Ends the stream; `reason` stands in the gap that begins. Returns when its ffmpeg is gone and its files are closed. */
  async stop(reason: GapReason): Promise<void> {
    await this.#endLoop();
    this.#source = null;
    this.writer.interrupt(reason);
    this.#show('stopped', null);
    await this.writer.settled();
  }

  async #endLoop(): Promise<void> {
    const loop = this.#loop;
    this.#loop = null;
    clearTimeout(this.#offlineTimer);
    loop?.abort.abort();
    await loop?.done;
    this.window.end();
  }

  #init(init: Init): void {
    this.#generations += 1;
    const mark = `${this.#host.clock.nowMs().toString(36)}${this.#generations.toString(36)}`;
    this.#timescale = init.timescale;
    this.writer.begin(init);
    this.window.begin(init, mark);
    const { codec, codecString, width, height } = init;
    this.#state = { ...this.#state, codec, codecString, width, height };
    this.#counted = { samples: 0, seconds: 0 };
  }

  #fragment(fragment: Fragment): void {
    const { startMs } = this.writer.fragment(fragment);
    this.window.push(fragment, startMs);
    this.#countFrames(fragment);
    if (this.#diskError !== null) this.#show('disk_failed', diskReason(this.#diskError));
    else if (this.#state.state !== 'recording') this.#show('recording', null);
  }

  #countFrames(fragment: Fragment): void {
    const counted = this.#counted;
    counted.samples += fragment.samples;
    counted.seconds += fragment.duration / this.#timescale;
    if (counted.seconds < frameRateSeconds) return;
    this.#state.fps = Math.round((counted.samples / counted.seconds) * 10) / 10;
    this.#counted = { samples: 0, seconds: 0 };
  }

  #ended(end: RunEnd): void {
    this.window.end();
    this.#fail(end.cause, end.detail);
    if (end.cause !== 'no_frames') return;
    this.#offlineTimer = setTimeout(() => {
      if (this.#state.state === 'stalled') this.#fail('timeout');
    }, stalledToOfflineMs);
  }

  #fail(cause: FailureCause, detail = ''): void {
    clearTimeout(this.#offlineTimer);
    // Between two attempts the gap goes on; only its reason may change.
    this.writer.interrupt(gapReasonOf(cause));
    this.#show(stateOf(cause), cause, detail);
  }

  #show(state: StreamState, cause: string | null, detail = ''): void {
    const previous = this.#state.state;
    if (state === previous && cause === this.#state.cause) return;
    const sinceMs = state === previous ? this.#state.sinceMs : this.#host.clock.nowMs();
    this.#state = { ...this.#state, state, cause, sinceMs };
    this.#log.info({ state, cause: cause ?? undefined, detail: detail || undefined }, 'stream state');
    this.#host.events.emit('stream.state', { cameraId: this.cameraId, stream: this.state, previous });
  }
}

function sameSource(a: RecorderSource | null, b: RecorderSource): boolean {
  return a !== null && a.url === b.url && a.username === b.username && a.password === b.password;
}
