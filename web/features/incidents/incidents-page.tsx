import { Button } from '@mantine/core';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconClipboardList from '@tabler/icons-react/icons/IconClipboardList';
import IconFilterOff from '@tabler/icons-react/icons/IconFilterOff';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { IncidentSummary } from '../../../server/contracts/incidents.ts';
import { reachOf, useMe } from '../../api/session.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { isTyping, useKeyHelp } from '../../components/use-key-help.ts';
import { IncidentBoard } from './incident-board.tsx';
import { IncidentList } from './incident-list.tsx';
import { isFiltered, type ListAddress, withoutFilters, writeAddress } from './list-address.ts';
import { ListTabs, ListTools } from './list-tools.tsx';
import { useUnread } from './unread.ts';
import { useArrivals } from './use-arrivals.ts';
import { useList, useListAddress } from './use-list.ts';

/** The cases: tabs, search and filters in the address, as a list or a board. */
export default function IncidentsPage() {
  const { t } = useTranslation('incidents');
  const personId = useMe().data?.id ?? '';
  const [address, change] = useListAddress();
  const [unread, mark] = useUnread(personId);
  const arrived = useArrivals(mark);
  const search = useRef<HTMLInputElement>(null);
  const { query, items, more, counts } = useList(address);
  const shown = address.view === 'list' ? (items ?? []) : [];
  const from = writeAddress(address).toString();
  const selected = useListKeys(shown, from, search);

  return (
    <div className={page.page}>
      <PageHeader title={t('title')} />
      <ListTabs address={address} onChange={change} counts={counts} />
      <ListTools address={address} onChange={change} searchRef={search} />
      {address.view === 'board' ? (
        <IncidentBoard address={address} unread={unread} arrived={arrived} from={from} />
      ) : items === undefined ? (
        <div className={table.card}>
          {query.isError ? (
            <Problem error={query.error} onRetry={() => query.refetch()} />
          ) : (
            <SkeletonRows rows={10} picture />
          )}
        </div>
      ) : items.length === 0 && !more ? (
        <div className={table.card}>
          <Nothing address={address} change={change} all={counts?.all ?? 0} />
        </div>
      ) : (
        <IncidentList
          items={items}
          selected={selected}
          unread={unread}
          arrived={arrived}
          sort={address.tab === 'overdue' ? 'due' : address.sort}
          from={from}
          more={more}
          loading={query.isFetchingNextPage}
          onMore={() => query.fetchNextPage()}
        />
      )}
    </div>
  );
}

/** J and K move, Enter opens, `/` goes to the search of the list. Returns the chosen row, -1 while none is. */
function useListKeys(
  items: readonly IncidentSummary[],
  from: string,
  search: React.RefObject<HTMLInputElement | null>,
): number {
  const { t } = useTranslation('incidents');
  const navigate = useNavigate();
  // The case is remembered, not its place: new ones may slide in above it.
  const [chosen, setChosen] = useState<string | null>(null);
  const at = items.findIndex((incident) => incident.id === chosen);
  useKeyHelp(t('title'), [
    { keys: ['J'], label: t('keys.down') },
    { keys: ['K'], label: t('keys.up') },
    { keys: ['Enter'], label: t('keys.openRow') },
    { keys: ['/'], label: t('keys.search') },
  ]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const onControl = event.target instanceof Element && event.target.closest('a, button') !== null;
      const key = event.key.toLowerCase();
      const to = key === 'j' ? Math.min(at + 1, items.length - 1) : key === 'k' ? Math.max(at - 1, 0) : undefined;
      if (to !== undefined) setChosen(items[to]?.id ?? null);
      else if (key === 'enter' && !onControl && items[at] !== undefined) {
        navigate(paths.incident(items[at].id), { state: { from } });
      } else if (key === '/') {
        // Before the search of the top bar, which listens for the same key.
        event.stopPropagation();
        search.current?.focus();
      } else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [items, at, from, navigate, search]);
  return at;
}

interface NothingProps {
  address: ListAddress;
  change: (part: Partial<ListAddress>) => void;
  all: number;
}

function Nothing({ address, change, all }: NothingProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const person = useMe().data;
  if (isFiltered(address)) {
    return (
      <EmptyState
        icon={IconFilterOff}
        title={t('empty.filtered')}
        hint={t('empty.filteredHint')}
        action={
          <Button variant="default" onClick={() => change(withoutFilters(address))}>
            {t('common:filter.clear')}
          </Button>
        }
      />
    );
  }
  // A unit sees what was sent to it: an empty list says nothing of what is being looked into.
  const ownOnly = reachOf(person, 'play_back') !== 'city';
  const tab = all === 0 && !ownOnly ? 'all' : address.tab;
  const good = !ownOnly && (tab === 'open' || tab === 'overdue');
  const toAll = all > 0 && tab !== 'all' && (
    <Button variant="default" onClick={() => change({ tab: address.tab === 'overdue' ? 'open' : 'all', state: [] })}>
      {t(address.tab === 'overdue' ? 'empty.toOpen' : 'empty.toAll')}
    </Button>
  );
  return (
    <EmptyState
      icon={good ? IconCircleCheck : IconClipboardList}
      title={t(`empty.${tab}`)}
      hint={t(ownOnly ? 'empty.unitHint' : `empty.${tab}Hint`)}
      action={toAll || undefined}
    />
  );
}
