import { isRefusal, type LiveTransport, type LiveTransportFactory, type TransportFailure } from './live-transport.ts';
import { PushReader } from './push-reader.ts';
import { LowPoint } from './rate-policy.ts';
import { refusalCode } from './refusal-code.ts';

/** Parts come every 200 ms: with so much left when the next one comes, a picture is some 0.3 s behind the lens. */
const holdS = 0.05;
/** Without a byte for so long, something on the way collects the stream instead of passing it on. A transcode has to begin first. */
const silentMs = 4_000;
const silentTranscodeMs = 12_000;
/** More than this that the decoder has not taken is a decoder that has stopped. */
const queueBytes = 4 * 2 ** 20;
/** Kept behind the playhead, and let go in steps of so much and more. */
const backS = 4;
const backStepS = 4;
/** A larger hole than this between two parts is closed, since playback would stop at it. */
const holeS = 0.08;

type Piece = { bytes: Uint8Array<ArrayBuffer>; mediaS: number; captureMs: number | null; keyframe: boolean };

type MediaSourceClass = typeof MediaSource;

/** Where there is only the managed kind (iPhones), that; it wants a video that is played nowhere else. */
function mediaSourceClass(): MediaSourceClass | undefined {
  const managed = (globalThis as { ManagedMediaSource?: MediaSourceClass }).ManagedMediaSource;
  return globalThis.MediaSource ?? managed;
}

export function canPlayPush(): boolean {
  return mediaSourceClass() !== undefined && typeof ReadableStream !== 'undefined';
}

/**
 * Live over one endless response and Media Source Extensions. Media time in the `<video>` runs on over restarts of the camera's stream
 * and over what was skipped; the time of capture of each part says what the frame at the playhead is worth.
 */
class PushTransport implements LiveTransport {
  readonly holdS = holdS;
  readonly #video: HTMLVideoElement;
  readonly #onFailed: (failure: TransportFailure) => void;
  readonly #abort = new AbortController();
  readonly #source: MediaSource;
  readonly #address: string;
  readonly #silence: ReturnType<typeof setTimeout>;
  readonly #low = new LowPoint(1_000);
  #buffer: SourceBuffer | null = null;
  #codec = '';
  #queue: Piece[] = [];
  #queued = 0;
  /** The next part is the first of its run, so that media time begins anew. */
  #newRun = true;
  /** Capture times of the parts in the buffer, by media time in the `<video>`. */
  #times: { atS: number; captureMs: number; keyframe: boolean }[] = [];
  #rate = { bytes: 0, sinceMs: performance.now(), bitsPerSecond: 0 };
  #ended = false;

