import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type IncidentFilter, useIncidents } from '../../api/incidents.ts';
import { useCategories } from '../../api/units.ts';
import { DAY_MS } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { useNow } from '../../components/use-now.ts';
import { filterOf, type ListAddress, overdueHead, parseAddress, writeAddress } from './list-address.ts';

/** What of the list is shown, kept in the address. */
export function useListAddress(): [ListAddress, (change: Partial<ListAddress>) => void] {
  const [params, setParams] = useSearchParams();
  const address = useMemo(() => parseAddress(params), [params]);
  const change = useCallback(
    (part: Partial<ListAddress>) =>
      setParams((old) => writeAddress({ ...parseAddress(old), ...part }), { replace: true }),
    [setParams],
  );
  return [address, change];
}

/** The cases that an address shows, page by page; `narrow` adds to the question (a column of the board). */
export function useList(address: ListAddress, narrow: IncidentFilter = {}, enabled = true) {
  // A period begins at a midnight, so the question changes once a day.
  const today = useNow(DAY_MS);
  const now = useNow(60_000);
  const filter = useMemo(() => ({ ...filterOf(address, today), ...narrow }), [address, today, narrow]);
  const query = useIncidents(filter, { enabled });
  const loaded = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const head = useMemo(
    () => (address.tab === 'overdue' && loaded !== undefined ? overdueHead(loaded, now) : undefined),
    [address.tab, loaded, now],
  );
  return {
    query,
    items: head?.items ?? loaded,
    more: query.hasNextPage && (head?.more ?? true),
    counts: query.data?.pages[0]?.counts,
  };
}

/** The name of a category in the reader's language; its code while names are not known. */
export function useCategoryName(): (code: string) => string {
  const lang = useLang();
  const categories = useCategories();
  const names = useMemo(() => new Map(categories.data?.map((one) => [one.code, one[lang]])), [categories.data, lang]);
  return useCallback((code) => names.get(code) ?? code, [names]);
}
