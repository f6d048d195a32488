import type { CameraStream, StreamState } from '../contracts/cameras.ts';
import type { StreamName } from '../contracts/common.ts';
import type { GapReason } from '../contracts/timeline.ts';
import type { Clock } from '../platform/clock.ts';
import type { Events } from '../platform/events.ts';
import type { Logger } from '../platform/log.ts';
import type { ArchiveIndex } from './archive/archive-index.ts';
import { diskReason, StreamWriter } from './archive/stream-writer.ts';
import type { Volumes } from './archive/volumes.ts';
import type { Fragment } from './fmp4/fragment-reader.ts';
import type { Init } from './fmp4/init.ts';
import { LivePush } from './live/live-push.ts';
import { LiveWindow } from './live/live-window.ts';
import type { RecorderEvents, RecorderSource, RecorderStreamMetrics, RecordingSchedule } from './recorder.ts';
import { type FailureCause, gapReasonOf, stateOf } from './stream/failure.ts';
import { type FfmpegSettings, startCamera } from './stream/ffmpeg.ts';
import type { AudioMode } from './stream/ffmpeg-arguments.ts';
import { type FindHost, placeOf } from './stream/place.ts';
import { unreachableCause } from './stream/reachable.ts';
import type { RunEnd } from './stream/run-stream.ts';
import { scheduleAt } from './stream/schedule-policy.ts';
import type { StartGate } from './stream/start-gate.ts';
import { StillWatch } from './stream/still-watch.ts';
import { superviseStream } from './stream/supervisor.ts';
import { timestampFailures, timestampSource } from './stream/timestamp-policy.ts';

/** After a stall of 5 s, this much longer without a frame makes the camera offline: shown within 10 s of the last frame. */
const stalledToOfflineMs = 4000;
const frameRateSeconds = 2;
/** The byte rate is told after so many seconds of video, and follows changes over about so many. */
const byteRate = { firstSeconds: 4, windowSeconds: 300 };
/** The schedule is looked at this often at least, whatever the machine's clock does meanwhile. */
const scheduleLookMs = 30_000;

/** What all streams of a recorder share. */
export interface StreamHost {
  volumes: Volumes;
  index: ArchiveIndex;
  ffmpeg: FfmpegSettings;
  clock: Clock;
  log: Logger;
  gate: StartGate;
  events: Events<RecorderEvents>;
  fileMs: number;
  /** A picture that has been still for so long is frozen. */
  stillMs: number;
  /** Where hosts are, where configuration has a say in it. */
  findHost?: FindHost | undefined;
  /** The picture of this stream is frozen, or is no longer. */
  frozen(stream: StreamRecorder, frozen: boolean): void;
  /** The archive disk refused this stream, or takes it again (null). */
  disk(stream: StreamRecorder, error: Error | null): void;
}

