import IconArrowForwardUp from '@tabler/icons-react/icons/IconArrowForwardUp';
import IconBan from '@tabler/icons-react/icons/IconBan';
import IconBellRinging from '@tabler/icons-react/icons/IconBellRinging';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconClock from '@tabler/icons-react/icons/IconClock';
import IconClockExclamation from '@tabler/icons-react/icons/IconClockExclamation';
import IconCopy from '@tabler/icons-react/icons/IconCopy';
import { useTranslation } from 'react-i18next';
import type { Incident, IncidentState } from '../../../server/contracts/incidents.ts';
import { termOf } from '../../components/deadline.tsx';
import { formatShort } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import classes from './case-stepper.module.css';
import { type WayStep, wayOfCase } from './case-way.ts';

/** The way of a case: where it has been and how each term was kept, where it waits and until when, what is to come. */
export function CaseStepper({ incident }: { incident: Incident }) {
  const { t } = useTranslation('incidents');
  const way = wayOfCase(incident);
  return (
    <ol className={classes.stepper} data-steps={way.length} aria-label={t('stepper.label')}>
      {way.map((step, at) => (
        <Step key={step.state} step={step} at={at} incident={incident} />
      ))}
    </ol>
  );
}

const ENDS: Partial<Record<IncidentState, typeof IconBan>> = {
  no_violation: IconBan,
  duplicate: IconCopy,
  referred: IconArrowForwardUp,
};

function Step({ step, at, incident }: { step: WayStep; at: number; incident: Incident }) {
  const { t } = useTranslation(['incidents', 'common']);
  const { state, status, by } = step;
  const End = ENDS[state];
  const passed = status === 'done' || state === 'closed';
  const office = by === null ? null : t(`common:role.${by.role}`, { defaultValue: by.name });
  return (
    <li className={classes.step} data-status={status} aria-current={status === 'now' ? 'step' : undefined}>
      <span className={classes.mark} data-passed={(passed && status !== 'to_come') || undefined} aria-hidden>
        {status === 'to_come' || status === 'now' ? (
          at + 1
        ) : End !== undefined ? (
          <End size={15} stroke={2} />
        ) : (
          <IconCheck size={16} stroke={2.4} />
        )}
      </span>
      <span className={classes.words}>
        <span className={classes.name}>{t(`common:incidentState.${state}`)}</span>
        {step.atMs !== null && (
          <span className={classes.date}>
            {formatShort(step.atMs)}
            {office !== null && <span className={classes.by}> · {office}</span>}
          </span>
        )}
        {status === 'done' && step.dueAtMs !== null && step.kept !== null && (
          <span className={classes.hint} data-kept={step.kept}>
            {t(step.kept === 'late' ? 'stepper.keptLate' : 'stepper.keptInTime', { date: formatShort(step.dueAtMs) })}
          </span>
        )}
        {status === 'now' && <CaseTerm incident={incident} />}
        {step.escalated && (
          <span className={classes.hint}>
            <IconBellRinging size={14} stroke={1.8} aria-hidden />
            {t('stepper.escalated')}
          </span>
        )}
        {step.conclusion !== null && <span className={classes.hint}>{t(`common:conclusion.${step.conclusion}`)}</span>}
        {status === 'to_come' && <span className={classes.hint}>{t(`stepper.toCome.${state}`)}</span>}
      </span>
    </li>
  );
}

type Termed = Pick<Incident, 'dueAtMs' | 'workingDaysLeft' | 'due'>;

/** How many working days are left, amber at the last, red when passed; below it the date. */
export function CaseTerm({ incident }: { incident: Termed }) {
  const { t } = useTranslation('common');
  const now = useNow(60_000);
  const { dueAtMs, workingDaysLeft, due } = incident;
  if (dueAtMs === null || workingDaysLeft === null || due === null) return null;
  const term = due === 'overdue' ? 'overdue' : termOf(dueAtMs, workingDaysLeft, now);
  const days = Math.abs(workingDaysLeft);
  const words =
    term === 'today'
      ? t('deadline.today')
      : term !== 'overdue'
        ? t('deadline.left', { count: days })
        : days === 0
          ? t('deadline.overdueToday')
          : t('deadline.overdue', { count: days });
  const tone = term === 'left' ? due : term;
  const Glyph = tone === 'overdue' ? IconClockExclamation : IconClock;
  return (
    <span className={classes.term} data-tone-of={tone}>
      <span className={classes.left}>
        {tone !== 'ok' && <Glyph size={16} stroke={1.8} aria-hidden />}
        {words}
      </span>
      <span className={classes.hint}>
        {t('incidents:stepper.due', { ns: 'incidents', date: formatShort(dueAtMs) })}
      </span>
    </span>
  );
}
