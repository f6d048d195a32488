import { Button } from '@mantine/core';
import IconArrowDown from '@tabler/icons-react/icons/IconArrowDown';
import IconArrowUp from '@tabler/icons-react/icons/IconArrowUp';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentSummary } from '../../../server/contracts/incidents.ts';
import { paths } from '../../app/paths.ts';
import { IncidentStateChip } from '../../components/chip.tsx';
import { Deadline } from '../../components/deadline.tsx';
import { KeyCap } from '../../components/key-cap.tsx';
import { SeverityLabel, SeverityMark } from '../../components/severity.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import { Still } from '../../components/still.tsx';
import { formatShort } from '../../components/time.ts';
import classes from './incident-list.module.css';
import type { Sort } from './list-address.ts';
import { useCategoryName } from './use-list.ts';

interface ListProps {
  items: readonly IncidentSummary[];
  /** Which row the keys stand on. */
  selected: number;
  unread: ReadonlySet<string>;
  arrived: ReadonlySet<string>;
  sort: Sort;
  /** The query of the list, so that a case knows where it was opened from. */
  from: string;
  more: boolean;
  loading: boolean;
  onMore: () => void;
}

/** The cases as rows; on a phone as items of two lines. The next page comes when the end is near, or by the button. */
export function IncidentList({ items, selected, unread, arrived, sort, from, more, loading, onMore }: ListProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const Arrow = sort === 'due' ? IconArrowUp : IconArrowDown;
  const arrow = <Arrow size={14} stroke={1.8} aria-hidden />;
  return (
    <div className={classes.card}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>
              <span className={classes.spoken}>{t('column.still')}</span>
            </th>
            <th>{t('column.category')}</th>
            <th>{t('column.severity')}</th>
            <th>{t('column.unit')}</th>
            <th aria-sort={sort === 'newest' ? 'descending' : undefined}>
              {t('column.moment')} {sort === 'newest' && arrow}
            </th>
            <th>{t('column.state')}</th>
            <th aria-sort={sort === 'due' ? 'ascending' : undefined}>
              {t('column.deadline')} {sort === 'due' && arrow}
            </th>
            <th>
              <span className={classes.spoken}>{t('common:open')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((incident, at) => (
            <Row
              key={incident.id}
              incident={incident}
              selected={at === selected}
              unread={unread.has(incident.id)}
              arrived={arrived.has(incident.id)}
              from={from}
            />
          ))}
        </tbody>
      </table>
      {loading && <SkeletonRows rows={3} picture />}
      <footer className={classes.foot}>
        <span>{t(more ? 'shownMore' : 'shownAll', { count: items.length })}</span>
        <span className={classes.keys} aria-hidden>
          <KeyCap>J</KeyCap>
          <KeyCap>K</KeyCap> {t('keys.move')} <KeyCap>↵</KeyCap> {t('keys.open')}
        </span>
        {more && (
          <Button variant="default" onClick={onMore} disabled={loading}>
            {t('loadMore')}
          </Button>
        )}
      </footer>
    </div>
  );
}

interface RowProps {
  incident: IncidentSummary;
  selected: boolean;
  unread: boolean;
  arrived: boolean;
  from: string;
}

function Row({ incident, selected, unread, arrived, from }: RowProps) {
  const { t } = useTranslation('incidents');
  const name = useCategoryName();
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <tr
      ref={row}
      data-selected={selected || undefined}
      data-unread={unread || undefined}
      data-arrived={arrived || undefined}
    >
      <td className={classes.still}>
        <Still src={incident.still} alt="" width={68} />
      </td>
      <td className={classes.category}>
        <span className={classes.phoneMark}>
          <SeverityMark severity={incident.severity} />
        </span>
        <Link className={classes.open} to={paths.incident(incident.id)} state={{ from }}>
          {name(incident.category)}
        </Link>
        {unread && <span className={classes.spoken}> ({t('unread')})</span>}
        <span className={classes.second}>
          {incident.category} · {incident.number}
        </span>
      </td>
      <td className={classes.severity}>
        <SeverityLabel severity={incident.severity} />
      </td>
      <td className={classes.unit}>
        <span className={classes.unitName}>{incident.unitName}</span>
        <span className={classes.second}>{incident.cameraName}</span>
      </td>
      <td className={classes.moment}>{formatShort(incident.atMs)}</td>
      <td className={classes.state}>
        <IncidentStateChip state={incident.state} />
      </td>
      <td className={classes.due}>
        <Deadline dueAtMs={incident.dueAtMs} workingDaysLeft={incident.workingDaysLeft} />
      </td>
      <td className={classes.arrow}>
        <IconChevronRight size={18} stroke={1.8} display="block" aria-hidden />
      </td>
    </tr>
  );
}