  constructor(video: HTMLVideoElement, url: string, onFailed: (failure: TransportFailure) => void) {
    this.#video = video;
    this.#onFailed = onFailed;
    const Source = mediaSourceClass();
    if (Source === undefined) throw new Error('no MediaSource');
    this.#source = new Source();
    if (!('MediaSource' in globalThis)) video.disableRemotePlayback = true;
    this.#address = URL.createObjectURL(this.#source);
    video.src = this.#address;
    this.#silence = setTimeout(() => this.#fail('push_silent'), url.includes('as=h264') ? silentTranscodeMs : silentMs);
    this.#source.addEventListener('sourceopen', this.#opened, { once: true });
    this.#read(url).catch((error: unknown) => {
      if (!this.#abort.signal.aborted) this.#fail(error instanceof Error ? error.name : 'push_failed');
    });
  }

  frameTimeMs(atS = this.#video.currentTime): number | null {
    const time = this.#times.findLast((each) => each.atS <= atS + 0.001) ?? this.#times[0];
    return time === undefined ? null : time.captureMs + (atS - time.atS) * 1_000;
  }

  /** The least that was left when a part came, within the last second. */
  leastAheadS(): number | null {
    return this.#low.least;
  }

  stats() {
    return { codec: this.#codec, bitsPerSecond: this.#rate.bitsPerSecond };
  }

  destroy(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#silence);
    this.#abort.abort();
    this.#source.removeEventListener('sourceopen', this.#opened);
    this.#buffer?.removeEventListener('updateend', this.#next);
    this.#buffer = null;
    this.#queue = [];
    this.#times = [];
    this.#video.removeAttribute('src');
    URL.revokeObjectURL(this.#address);
  }

  async #read(url: string): Promise<void> {
    const answer = await fetch(url, { signal: this.#abort.signal, cache: 'no-store' });
    if (!answer.ok || answer.body === null) {
      this.#fail(refusalCode(await answer.text()) ?? 'push_refused', answer.status);
      return;
    }
    this.#codec = answer.headers.get('x-codec') ?? 'avc1.64001f';
    this.#opened();
    const cut = new PushReader();
    let timescale = 1;
    const reader = answer.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (this.#ended) return;
      if (done) {
        this.#fail('push_ended');
        return;
      }
      clearTimeout(this.#silence);
      this.#measure(value.length);
      for (const piece of cut.push(value)) {
        if (piece.kind === 'init') {
          timescale = piece.timescale;
          this.#newRun = true;
          this.#add({ bytes: piece.bytes, mediaS: 0, captureMs: null, keyframe: false });
        } else {
          const { bytes, captureMs, keyframe, mediaTime } = piece;
          this.#add({ bytes, mediaS: mediaTime / timescale, captureMs, keyframe });
        }
      }
    }
  }

  #opened = (): void => {
    if (this.#ended || this.#buffer !== null || this.#codec === '' || this.#source.readyState !== 'open') return;
    try {
      this.#buffer = this.#source.addSourceBuffer(`video/mp4; codecs="${this.#codec}"`);
    } catch {
      this.#fail('push_codec');
      return;
    }
    this.#buffer.addEventListener('updateend', this.#next);
    this.#buffer.addEventListener('error', () => this.#fail('push_media'), { once: true });
    this.#next();
  };

  #add(piece: Piece): void {
    this.#queue.push(piece);
    this.#queued += piece.bytes.length;
    if (this.#queued > queueBytes) this.#fail('push_not_taken');
    else this.#next();
  }

  #next = (): void => {
    const buffer = this.#buffer;
    if (buffer === null || this.#ended || buffer.updating || this.#source.readyState !== 'open') return;
    this.#catchUp(buffer);
    if (this.#letGo(buffer)) return;
    const piece = this.#queue.shift();
    if (piece === undefined) return;
    this.#queued -= piece.bytes.length;
    try {
      this.#place(buffer, piece);
      buffer.appendBuffer(piece.bytes);
    } catch (error) {
      this.#fail(error instanceof Error ? error.name : 'push_media');
    }
  };

  /** Puts a part right behind the one before, also over a new run and over what was skipped, and notes when it was captured. */
  #place(buffer: SourceBuffer, { mediaS, captureMs, keyframe }: Piece): void {
    if (captureMs === null) return;
    const { buffered } = buffer;
    const endS = buffered.length === 0 ? null : buffered.end(buffered.length - 1);
    if (endS !== null && this.#video.readyState >= 2) this.#low.add(performance.now(), endS - this.#video.currentTime);
    const hole = endS === null ? 0 : mediaS + buffer.timestampOffset - endS;
    if (this.#newRun || Math.abs(hole) > holeS) buffer.timestampOffset = (endS ?? 0) - mediaS;
    this.#newRun = false;
    this.#times.push({ atS: mediaS + buffer.timestampOffset, captureMs, keyframe });
  }

  /** Until the first picture, what came at once since the newest keyframe is not played but jumped over. */
  #catchUp(buffer: SourceBuffer): void {
    const { buffered } = buffer;
    if (this.#queue.length > 0 || buffered.length === 0 || this.#video.played.length > 0) return;
    const [start, end] = [buffered.start(buffered.length - 1), buffered.end(buffered.length - 1)];
    const at = Math.max(start, end - holdS - 0.1);
    const now = this.#video.currentTime;
    if (now < start || end - now > 0.6) this.#video.currentTime = at;
  }

  /**
   * Removes what has been played, up to a keyframe: a removal goes on to the next one behind its end, and where that is still to come it
   * would take the frame at the playhead (Media Source Extensions, "coded frame removal"). Returns whether it does.
   */
  #letGo(buffer: SourceBuffer): boolean {
    const { buffered } = buffer;
    const keptFromS = this.#video.currentTime - backS;
    const kept = this.#times.findLastIndex((time) => time.keyframe && time.atS <= keptFromS);
    const until = this.#times[kept];
    if (until === undefined || buffered.length === 0 || until.atS - buffered.start(0) < backStepS) return false;
    this.#times.splice(0, kept);
    buffer.remove(0, until.atS - 0.01);
    return true;
  }

  #measure(bytes: number): void {
    this.#rate.bytes += bytes;
    const elapsedMs = performance.now() - this.#rate.sinceMs;
    if (elapsedMs < 1_000) return;
    this.#rate = { bytes: 0, sinceMs: performance.now(), bitsPerSecond: (this.#rate.bytes * 8_000) / elapsedMs };
  }

  #fail(code: string, status: number | null = null): void {
    if (this.#ended) return;
    // The caller takes this transport down; not while the browser is still in one of its own calls.
    queueMicrotask(() => this.#onFailed({ code, status, refused: isRefusal(status) }));
    this.#abort.abort();
    clearTimeout(this.#silence);
  }
}

export const pushLiveTransport: LiveTransportFactory = (video, url, onFailed) =>
  new PushTransport(video, url, onFailed);
