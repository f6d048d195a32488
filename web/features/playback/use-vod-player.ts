import { type RefObject, useEffect, useState } from 'react';
import type { StreamName } from '../../../server/contracts/common.ts';
import { mediaPaths } from '../../../server/contracts/media.ts';
import { canDecode, decodable } from '../../player/decodable.ts';
import { VodPlayer } from '../../player/vod-player.ts';

/** The player of one camera's recordings inside `container`; another camera gets another player. */
export function useVodPlayer(
  container: RefObject<HTMLElement | null>,
  cameraId: string | undefined,
  stream: StreamName,
  codecString: string | null,
): VodPlayer | null {
  const [player, setPlayer] = useState<VodPlayer | null>(null);
  // The codec of today; a browser without H.265 asks for H.264 whatever it is.
  const codec = codecString !== null && !canDecode(codecString) ? codecString : null;
  useEffect(() => {
    if (!container.current || cameraId === undefined) return;
    const made = new VodPlayer(container.current, {
      source: { urlFor: (fromMs, toMs) => decodable(mediaPaths.vod(cameraId, stream, fromMs, toMs), codec) },
      testId: 'playback-video',
    });
    setPlayer(made);
    return () => {
      made.destroy();
      setPlayer(null);
    };
  }, [container, cameraId, stream, codec]);
  return player;
}
