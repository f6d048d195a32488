import Hls, { type ErrorData, Events, type Fragment } from 'hls.js/light';
import { type FrameTime, frameTimes } from './frame-times.ts';
import { isRefusal } from './live-transport.ts';
import type { DatedSegment } from './vod-policy.ts';

export type FootageFailure = { status: number | null; code: string };

export type FootageEvents = {
  /** The playlist is read. Answers the media time (s) to begin at, or null when there is nothing to play. */
  onRead: (segments: readonly DatedSegment[]) => number | null;
  /** No segment at all, which is no fault: nothing was recorded there. */
  onEmpty: () => void;
  onFailed: (failure: FootageFailure) => void;
  /** Whether there is sound beside the pictures. */
  onSound?: (sound: boolean) => void;
};

const config = {
  autoStartLoad: false,
  enableWorker: false,
  lowLatencyMode: false,
  // The first segment is asked for while the init is still on its way.
  startFragPrefetch: true,
  maxBufferLength: 30,
  maxMaxBufferLength: 60,
  backBufferLength: 60,
  testBandwidth: false,
};
/** Of so many segments the times of the frames are kept: more than is buffered. */
const MOST_TIMED = 40;
/** A browser counts in whole microseconds, a file in its own units. */
const NEAR_S = 0.001;
const BESIDE_S = 0.002;
const emptyDetails = ['levelEmptyError', 'manifestParsingError'];

/** One VOD playlist in a `<video>`: its segments with their dates, by hls.js, or by the browser where there is no Media Source. */
export class VodFootage {
  readonly #hls: Hls | null;
  #segments: readonly DatedSegment[] = [];
  #read = false;
  /** The loaded segments with the times of their frames, by media sequence number. */
  readonly #timed = new Map<number, { fragment: Fragment; frames: FrameTime[] }>();

  constructor(video: HTMLVideoElement, url: string, events: FootageEvents) {
    if (!Hls.isSupported()) {
      this.#hls = null;
      video.src = url;
      return;
    }
    const hls = new Hls(config);
    this.#hls = hls;
    hls.on(Events.LEVEL_LOADED, (_event, { details }) => {
      if (this.#read) return;
      this.#read = true;
      this.#segments = datedSegments(details.fragments);
      const startS = this.#segments.length === 0 ? null : events.onRead(this.#segments);
      if (startS !== null) hls.startLoad(startS);
      else queueMicrotask(events.onEmpty);
    });
    hls.on(Events.LEVEL_PTS_UPDATED, (_event, { details }) => {
      this.#segments = datedSegments(details.fragments);
    });
    hls.on(Events.FRAG_LOADED, (_event, { frag, payload }) => {
      const init = frag.initSegment?.data;
      if (typeof frag.sn !== 'number' || !init) return;
      this.#timed.set(frag.sn, { fragment: frag, frames: frameTimes(init, payload) });
      for (const oldest of this.#timed.keys()) {
        if (this.#timed.size <= MOST_TIMED) break;
        this.#timed.delete(oldest);
      }
    });
    hls.on(Events.BUFFER_CODECS, (_event, { audio, audiovideo }) => events.onSound?.(Boolean(audio ?? audiovideo)));
    hls.on(Events.ERROR, (_event, data) => fail(data, events));
    hls.attachMedia(video);
    hls.loadSource(url);
  }

  get segments(): readonly DatedSegment[] {
    return this.#segments;
  }

  /** When the frame begins that is shown at a media time, and when it ends (s); null while its segment has not been read. */
  frameAt(mediaS: number): { fromS: number; toS: number } | null {
    for (const { fragment, frames } of this.#timed.values()) {
      const streams = fragment.elementaryStreams;
      const start = (streams.video ?? streams.audiovideo)?.startPTS ?? fragment.start;
      const frame = frames.findLast(({ atS }) => start + atS <= mediaS + NEAR_S);
      if (frame && mediaS < start + frame.atS + frame.forS - NEAR_S)
        return { fromS: start + frame.atS, toS: start + frame.atS + frame.forS };
    }
    return null;
  }

  /** A media time (s) within the frame after (1) or before (-1) one: just beside the border it is shown, whatever its length; its middle is safer where it is known. */
  neighbourOf(frame: { fromS: number; toS: number }, direction: 1 | -1): number {
    const beside = direction === 1 ? frame.toS + BESIDE_S : frame.fromS - BESIDE_S;
    const neighbour = this.frameAt(beside);
    return neighbour ? (neighbour.fromS + neighbour.toS) / 2 : beside;
  }

  destroy(): void {
    this.#hls?.destroy();
  }
}

function fail(data: ErrorData, events: FootageEvents): void {
  const status = data.response?.code ?? null;
  if (!isRefusal(status) && !data.fatal) return;
  // hls.js is still in its own error handling here, and must not be destroyed under its feet.
  queueMicrotask(() => {
    if (status === 404 || emptyDetails.includes(data.details)) events.onEmpty();
    else events.onFailed({ status, code: data.details });
  });
}

type PlaylistSegment = { start: number; duration: number; programDateTime: number | null };

function datedSegments(fragments: readonly PlaylistSegment[]): DatedSegment[] {
  return fragments.flatMap((f) =>
    f.programDateTime === null ? [] : [{ startS: f.start, durationS: f.duration, dateMs: f.programDateTime }],
  );
}