/** One stream of one camera: its run loop, its way to the archive and to the live window, and its state. */
export class StreamRecorder {
  readonly cameraId: string;
  readonly name: StreamName;
  readonly writer: StreamWriter;
  readonly window: LiveWindow;
  readonly push: LivePush;
  readonly #host: StreamHost;
  readonly #log: Logger;
  #source: RecorderSource | null = null;
  #schedule: RecordingSchedule = 'continuous';
  #scheduleTimer: NodeJS.Timeout | undefined;
  /** Starts and stops follow each other. */
  #turn: Promise<void> = Promise.resolve();
  #loop: { abort: AbortController; done: Promise<void> } | null = null;
  #state: CameraStream;
  #diskError: Error | null = null;
  #offlineTimer: NodeJS.Timeout | undefined;
  #counted = { samples: 0, seconds: 0 };
  #weighed = { bytes: 0, seconds: 0 };
  readonly #totals: Pick<RecorderStreamMetrics, 'fragments' | 'frames' | 'bytes' | 'lastFrameMs' | 'failures'> = {
    ...{ fragments: 0, frames: 0, bytes: 0, lastFrameMs: null, failures: {} },
  };
  #generations = 0;
  #timescale = 1;
  #still = new StillWatch(0);
  #frozen = false;
  /** How often in a row the camera's timestamps were of no use. */
  #timestampFailures = 0;
  /** Tried as it comes until ffmpeg says that it cannot stay so. */
  #audioMode: AudioMode = 'copy';

  constructor(host: StreamHost, cameraId: string, name: StreamName) {
    const { clock, log, events } = host;
    this.#host = host;
    this.cameraId = cameraId;
    this.name = name;
    this.#log = log.child({ camera: cameraId, stream: name });
    this.window = new LiveWindow(Math.floor(clock.nowMs() / 1000));
    this.push = new LivePush(this.window);
    this.writer = new StreamWriter({
      ...{
        volumes: host.volumes,
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

  get metrics(): RecorderStreamMetrics {
    return {
      cameraId: this.cameraId,
      stream: this.name,
      state: this.#state.state,
      ...this.#totals,
      failures: { ...this.#totals.failures },
      driftMs: this.writer.driftMs,
    };
  }

  /** Records from `source` whenever its schedule says so; a source that is the same as before goes on undisturbed. */
  record(source: RecorderSource): Promise<void> {
    return this.#inTurn(async () => {
      const changed = this.#source !== null && !sameSource(this.#source, source);
      if (changed && this.#loop !== null) {
        await this.#endLoop();
        this.writer.interrupt('planned');
      }
      this.#source = source;
      this.#schedule = source.schedule ?? 'continuous';
      if (this.#schedule !== 'continuous') this.writer.schedule(this.#schedule.stretches);
      await this.#followSchedule();
    });
  }

  /** Ends the stream; `reason` stands in the gap that begins. Returns when its ffmpeg is gone and its files are closed. */
  stop(reason: GapReason): Promise<void> {
    return this.#inTurn(async () => {
      clearTimeout(this.#scheduleTimer);
      this.#source = null;
      await this.#endLoop();
      this.writer.interrupt(reason);
      this.#show('stopped', null);
      await this.writer.settled();
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Starts or stops the stream as its schedule says, now and at every change to come. */
  async #followSchedule(): Promise<void> {
    clearTimeout(this.#scheduleTimer);
    const source = this.#source;
    if (source === null) return;
    const { clock } = this.#host;
    const { record, sinceMs, untilMs } = scheduleAt(this.#schedule, clock.nowMs());
    // A change that was due in the meantime counts from when it was due.
    const atMs = sinceMs !== null && sinceMs > this.#state.sinceMs ? sinceMs : clock.nowMs();
    if (record && this.#loop === null) {
      // What passes from here to the first frame is no longer outside the schedule.
      if (this.#state.cause === 'schedule') this.writer.interrupt('planned', atMs);
      this.#start(source);
    } else if (!record && (this.#loop !== null || this.#state.cause !== 'schedule')) {
      await this.#endLoop();
      this.writer.interrupt('schedule', atMs);
      this.#show('stopped', 'schedule');
    }
    if (untilMs !== null) this.#lookAtScheduleIn(Math.min(Math.max(untilMs - clock.nowMs(), 0), scheduleLookMs));
  }

  #lookAtScheduleIn(waitMs: number): void {
    this.#scheduleTimer = setTimeout(() => {
      this.#inTurn(() => this.#followSchedule()).catch((error) => {
        this.#log.error({ err: error }, 'the schedule could not be followed');
        this.#lookAtScheduleIn(scheduleLookMs);
      });
    }, waitMs);
  }

  #start(source: RecorderSource): void {
    this.#show('connecting', null);
    const abort = new AbortController();
    const { gate, clock, ffmpeg, findHost } = this.#host;
    let placed = source;
    const prepare = async () => {
      const found = await placeOf(source, findHost);
      if ('cause' in found) return found.cause;
      placed = found.source;
      return null;
    };
    const done = superviseStream(
      {
        start: () =>
          startCamera(ffmpeg, placed, {
            stream: this.name,
            audio: source.audio ? this.#audioMode : 'none',
            timestamps: timestampSource(this.#timestampFailures),
          }),
        prepare,
        unreachable: async (signal) => (await prepare()) ?? unreachableCause(placed.url, signal),
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

  async #endLoop(): Promise<void> {
    const loop = this.#loop;
    this.#loop = null;
    clearTimeout(this.#offlineTimer);
    loop?.abort.abort();
    await loop?.done;
    this.#setFrozen(false);
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
    this.#weighed = { bytes: 0, seconds: 0 };
    this.#still = new StillWatch(width * height);
  }

  #fragment(fragment: Fragment): void {
    const { startMs, stored } = this.writer.fragment(fragment);
    this.window.push(fragment, startMs, stored);
    this.#countFrames(fragment);
    this.#weigh(fragment);
    const totals = this.#totals;
    totals.fragments += 1;
    totals.frames += fragment.samples;
    totals.bytes += fragment.bytes;
    totals.lastFrameMs = this.#host.clock.nowMs();
    const stillMs = this.#still.push(fragment.sampleBytes, fragment.keyframe, this.#host.clock.monotonicMs());
    this.#setFrozen(stillMs >= this.#host.stillMs, stillMs);
    if (this.#diskError !== null) this.#show('disk_failed', diskReason(this.#diskError));
    else this.#show('recording', this.#frozen ? 'picture_frozen' : null);
  }

  #setFrozen(frozen: boolean, stillMs = 0): void {
    if (frozen === this.#frozen) return;
    this.#frozen = frozen;
    if (frozen) this.#state.frozenSinceMs = Math.round(this.#host.clock.nowMs() - stillMs);
    else delete this.#state.frozenSinceMs;
    this.#host.frozen(this, frozen);
  }

  #countFrames(fragment: Fragment): void {
    const counted = this.#counted;
    counted.samples += fragment.samples;
    counted.seconds += fragment.duration / this.#timescale;
    if (counted.seconds < frameRateSeconds) return;
    this.#state.fps = Math.round((counted.samples / counted.seconds) * 10) / 10;
    this.#counted = { samples: 0, seconds: 0 };
  }

  #weigh(fragment: Fragment): void {
    const weighed = this.#weighed;
    weighed.bytes += fragment.bytes;
    weighed.seconds += fragment.duration / this.#timescale;
    if (weighed.seconds < byteRate.firstSeconds) return;
    this.#state.bytesPerSecond = Math.round(weighed.bytes / weighed.seconds);
    if (weighed.seconds < byteRate.windowSeconds) return;
    weighed.bytes /= 2;
    weighed.seconds /= 2;
  }

  #ended(end: RunEnd): void {
    this.window.end();
    this.#totals.failures[end.cause] = (this.#totals.failures[end.cause] ?? 0) + 1;
    this.#setFrozen(false);
    this.#timestampFailures = timestampFailures(this.#timestampFailures, end);
    if (end.cause === 'audio_unsupported') this.#audioMode = 'encode';
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
  return a !== null && a.url === b.url && a.username === b.username && a.password === b.password && a.audio === b.audio;
}
