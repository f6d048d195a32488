import { useEffect, useMemo, useState } from 'react';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { PreviewFrames } from '../../player/preview-frames.ts';
import { type DeckTrack, VodDeck } from '../../player/vod-deck.ts';
import { recordedStream } from './use-tracks.ts';

export type Desk = { deck: VodDeck; previews: PreviewFrames };

/** The players of the page and the pictures for hovering and scrubbing; both end with the page. */
export function useDeck(): Desk | null {
  const [desk, setDesk] = useState<Desk | null>(null);
  useEffect(() => {
    const previews = new PreviewFrames();
    const deck = new VodDeck(previews);
    setDesk({ deck, previews });
    return () => {
      deck.destroy();
      previews.destroy();
      setDesk(null);
    };
  }, []);
  return desk;
}

/** Which stream of a camera is played: in a grid the small one, alone or enlarged the main one, as on the wall. */
export function trackOf(camera: Camera, alone: boolean): DeckTrack {
  const small = !alone && camera.streams.some((each) => each.name === 'sub');
  const stream = small ? 'sub' : recordedStream(camera);
  return {
    cameraId: camera.id,
    stream,
    codecString: camera.streams.find((each) => each.name === stream)?.codecString ?? null,
  };
}

/** `trackOf` for several cameras; the same object as long as nothing about it has changed. */
export function useDeckTracks(cameras: readonly (Camera | undefined)[], alone: boolean): (DeckTrack | null)[] {
  const written = JSON.stringify(cameras.map((camera) => (camera ? trackOf(camera, alone) : null)));
  return useMemo(() => JSON.parse(written) as (DeckTrack | null)[], [written]);
}
