import { type FootageFailure, VodFootage } from './vod-footage.ts';
import { VodLayers } from './vod-layers.ts';
import {
  covers,
  type DatedSegment,
  dateOf,
  extentOf,
  gapBetween,
  landing,
  landingWithin,
  mediaTimeOf,
  RECENT_MS,
  type Recorded,
  SEAM_MS,
  type Span,
  windowFor,
} from './vod-policy.ts';
import type { VodPlayerOptions, VodSnapshot } from './vod-state.ts';

/** A frame's length where the footage has not told it. */
const FRAME_S = 1 / 25;
const always: Span = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
const ASK_AGAIN_MS = 2_000;

/** Plays recordings of one camera by the time of day. Owns a `<video>` inside `container`, and a frozen picture while the footage changes. */
export class VodPlayer {
  readonly video: HTMLVideoElement;
  readonly #options: VodPlayerOptions;
  readonly #now: () => number;
  readonly #layers: VodLayers;
  readonly #listeners = new Set<() => void>();
  #footage: VodFootage | null = null;
  #window: Span | null = null;
  /** Whether what is loaded is the other stream's. */
  #substitute = false;
  #recorded: Recorded = [];
  /** The time of which `#recorded` tells. */
  #known: Span = always;
  /** Where it stands while nothing is loaded, or where it is going. */
  #targetMs: number | null = null;
  #last: { dateMs: number; mediaS: number } | null = null;
  #asking: ReturnType<typeof setTimeout> | undefined;
  #destroyed = false;
  /** Kept from running on by whoever keeps several players in step. */
  #held = false;
  #covered = false;
  #factor = 1;
  /** Media time (s) of the frame on screen, as the browser tells it. */
  #shownS: number | null = null;
  #watch: number | null = null;
  #snapshot: VodSnapshot = { state: 'idle', rate: 1, playing: false, crossed: null, failure: null };

