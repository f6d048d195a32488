import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { mediaPaths } from '../../../server/contracts/media.ts';
import { useMe } from '../../api/session.ts';
import { paths } from '../../app/paths.ts';
import { IncidentStateChip } from '../../components/chip.tsx';
import { Deadline } from '../../components/deadline.tsx';
import { SeverityLabel } from '../../components/severity.tsx';
import { formatDateTime } from '../../components/time.ts';
import { ClipPlayer } from '../../player/clip-player.tsx';
import { decodable } from '../../player/decodable.ts';
import type { VodPlayer } from '../../player/vod-player.ts';
import { Repeats } from './case-repeats.tsx';
import { actionsOf } from './case-step-policy.ts';
import classes from './review.module.css';
import { ReviewForm, type ReviewMode } from './review-form.tsx';
import { ReviewKeys } from './review-keys.tsx';
import type { Decision } from './review-policy.ts';
import { useCategoryName } from './use-list.ts';
import { useReviewKeys } from './use-review-keys.ts';
import { useReviewSteps } from './use-review-steps.ts';

interface CaseProps {
  incident: Incident;
  /** The case that comes next, whose still and clip are made ready. */
  next: Incident | undefined;
  from: string;
  decided: Decision | undefined;
  onDecide: (decision: Decision) => void;
  onGo: (by: 1 | -1) => void;
  onStale: () => void;
}

/** One case of the queue: clip, facts, and what a key does. */
export function ReviewCase({ incident, next, from, decided, onDecide, onGo, onStale }: CaseProps) {
  const { t } = useTranslation('queue');
  const me = useMe().data;
  const player = useRef<VodPlayer | null>(null);
  const stage = useRef<HTMLElement>(null);
  const [opened, setOpened] = useState<{ id: string; mode: ReviewMode } | null>(null);
  // A form belongs to one case.
  const mode = opened?.id === incident.id ? opened.mode : null;
  const { primary, others, tools } = actionsOf(incident);
  const allowed = new Set([...(primary === null ? [] : [primary]), ...others, ...tools]);
  const steps = useReviewSteps(incident, { onDecide, onStale });
  const close = () => {
    setOpened(null);
    stage.current?.focus();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each case the keys are at its disposal
  useEffect(() => stage.current?.focus(), [incident.id]);
  const verify = () => {
    if (allowed.has('verify')) steps.take({ step: 'verify' });
  };
  const open = (which: ReviewMode) => {
    steps.forget();
    if (allowed.has(which)) setOpened({ id: incident.id, mode: which });
  };
  const toMe = () => {
    if (allowed.has('assign') && me && incident.assignee?.id !== me.id) {
      steps.take({ step: 'assign', assigneeId: me.id });
    }
  };
  useReviewKeys({
    player,
    onGo,
    onVerify: verify,
    onOpen: open,
    onToMe: toMe,
    onClose: close,
    busy: steps.pending,
    open: mode !== null,
  });
  const clips = next === undefined || next.id === incident.id ? [incident] : [incident, next];

  return (
    <section
      className={classes.stage}
      ref={stage}
      tabIndex={-1}
      aria-label={t('review.stage', { number: incident.number })}
      data-testid="review-stage"
      data-number={incident.number}
    >
      <div className={classes.clip}>
        {clips.map((one) => (
          // What comes next is loaded out of sight, and is then the very same player.
          <div key={one.id} hidden={one.id !== incident.id}>
            <Clip incident={one} here={one.id === incident.id} player={player} />
          </div>
        ))}
        <Facts incident={incident} from={from} />
      </div>
      <div className={classes.side}>
        {mode === null ? (
          <ReviewKeys
            allowed={allowed}
            decided={decided}
            busy={steps.pending}
            error={steps.error}
            done={steps.done}
            onVerify={verify}
            onOpen={open}
            onToMe={toMe}
            onGo={onGo}
          />
        ) : (
          <ReviewForm
            key={`${incident.id} ${mode}`}
            mode={mode}
            incident={incident}
            steps={steps}
            onTaken={() => setOpened(null)}
            onClose={close}
          />
        )}
      </div>
    </section>
  );
}

interface ClipProps {
  incident: Incident;
  here: boolean;
  player: React.RefObject<VodPlayer | null>;
}

function Clip({ incident, here, player }: ClipProps) {
  const [own, setOwn] = useState<VodPlayer | null>(null);
  useEffect(() => {
    if (here) player.current = own;
  }, [here, own, player]);
  return (
    <ClipPlayer
      // What was still being written is played anew once it is all there.
      key={String(incident.footage.pending)}
      src={decodable(mediaPaths.incidentClip(incident.id), null)}
      fromMs={incident.fromMs}
      toMs={incident.toMs}
      atMs={incident.atMs}
      poster={incident.still}
      autoPlay={here}
      onPlayer={setOwn}
    />
  );
}

function Facts({ incident, from }: { incident: Incident; from: string }) {
  const { t } = useTranslation(['queue', 'incidents', 'common']);
  const name = useCategoryName();
  const { number, category, severity, state, unitName, cameraName, atMs, note, flaggedBy, assignee } = incident;
  return (
    <div className={classes.facts}>
      <div className={classes.title}>
        <h2>{name(category)}</h2>
        <SeverityLabel severity={severity} />
        <IncidentStateChip state={state} />
      </div>
      <p className={classes.meta}>
        {category} ·{' '}
        <Link to={paths.incident(incident.id)} state={{ from }}>
          {number}
        </Link>{' '}
        · <b>{unitName}</b>, {cameraName} · {formatDateTime(atMs)}
      </p>
      {note !== '' && <p className={classes.note}>{note}</p>}
      <dl className={classes.more}>
        <div>
          <dt>{t('incidents:facts.flaggedBy')}</dt>
          <dd>{flaggedBy === null ? '–' : t(`common:role.${flaggedBy.role}`)}</dd>
        </div>
        <div>
          <dt>{t('incidents:facts.assignee')}</dt>
          <dd>{assignee?.name ?? t('person.nobody')}</dd>
        </div>
        <div>
          <dt>{t('incidents:column.deadline')}</dt>
          <dd>
            <Deadline dueAtMs={incident.dueAtMs} workingDaysLeft={incident.workingDaysLeft} />
          </dd>
        </div>
        <div>
          <dt>{t('incidents:facts.repeats')}</dt>
          <dd>
            <Repeats incident={incident} />
          </dd>
        </div>
      </dl>
    </div>
  );
}
