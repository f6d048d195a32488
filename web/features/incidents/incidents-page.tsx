import { Button } from '@mantine/core';
import IconChartBar from '@tabler/icons-react/icons/IconChartBar';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconClipboardList from '@tabler/icons-react/icons/IconClipboardList';
import IconFilterOff from '@tabler/icons-react/icons/IconFilterOff';
import IconKeyboard from '@tabler/icons-react/icons/IconKeyboard';
import IconScale from '@tabler/icons-react/icons/IconScale';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useSavedFilters } from '../../api/incident-work.ts';
import { can, reachOf, useMe } from '../../api/session.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { BulkBar } from './bulk-assign.tsx';
import { useSelection } from './bulk-selection.ts';
import { IncidentBoard } from './incident-board.tsx';
import { IncidentList } from './incident-list.tsx';
import { wordsOf } from './incident-list-words.ts';
import classes from './incidents-page.module.css';
import { addressOf, isFiltered, type ListAddress, withoutFilters, writeAddress } from './list-address.ts';
import { ListTabs, ListTools, StateTabs, usePhone } from './list-tools.tsx';
import { FilterRail } from './saved-filters.tsx';
import { defaultFilterOf } from './saved-filters-policy.ts';
import { useUnread } from './unread.ts';
import { useArrivals } from './use-arrivals.ts';
import { totalOf, useList, useListAddress, useTabCounts } from './use-list.ts';
import { useListKeys } from './use-list-keys.ts';

/** The cases: tabs, search and filters in the address, as a list or a board. */
export default function IncidentsPage() {
  const { t } = useTranslation(['incidents', 'queue']);
  const navigate = useNavigate();
  const person = useMe().data;
  const personId = person?.id ?? '';
  const ofCity = reachOf(person, 'play_back') === 'city';
  const mayAssign = can(person, 'verify_incident') || can(person, 'conclude_incident');
  const [address, change] = useListAddress();
  useDefault(personId, change);
  const [unread, mark] = useUnread(personId);
  const arrived = useArrivals(mark);
  const search = useRef<HTMLInputElement>(null);
  const { query, pages, more, counts } = useList(address);
  const tabs = useTabCounts(address, counts, mayAssign);
  const from = writeAddress(address).toString();
  const paging = usePaging(from, pages?.length ?? 0, more, query.fetchNextPage);
  const items = pages?.[Math.min(paging.at, pages.length - 1)]?.items;
  const shown = address.view === 'list' ? (items ?? []) : [];
  const selection = useSelection(shown);
  const ticks = mayAssign ? selection : null;
  const review = `${paths.review}${from === '' ? '' : `?${from}`}`;
  const at = useListKeys({
    items: shown,
    from,
    search,
    selection: ticks,
    onPrevious: paging.onPrevious,
    onNext: paging.onNext,
    onReview: can(person, 'verify_incident') ? () => void navigate(review) : null,
  });
  const before = pages?.slice(0, paging.at).reduce((sum, one) => sum + one.items.length, 0) ?? 0;

  const phone = usePhone();
  const ways = (
    <div className={classes.ways}>
      {can(person, 'verify_incident') && <Way to={review} icon={IconKeyboard} word={t('queue:way.review')} wide />}
      <Way to={paths.incidentFigures()} icon={IconChartBar} word={t('queue:way.figures')} />
      {can(person, 'conclude_incident') && (
        <Way to={paths.secondReadings} icon={IconScale} word={t('queue:way.second')} wide />
      )}
    </div>
  );

  return (
    <div className={page.page}>
      <PageHeader title={t('title')} />
      <ListTabs address={address} onChange={change} counts={tabs.whole} mine={tabs.mine}>
        {!phone && ways}
      </ListTabs>
      <div className={classes.columns} data-view={address.view}>
        <FilterRail address={address} onChange={change} personId={personId} ofCity={ofCity} />
        <div className={classes.main}>
          <ListTools address={address} onChange={change} searchRef={search} ofCity={ofCity}>
            {ways}
          </ListTools>
          {address.view === 'list' && address.tab !== 'concluded' && (
            <StateTabs address={address} onChange={change} counts={counts} ofCity={ofCity} />
          )}
          {address.view === 'board' ? (
            <IncidentBoard
              address={address}
              ofCity={ofCity}
              counts={counts}
              unread={unread}
              arrived={arrived}
              from={from}
            />
          ) : items === undefined ? (
            <div className={table.card}>
              {query.isError ? (
                <Problem error={query.error} onRetry={() => query.refetch()} />
              ) : (
                <SkeletonRows rows={10} picture />
              )}
            </div>
          ) : items.length === 0 ? (
            <div className={table.card}>
              <Nothing address={address} change={change} all={tabs.whole?.all ?? 0} />
            </div>
          ) : (
            <IncidentList
              items={items}
              first={before + 1}
              total={totalOf(address, counts)}
              at={at}
              selection={ticks}
              words={wordsOf(address.q)}
              unread={unread}
              arrived={arrived}
              sort={address.tab === 'overdue' ? 'due' : address.sort}
              from={from}
              onPrevious={paging.onPrevious}
              onNext={paging.onNext}
              loading={query.isFetchingNextPage}
            />
          )}
          {ticks !== null && <BulkBar selection={ticks} />}
        </div>
      </div>
    </div>
  );
}

