import { Button, CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import IconArrowsSort from '@tabler/icons-react/icons/IconArrowsSort';
import IconLayoutKanban from '@tabler/icons-react/icons/IconLayoutKanban';
import IconList from '@tabler/icons-react/icons/IconList';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import { type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentPage } from '../../../server/contracts/incidents.ts';
import { useCategories, useUnits } from '../../api/units.ts';
import { FilterButton } from '../../components/filter-button.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { SeverityMark } from '../../components/severity.tsx';
import { formatNumber } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import {
  isFiltered,
  type ListAddress,
  PERIODS,
  TAB_STATES,
  TABS,
  UNSENT_STATES,
  type View,
  withoutFilters,
} from './list-address.ts';
import { ListExport } from './list-export.tsx';
import classes from './list-tools.module.css';
import { OtherFilters, PeopleFilters } from './list-tools-filters.tsx';

const SEARCH_AFTER_MS = 250;

export interface ToolsProps {
  address: ListAddress;
  onChange: (change: Partial<ListAddress>) => void;
}

export const usePhone = () => useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false });

interface TabsProps extends ToolsProps {
  counts: IncidentPage['counts'] | undefined;
  /** How many open cases are the reader's; null for whoever is given none. */
  mine: number | null | undefined;
  children?: React.ReactNode;
}

/** The tabs with how many cases each holds, and the choice between list and board. */
export function ListTabs({ address, onChange, counts, mine, children }: TabsProps) {
  const { t } = useTranslation(['incidents', 'queue']);
  const lang = useLang();
  const phone = usePhone();
  return (
    <div className={classes.head}>
      <nav className={classes.tabs} aria-label={t('tabs.label')}>
        {TABS.filter((tab) => tab !== 'mine' || mine !== null).map((tab) => {
          const count = tab === 'mine' ? (mine ?? undefined) : counts?.[tab];
          return (
            <button
              key={tab}
              type="button"
              className={classes.tab}
              data-tab={tab}
              aria-current={address.tab === tab ? 'page' : undefined}
              onClick={() => onChange({ tab, state: [] })}
            >
              {tab === 'mine' ? t('queue:tab.mine') : t(`tabs.${tab}`)}
              <span
                className={classes.count}
                data-alarm={(tab === 'overdue' && count !== undefined && count > 0) || undefined}
              >
                {count === undefined ? '–' : formatNumber(count, lang)}
              </span>
            </button>
          );
        })}
      </nav>
      <div className={classes.views}>
        {children}
        {!phone && <ViewSwitch address={address} onChange={onChange} />}
      </div>
    </div>
  );
}

/** The states that the tab can hold, each with how many cases are in it. */
export function StateTabs({ address, onChange, counts, ofCity }: Omit<TabsProps, 'mine'> & { ofCity: boolean }) {
  const { t } = useTranslation(['queue', 'common']);
  const lang = useLang();
  const states = TAB_STATES[address.tab].filter(
    (state) =>
      (ofCity || !UNSENT_STATES.includes(state)) &&
      (address.tab !== 'all' || address.state.includes(state) || (counts?.byState[state] ?? 0) > 0),
  );
  // Nobody counts the overdue cases by state.
  const counted = address.tab !== 'overdue';
  const toggle = (state: string) => {
    const has = address.state.includes(state);
    onChange({ state: has ? address.state.filter((other) => other !== state) : [...address.state, state] });
  };
  return (
    <fieldset className={classes.states}>
      <legend className={classes.spoken}>{t('states.label')}</legend>
      {states.map((state) => (
        <button key={state} type="button" aria-pressed={address.state.includes(state)} onClick={() => toggle(state)}>
          {t(`common:incidentState.${state}`)}
          {counted && <b>{counts === undefined ? '–' : formatNumber(counts.byState[state] ?? 0, lang)}</b>}
        </button>
      ))}
    </fieldset>
  );
}

function ViewSwitch({ address, onChange }: ToolsProps) {
  const { t } = useTranslation('incidents');
  const views: { value: View; label: React.ReactNode; title: string }[] = [
    { value: 'list', label: <ViewLabel icon={IconList} word={t('view.list')} />, title: t('view.list') },
    { value: 'board', label: <ViewLabel icon={IconLayoutKanban} word={t('view.board')} />, title: t('view.board') },
  ];
  return (
    <Segmented label={t('view.label')} options={views} value={address.view} onChange={(view) => onChange({ view })} />
  );
}

function ViewLabel({ icon: Glyph, word }: { icon: typeof IconList; word: string }) {
  return (
    <>
      <Glyph size={16} stroke={1.8} aria-hidden />
      <span className={classes.viewWord}>{word}</span>
    </>
  );
}

