import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { Camera } from '../../../server/contracts/cameras.ts';
import type { SavedView } from '../../../server/contracts/views.ts';
import {
  defaultView,
  fromSaved,
  layoutFor,
  parseLayout,
  parseView,
  viewQuery,
  type WallView,
} from './wall-view-policy.ts';

/** Each person's own: two people at one machine have two walls. */
const storedAt = (accountId: string) => `lienthong.wall.view.${accountId}`;

function storedView(accountId: string): { view: WallView; saved: string | null } | null {
  try {
    const stored = new URLSearchParams(localStorage.getItem(storedAt(accountId)) ?? '');
    const view = parseView(stored.get('layout'), stored.get('cameras'), stored.get('cells'));
    return view && { view, saved: stored.get('view') };
  } catch {
    return null;
  }
}

export type WallAddress = {
  view: WallView;
  /** The saved view that it began as. */
  savedId: string | null;
  change: (next: WallView, savedId?: string | null) => void;
  /** The camera or unit that the address asks for. */
  named: string | null;
};

/**
 * The view in the address: `layout`, `cameras`, `cells` and the saved `view` that it began as, or the cameras of a `unit`, or one `camera`;
 * else the person's default view, else the last view that the person arranged on this machine; else the first cameras in the order
 * of the units. Changes replace the address, so that going back leaves the wall.
 */
export function useWallView(
  accountId: string,
  ordered: readonly Camera[],
  saved: readonly SavedView[] | undefined,
): WallAddress {
  const [params, setParams] = useSearchParams();
  const [layout, cameras, cells, unit, camera, savedParam] = [
    'layout',
    'cameras',
    'cells',
    'unit',
    'camera',
    'view',
  ].map((key) => params.get(key) ?? null);

  const { view, savedId } = useMemo((): { view: WallView; savedId: string | null } => {
    const ids = ordered.map((each) => each.id);
    const unsaved = (it: WallView) => ({ view: it, savedId: null });
    if (camera && ids.includes(camera)) return unsaved({ layout: 1, cameras: [camera] });
    if (unit) {
      const own = ordered.filter((each) => each.unitId === unit).map((each) => each.id);
      if (own.length > 0) return unsaved(defaultView(own.slice(0, 16), layoutFor(own.length)));
    }
    // Cameras that are gone, or that this person may not see, leave no dead tiles behind.
    const seen = (it: WallView): WallView =>
      ids.length === 0 ? it : { ...it, cameras: it.cameras.map((id) => (id !== null && ids.includes(id) ? id : null)) };
    const shows = (it: WallView) => ids.length === 0 || it.cameras.some((id) => id !== null && ids.includes(id));
    const named = parseLayout(layout ?? null);
    const addressed = parseView(layout ?? null, cameras ?? null, cells ?? null);
    if (addressed && shows(addressed)) return { view: seen(addressed), savedId: savedParam ?? null };
    if (named === null) {
      const asked = saved?.find((each) => each.id === savedParam) ?? saved?.find((each) => each.isDefault);
      if (asked) return { view: seen(fromSaved(asked)), savedId: asked.id };
      const last = storedView(accountId);
      if (last && shows(last.view)) return { view: seen(last.view), savedId: last.saved };
    }
    const count =
      named === null || named === 'free' ? (ids.length > 0 && ids.length < 9 ? layoutFor(ids.length) : 9) : named;
    return unsaved(defaultView(ids, count));
  }, [ordered, saved, accountId, layout, cameras, cells, unit, camera, savedParam]);

  const change = useCallback(
    (next: WallView, nextSaved: string | null = savedId) => {
      const query = { ...viewQuery(next), ...(nextSaved && { view: nextSaved }) };
      setParams((old) => ({ ...query, ...(old.has('bare') && { bare: '1' }) }), { replace: true });
      try {
        localStorage.setItem(storedAt(accountId), new URLSearchParams(query).toString());
      } catch {
        // Without storage the next visit begins with the default.
      }
    },
    [setParams, savedId, accountId],
  );

  return { view, savedId, change, named: camera ?? unit ?? null };
}
