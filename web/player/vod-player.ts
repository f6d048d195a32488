import { drawOnto } from './frame-freeze.ts';
import { type FootageFailure, VodFootage } from './vod-footage.ts';
import {
  type DatedSegment,
  dateOf,
  extentOf,
  gapBetween,
  landing,
  landingBackward,
  mediaTimeOf,
  type Recorded,
  type Span,
  windowFor,
} from './vod-policy.ts';

/** ended: nothing more is recorded (yet) · no_footage: nothing is recorded from there on · failed: see `failure`. */
export type VodState = 'idle' | 'loading' | 'playing' | 'paused' | 'ended' | 'no_footage' | 'failed';

export type VodSnapshot = {
  state: VodState;
  /** Wished speed, negative backwards; kept while paused. */
  rate: number;
  /** Whether it plays, or will as soon as it can. */
  playing: boolean;
  /** The last gap that was leapt over, and when that was; for a word on the picture. */
  crossed: (Span & { shownAtMs: number }) | null;
  failure: FootageFailure | null;
};

export type VodPlayerOptions = {
  /** A fixed playlist (a clip), or one asked for window by window. */
  source: { url: string } | { urlFor: (fromMs: number, toMs: number) => string };
  testId?: string;
  now?: () => number;
};

const REVERSE_TICK_MS = 200;
const FRAME_S = 1 / 25;
/** Within this time of now, more may have been recorded than the timeline tells. */
const RECENT_MS = 2 * 60_000;
const ASK_AGAIN_MS = 2_000;

/** Plays recordings of one camera by the time of day. Owns a `<video>` inside `container`, and a frozen picture while the footage changes. */
export class VodPlayer {
  readonly video: HTMLVideoElement;
  readonly #options: VodPlayerOptions;
  readonly #now: () => number;
  readonly #frozen: HTMLCanvasElement;
  readonly #listeners = new Set<() => void>();
  #footage: VodFootage | null = null;
  #window: Span | null = null;
  #recorded: Recorded = [];
  /** Where it stands while nothing is loaded, or where it is going. */
  #targetMs: number | null = null;
  #last: { dateMs: number; mediaS: number } | null = null;
  #reverse: ReturnType<typeof setInterval> | null = null;
  #asking: ReturnType<typeof setTimeout> | undefined;
  #destroyed = false;
  #snapshot: VodSnapshot = { state: 'idle', rate: 1, playing: false, crossed: null, failure: null };