interface ListToolsProps extends ToolsProps {
  searchRef: RefObject<HTMLInputElement | null>;
  /** Whether the reader sees the whole city, and so who works on what. */
  ofCity: boolean;
  /** Stands beside the choice of view on a phone. */
  children?: React.ReactNode;
}

/** Search, filters and order; all of them live in the address. */
export function ListTools({ address, onChange, searchRef, ofCity, children }: ListToolsProps) {
  const { t } = useTranslation(['incidents', 'queue', 'common']);
  const lang = useLang();
  const units = useUnits();
  const categories = useCategories();
  const overdue = address.tab === 'overdue';
  const sort = overdue ? 'due' : address.sort;
  const phone = usePhone();
  return (
    <div className={classes.tools}>
      <SearchBox value={address.q} onChange={(q) => onChange({ q })} inputRef={searchRef} />
      <div className={classes.filters}>
        {(units.data?.length ?? 0) !== 1 && (
          <FilterButton
            label={t('filter.unit')}
            options={units.data?.map((unit) => ({ value: unit.id, label: unit.name })) ?? []}
            value={address.unit}
            onChange={(unit) => onChange({ unit })}
          />
        )}
        <FilterButton
          label={t('filter.category')}
          options={categories.data?.map((one) => ({ value: one.code, label: `${one.code} · ${one[lang]}` })) ?? []}
          value={address.category}
          onChange={(category) => onChange({ category })}
        />
        <FilterButton
          label={t('filter.severity')}
          options={([3, 2, 1] as const).map((level) => ({
            value: String(level),
            label: t('common:severity.full', { level, word: t(`common:severity.${level}`) }),
            icon: <SeverityMark severity={level} label={false} />,
          }))}
          value={address.severity}
          onChange={(severity) => onChange({ severity })}
        />
        <FilterButton
          label={t('queue:due.label')}
          options={(['overdue', 'soon', 'ok'] as const).map((value) => ({ value, label: t(`queue:due.${value}`) }))}
          value={address.due}
          onChange={(due) => onChange({ due })}
        />
        <FilterButton
          single
          label={t('filter.period')}
          options={PERIODS.map((days) => ({ value: days, label: t(`period.${days}`) }))}
          value={address.days === null ? [] : [address.days]}
          onChange={([days]) => onChange({ days: days ?? null })}
        />
        {ofCity && <PeopleFilters address={address} onChange={onChange} />}
        <OtherFilters address={address} onChange={onChange} />
        {isFiltered(address) && (
          <Button variant="subtle" px={10} onClick={() => onChange(withoutFilters(address))}>
            {t('common:filter.clear')}
          </Button>
        )}
      </div>
      <div className={classes.last}>
        <div className={classes.sort}>
          <span aria-hidden>{t('sort.label')}</span>
          <Button
            variant="default"
            rightSection={overdue ? undefined : <IconArrowsSort size={16} stroke={1.8} aria-hidden />}
            disabled={overdue}
            aria-label={`${t('sort.label')}: ${t(`sort.${sort}`)}`}
            onClick={() => onChange({ sort: sort === 'due' ? 'newest' : 'due' })}
          >
            {t(`sort.${sort}`)}
          </Button>
          <ListExport address={address} />
        </div>
        {phone && (
          <div className={classes.views}>
            <ViewSwitch address={address} onChange={onChange} />
            {children}
          </div>
        )}
      </div>
    </div>
  );
}

interface SearchBoxProps {
  value: string;
  onChange: (value: string) => void;
  inputRef: RefObject<HTMLInputElement | null>;
}

/** Asks shortly after the last key. */
function SearchBox({ value, onChange, inputRef }: SearchBoxProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const [typed, setTyped] = useState(value);
  const ask = useDebouncedCallback(onChange, SEARCH_AFTER_MS);
  // The address may change under the field: filters cleared, a step back.
  useEffect(() => setTyped(value), [value]);
  const set = (text: string) => {
    setTyped(text);
    ask(text.slice(0, 200));
  };
  return (
    <TextInput
      ref={inputRef}
      type="search"
      className={classes.search}
      aria-label={t('searchLabel')}
      placeholder={t('searchLabel')}
      maxLength={200}
      value={typed}
      onChange={(event) => set(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        if (typed === '') event.currentTarget.blur();
        else set('');
      }}
      leftSection={<IconSearch size={18} stroke={1.8} aria-hidden />}
      rightSection={
        typed !== '' && (
          <CloseButton
            size="sm"
            aria-label={t('common:filter.clearOne', { label: t('searchWord') })}
            onClick={() => set('')}
          />
        )
      }
    />
  );
}
