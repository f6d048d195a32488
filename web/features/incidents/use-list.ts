import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { IncidentPage } from '../../../server/contracts/incidents.ts';
import { type IncidentFilter, useIncidents } from '../../api/incidents.ts';
import { useCategories } from '../../api/units.ts';
import { useLang } from '../../components/use-lang.ts';
import { filterOf, type ListAddress, parseAddress, writeAddress } from './list-address.ts';

/** Cases of one page of the list. */
const A_PAGE = 25;
type Counts = IncidentPage['counts'];

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
  const filter = useMemo(() => ({ limit: A_PAGE, ...filterOf(address), ...narrow }), [address, narrow]);
  const query = useIncidents(filter, { enabled });
  const pages = query.data?.pages;
  const items = useMemo(() => pages?.flatMap((page) => page.items), [pages]);
  return { query, pages, items, more: query.hasNextPage, counts: pages?.[0]?.counts };
}

/** How many cases each tab holds with the filters that are set; `mine` is null for whoever is given no cases. */
export function useTabCounts(address: ListAddress, counts: Counts | undefined, mayOwn: boolean) {
  const own = address.tab === 'mine';
  const one = (tab: 'mine' | 'all'): IncidentFilter => ({ ...filterOf({ ...address, tab, state: [] }), limit: 1 });
  const mine = useIncidents(one('mine'), { enabled: mayOwn && !own }).data?.pages[0]?.counts;
  // What is mine is counted among what is mine alone: the other tabs need a count of their own.
  const all = useIncidents(one('all'), { enabled: own }).data?.pages[0]?.counts;
  const whole = own ? all : counts;
  return { mine: mayOwn ? (own ? counts : mine)?.open : null, whole };
}

/** How many cases the list has in all; undefined where nobody counts them. */
export function totalOf({ tab, state }: ListAddress, counts: Counts | undefined): number | undefined {
  if (counts === undefined) return undefined;
  const chosen = state.reduce((sum, one) => sum + (counts.byState[one as keyof Counts['byState']] ?? 0), 0);
  if (tab === 'overdue') return state.length > 0 ? undefined : counts.overdue;
  if (state.length > 0) return chosen;
  return tab === 'mine' ? counts.open : counts[tab];
}

/** The name of a category in the reader's language; its code while names are not known. */
export function useCategoryName(): (code: string) => string {
  const lang = useLang();
  const categories = useCategories();
  const names = useMemo(() => new Map(categories.data?.map((one) => [one.code, one[lang]])), [categories.data, lang]);
  return useCallback((code) => names.get(code) ?? code, [names]);
}
