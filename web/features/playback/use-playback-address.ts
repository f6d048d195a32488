import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { MINUTE_MS } from '../../components/time.ts';
import { LONGEST_MS, SHORTEST_MS } from './timeline-scale.ts';

const MOST = 9;
const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export type PlaybackAddress = {
  /** Tracks in their order. */
  cameras: string[];
  /** The track that is chosen. */
  selected: number;
  /** The moment that the address names, or null. */
  atMs: number | null;
  /** Whether the chosen track fills the room. */
  enlarged: boolean;
  /** Length of what the timeline shows, or null. */
  spanMs: number | null;
};

/** Reads `cameras`, `track` (from 1), `at` (epoch ms), `full` and `span` (minutes) of an address; what makes no sense is left out. */
export function parseAddress(params: URLSearchParams): PlaybackAddress {
  const named = (params.get('cameras') ?? '').split(',').filter((id) => ID.test(id));
  const cameras = [...new Set(named)].slice(0, MOST);
  const track = Number(params.get('track') ?? 1) - 1;
  const at = Number(params.get('at') ?? Number.NaN);
  const spanMs = Number(params.get('span') ?? Number.NaN) * MINUTE_MS;
  return {
    cameras,
    selected: Number.isInteger(track) && track >= 0 && track < cameras.length ? track : 0,
    atMs: Number.isFinite(at) && at > 0 ? Math.round(at) : null,
    enlarged: params.get('full') === '1' && cameras.length > 1,
    spanMs: spanMs >= SHORTEST_MS && spanMs <= LONGEST_MS ? spanMs : null,
  };
}

/** The query that `parseAddress` reads, without what goes without saying. */
export function writeAddress({ cameras, selected, atMs, enlarged, spanMs }: PlaybackAddress): URLSearchParams {
  const next = new URLSearchParams({ cameras: cameras.join(',') });
  if (selected > 0) next.set('track', String(selected + 1));
  if (atMs !== null) next.set('at', String(Math.round(atMs)));
  if (enlarged) next.set('full', '1');
  if (spanMs !== null) next.set('span', String(Math.round((spanMs / MINUTE_MS) * 100) / 100));
  return next;
}

/** What plays, kept in the address, so that a link opens the same cameras at the same second. */
export function usePlaybackAddress(): [PlaybackAddress, (change: Partial<PlaybackAddress>) => void] {
  const [params, setParams] = useSearchParams();
  const address = useMemo(() => parseAddress(params), [params]);
  const change = useCallback(
    (part: Partial<PlaybackAddress>) =>
      setParams((old) => writeAddress({ ...parseAddress(old), ...part }), { replace: true }),
    [setParams],
  );
  return [address, change];
}