function Way({
  to,
  icon: Glyph,
  word,
  wide = false,
}: {
  to: string;
  icon: typeof IconScale;
  word: string;
  wide?: boolean;
}) {
  return (
    <Button
      component={Link}
      to={to}
      variant="default"
      className={wide ? classes.wide : undefined}
      leftSection={<Glyph size={18} stroke={1.8} aria-hidden />}
    >
      {word}
    </Button>
  );
}

/** A bare address begins with the filter that the person chose for it. */
function useDefault(personId: string, change: (part: Partial<ListAddress>) => void): void {
  const [params] = useSearchParams();
  const [bare] = useState(() => params.size === 0);
  const id = personId === '' || !bare ? null : defaultFilterOf(personId);
  const chosen = useSavedFilters().data?.items.find((filter) => filter.id === id);
  const done = useRef(false);
  useEffect(() => {
    if (chosen === undefined || done.current) return;
    done.current = true;
    change(addressOf(chosen.query));
  }, [chosen, change]);
}

/** Goes through the pages; another question begins with the first. */
function usePaging(question: string, loaded: number, more: boolean, fetchNext: () => Promise<unknown>) {
  const [place, setPlace] = useState({ question, at: 0 });
  const at = place.question === question ? Math.min(place.at, Math.max(0, loaded - 1)) : 0;
  return useMemo(() => {
    const go = (to: number) => {
      setPlace({ question, at: to });
      document.getElementById('content')?.scrollTo({ top: 0 });
    };
    const next = async () => {
      if (at + 1 >= loaded) await fetchNext();
      go(at + 1);
    };
    return {
      at,
      onPrevious: at > 0 ? () => go(at - 1) : null,
      onNext: at + 1 < loaded || more ? () => void next() : null,
    };
  }, [question, at, loaded, more, fetchNext]);
}

interface NothingProps {
  address: ListAddress;
  change: (part: Partial<ListAddress>) => void;
  all: number;
}

function Nothing({ address, change, all }: NothingProps) {
  const { t } = useTranslation(['incidents', 'queue', 'common']);
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
  const others = all > 0 && address.tab !== 'all' && (
    <Button
      variant="default"
      onClick={() => change({ tab: address.tab === 'overdue' || address.tab === 'mine' ? 'open' : 'all', state: [] })}
    >
      {t(address.tab === 'overdue' || address.tab === 'mine' ? 'empty.toOpen' : 'empty.toAll')}
    </Button>
  );
  if (address.tab === 'mine') {
    return (
      <EmptyState
        icon={IconCircleCheck}
        title={t('queue:empty.mine')}
        hint={t('queue:empty.mineHint')}
        action={others || undefined}
      />
    );
  }
  // A unit sees what was sent to it: an empty list says nothing of what is being looked into.
  const ownOnly = reachOf(person, 'play_back') !== 'city';
  const tab = all === 0 && !ownOnly ? 'all' : address.tab;
  const good = !ownOnly && (tab === 'open' || tab === 'overdue');
  return (
    <EmptyState
      icon={good ? IconCircleCheck : IconClipboardList}
      title={t(`empty.${tab}`)}
      hint={t(ownOnly ? 'empty.unitHint' : `empty.${tab}Hint`)}
      action={others || undefined}
    />
  );
}
