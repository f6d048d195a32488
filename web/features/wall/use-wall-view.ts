import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { defaultView, layoutFor, parseLayout, parseView, viewQuery, type WallView } from './wall-view-policy.ts';

const STORED = 'lienthong.wall.view';

function storedView(): WallView | null {
  try {
    const stored = new URLSearchParams(localStorage.getItem(STORED) ?? '');
    return parseView(stored.get('layout'), stored.get('cameras'));
  } catch {
    return null;
  }
}

/**
 * The view in the address: `layout` and `cameras`, or the cameras of a `unit`, or one `camera`; else the last view that was arranged on this machine;
 * else the first cameras in the order of the units. Changes replace the address, so that going back leaves the wall.
 * The third is the camera or unit that the address asks for.
 */
export function useWallView(ordered: readonly Camera[]): [WallView, (next: WallView) => void, string | null] {
  const [params, setParams] = useSearchParams();
  const [layout, cameras, unit, camera] = ['layout', 'cameras', 'unit', 'camera'].map((key) => params.get(key));

  const view = useMemo((): WallView => {
    const ids = ordered.map((each) => each.id);
    if (camera && ids.includes(camera)) return { layout: 1, cameras: [camera] };
    if (unit) {
      const own = ordered.filter((each) => each.unitId === unit).map((each) => each.id);
      if (own.length > 0) return defaultView(own.slice(0, 16), layoutFor(own.length));
    }
    const named = parseLayout(layout ?? null);
    const known = parseView(layout ?? null, cameras ?? null) ?? (named === null ? storedView() : null);
    // Cameras that are gone, or that this person may not see, leave no dead tiles behind.
    if (known && (ids.length === 0 || known.cameras.some((id) => id !== null && ids.includes(id)))) {
      return {
        ...known,
        cameras: known.cameras.map((id) => (id !== null && ids.length > 0 && !ids.includes(id) ? null : id)),
      };
    }
    return defaultView(ids, named ?? (ids.length > 0 && ids.length < 9 ? layoutFor(ids.length) : 9));
  }, [ordered, layout, cameras, unit, camera]);

  const change = useCallback(
    (next: WallView) => {
      setParams(viewQuery(next), { replace: true });
      try {
        localStorage.setItem(STORED, new URLSearchParams(viewQuery(next)).toString());
      } catch {
        // Without storage the next visit begins with the default.
      }
    },
    [setParams],
  );

  return [view, change, camera ?? unit ?? null];
}
