import { useEffect, useMemo, useRef } from 'react';
import { useNavigate } from 'react-router';
import { paths } from '../../app/paths.ts';
import { neighbours } from './case-policy.ts';
import { parseAddress } from './list-address.ts';
import { useList } from './use-list.ts';

export interface GoTo {
  previous: string | null;
  next: string | null;
  open: (which: 'next' | 'previous') => void;
}

/** The case before and the case after, in the list that this one was opened from. */
export function useNeighbours(id: string, from: string | undefined): GoTo {
  const navigate = useNavigate();
  const address = useMemo(() => parseAddress(new URLSearchParams(from ?? '')), [from]);
  const { items, more, query } = useList(address, undefined, from !== undefined);
  // A case that was dealt with may have left the list: its neighbours of before stay.
  const known = useRef<{ previous: string | null; next: string | null }>({ previous: null, next: null });
  const ids = items?.map((incident) => incident.id) ?? [];
  if (ids.includes(id)) known.current = neighbours(ids, id);
  const atEnd = ids.at(-1) === id;
  const { fetchNextPage } = query;
  useEffect(() => {
    if (atEnd && more) void fetchNextPage();
  }, [atEnd, more, fetchNextPage]);
  const { previous, next } = known.current;
  return {
    previous,
    next,
    open: (which) => {
      const to = which === 'next' ? next : previous;
      if (to !== null) void navigate(paths.incident(to), { state: { from }, replace: true });
    },
  };
}
