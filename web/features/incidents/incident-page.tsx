import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import IconClipboardOff from '@tabler/icons-react/icons/IconClipboardOff';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useParams } from 'react-router';
import type { Incident, IncidentStep } from '../../../server/contracts/incidents.ts';
import { ApiError } from '../../api/client.ts';
import { useIncident } from '../../api/incidents.ts';
import { reachOf, useMe } from '../../api/session.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { Skeleton } from '../../components/skeletons.tsx';
import { CaseActions } from './case-actions.tsx';
import { CaseAnswer } from './case-answer.tsx';
import { CaseClip } from './case-clip.tsx';
import { CaseComments } from './case-comments.tsx';
import { CaseFacts } from './case-facts.tsx';
import { CaseHeader, Neighbours } from './case-header.tsx';
import { CaseHistory } from './case-history.tsx';
import { CasePrint } from './case-print.tsx';
import { type Actions, actionsOf } from './case-step-policy.ts';
import { CaseStepper } from './case-stepper.tsx';
import { WatchButton } from './case-tools.tsx';
import classes from './incident-page.module.css';
import { useUnread } from './unread.ts';
import { useArrivals } from './use-arrivals.ts';
import { useCaseKeys } from './use-case-keys.ts';
import { useNeighbours } from './use-neighbours.ts';

/** One case: its way, its footage, its history, and what the reader may do. */
export default function IncidentPage() {
  const { t } = useTranslation('incidents');
  const { id } = useParams();
  const { from, step } = (useLocation().state ?? {}) as { from?: string; step?: IncidentStep };
  const query = useIncident(id);
  const incident = query.data;
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
    <Case
      key={incident.id}
      incident={incident}
      back={back}
      from={from}
      begin={step ?? null}
      onStale={() => void query.refetch()}
    />
  );
}

interface CaseProps {
  incident: Incident;
  back: string;
  from: string | undefined;
  /** The step whose form was asked for before the page was opened. */
  begin: IncidentStep | null;
  onStale: () => void;
}

function Case({ incident, back, from, begin, onStale }: CaseProps) {
  const { t } = useTranslation('incidents');
  const person = useMe().data;
  // A phone's top bar has no room for the number; it stands below the title.
  const phone = useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false });
  const ofCity = reachOf(person, 'play_back') === 'city';
  const actions = useMemo(() => actionsOf(incident), [incident]);
  const [chosen, setChosen] = useState<IncidentStep | null>(begin);
  // A form whose step is not the reader's any more closes by itself.
  const opened = chosen !== null && offers(actions, chosen) ? chosen : null;
  const columns = useRef<HTMLDivElement>(null);
  const comment = useRef<HTMLTextAreaElement>(null);
  const goTo = useNeighbours(incident.id, from);
  const answers = actions.primary === 'explain' || actions.primary === 'appeal';
  useCaseKeys({
    actions,
    onStep: (step) => {
      const card = columns.current?.querySelector<HTMLElement>('[data-testid="case-actions"]');
      if (step === 'verify' && opened === null) {
        card?.querySelector<HTMLButtonElement>('[data-testid="case-send"]')?.click();
      } else if ((opened ?? actions.primary) === step) focusField(card);
      else setChosen(step);
    },
    onNeighbour: from === undefined ? null : goTo.open,
    onComment: ofCity ? () => comment.current?.focus() : null,
    onPlay: () => columns.current?.querySelector<HTMLButtonElement>('[data-testid="case-clip"] button')?.click(),
  });
  const card = (
    <div className={classes.act}>
      <CaseActions incident={incident} actions={actions} opened={opened} onOpen={setChosen} onStale={onStale} />
    </div>
  );
  const history = (
    <div className={classes.history}>
      <CaseHistory incident={incident} ofCity={ofCity} />
    </div>
  );

  return (
    <div className={page.page}>
      <PageHeader title={t('title')} crumb={phone ? undefined : incident.number} />
      <CaseHeader incident={incident} back={back} mine={actions.primary !== null && actions.primary !== 'appeal'}>
        <WatchButton incidentId={incident.id} />
        <CasePrint incident={incident} />
        {from !== undefined && <Neighbours goTo={goTo} from={from} />}
      </CaseHeader>
      <CaseStepper incident={incident} />
      <div className={classes.columns} ref={columns} data-answers={answers || undefined}>
        <div className={classes.column}>
          <CaseClip incident={incident} />
          <div className={classes.facts}>
            <CaseFacts incident={incident} ofCity={ofCity} />
          </div>
        </div>
        <div className={`${classes.column} ${classes.middle}`}>
          <div className={classes.answer}>
            <CaseAnswer incident={incident} ofCity={ofCity} />
          </div>
          {answers ? card : history}
        </div>
        <div className={`${classes.column} ${classes.actions}`}>
          {answers ? history : card}
          {ofCity && person !== null && person !== undefined && (
            <div className={classes.comments}>
              <CaseComments incidentId={incident.id} personId={person.id} inputRef={comment} />
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

const offers = ({ primary, others, tools }: Actions, step: IncidentStep): boolean =>
  primary === step || others.includes(step) || tools.includes(step);

function focusField(card: HTMLElement | null | undefined): void {
  const field = card?.querySelector<HTMLElement>(
    'input[type=radio]:checked, input:not([type=file]), textarea, [data-testid="case-send"]',
  );
  field?.focus();
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
