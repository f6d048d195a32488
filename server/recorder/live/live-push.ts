import type { Init } from '../fmp4/init.ts';
import { producerTime } from '../fmp4/producer-time.ts';
import type { PushPart, PushViewer } from '../recorder.ts';
import type { LiveFollower, LivePart, LiveWindow } from './live-window.ts';

/** A stream that was interrupted may come back within this time; its viewers wait so long, and then are told the end. */
export const interruptionMs = 8000;

/** The little of a live window that is needed, so that a transcode can stand for it. */
export type Followable = Pick<LiveWindow, 'follow'>;

/**
 * Tells all viewers of one stream its parts as they come: each part is put together once, whoever takes it. Follows the window only
 * while somebody watches.
 */
export class LivePush implements LiveFollower {
  readonly #source: Followable;
  readonly #deserted: () => void;
  readonly #viewers = new Set<PushViewer>();
  #unfollow: (() => void) | null = null;
  #init: Init | null = null;
  /** From the newest keyframe on: what a viewer who comes now begins with. */
  #newest: PushPart[] = [];
  #interrupted: NodeJS.Timeout | undefined;

  /** `deserted` is called when the last viewer has gone. */
  constructor(source: Followable, deserted: () => void = () => {}) {
    this.#source = source;
    this.#deserted = deserted;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Tells the init and what has come since the newest keyframe, then every part. Returns the function that ends it. */
  follow(viewer: PushViewer): () => void {
    this.#viewers.add(viewer);
    if (this.#unfollow === null) {
      this.#unfollow = this.#source.follow(this);
    } else if (this.#init !== null) {
      const init = this.#init;
      tell(viewer, () => viewer.init(init.bytes, init.codecString));
      for (const part of this.#newest) tell(viewer, () => viewer.part(part));
    }
    return () => this.#leave(viewer);
  }

  /** Tells every viewer the end. */
  stop(): void {
    for (const viewer of [...this.#viewers]) {
      this.#leave(viewer);
      tell(viewer, () => viewer.end());
    }
  }

  begin(init: Init): void {
    clearTimeout(this.#interrupted);
    this.#init = init;
    this.#newest = [];
    for (const viewer of this.#viewers) tell(viewer, () => viewer.init(init.bytes, init.codecString));
  }

  part({ pieces, independent, startMs, duration, decodeSeconds }: LivePart): void {
    const init = this.#init;
    if (init === null) return;
    const time = producerTime(init.trackId, startMs, decodeSeconds * init.timescale);
    const bytes = Buffer.concat([time, ...pieces]);
    const part: PushPart = { bytes, independent, fromMs: startMs, toMs: startMs + duration * 1000 };
    if (independent) this.#newest = [];
    if (independent || this.#newest.length > 0) this.#newest.push(part);
    for (const viewer of this.#viewers) tell(viewer, () => viewer.part(part));
  }

  end(): void {
    this.#init = null;
    this.#newest = [];
    clearTimeout(this.#interrupted);
    this.#interrupted = setTimeout(() => this.stop(), interruptionMs).unref();
  }

  #leave(viewer: PushViewer): void {
    if (!this.#viewers.delete(viewer) || this.#viewers.size > 0) return;
    clearTimeout(this.#interrupted);
    this.#unfollow?.();
    this.#unfollow = null;
    this.#init = null;
    this.#newest = [];
    this.#deserted();
  }
}

/** What goes wrong with one viewer must not reach the recording, nor the other viewers. */
function tell(viewer: PushViewer, news: () => void): void {
  try {
    news();
  } catch (error) {
    viewer.failed(error);
  }
}
