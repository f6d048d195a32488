import { type RefObject, useEffect, useState } from 'react';
import type { StreamName } from '../../../server/contracts/common.ts';
import { mediaPaths } from '../../../server/contracts/media.ts';
import { VodPlayer } from '../../player/vod-player.ts';

/** The player of one camera's recordings inside `container`; another camera gets another player. */
export function useVodPlayer(
  container: RefObject<HTMLElement | null>,
  cameraId: string | undefined,
  stream: StreamName,
): VodPlayer | null {
  const [player, setPlayer] = useState<VodPlayer | null>(null);
  useEffect(() => {
    if (!container.current || cameraId === undefined) return;
    const made = new VodPlayer(container.current, {
      source: { urlFor: (fromMs, toMs) => mediaPaths.vod(cameraId, stream, fromMs, toMs) },
      testId: 'playback-video',
    });
    setPlayer(made);
    return () => {
      made.destroy();
      setPlayer(null);
    };
  }, [container, cameraId, stream]);
  return player;
}
