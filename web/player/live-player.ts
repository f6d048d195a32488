import type { StreamName } from '../../server/contracts/common.ts';
import { mediaPaths } from '../../server/contracts/media.ts';
import { canDecode, decodable } from './decodable.ts';
import { drawOnto } from './frame-freeze.ts';
import { canPlayByMediaSource, hlsLiveTransport } from './hls-live-transport.ts';
import { LiveAttempt } from './live-attempt.ts';
import { liveBudget } from './live-budget.ts';
import { afterPushFailure, freshMemory, type LivePath, livePath } from './live-path-policy.ts';
import {
  type LiveFacts,
  type LiveReason,
  type LiveState,
  liveVerdict,
  retryDelayMs,
  type SourceState,
  shouldRestart,
  sourceRefusal,
} from './live-state-policy.ts';
import type { LiveTransportFactory, TransportFailure } from './live-transport.ts';
import { nativeLiveTransport } from './native-live-transport.ts';
import { canPlayPush, pushLiveTransport } from './push-live-transport.ts';

export type LiveSnapshot = {
  state: LiveState;
  reason: LiveReason;
  /** When this state began; for an offline camera, when the camera went. */
  sinceMs: number;
  /** The stream on screen, which may lag the one asked for while they are being switched. */
  stream: StreamName | null;
  /** The way by which it comes. */
  path: LivePath | null;
  /** Behind the lens, in tenths of a second; null while nothing moves. */
  lagTenths: number | null;
  /** When the next attempt is made, or null when none is awaited. */
  nextTryAtMs: number | null;
};

export type LiveStats = {
  path: LivePath;
  stream: StreamName;
  codec: string | null;
  width: number;
  height: number;
  bitsPerSecond: number | null;
  lagMs: number | null;
  aheadS: number | null;
  rate: number;
  frames: number;
  droppedFrames: number;
  /** Times that the picture stood still for want of data. */
  stalls: number;
};

export type LivePlayerOptions = {
  cameraId: string;
  stream: StreamName;
  source: SourceState;
  now?: () => number;
  /** Called about five times a second, for figures that no drawing depends on. */
  onTick?: (lagMs: number | null) => void;
  /** Only this way, for measurements that compare. */
  path?: LivePath;
};

const transports: Record<LivePath, LiveTransportFactory> = {
  push: pushLiveTransport,
  hls: hlsLiveTransport,
  native: nativeLiveTransport,
};
const possible = { push: canPlayPush(), hls: canPlayByMediaSource() };

const TICK_MS = 200;
/** A right may be given, or a session renewed, while the wall is open. */
const REFUSED_AGAIN_MS = 30_000;

/**
 * A live tile's picture: owns the `<video>` elements inside `container` and is the only owner of the tile's state.
 * A stream is changed, and a failed one replaced, behind the picture that stands: the old one goes when the new one has a frame.
 */
export class LivePlayer {
  readonly #container: HTMLElement;
  readonly #cameraId: string;
  readonly #now: () => number;
  readonly #onTick: ((lagMs: number | null) => void) | undefined;
  readonly #only: LivePath | undefined;
  readonly #frozen: HTMLCanvasElement;
  readonly #listeners = new Set<() => void>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #observer: IntersectionObserver;
  #stream: StreamName;
  #source: SourceState;
  #shown: LiveAttempt | null = null;
  #coming: LiveAttempt | null = null;
  #failures = 0;
  #retryAtMs: number | null = null;
  #refused = false;
  #busy = false;
  #memory = freshMemory;
  #onScreen = true;
  #preferred = false;
  #granted = false;
  #lagAtMs = 0;
  #snapshot: LiveSnapshot;
  #destroyed = false;

