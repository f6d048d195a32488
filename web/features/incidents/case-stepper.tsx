import IconBan from '@tabler/icons-react/icons/IconBan';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { Deadline, termOf } from '../../components/deadline.tsx';
import { formatShort } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { type StepperStep, stepperOf } from './case-policy.ts';
import classes from './case-stepper.module.css';
import { spanOf } from './span-words.ts';

/** The way of a case: where it has been, where it waits and until when, what is to come. */
export function CaseStepper({ incident }: { incident: Incident }) {
  const { t } = useTranslation('incidents');
  return (
    <ol className={classes.stepper} aria-label={t('stepper.label')}>
      {stepperOf(incident).map((step, at) => (
        <Step key={step.state} step={step} at={at} incident={incident} />
      ))}
    </ol>
  );
}

function Step({ step, at, incident }: { step: StepperStep; at: number; incident: Incident }) {
  const { t } = useTranslation(['incidents', 'common']);
  const now = useNow(60_000);
  const passed = step.status === 'done' || (step.status === 'ended' && step.state === 'concluded');
  const term = step.status === 'now' ? termOf(incident.dueAtMs, incident.workingDaysLeft, now) : 'none';
  return (
    <li className={classes.step} data-status={step.status} aria-current={step.status === 'now' ? 'step' : undefined}>
      <span className={classes.mark} data-passed={passed || undefined} aria-hidden>
        {passed ? (
          <IconCheck size={16} stroke={2.4} />
        ) : step.state === 'no_violation' ? (
          <IconBan size={16} stroke={2} />
        ) : (
          at + 1
        )}
      </span>
      <span className={classes.words}>
        <span className={classes.name}>{t(`common:incidentState.${step.state}`)}</span>
        {step.atMs !== null && <span className={classes.date}>{formatShort(step.atMs)}</span>}
        {step.tookMs !== null && <Took ms={step.tookMs} />}
        {term !== 'none' && <Deadline dueAtMs={incident.dueAtMs} workingDaysLeft={incident.workingDaysLeft} />}
        {step.status === 'ended' && step.state === 'concluded' && incident.conclusion !== null && (
          <span className={classes.hint}>{t(`common:conclusion.${incident.conclusion}`)}</span>
        )}
        {step.status === 'to_come' && <span className={classes.hint}>{t(`stepper.toCome.${step.state}`)}</span>}
      </span>
    </li>
  );
}

function Took({ ms }: { ms: number }) {
  const { t } = useTranslation('incidents');
  const { unit, count } = spanOf(ms);
  return <span className={classes.hint}>{t('stepper.took', { span: t(`span.${unit}`, { count }) })}</span>;
}