  constructor(container: HTMLElement, options: VodPlayerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.video = document.createElement('video');
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.disablePictureInPicture = true;
    if (options.testId) this.video.dataset.testid = options.testId;
    this.#frozen = document.createElement('canvas');
    this.#frozen.hidden = true;
    container.append(this.video, this.#frozen);
    this.video.addEventListener('timeupdate', this.#advance);
    this.video.addEventListener('seeked', this.#arrived);
    this.video.addEventListener('loadeddata', this.#arrived);
    this.video.addEventListener('playing', this.#arrived);
    this.video.addEventListener('ended', this.#ended);
    if ('url' in options.source) this.#load(options.source.url, null);
  }

  snapshot = (): VodSnapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The moment on screen (UTC epoch ms), or the one that is being fetched; null before the first. */
  mediaTimeMs(): number | null {
    return this.#targetMs ?? dateOf(this.#segments, this.video.currentTime);
  }

  /** What a fixed playlist covers; null until it is read. */
  extent(): Span | null {
    return extentOf(this.#segments);
  }

  /** What is recorded, as far as it is known; playing that stood at the end goes on when more has come. */
  setRecorded(recorded: Recorded): void {
    this.#recorded = recorded;
    const at = this.mediaTimeMs();
    const waits = this.#snapshot.state === 'ended' || this.#snapshot.state === 'no_footage';
    if (!waits || !this.#snapshot.playing || at === null) return;
    const next = landing(recorded, at + 250);
    if (next) this.seek(next.atMs);
  }

  /** Shows the frame at `atMs`, or at the start of the next recorded stretch, which is then told in `crossed`. */
  seek(atMs: number): void {
    const there = this.#landing(atMs);
    if (there === null) {
      this.#freeze();
      this.#unload();
      this.#targetMs = atMs;
      this.#tell({ state: 'no_footage' });
      return;
    }
    this.#targetMs = there.atMs;
    this.#last = null;
    if (there.crossed) this.#tell({ crossed: { ...there.crossed, shownAtMs: this.#now() } });
    const extent = extentOf(this.#segments);
    const mediaS = mediaTimeOf(this.#segments, there.atMs);
    const loaded = extent && there.atMs >= extent.fromMs && mediaS !== null;
    if (loaded) {
      this.#tell({ state: 'loading', failure: null });
      this.video.currentTime = mediaS;
    } else if ('urlFor' in this.#options.source) {
      const window = windowFor(there.atMs, this.#now());
      this.#load(this.#options.source.urlFor(window.fromMs, window.toMs), window);
    }
  }

  play(rate: number = this.#snapshot.rate === 0 ? 1 : this.#snapshot.rate): void {
    this.#stopReverse();
    this.#tell({ rate, playing: true });
    if (rate < 0) {
      this.video.pause();
      this.#reverse = setInterval(this.#stepBack, REVERSE_TICK_MS);
      return;
    }
    if (this.#snapshot.state === 'ended' && 'url' in this.#options.source)
      this.seek(extentOf(this.#segments)?.fromMs ?? 0);
    this.video.playbackRate = rate;
    this.video.play().catch(() => undefined);
  }

  pause(): void {
    this.#stopReverse();
    this.video.pause();
    const rate = this.#snapshot.rate < 0 ? 1 : this.#snapshot.rate;
    const state = this.#snapshot.state === 'playing' ? 'paused' : this.#snapshot.state;
    this.#tell({ playing: false, state, rate });
  }

  setRate(rate: number): void {
    if (this.#snapshot.playing) this.play(rate);
    else {
      this.video.playbackRate = Math.max(0.25, rate);
      this.#tell({ rate });
    }
  }

  /** One frame forwards (1) or backwards (-1); stops playing. */
  stepFrame(direction: 1 | -1): void {
    this.pause();
    const at = this.mediaTimeMs();
    if (at !== null) this.seek(at + direction * FRAME_S * 1_000);
  }

  /** The picture on screen at its own size; null when there is none. */
  still(): HTMLCanvasElement | null {
    const canvas = document.createElement('canvas');
    return drawOnto(canvas, this.#frozen.hidden ? this.video : this.#frozen) ? canvas : null;
  }

  destroy(): void {
    this.#destroyed = true;
    clearTimeout(this.#asking);
    this.#stopReverse();
    this.#unload();
    this.video.removeEventListener('timeupdate', this.#advance);
    this.video.removeEventListener('seeked', this.#arrived);
    this.video.removeEventListener('loadeddata', this.#arrived);
    this.video.removeEventListener('playing', this.#arrived);
    this.video.removeEventListener('ended', this.#ended);
    this.video.remove();
    this.#frozen.remove();
    this.#listeners.clear();
  }

  #landing(atMs: number): { atMs: number; crossed: Span | null } | null {
    // A clip's own playlist says what there is; a day that has not been read yet is taken at its word.
    const asIs = { atMs, crossed: null };
    if ('url' in this.#options.source || this.#recorded.length === 0) return asIs;
    const there = landing(this.#recorded, atMs);
    // What is known of the last minutes is always a little old: the server is asked.
    return there ?? (this.#now() - atMs < RECENT_MS ? asIs : null);
  }

  #load(url: string, window: Span | null): void {
    this.#freeze();
    this.#unload();
    this.#window = window;
    this.#tell({ state: 'loading', failure: null });
    const ours = (act: () => void) => () => {
      if (this.#footage === footage) act();
    };
    const footage: VodFootage = new VodFootage(this.video, url, {
      onRead: (segments) => this.#begin(segments),
      onEmpty: ours(() => this.#nothingHere()),
      onFailed: (failure) => ours(() => this.#failed(failure))(),
    });
    this.#footage = footage;
  }

  get #segments(): readonly DatedSegment[] {
    return this.#footage?.segments ?? [];
  }

  #begin(segments: readonly DatedSegment[]): number | null {
    const startS = this.#targetMs === null ? (segments[0]?.startS ?? null) : mediaTimeOf(segments, this.#targetMs);
    if (startS !== null) this.#tell(this.#leap(segments, startS));
    return startS;
  }

  /** What was leapt over when the playlist begins later than what was asked for: the day's timeline need not be known for that. */
  #leap(segments: readonly DatedSegment[], startS: number): Partial<VodSnapshot> {
    const wanted = this.#targetMs;
    const there = dateOf(segments, startS);
    if (wanted === null || there === null) return {};
    this.#targetMs = there;
    const gap = gapBetween(wanted, there, 0);
    return gap ? { crossed: { ...gap, shownAtMs: this.#now() } } : {};
  }

  #nothingHere(): void {
    const at = this.mediaTimeMs();
    this.#freeze();
    this.#unload();
    this.#targetMs = at;
    const recent = at !== null && this.#now() - at < RECENT_MS;
    this.#tell({ state: recent ? 'ended' : 'no_footage' });
    if (recent) this.#askAgain(at);
  }

  /** At the end of what is recorded, more comes by itself. */
  #askAgain(atMs: number): void {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => {
      if (this.#snapshot.state === 'ended' && this.#snapshot.playing) this.seek(atMs);
    }, ASK_AGAIN_MS);
  }

  #failed(failure: FootageFailure): void {
    const at = this.mediaTimeMs();
    this.#freeze();
    this.#unload();
    this.#targetMs = at;
    this.#tell({ state: 'failed', failure });
  }

  #arrived = (): void => {
    if (this.video.seeking || this.video.readyState < 2) return;
    this.#targetMs = null;
    this.#frozen.hidden = true;
    if (this.#snapshot.playing && this.#snapshot.rate > 0) {
      this.video.playbackRate = this.#snapshot.rate;
      if (this.video.paused) this.video.play().catch(() => undefined);
      this.#tell({ state: 'playing' });
    } else this.#tell({ state: this.#snapshot.playing ? 'playing' : 'paused' });
    this.#advance();
  };

  #advance = (): void => {
    if (this.video.seeking || this.#targetMs !== null) return;
    const dateMs = dateOf(this.#segments, this.video.currentTime);
    if (dateMs === null) return;
    this.video.dataset.mediaTimeMs = String(Math.round(dateMs));
    const before = this.#last;
    this.#last = { dateMs, mediaS: this.video.currentTime };
    if (!before || this.#snapshot.rate < 0) return;
    const gap = gapBetween(before.dateMs, dateMs, (this.video.currentTime - before.mediaS) * 1_000);
    if (gap) this.#tell({ crossed: { ...gap, shownAtMs: this.#now() } });
  };

  #ended = (): void => {
    const at = extentOf(this.#segments)?.toMs ?? this.mediaTimeMs();
    if (at === null) return;
    if ('url' in this.#options.source) {
      this.#tell({ state: 'ended', playing: false });
      return;
    }
    const next = landing(this.#recorded, at + 1);
    const more = next ?? (this.#window && this.#window.toMs < this.#now() - 1_000 ? { atMs: at + 1 } : null);
    if (more && more.atMs !== this.#targetMs) this.seek(more.atMs);
    else {
      this.#tell({ state: 'ended' });
      this.#askAgain(at + 1);
    }
  };

  #stepBack = (): void => {
    const at = this.mediaTimeMs();
    if (at === null || this.video.seeking) return;
    const wished = at + this.#snapshot.rate * REVERSE_TICK_MS;
    const there = 'url' in this.#options.source ? wished : landingBackward(this.#recorded, wished);
    if (there === null) this.pause();
    else this.seek(there);
  };

  #stopReverse(): void {
    if (this.#reverse !== null) clearInterval(this.#reverse);
    this.#reverse = null;
  }

  #freeze(): void {
    if (this.#frozen.hidden && drawOnto(this.#frozen, this.video)) this.#frozen.hidden = false;
  }

  #unload(): void {
    this.#footage?.destroy();
    this.#footage = null;
    this.#window = null;
    this.#last = null;
  }

  #tell(change: Partial<VodSnapshot>): void {
    if (this.#destroyed) return;
    const next = { ...this.#snapshot, ...change };
    if ((Object.keys(next) as (keyof VodSnapshot)[]).every((key) => next[key] === this.#snapshot[key])) return;
    this.#snapshot = next;
    for (const listener of this.#listeners) listener();
  }
}
