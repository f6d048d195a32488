import { ActionIcon, Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import IconChevronLeft from '@tabler/icons-react/icons/IconChevronLeft';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconClipboardOff from '@tabler/icons-react/icons/IconClipboardOff';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useParams } from 'react-router';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { mediaPaths } from '../../../server/contracts/media.ts';
import { ApiError } from '../../api/client.ts';
import { useIncident } from '../../api/incidents.ts';
import { useMe } from '../../api/session.ts';
import { paths } from '../../app/paths.ts';
import { IncidentStateChip } from '../../components/chip.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { SeverityLabel } from '../../components/severity.tsx';
import { Skeleton } from '../../components/skeletons.tsx';
import { formatDate, formatTime, formatWeekday } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { ClipPlayer } from '../../player/clip-player.tsx';
import { decodable } from '../../player/decodable.ts';
import { CaseActions } from './case-actions.tsx';
import { CaseFacts } from './case-facts.tsx';
import { CaseHistory } from './case-history.tsx';
import { actionsOf, neighbours } from './case-policy.ts';
import { CaseStepper } from './case-stepper.tsx';
import classes from './incident-page.module.css';
import { parseAddress } from './list-address.ts';
import { useUnread } from './unread.ts';
import { useArrivals } from './use-arrivals.ts';
import { useCategoryName, useList } from './use-list.ts';

/** One case: its way, its footage, its history, and what the reader may do. */
export default function IncidentPage() {
  const { t } = useTranslation(['incidents', 'common']);
  const { id } = useParams();
  const { from } = (useLocation().state ?? {}) as { from?: string };
  const query = useIncident(id);
  const incident = query.data;
  // A phone's top bar has no room for the number; it stands below the title.
  const phone = useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false });
  const [, mark] = useUnread(useMe().data?.id ?? '');
  useArrivals(mark);
  useEffect(() => {
    if (incident?.id !== undefined) mark(incident.id, false);
  }, [incident?.id, mark]);
  const back = from === undefined || from === '' ? paths.incidents() : `${paths.incidents()}?${from}`;

  if (incident === undefined) {
    const gone = query.error instanceof ApiError && query.error.status === 404;
    return (
      <div className={page.page}>
        <PageHeader title={t('title')} />
        {query.isPending ? (
          <Waiting />
        ) : gone ? (
          <EmptyState
            icon={IconClipboardOff}
            title={t('gone.title')}
            hint={t('gone.hint')}
            action={
              <Button component={Link} to={back} variant="default">
                {t('toList')}
              </Button>
            }
          />
        ) : (
          <Problem error={query.error} onRetry={() => query.refetch()} />
        )}
      </div>
    );
  }
  return (
    <div className={page.page}>
      <PageHeader title={t('title')} crumb={phone ? undefined : incident.number} />
      <CaseHeader incident={incident} back={back} from={from} />
      <CaseStepper incident={incident} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <div className={classes.clip}>
            <ClipPlayer
              key={incident.id}
              src={decodable(mediaPaths.incidentClip(incident.id), null)}
              fromMs={incident.fromMs}
              toMs={incident.toMs}
              atMs={incident.atMs}
              poster={incident.still}
            />
          </div>
          <div className={classes.facts}>
            <CaseFacts incident={incident} />
          </div>
        </div>
        <div className={`${classes.column} ${classes.middle}`}>
          <CaseHistory incident={incident} />
        </div>
        <div className={`${classes.column} ${classes.actions}`}>
          <CaseActions key={incident.id} incident={incident} onStale={() => void query.refetch()} />
        </div>
      </div>
    </div>
  );
}

interface HeaderProps {
  incident: Incident;
  back: string;
  from: string | undefined;
}

function CaseHeader({ incident, back, from }: HeaderProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const lang = useLang();
  const name = useCategoryName();
  return (
    <header className={classes.header}>
      <Link className={classes.back} to={back}>
        <IconArrowLeft size={18} stroke={1.8} aria-hidden />
        {t('list')}
      </Link>
      <div className={classes.heading}>
        <h2 className={classes.title}>{name(incident.category)}</h2>
        <p className={classes.meta}>
          <SeverityLabel severity={incident.severity} />
          <span>
            {incident.category} · {incident.number}
          </span>
          <span>
            {incident.unitName}, {incident.cameraName}
          </span>
          <span>
            {t('stretch', {
              day: formatWeekday(incident.fromMs, lang),
              date: formatDate(incident.fromMs),
              from: formatTime(incident.fromMs),
              to: formatTime(incident.toMs),
            })}
          </span>
        </p>
      </div>
      <IncidentStateChip state={incident.state} mine={actionsOf(incident).primary !== null} />
      {from !== undefined && <Neighbours id={incident.id} from={from} />}
    </header>
  );
}

/** The case before and the case after, in the list that this one was opened from. */
function Neighbours({ id, from }: { id: string; from: string }) {
  const { t } = useTranslation('incidents');
  const address = useMemo(() => parseAddress(new URLSearchParams(from)), [from]);
  const { items } = useList(address);
  const { previous, next } = neighbours(items?.map((incident) => incident.id) ?? [], id);
  const arrow = (to: string | null, label: string, Glyph: typeof IconChevronLeft) =>
    to === null ? (
      <ActionIcon variant="default" disabled aria-label={label}>
        <Glyph size={18} stroke={1.8} aria-hidden />
      </ActionIcon>
    ) : (
      <ActionIcon
        component={Link}
        variant="default"
        to={paths.incident(to)}
        state={{ from }}
        replace
        aria-label={label}
        title={label}
      >
        <Glyph size={18} stroke={1.8} aria-hidden />
      </ActionIcon>
    );
  return (
    <nav className={classes.neighbours} aria-label={t('neighbours')}>
      {arrow(previous, t('previousCase'), IconChevronLeft)}
      {arrow(next, t('nextCase'), IconChevronRight)}
    </nav>
  );
}

function Waiting() {
  return (
    <div className={classes.waiting} aria-busy="true">
      <Skeleton width={360} height={52} />
      <Skeleton height={104} radius={8} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <Skeleton height={356} radius={8} />
          <Skeleton height={200} radius={8} />
        </div>
        <div className={classes.column}>
          <Skeleton height={220} radius={8} />
        </div>
        <div className={classes.column}>
          <Skeleton height={280} radius={8} />
        </div>
      </div>
    </div>
  );
}
