import { Button } from '@mantine/core';
import IconArrowForwardUp from '@tabler/icons-react/icons/IconArrowForwardUp';
import IconBan from '@tabler/icons-react/icons/IconBan';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCopy from '@tabler/icons-react/icons/IconCopy';
import IconFlag from '@tabler/icons-react/icons/IconFlag';
import IconGavel from '@tabler/icons-react/icons/IconGavel';
import IconLock from '@tabler/icons-react/icons/IconLock';
import IconMessageQuestion from '@tabler/icons-react/icons/IconMessageQuestion';
import IconScale from '@tabler/icons-react/icons/IconScale';
import IconZoomCheck from '@tabler/icons-react/icons/IconZoomCheck';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentPage, IncidentState, IncidentSummary } from '../../../server/contracts/incidents.ts';
import { paths } from '../../app/paths.ts';
import { Deadline } from '../../components/deadline.tsx';
import { Problem } from '../../components/problem.tsx';
import { SeverityLabel } from '../../components/severity.tsx';
import { Skeleton } from '../../components/skeletons.tsx';
import { Still } from '../../components/still.tsx';
import { formatNumber, formatShort } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './incident-board.module.css';
import { CardMenu } from './incident-board-menu.tsx';
import { type ListAddress, OPEN_STATES, TAB_STATES, UNSENT_STATES } from './list-address.ts';
import { useCategoryName, useList } from './use-list.ts';

const GLYPHS: Record<IncidentState, typeof IconFlag> = {
  flagged: IconFlag,
  verifying: IconZoomCheck,
  explanation_requested: IconMessageQuestion,
  awaiting_conclusion: IconGavel,
  concluded: IconCircleCheck,
  appealed: IconScale,
  closed: IconLock,
  no_violation: IconBan,
  duplicate: IconCopy,
  referred: IconArrowForwardUp,
};
const A_PAGE = 20;

interface BoardProps {
  address: ListAddress;
  /** A unit has no column for what is not sent to it. */
  ofCity: boolean;
  counts: IncidentPage['counts'] | undefined;
  unread: ReadonlySet<string>;
  arrived: ReadonlySet<string>;
  from: string;
}

/** The cases of a tab by state, one column each. */
export function IncidentBoard({ address, ...rest }: BoardProps) {
  const { t } = useTranslation('incidents');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: columns beyond the edge are reached by the arrows, also when no card is there to be focused
    <section className={classes.board} tabIndex={0} aria-label={t('board.label')}>
      {shownStates(address, rest.counts)
        .filter((state) => rest.ofCity || !UNSENT_STATES.includes(state))
        .map((state) => (
          <Column key={state} state={state} address={address} {...rest} />
        ))}
    </section>
  );
}

/** The columns of a tab; those that are chosen, where some are. Ends without a case have none. */
function shownStates({ tab, state: chosen }: ListAddress, counts: BoardProps['counts']): readonly IncidentState[] {
  return TAB_STATES[tab].filter((state) =>
    chosen.length > 0 ? chosen.includes(state) : OPEN_STATES.includes(state) || (counts?.byState[state] ?? 1) > 0,
  );
}

function Column({
  state,
  address,
  counts,
  unread,
  arrived,
  from,
}: Omit<BoardProps, 'ofCity'> & { state: IncidentState }) {
  const { t } = useTranslation(['incidents', 'queue', 'common']);
  const lang = useLang();
  const narrow = useMemo(() => ({ state: [state], limit: A_PAGE }), [state]);
  const { query, items, more } = useList(address, narrow);
  const Glyph = GLYPHS[state];
  // Of the overdue cases nobody counts those of one state.
  const counted = address.tab === 'overdue' ? undefined : counts;
  const count =
    counted !== undefined ? (counted.byState[state] ?? 0) : more || items === undefined ? undefined : items.length;
  const left = count === undefined || items === undefined ? undefined : count - items.length;
  const title = t(`common:incidentState.${state}`);
  return (
    <section className={classes.column} aria-label={title} aria-busy={query.isPending}>
      <header className={classes.head}>
        <Glyph size={18} stroke={1.8} aria-hidden />
        <h2>{title}</h2>
        <span className={classes.count}>{count === undefined ? '' : formatNumber(count, lang)}</span>
        <p>{t(`board.${state}`)}</p>
      </header>
      {query.isPending && [0, 1].map((at) => <Skeleton key={at} height={138} radius={8} />)}
      {query.isError && items === undefined && <Problem error={query.error} onRetry={() => query.refetch()} />}
      {items?.map((incident) => (
        <Card
          key={incident.id}
          incident={incident}
          unread={unread.has(incident.id)}
          arrived={arrived.has(incident.id)}
          from={from}
        />
      ))}
      {items?.length === 0 && <p className={classes.none}>{t('board.none')}</p>}
      {more && (
        <Button variant="subtle" disabled={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {left === undefined || left <= 0 ? t('loadMore') : t('queue:board.more', { count: left })}
        </Button>
      )}
    </section>
  );
}

interface CardProps {
  incident: IncidentSummary;
  unread: boolean;
  arrived: boolean;
  from: string;
}

function Card({ incident, unread, arrived, from }: CardProps) {
  const { t } = useTranslation('incidents');
  const name = useCategoryName();
  return (
    <article className={classes.card} data-unread={unread || undefined} data-arrived={arrived || undefined}>
      <div className={classes.line}>
        <SeverityLabel severity={incident.severity} />
        <span className={classes.code}>{incident.category}</span>
        <CardMenu incident={incident} from={from} />
      </div>
      <h3>
        <Link className={classes.open} to={paths.incident(incident.id)} state={{ from }}>
          {name(incident.category)}
        </Link>
        {unread && <span className={classes.spoken}> ({t('unread')})</span>}
      </h3>
      <div className={classes.place}>
        <Still src={incident.still} alt="" width={60} />
        <span>
          <span className={classes.unit}>{incident.unitName}</span>
          <span className={classes.second}>
            {incident.cameraName} · {formatShort(incident.atMs)}
          </span>
        </span>
      </div>
      <div className={classes.due}>
        {incident.dueAtMs === null ? (
          <span>{formatShort(incident.updatedAtMs)}</span>
        ) : (
          <Deadline dueAtMs={incident.dueAtMs} workingDaysLeft={incident.workingDaysLeft} />
        )}
        <span className={classes.code}>{incident.number}</span>
      </div>
    </article>
  );
}