  constructor(container: HTMLElement, options: VodPlayerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#layers = new VodLayers(container, options.testId);
    this.video = this.#layers.video;
    this.video.addEventListener('timeupdate', this.#advance);
    this.video.addEventListener('seeked', this.#arrived);
    this.video.addEventListener('loadeddata', this.#arrived);
    this.video.addEventListener('playing', this.#arrived);
    this.video.addEventListener('ended', this.#ended);
    this.#watchFrames();
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
  setRecorded(recorded: Recorded, known: Span = always): void {
    this.#recorded = recorded;
    this.#known = known;
    const at = this.mediaTimeMs();
    const waits = this.#snapshot.state === 'ended' || this.#snapshot.state === 'no_footage';
    if (!waits || !this.#snapshot.playing || at === null) return;
    const next = landing(recorded, at + 250);
    if (next) this.seek(next.atMs);
  }

  /** Shows the frame at `atMs`, or at the start of the next recorded stretch, which is then told in `crossed`. */
  seek(atMs: number): void {
    this.#covered = false;
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
    if (loaded && this.#couldSubstitute(there.atMs, dateOf(this.#segments, mediaS))) this.#loadAt(there.atMs, true);
    else if (loaded) {
      this.#tell({ state: 'loading', failure: null });
      this.video.currentTime = mediaS;
    } else this.#loadAt(there.atMs, false);
  }

  play(rate: number = this.#snapshot.rate === 0 ? 1 : this.#snapshot.rate): void {
    this.#tell({ rate, playing: true });
    if (this.#snapshot.state === 'ended' && 'url' in this.#options.source)
      this.seek(extentOf(this.#segments)?.fromMs ?? 0);
    this.#factor = 1;
    this.video.playbackRate = rate;
    if (!this.#held) this.video.play().catch(() => undefined);
  }

  pause(): void {
    this.video.pause();
    const state = this.#snapshot.state === 'playing' ? 'paused' : this.#snapshot.state;
    this.#tell({ playing: false, state });
  }

  setRate(rate: number): void {
    if (this.#snapshot.playing) this.play(rate);
    else {
      this.video.playbackRate = Math.max(0.25, rate);
      this.#tell({ rate });
    }
  }

  /**
   * The neighbouring frame, forwards (1) or backwards (-1); stops playing. Returns the moment that it goes to, or null when none is known.
   * The times of frames are read from the footage itself, so that none is left out and none comes twice.
   */
  stepFrame(direction: 1 | -1): number | null {
    this.pause();
    const at = this.mediaTimeMs();
    const shownS = this.#targetMs === null ? (this.#shownS ?? this.video.currentTime) : this.video.currentTime;
    const frame = this.#footage?.frameAt(shownS);
    if (at === null) return null;
    if (!frame) {
      this.seek(at + direction * FRAME_S * 1_000);
      return this.mediaTimeMs();
    }
    const toS = this.#footage?.neighbourOf(frame, direction) ?? frame.toS;
    const extent = extentOf(this.#segments);
    const date = dateOf(this.#segments, toS);
    if (date === null || extent === null) return null;
    if (toS < (this.#segments[0]?.startS ?? 0) || date >= extent.toMs) this.seek(date);
    else {
      this.#targetMs = date;
      this.#last = null;
      this.#tell({ state: 'loading', failure: null });
      this.video.currentTime = toS;
    }
    return date;
  }

  /** Plays a little faster or slower than the wished speed, to come into step with others. */
  correct(factor: number): void {
    if (factor === this.#factor) return;
    this.#factor = factor;
    this.video.playbackRate = Math.min(16, this.#snapshot.rate * factor);
  }

  /** Keeps the frame on screen although it plays, until it is let go. */
  hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    if (held) this.video.pause();
    else this.#arrived();
  }

  get held(): boolean {
    return this.#held;
  }

  /** Whether frames follow each other, or could at once. */
  get ready(): boolean {
    return this.#footage !== null && this.#targetMs === null && !this.video.seeking && this.video.readyState >= 3;
  }

  /** Shows a keyframe's picture in the video's place, which stands meanwhile; the next `seek` brings the video back. */
  cover(picture: ImageBitmap): void {
    this.#covered = true;
    this.video.pause();
    this.#layers.cover(picture);
  }

  /** Whether footage of the moment that is wanted has still to come. */
  get awaitsFootage(): boolean {
    if (this.#destroyed || this.#snapshot.state !== 'loading' || this.#targetMs === null) return false;
    const { buffered, currentTime } = this.video;
    if (!this.video.seeking) return true;
    for (let i = 0; i < buffered.length; i += 1)
      if (buffered.start(i) <= currentTime && currentTime < buffered.end(i)) return false;
    return true;
  }

  /** Shows a keyframe's picture until the footage that is on its way arrives. */
  poster(picture: ImageBitmap): void {
    if (this.awaitsFootage && !this.#covered) this.#layers.cover(picture);
  }

  /** The picture on screen at its own size; null when there is none. */
  still(): HTMLCanvasElement | null {
    return this.#layers.still();
  }

  destroy(): void {
    this.#destroyed = true;
    clearTimeout(this.#asking);
    this.#unload();
    this.video.removeEventListener('timeupdate', this.#advance);
    this.video.removeEventListener('seeked', this.#arrived);
    this.video.removeEventListener('loadeddata', this.#arrived);
    this.video.removeEventListener('playing', this.#arrived);
    this.video.removeEventListener('ended', this.#ended);
    if (this.#watch !== null) this.video.cancelVideoFrameCallback(this.#watch);
    this.#layers.destroy();
    this.#listeners.clear();
  }

  #landing(atMs: number): { atMs: number; crossed: Span | null } | null {
    // A clip's own playlist says what there is.
    if ('url' in this.#options.source) return { atMs, crossed: null };
    return landingWithin(this.#recorded, this.#known, atMs, this.#now());
  }

  #loadAt(atMs: number, substitute: boolean): void {
    const { source } = this.#options;
    if (!('urlFor' in source)) return;
    const window = windowFor(atMs, this.#now());
    const urlFor = substitute ? source.substituteFor : source.urlFor;
    if (urlFor) this.#load(urlFor(window.fromMs, window.toMs), window, substitute);
  }

  /** Whether the stream that plays begins again only at `nextMs` (null: never) although the other one has footage of `atMs`. */
  #couldSubstitute(atMs: number, nextMs: number | null): boolean {
    const { source } = this.#options;
    if (this.#substitute || !('urlFor' in source) || !source.substituteFor) return false;
    return (nextMs === null || nextMs - atMs > SEAM_MS) && covers(this.#recorded, atMs);
  }

  #load(url: string, window: Span | null, substitute = false): void {
    this.#freeze();
    this.#unload();
    this.#window = window;
    this.#substitute = substitute;
    this.#tell({ state: 'loading', failure: null, substitute });
    const ours = (act: () => void) => () => {
      if (this.#footage === footage) act();
    };
    const footage: VodFootage = new VodFootage(this.video, url, {
      onRead: (segments) => this.#begin(segments),
      onEmpty: ours(() => this.#nothingHere()),
      onFailed: (failure) => ours(() => this.#failed(failure))(),
      onSound: (sound) => ours(() => this.#tell({ sound }))(),
    });
    this.#footage = footage;
  }

  get #segments(): readonly DatedSegment[] {
    return this.#footage?.segments ?? [];
  }

  #begin(segments: readonly DatedSegment[]): number | null {
    const startS = this.#targetMs === null ? (segments[0]?.startS ?? null) : mediaTimeOf(segments, this.#targetMs);
    // As empty, the other stream is asked.
    if (this.#targetMs !== null && startS !== null && this.#couldSubstitute(this.#targetMs, dateOf(segments, startS)))
      return null;
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
    if (at !== null && this.#couldSubstitute(at, null)) {
      this.#targetMs = at;
      this.#loadAt(at, true);
      return;
    }
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
    if (this.#covered || this.video.seeking || this.video.readyState < 2) return;
    this.#targetMs = null;
    this.#layers.uncover();
    if (this.#snapshot.playing) {
      this.video.playbackRate = Math.min(16, this.#snapshot.rate * this.#factor);
      if (this.video.paused && !this.#held) this.video.play().catch(() => undefined);
      this.#tell({ state: 'playing' });
    } else this.#tell({ state: 'paused' });
    this.#advance();
  };

  #advance = (): void => {
    if (this.video.seeking || this.#targetMs !== null) return;
    const dateMs = dateOf(this.#segments, this.video.currentTime);
    if (dateMs === null) return;
    this.video.dataset.mediaTimeMs = String(Math.round(dateMs));
    const before = this.#last;
    this.#last = { dateMs, mediaS: this.video.currentTime };
    if (!before) return;
    const gap = gapBetween(before.dateMs, dateMs, (this.video.currentTime - before.mediaS) * 1_000);
    if (gap && this.#couldSubstitute(gap.fromMs + SEAM_MS, gap.toMs)) {
      this.#targetMs = gap.fromMs;
      this.#loadAt(gap.fromMs, true);
    } else if (gap) this.#tell({ crossed: { ...gap, shownAtMs: this.#now() } });
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

  #freeze(): void {
    this.#layers.freeze();
  }

  #watchFrames = (): void => {
    if (!('requestVideoFrameCallback' in this.video)) return;
    this.#watch = this.video.requestVideoFrameCallback((_now, { mediaTime }) => {
      this.#shownS = mediaTime;
      const dateMs = dateOf(this.#segments, mediaTime);
      if (dateMs !== null) this.video.dataset.frameTimeMs = String(Math.round(dateMs));
      this.#watchFrames();
    });
  };

  #unload(): void {
    this.#footage?.destroy();
    this.#footage = null;
    this.#window = null;
    this.#last = null;
    this.#shownS = null;
  }

  #tell(change: Partial<VodSnapshot>): void {
    if (this.#destroyed) return;
    const next = { ...this.#snapshot, ...change };
    if ((Object.keys(next) as (keyof VodSnapshot)[]).every((key) => next[key] === this.#snapshot[key])) return;
    this.#snapshot = next;
    for (const listener of this.#listeners) listener();
  }
}
