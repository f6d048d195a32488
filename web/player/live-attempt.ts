import type { StreamName } from '../../server/contracts/common.ts';
import type { LivePath } from './live-path-policy.ts';
import type { LiveTransport, LiveTransportFactory, TransportFailure } from './live-transport.ts';
import { Hold, LowPoint, rateVerdict } from './rate-policy.ts';

export type AttemptOptions = {
  stream: StreamName;
  url: string;
  path: LivePath;
  transport: LiveTransportFactory;
  now: () => number;
  onFailed: (attempt: LiveAttempt, failure: TransportFailure) => void;
  onFirstFrame: (attempt: LiveAttempt) => void;
};

/** One stream in one `<video>`: counts its frames, holds its distance to live, and is thrown away when it fails. */
export class LiveAttempt {
  readonly stream: StreamName;
  readonly path: LivePath;
  readonly video: HTMLVideoElement;
  readonly startedAtMs: number;
  readonly #options: AttemptOptions;
  readonly #transport: LiveTransport;
  readonly #low = new LowPoint(1_000);
  readonly #hold: Hold;
  #frameAtMs: number | null = null;
  #frameMediaS = 0;
  #frames = 0;
  #stalls = 0;
  #callback: number | null = null;
  #ended = false;

  constructor(options: AttemptOptions) {
    this.#options = options;
    this.stream = options.stream;
    this.path = options.path;
    this.startedAtMs = options.now();
    this.video = document.createElement('video');
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.disablePictureInPicture = true;
    this.video.setAttribute('aria-hidden', 'true');
    this.video.addEventListener('canplay', this.#play);
    this.video.addEventListener('waiting', this.#waited);
    this.#watchFrames();
    this.#transport = options.transport(this.video, options.url, (failure) => options.onFailed(this, failure));
    this.#hold = new Hold(this.#transport.holdS);
  }

  get pictured(): boolean {
    return this.#frameAtMs !== null;
  }

  /** Since the last new frame, or null before the first. */
  sinceFrameMs(): number | null {
    return this.#frameAtMs === null ? null : this.#options.now() - this.#frameAtMs;
  }

  /** Capture time of the frame on screen. */
  frameTimeMs(): number | null {
    return this.pictured ? this.#transport.frameTimeMs(this.#frameMediaS || undefined) : null;
  }

  stats() {
    return { ...this.#transport.stats?.(), aheadS: aheadS(this.video), stalls: this.#stalls };
  }

  /** To be called about five times a second: counts frames where the browser has no frame callback, and steers the rate. */
  tick(): void {
    const frames = this.video.getVideoPlaybackQuality?.().totalVideoFrames ?? 0;
    if (frames > this.#frames) {
      this.#frames = frames;
      this.#newFrame(null);
    }
    if (this.pictured) this.#steer();
    if (this.video.paused && this.video.readyState >= 2) this.#play();
  }

  destroy(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#callback !== null) this.video.cancelVideoFrameCallback(this.#callback);
    this.video.removeEventListener('canplay', this.#play);
    this.video.removeEventListener('waiting', this.#waited);
    this.#transport.destroy();
    this.video.remove();
    this.video.removeAttribute('src');
    this.video.load();
  }

  #play = (): void => {
    // A refused play() is tried again at the next tick; muted video may always play.
    this.video.play().catch(() => undefined);
  };

  /** Between two frames it had to wait for data: a larger reserve is worth its delay. */
  #waited = (): void => {
    if (!this.pictured || this.video.seeking) return;
    this.#stalls += 1;
    this.#hold.waited(this.#options.now());
  };

  #watchFrames(): void {
    if (!('requestVideoFrameCallback' in this.video)) return;
    this.#callback = this.video.requestVideoFrameCallback((_now, frame) => {
      this.#newFrame(frame.mediaTime);
      if (!this.#ended) this.#watchFrames();
    });
  }

  #newFrame(mediaS: number | null): void {
    const first = this.#frameAtMs === null;
    this.#frameAtMs = this.#options.now();
    if (mediaS !== null) this.#frameMediaS = mediaS;
    if (first) this.#options.onFirstFrame(this);
  }

  #steer(): void {
    const { video } = this;
    const ahead = aheadS(video);
    if (ahead === null) return;
    const now = this.#options.now();
    const frameMs = this.frameTimeMs();
    const verdict = rateVerdict({
      aheadS: ahead,
      leastAheadS: this.#transport.leastAheadS?.() ?? this.#low.add(now, ahead),
      holdS: this.#hold.seconds(now),
      lagMs: frameMs === null ? null : now - frameMs,
    });
    if (verdict.jumpS !== null) {
      video.currentTime += verdict.jumpS;
      this.#low.clear();
    }
    if (video.playbackRate !== verdict.rate) video.playbackRate = verdict.rate;
  }
}

/** Seconds buffered from the playhead to the end of the stretch that it is in; null where nothing is buffered. */
function aheadS(video: HTMLVideoElement): number | null {
  const { buffered, currentTime } = video;
  for (let i = 0; i < buffered.length; i += 1) {
    if (buffered.start(i) <= currentTime + 0.1 && currentTime <= buffered.end(i)) return buffered.end(i) - currentTime;
  }
  return null;
}
