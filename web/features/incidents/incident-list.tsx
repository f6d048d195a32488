import { Button, Checkbox } from '@mantine/core';
import IconArrowDown from '@tabler/icons-react/icons/IconArrowDown';
import IconArrowUp from '@tabler/icons-react/icons/IconArrowUp';
import IconChevronLeft from '@tabler/icons-react/icons/IconChevronLeft';
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
import { Still } from '../../components/still.tsx';
import { formatShort } from '../../components/time.ts';
import type { Selection } from './bulk-selection.ts';
import classes from './incident-list.module.css';
import { excerptOf, piecesOf } from './incident-list-words.ts';
import type { Sort } from './list-address.ts';
import { useCategoryName } from './use-list.ts';

interface ListProps {
  items: readonly IncidentSummary[];
  /** Place of the first of them in the whole list, from 1. */
  first: number;
  /** How many there are in all; undefined where nobody counts them. */
  total: number | undefined;
  /** Which row the keys stand on. */
  at: number;
  /** Null where nothing can be done with many cases at once. */
  selection: Selection | null;
  /** Folded words of the search. */
  words: readonly string[];
  unread: ReadonlySet<string>;
  arrived: ReadonlySet<string>;
  sort: Sort;
  /** The query of the list, so that a case knows where it was opened from. */
  from: string;
  onPrevious: (() => void) | null;
  onNext: (() => void) | null;
  loading: boolean;
}

/** One page of cases as rows; on a phone as items of two lines. */
export function IncidentList(props: ListProps) {
  const { items, at, selection, sort, unread, arrived, words, from } = props;
  const { t } = useTranslation(['incidents', 'queue', 'common']);
  const Arrow = sort === 'due' ? IconArrowUp : IconArrowDown;
  const arrow = <Arrow size={14} stroke={1.8} aria-hidden />;
  const ticked = items.filter(({ id }) => selection?.chosen.has(id)).length;
  return (
    <div className={classes.card}>
      <table className={classes.table}>
        <thead>
          <tr>
            {selection !== null && (
              <th className={classes.tick}>
                <Checkbox
                  aria-label={t('queue:bulk.page')}
                  checked={ticked > 0 && ticked === items.length}
                  indeterminate={ticked > 0 && ticked < items.length}
                  onChange={selection.togglePage}
                />
              </th>
            )}
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
          {items.map((incident, place) => (
            <Row
              key={incident.id}
              incident={incident}
              here={place === at}
              selection={selection}
              words={words}
              unread={unread.has(incident.id)}
              arrived={arrived.has(incident.id)}
              from={from}
            />
          ))}
        </tbody>
      </table>
      <Foot {...props} />
    </div>
  );
}

function Foot({ items, first, total, selection, onPrevious, onNext, loading }: ListProps) {
  const { t } = useTranslation(['queue', 'incidents']);
  const last = first + items.length - 1;
  return (
    <footer className={classes.foot}>
      <span>{total === undefined ? t('page.some', { first, last }) : t('page.of', { first, last, count: total })}</span>
      <span className={classes.keys} aria-hidden>
        <KeyCap>J</KeyCap>
        <KeyCap>K</KeyCap> {t('incidents:keys.move')}
        {selection !== null && (
          <>
            <KeyCap>Space</KeyCap> {t('page.tick')}
          </>
        )}
        <KeyCap>↵</KeyCap> {t('incidents:keys.open')}
      </span>
      {(onPrevious !== null || onNext !== null) && (
        <span className={classes.pages}>
          <Button
            variant="default"
            leftSection={<IconChevronLeft size={16} stroke={1.8} aria-hidden />}
            disabled={onPrevious === null}
            onClick={onPrevious ?? undefined}
          >
            {t('page.previous')}
          </Button>
          <Button
            variant="default"
            rightSection={<IconChevronRight size={16} stroke={1.8} aria-hidden />}
            disabled={onNext === null}
            loading={loading}
            onClick={onNext ?? undefined}
          >
            {t('page.next')}
          </Button>
        </span>
      )}
    </footer>
  );
}

interface RowProps {
  incident: IncidentSummary;
  here: boolean;
  selection: Selection | null;
  words: readonly string[];
  unread: boolean;
  arrived: boolean;
  from: string;
}

function Row({ incident, here, selection, words, unread, arrived, from }: RowProps) {
  const { t } = useTranslation(['incidents', 'queue']);
  const name = useCategoryName()(incident.category);
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (here) row.current?.scrollIntoView({ block: 'nearest' });
  }, [here]);
  const { id, number, category, unitName, cameraName, assignee } = incident;
  const ticked = selection?.chosen.has(id) ?? false;
  const hidden = `${incident.note} ${incident.finding ?? ''}`;
  const quoted = words.length === 0 ? null : excerptOf(hidden, [name, category, number, unitName, cameraName], words);
  return (
    <tr
      ref={row}
      data-selected={here || undefined}
      data-ticked={ticked || undefined}
      data-unread={unread || undefined}
      data-arrived={arrived || undefined}
    >
      {selection !== null && (
        <td className={classes.tick}>
          <Checkbox
            aria-label={t('queue:bulk.one', { number })}
            checked={ticked}
            // The click tells of Shift; a change by key does not.
            onClick={(event) => selection.toggle(id, event.shiftKey)}
            onChange={() => undefined}
          />
        </td>
      )}
      <td className={classes.still}>
        <Still src={incident.still} alt="" width={68} />
      </td>
      <td className={classes.category}>
        <span className={classes.phoneMark}>
          <SeverityMark severity={incident.severity} />
        </span>
        <Link className={classes.open} to={paths.incident(id)} state={{ from }}>
          <Marked text={name} words={words} />
        </Link>
        {unread && <span className={classes.spoken}> ({t('unread')})</span>}
        <span className={classes.second}>
          <Marked text={`${category} · ${number}`} words={words} />
        </span>
        {quoted !== null && (
          <span className={classes.quoted}>
            <Marked text={quoted} words={words} />
          </span>
        )}
      </td>
      <td className={classes.severity}>
        <SeverityLabel severity={incident.severity} />
      </td>
      <td className={classes.unit}>
        <span className={classes.unitName}>
          <Marked text={unitName} words={words} />
        </span>
        <span className={classes.second}>
          <Marked text={cameraName} words={words} />
        </span>
      </td>
      <td className={classes.moment}>{formatShort(incident.atMs)}</td>
      <td className={classes.state}>
        <IncidentStateChip state={incident.state} />
        {assignee !== null && (
          <span className={classes.assignee}>{t('queue:assignedTo', { name: assignee.name })}</span>
        )}
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

/** A text with the searched words marked. */
function Marked({ text, words }: { text: string; words: readonly string[] }) {
  if (words.length === 0) return text;
  return piecesOf(text, words).map((piece, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text stay in their order
    piece.hit ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>,
  );
}
