import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

const MOST = 9;
const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export type PlaybackAddress = {
  /** Tracks in their order. */
  cameras: string[];
  /** The track that plays. */
  selected: number;
  /** The moment that the address names, or null. */
  atMs: number | null;
};

/** Reads `cameras`, `track` (from 1) and `at` (epoch ms) of an address; what makes no sense is left out. */
export function parseAddress(params: URLSearchParams): PlaybackAddress {
  const named = (params.get('cameras') ?? '').split(',').filter((id) => ID.test(id));
  const cameras = [...new Set(named)].slice(0, MOST);
  const track = Number(params.get('track') ?? 1) - 1;
  const at = Number(params.get('at') ?? Number.NaN);
  return {
    cameras,
    selected: Number.isInteger(track) && track >= 0 && track < cameras.length ? track : 0,
    atMs: Number.isFinite(at) && at > 0 ? Math.round(at) : null,
  };
}

/** What plays, kept in the address, so that a link opens the same camera at the same second. */
export function usePlaybackAddress(): [PlaybackAddress, (change: Partial<PlaybackAddress>) => void] {
  const [params, setParams] = useSearchParams();
  const address = useMemo(() => parseAddress(params), [params]);
  const change = useCallback(
    (part: Partial<PlaybackAddress>) =>
      setParams(
        (old) => {
          const { cameras, selected, atMs } = { ...parseAddress(old), ...part };
          const next = new URLSearchParams({ cameras: cameras.join(',') });
          if (selected > 0) next.set('track', String(selected + 1));
          if (atMs !== null) next.set('at', String(Math.round(atMs)));
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return [address, change];
}
