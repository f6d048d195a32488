import type { LiveTransport, LiveTransportFactory } from './live-transport.ts';
import { HOLD_S } from './rate-policy.ts';

type Dated = HTMLVideoElement & { getStartDate?: () => Date };

/** Live where the browser plays HLS by itself and has no Media Source Extensions (older iPhones). */
export const nativeLiveTransport: LiveTransportFactory = (video, url, onFailed): LiveTransport => {
  const failed = () => onFailed({ code: `media_error_${video.error?.code ?? 0}`, status: null, refused: false });
  video.addEventListener('error', failed);
  video.src = url;
  return {
    holdS: HOLD_S,
    frameTimeMs(atS) {
      const start = (video as Dated).getStartDate?.().getTime();
      return start === undefined || Number.isNaN(start) ? null : start + (atS ?? video.currentTime) * 1_000;
    },
    destroy() {
      video.removeEventListener('error', failed);
      video.removeAttribute('src');
      video.load();
    },
  };
};
