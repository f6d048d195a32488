import IconCheck from '@tabler/icons-react/icons/IconCheck';
import { useTranslation } from 'react-i18next';
import classes from './wizard.module.css';
import { STEPS, type Stage, stepOf } from './wizard-policy.ts';

/** Where the whole flow stands: find, look at, mend, place, save. */
export function WizardSteps({ stages }: { stages: readonly Stage[] }) {
  const { t } = useTranslation('cameras');
  const { step, left } = stepOf(stages);
  const added = stages.filter((stage) => stage === 'added').length;
  const over = step === 'save' && left === 0;
  const now = STEPS.indexOf(step);
  return (
    <ol className={classes.steps} aria-label={t('step.label')}>
      {STEPS.map((one, at) => {
        const state = at < now || over ? 'done' : at === now ? 'now' : 'later';
        return (
          <li key={one} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <span className={classes.ring}>
              {state === 'done' ? <IconCheck size={14} stroke={2.4} aria-hidden /> : <span aria-hidden>{at + 1}</span>}
            </span>
            <span className={classes.stepWords}>
              <b>{t(`step.${one}`)}</b>
              <span>
                {one === 'find'
                  ? t('step.found', { count: stages.length })
                  : one === 'save'
                    ? t('step.added', { count: added })
                    : state === 'now'
                      ? t('step.left', { count: left })
                      : ' '}
              </span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
