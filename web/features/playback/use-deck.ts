import { useEffect, useMemo, useRef, useState } from 'react';
import type { Camera } from '../../../server/contracts/cameras.ts';
import type { StreamName } from '../../../server/contracts/common.ts';
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

/** Which stream of a camera is played: in a grid the small one, and the recorded one where that has nothing; alone or enlarged the main one, as on the wall. */
export function trackOf(camera: Camera, alone: boolean): DeckTrack {
  const small = !alone && camera.streams.some((each) => each.name === 'sub');
  const of = (stream: StreamName) => ({
    stream,
    codecString: camera.streams.find((each) => each.name === stream)?.codecString ?? null,
  });
  const recorded = recordedStream(camera);
  const played = small ? 'sub' : recorded;
  return { cameraId: camera.id, ...of(played), substitute: played === recorded ? null : of(recorded) };
}

/** `trackOf` for several cameras; the same object as long as nothing about it has changed. */
export function useDeckTracks(cameras: readonly (Camera | undefined)[], alone: boolean): (DeckTrack | null)[] {
  const kept = useRef(new Map<string, DeckTrack>());
  const written = JSON.stringify(cameras.map((camera) => camera && JSON.stringify(trackOf(camera, alone))));
  return useMemo(
    () =>
      (JSON.parse(written) as (string | null)[]).map((each) => {
        if (each === null) return null;
        const track = kept.current.get(each) ?? (JSON.parse(each) as DeckTrack);
        kept.current.set(each, track);
        return track;
      }),
    [written],
  );
}
