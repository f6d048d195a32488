import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Playable } from './playable.ts';
import type { VodSnapshot } from './vod-state.ts';

const idle: VodSnapshot = { state: 'idle', rate: 1, playing: false, crossed: null, failure: null };
const never = () => () => undefined;
const asIdle = () => idle;

/** The state of a player, or an idle one while there is none. */
export function useVodSnapshot(player: Playable | null): VodSnapshot {
  return useSyncExternalStore(player?.subscribe ?? never, player?.snapshot ?? asIdle);
}

/** The moment on screen (UTC epoch ms), told at most once per `stepMs` of media; null before the first frame. */
export function useMoment(player: Playable | null, stepMs: number): number | null {
  const [moment, setMoment] = useState<number | null>(null);
  useEffect(() => {
    if (!player) return;
    let frame = 0;
    const look = () => {
      const at = player.mediaTimeMs();
      setMoment(at === null ? null : Math.floor(at / stepMs) * stepMs);
      frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [player, stepMs]);
  return moment;
}