  constructor(container: HTMLElement, options: LivePlayerOptions) {
    this.#container = container;
    this.#cameraId = options.cameraId;
    this.#stream = options.stream;
    this.#source = options.source;
    this.#now = options.now ?? Date.now;
    this.#onTick = options.onTick;
    this.#only = options.path;
    this.#frozen = document.createElement('canvas');
    this.#frozen.width = 0;
    this.#frozen.hidden = true;
    this.#frozen.style.zIndex = '1';
    container.append(this.#frozen);
    this.#snapshot = {
      state: 'still',
      reason: 'none',
      sinceMs: this.#now(),
      stream: null,
      path: null,
      lagTenths: null,
      nextTryAtMs: null,
    };
    this.#observer = new IntersectionObserver((entries) => {
      this.#onScreen = entries.at(-1)?.isIntersecting ?? true;
      this.#tick();
    });
    this.#observer.observe(container);
    document.addEventListener('visibilitychange', this.#tick);
    this.#timer = setInterval(this.#tick, TICK_MS);
    this.#tick();
  }

  /** For useSyncExternalStore: the same object until something changes. */
  snapshot = (): LiveSnapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The stream to show from now on; the present picture stays until the other has a frame. */
  setStream(stream: StreamName): void {
    if (stream === this.#stream) return;
    this.#stream = stream;
    this.#busy = false;
    this.#drop('coming');
    this.#retryAtMs = null;
    this.#tick();
  }

  /** Chosen by the person: plays before others where not all can. */
  setPreferred(preferred: boolean): void {
    this.#preferred = preferred;
    this.#tick();
  }

  /** What the server says of the camera: an offline one is left alone, one that comes back is fetched at once. */
  setSource(source: SourceState): void {
    const was = sourceRefusal(this.#source);
    this.#source = source;
    if (was && !sourceRefusal(source)) this.retryNow();
    else this.#tick();
  }

  retryNow(): void {
    this.#failures = 0;
    this.#retryAtMs = null;
    this.#refused = false;
    this.#tick();
  }

  /** Capture time (UTC epoch ms) of the frame on screen, or null when there is none. */
  frameTimeMs(): number | null {
    return this.#shown?.frameTimeMs() ?? null;
  }

  /** Behind the lens, in ms, by the clock that this player was given. */
  lagMs(): number | null {
    const at = this.frameTimeMs();
    return at === null ? null : this.#now() - at;
  }

  /** The picture on screen, moving or frozen, at its own size; null when there has been none. */
  still(): HTMLCanvasElement | null {
    const canvas = document.createElement('canvas');
    const from = this.#shown?.video ?? (this.#frozen.width > 0 ? this.#frozen : null);
    return from && drawOnto(canvas, from) ? canvas : null;
  }

  /** Figures of the picture on screen, for the overlay; null when there is none. */
  stats(): LiveStats | null {
    const attempt = this.#shown;
    if (attempt === null) return null;
    const { video, path, stream } = attempt;
    const quality = video.getVideoPlaybackQuality();
    return {
      path,
      stream,
      bitsPerSecond: null,
      ...attempt.stats(),
      codec: attempt.stats().codec ?? this.#codecOf(stream),
      width: video.videoWidth,
      height: video.videoHeight,
      rate: video.playbackRate,
      lagMs: this.lagMs(),
      droppedFrames: quality.droppedVideoFrames,
      frames: quality.totalVideoFrames,
    };
  }

  /** What the server says of a stream; none where it is played as something else. */
  #codecOf(stream: StreamName): string | null {
    const codec = this.#source.codecs?.[stream] ?? null;
    return codec !== null && canDecode(codec) ? codec : null;
  }

  destroy(): void {
    this.#destroyed = true;
    clearInterval(this.#timer);
    this.#observer.disconnect();
    document.removeEventListener('visibilitychange', this.#tick);
    this.#drop('coming');
    this.#drop('shown');
    this.#frozen.remove();
    this.#listeners.clear();
    liveBudget().leave(this);
  }

  #tick = (): void => {
    if (this.#destroyed) return;
    this.#shown?.tick();
    this.#coming?.tick();
    const visible = this.#inView() && !sourceRefusal(this.#source);
    this.#granted = liveBudget().claim(this, { visible, preferred: this.#preferred });
    const wanted = this.#wanted();
    if (this.#refused && this.#retryAtMs !== null && this.#now() >= this.#retryAtMs) this.#refused = false;
    if (!wanted || this.#refused || sourceRefusal(this.#source)) {
      this.#freeze();
      this.#drop('coming');
      // Newer stills lie below the picture that stood last.
      if (this.#crowdedOut()) this.#frozen.hidden = true;
    } else {
      // A switch that hangs is begun anew while the old picture goes on; a picture that hangs is replaced.
      const doubtful = this.#coming ?? this.#shown;
      if (doubtful && shouldRestart(this.#facts(doubtful))) this.#failed(doubtful);
      this.#beginIfDue();
    }
    this.#tell();
    this.#onTick?.(this.lagMs());
  };

  #inView(): boolean {
    return this.#onScreen && document.visibilityState !== 'hidden';
  }

  #wanted(): boolean {
    return this.#inView() && this.#granted;
  }

  #crowdedOut(): boolean {
    return this.#inView() && !this.#granted;
  }

  #beginIfDue(): void {
    const path = this.#only ?? livePath(possible, this.#memory, this.#now());
    if (this.#coming || (this.#shown?.stream === this.#stream && this.#shown.path === path)) return;
    if (this.#retryAtMs !== null && this.#now() < this.#retryAtMs) return;
    this.#retryAtMs = null;
    const attempt = new LiveAttempt({
      stream: this.#stream,
      url: decodable(
        (path === 'push' ? mediaPaths.push : mediaPaths.live)(this.#cameraId, this.#stream),
        this.#source.codecs?.[this.#stream] ?? null,
      ),
      path,
      transport: transports[path],
      now: this.#now,
      onFailed: (failed, failure) => this.#failed(failed, failure),
      onFirstFrame: (ready) => this.#show(ready),
    });
    this.#coming = attempt;
    // Behind the shown picture, but laid out: a video that is not displayed presents no frames. Later only the layer changes,
    // because a video that is moved within the document pauses.
    attempt.video.style.zIndex = '0';
    this.#container.append(attempt.video);
  }

  #show(attempt: LiveAttempt): void {
    if (attempt !== this.#coming) return;
    const old = this.#shown;
    this.#shown = attempt;
    this.#coming = null;
    this.#failures = 0;
    this.#busy = false;
    attempt.video.style.zIndex = '1';
    this.#frozen.hidden = true;
    this.#frozen.width = 0;
    old?.destroy();
    this.#tell();
  }

  #failed(attempt: LiveAttempt | null, failure?: TransportFailure): void {
    if (this.#destroyed || (attempt !== this.#shown && attempt !== this.#coming)) return;
    if (attempt?.path === 'push') {
      const sends = this.#source.stream === null || this.#source.stream === 'recording';
      this.#memory = afterPushFailure(this.#memory, failure, sends, this.#now());
    }
    this.#refused = failure?.refused ?? false;
    this.#busy = failure?.code === 'transcodes_busy';
    this.#failures += 1;
    this.#retryAtMs = this.#now() + (this.#refused ? REFUSED_AGAIN_MS : retryDelayMs(this.#failures, Math.random()));
    if (attempt === this.#shown) this.#freeze();
    else this.#drop('coming');
    this.#tell();
  }

  /** Keeps the picture and lets go of stream and decoder. */
  #freeze(): void {
    if (!this.#shown) return;
    if (drawOnto(this.#frozen, this.#shown.video)) this.#frozen.hidden = false;
    this.#drop('shown');
  }

  #drop(which: 'shown' | 'coming'): void {
    const attempt = which === 'shown' ? this.#shown : this.#coming;
    if (which === 'shown') this.#shown = null;
    else this.#coming = null;
    attempt?.destroy();
  }

  #facts(attempt: LiveAttempt | null = this.#shown ?? this.#coming): LiveFacts {
    return {
      wanted: this.#wanted(),
      crowdedOut: this.#crowdedOut(),
      source: this.#source,
      pictured: attempt?.pictured ?? false,
      sinceFrameMs: attempt?.sinceFrameMs() ?? null,
      sinceStartMs: attempt ? this.#now() - attempt.startedAtMs : 0,
      failures: this.#failures,
      waiting: attempt === null && this.#retryAtMs !== null,
      refused: this.#refused,
      busy: this.#busy,
      lagMs: this.lagMs(),
    };
  }

  #tell(): void {
    const now = this.#now();
    const old = this.#snapshot;
    const { state, reason } = liveVerdict(old.state, this.#facts());
    const lagMs = this.lagMs();
    const moving = state === 'live' || state === 'behind';
    // The figure is read by people: once a second is often enough, and spares nine tiles a new drawing at every tick.
    const due = now - this.#lagAtMs >= 1_000 || state !== old.state;
    const lagTenths = !moving || lagMs === null ? null : due ? Math.round(lagMs / 100) : old.lagTenths;
    if (due) this.#lagAtMs = now;
    const sinceMs =
      state === 'offline' && sourceRefusal(this.#source)
        ? this.#source.sinceMs
        : state === old.state
          ? old.sinceMs
          : now;
    const next: LiveSnapshot = {
      state,
      reason,
      sinceMs,
      stream: this.#shown?.stream ?? null,
      path: this.#shown?.path ?? null,
      lagTenths,
      nextTryAtMs: this.#retryAtMs,
    };
    if ((Object.keys(next) as (keyof LiveSnapshot)[]).every((key) => next[key] === old[key])) return;
    this.#snapshot = next;
    for (const listener of this.#listeners) listener();
  }
}
