import { useCallback, useMemo, useState } from 'react';
import type { IncidentSummary } from '../../../server/contracts/incidents.ts';

type Chosen = Pick<IncidentSummary, 'id' | 'version' | 'number' | 'unitName' | 'category'>;

/** At most so many are given to somebody at once. */
export const MOST_AT_ONCE = 200;

/** The ids from one row to another, both included. */
export function rangeOf(ids: readonly string[], from: string, to: string): string[] {
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)];
  return a < 0 || b < 0 ? [to] : ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}

export interface Selection {
  /** Each as it was when it was chosen: that version is what is decided on. */
  chosen: ReadonlyMap<string, Chosen>;
  /** Chooses a row or puts it back; `range` does with all rows since the last one what is done with this one. */
  toggle: (id: string, range?: boolean) => void;
  /** Chooses all rows of the page, or puts them back when all are chosen. */
  togglePage: () => void;
  clear: () => void;
}

/** Rows of the list that are ticked. They stay while one goes from page to page. */
export function useSelection(shown: readonly IncidentSummary[]): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Chosen>>(new Map());
  const [last, setLast] = useState<string | null>(null);
  const put = useCallback(
    (ids: readonly string[], on: boolean) =>
      setChosen((before) => {
        const next = new Map(before);
        for (const id of ids) {
          const incident = shown.find((one) => one.id === id);
          if (!on) next.delete(id);
          else if (incident !== undefined && next.size < MOST_AT_ONCE) next.set(id, incident);
        }
        return next;
      }),
    [shown],
  );
  const toggle = useCallback(
    (id: string, range = false) => {
      const ids = shown.map((incident) => incident.id);
      put(range && last !== null ? rangeOf(ids, last, id) : [id], !chosen.has(id));
      setLast(id);
    },
    [shown, chosen, last, put],
  );
  const togglePage = useCallback(
    () =>
      put(
        shown.map(({ id }) => id),
        !shown.every(({ id }) => chosen.has(id)),
      ),
    [shown, chosen, put],
  );
  const clear = useCallback(() => {
    setChosen(new Map());
    setLast(null);
  }, []);
  return useMemo(() => ({ chosen, toggle, togglePage, clear }), [chosen, toggle, togglePage, clear]);
}
