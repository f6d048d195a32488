import { Menu } from '@mantine/core';
import IconAt from '@tabler/icons-react/icons/IconAt';
import IconBookmark from '@tabler/icons-react/icons/IconBookmark';
import IconDots from '@tabler/icons-react/icons/IconDots';
import IconEye from '@tabler/icons-react/icons/IconEye';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconRepeat from '@tabler/icons-react/icons/IconRepeat';
import IconUserQuestion from '@tabler/icons-react/icons/IconUserQuestion';
import IconUsers from '@tabler/icons-react/icons/IconUsers';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedFilter } from '../../../server/contracts/incident-work.ts';
import { usePatchSavedFilter, useSavedFilters } from '../../api/incident-work.ts';
import { useErrorText } from '../../components/error-text.ts';
import { toast } from '../../components/toast.tsx';
import { addressOf, isFiltered, type ListAddress, parametersOf, withoutFilters } from './list-address.ts';
import classes from './saved-filters.module.css';
import { type FilterAsk, FilterDialog } from './saved-filters-dialog.tsx';
import { isSameQuery, useDefaultFilter } from './saved-filters-policy.ts';

interface RailProps {
  address: ListAddress;
  onChange: (change: Partial<ListAddress>) => void;
  personId: string;
  /** Whether the reader sees the whole city: a unit is not told who works on what. */
  ofCity: boolean;
}

const QUICK = [
  { key: 'unassigned', icon: IconUserQuestion },
  { key: 'watching', icon: IconEye },
  { key: 'mentioned', icon: IconAt },
  { key: 'repeat', icon: IconRepeat },
] as const;

/** At the left of the list: ready filters, and those that the reader has saved or others share. */
export function FilterRail({ address, onChange, personId, ofCity }: RailProps) {
  const { t } = useTranslation('queue');
  const saved = useSavedFilters().data;
  const [ask, setAsk] = useState<FilterAsk | null>(null);
  const now = parametersOf(address);
  const show = (query: SavedFilter['query']) => onChange({ ...addressOf(query), view: address.view });
  const items = [...(saved?.items ?? [])].sort((a, b) => Number(b.mine) - Number(a.mine));
  return (
    <nav className={classes.rail} data-lying={address.view === 'board' || undefined} aria-label={t('saved.label')}>
      {QUICK.filter(({ key }) => ofCity || key === 'watching').map(({ key, icon: Glyph }) => {
        const on = address[key] === 'true';
        return (
          <button
            key={key}
            type="button"
            className={classes.entry}
            aria-pressed={on}
            onClick={() => onChange({ ...withoutFilters(address), [key]: on ? null : 'true' })}
          >
            <Glyph size={16} stroke={1.8} aria-hidden />
            <span className={classes.name}>{t(`quick.${key}`)}</span>
          </button>
        );
      })}
      <div className={classes.head}>
        <h2>{t('saved.title')}</h2>
        <button
          type="button"
          aria-label={t('saved.save')}
          title={t('saved.save')}
          onClick={() => setAsk({ kind: 'save' })}
        >
          <IconPlus size={16} stroke={1.8} aria-hidden />
        </button>
      </div>
      {saved !== undefined && items.length === 0 && (
        <p className={classes.none}>{t(isFiltered(address) ? 'saved.noneYet' : 'saved.none')}</p>
      )}
      {items.map((filter) => (
        <Entry
          key={filter.id}
          filter={filter}
          open={isSameQuery(filter.query, now)}
          now={now}
          personId={personId}
          onShow={() => show(filter.query)}
          onAsk={setAsk}
        />
      ))}
      {ask !== null && (
        <FilterDialog ask={ask} query={now} mayShare={saved?.mayShare ?? false} onClose={() => setAsk(null)} />
      )}
    </nav>
  );
}

interface EntryProps {
  filter: SavedFilter;
  open: boolean;
  now: SavedFilter['query'];
  personId: string;
  onShow: () => void;
  onAsk: (ask: FilterAsk) => void;
}

function Entry({ filter, open, now, personId, onShow, onAsk }: EntryProps) {
  const { t } = useTranslation('queue');
  const words = useErrorText();
  const patch = usePatchSavedFilter();
  const [defaultId, setDefault] = useDefaultFilter(personId);
  const isDefault = defaultId === filter.id;
  const update = () =>
    patch.mutate(
      { id: filter.id, query: now },
      {
        onSuccess: () => toast({ kind: 'done', title: t('saved.updated', { name: filter.name }) }),
        onError: (error) => toast({ kind: 'error', title: t('saved.failed'), text: words(error) }),
      },
    );
  return (
    <div className={classes.row} data-open={open || undefined}>
      <button
        type="button"
        className={classes.entry}
        aria-current={open || undefined}
        title={filter.mine ? filter.name : t('saved.by', { name: filter.name, owner: filter.ownerName })}
        onClick={onShow}
      >
        {filter.shared ? (
          <IconUsers size={16} stroke={1.8} aria-label={t('saved.shared')} />
        ) : (
          <IconBookmark size={16} stroke={1.8} aria-hidden />
        )}
        <span className={classes.name}>
          {filter.name}
          {isDefault && <span className={classes.note}>{t('saved.isDefault')}</span>}
        </span>
      </button>
      <Menu position="bottom-end" width={250}>
        <Menu.Target>
          <button type="button" className={classes.more} aria-label={t('saved.more', { name: filter.name })}>
            <IconDots size={16} stroke={1.8} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDefault(isDefault ? null : filter.id)}>
            {t(isDefault ? 'saved.unsetDefault' : 'saved.setDefault')}
          </Menu.Item>
          {filter.mine && (
            <>
              {!open && <Menu.Item onClick={update}>{t('saved.update')}</Menu.Item>}
              <Menu.Item onClick={() => onAsk({ kind: 'edit', filter })}>{t('saved.edit')}</Menu.Item>
              <Menu.Item onClick={() => onAsk({ kind: 'delete', filter })}>{t('saved.delete')}</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
