import Hls, { type ErrorData, Events } from 'hls.js/light';
import { isRefusal, type LiveTransport, type LiveTransportFactory } from './live-transport.ts';
import { HOLD_S } from './rate-policy.ts';
import { refusalCode } from './refusal-code.ts';

const load = (timeoutMs: number, retries: number, delayMs: number) => ({
  default: {
    maxTimeToFirstByteMs: timeoutMs,
    maxLoadTimeMs: timeoutMs + 4_000,
    timeoutRetry: { maxNumRetry: retries, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: retries, retryDelayMs: delayMs, maxRetryDelayMs: delayMs * 4 },
  },
});

/**
 * What a live tile asks of hls.js. The worker stays off: fMP4 passes through unchanged, so a worker a tile would cost more than it
 * saves. hls.js's own rate control stays off: it acts only while more than 1 s is buffered; rate-policy.ts holds 0.3 s.
 * Retries are few and short, because the player starts a whole new attempt when they are used up.
 */
const liveConfig = {
  lowLatencyMode: true,
  enableWorker: false,
  maxLiveSyncPlaybackRate: 1,
  liveSyncOnStallIncrease: 0,
  liveDurationInfinity: true,
  backBufferLength: 4,
  maxBufferLength: 8,
  maxMaxBufferLength: 12,
  testBandwidth: false,
  manifestLoadPolicy: load(6_000, 1, 300),
  playlistLoadPolicy: load(6_000, 2, 250),
  fragLoadPolicy: load(6_000, 2, 200),
};

/** Live over LL-HLS with Media Source Extensions. */
export const hlsLiveTransport: LiveTransportFactory = (video, url, onFailed): LiveTransport => {
  const hls = new Hls(liveConfig);
  let ended = false;
  const fail = (data: ErrorData) => {
    const status = data.response?.code ?? null;
    const refused = isRefusal(status);
    if (ended || (!data.fatal && !refused)) return;
    ended = true;
    // hls.js is still in its own error handling here, and must not be destroyed under its feet.
    const code = refusalCode(bodyOf(data.networkDetails)) ?? data.details;
    queueMicrotask(() => onFailed({ code, status, refused }));
  };
  hls.on(Events.ERROR, (_event, data) => fail(data));
  hls.attachMedia(video);
  hls.loadSource(url);
  return {
    holdS: HOLD_S,
    frameTimeMs(atS) {
      const playing = hls.playingDate?.getTime();
      if (playing === undefined) return null;
      return atS === undefined ? playing : playing + (atS - video.currentTime) * 1_000;
    },
    destroy() {
      ended = true;
      hls.destroy();
    },
  };
};

/** What a request was answered, where it was text. */
function bodyOf(request: unknown): string {
  return request instanceof XMLHttpRequest && ['', 'text'].includes(request.responseType) ? request.responseText : '';
}

export function canPlayByMediaSource(): boolean {
  return Hls.isSupported();
}
