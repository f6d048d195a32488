import { Button, Textarea } from '@mantine/core';
import IconAlertCircle from '@tabler/icons-react/icons/IconAlertCircle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCloudCheck from '@tabler/icons-react/icons/IconCloudCheck';
import IconGavel from '@tabler/icons-react/icons/IconGavel';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import IconUserCheck from '@tabler/icons-react/icons/IconUserCheck';
import IconZoomCheck from '@tabler/icons-react/icons/IconZoomCheck';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { conclusion, type Incident } from '../../../server/contracts/incidents.ts';
import { useMe } from '../../api/session.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldError, FieldLabel } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatMinute } from '../../components/time.ts';
import classes from './case-actions.module.css';
import { CaseChanges } from './case-changes.tsx';
import { actionsOf } from './case-policy.ts';
import { useCaseStep } from './use-case-step.ts';

/** What the reader may do with the case now, why or why not, and the way to do it. */
export function CaseActions({ incident, onStale }: { incident: Incident; onStale: () => void }) {
  const { t } = useTranslation(['incidents', 'common']);
  const role = useMe().data?.role;
  const errorText = useErrorText();
  const [dismissing, setDismissing] = useState(false);
  const act = useCaseStep(incident, onStale);
  const { next, primary, dismiss, refusal } = actionsOf(incident);
  const step = dismissing && dismiss ? 'dismiss' : primary;
  const changes = act.stale && (
    <CaseChanges base={act.base} incident={incident} typed={step === null ? act.draft.reason : ''} onSeen={act.seen} />
  );
  if (next === null) {
    return (
      <section className={classes.card} aria-labelledby="case-actions">
        <h2 id="case-actions" className={classes.title}>
          {incident.conclusion === null
            ? t('actions.ended')
            : t('actions.concludedAs', { kind: t(`common:conclusion.${incident.conclusion}`) })}
        </h2>
        {changes}
        <p className={classes.why}>
          <IconCircleCheck size={18} stroke={1.8} aria-hidden />
          {t(`actions.endedHint.${incident.state}`)}
        </p>
      </section>
    );
  }
  return (
    <section className={classes.card} aria-labelledby="case-actions">
      <h2 id="case-actions" className={classes.title}>
        {t(`actions.title.${step === 'dismiss' ? 'dismiss' : next}`)}
      </h2>
      {changes}
      {refusal !== null && step !== 'dismiss' ? (
        <p className={classes.why}>
          <IconInfoCircle size={18} stroke={1.8} aria-hidden />
          {t(`refusal.${refusal}`)}
        </p>
      ) : (
        <p className={classes.why} data-good>
          <IconUserCheck size={18} stroke={1.8} aria-hidden />
          {t(`actions.why.${step}`, { role: t(`common:role.${role}`) })}
        </p>
      )}
      {step !== null && (
        <>
          {step === 'conclude' && <Kinds act={act} />}
          <Reason act={act} step={step} />
          {act.error !== null && (
            <Notice icon={IconAlertCircle} kind="fault" title={t('actions.notSent')} alert>
              {errorText(act.error)} {t('actions.draftKept')}
            </Notice>
          )}
          {step !== 'verify' && (
            <p className={classes.effect}>{t(`actions.effect.${step}`, { unit: incident.unitName })}</p>
          )}
          <Button
            fullWidth
            className={classes.primary}
            disabled={act.stale}
            loading={act.pending}
            leftSection={
              step === 'verify' ? <IconZoomCheck size={18} stroke={1.8} /> : <IconGavel size={18} stroke={1.8} />
            }
            onClick={() => act.send(step)}
          >
            {t(`actions.do.${step}`)}
          </Button>
        </>
      )}
      {dismiss &&
        (step === 'dismiss' ? (
          <Button variant="default" fullWidth className={classes.other} onClick={() => setDismissing(false)}>
            {t('common:back')}
          </Button>
        ) : (
          <Button variant="default" fullWidth className={classes.other} onClick={() => setDismissing(true)}>
            {t('common:incidentState.no_violation')}
          </Button>
        ))}
    </section>
  );
}

type Act = ReturnType<typeof useCaseStep>;

function Kinds({ act }: { act: Act }) {
  const { t } = useTranslation(['incidents', 'common']);
  return (
    <fieldset
      className={classes.kinds}
      aria-describedby={act.missing.has('conclusion') ? 'case-kind-error' : undefined}
    >
      <legend className={classes.legend}>
        <FieldLabel label={t('actions.kind')} required />
      </legend>
      <div className={classes.options}>
        {conclusion.options.map((kind) => (
          <label key={kind} className={classes.option} data-chosen={act.draft.conclusion === kind || undefined}>
            <input
              type="radio"
              name="conclusion"
              checked={act.draft.conclusion === kind}
              onChange={() => act.change({ conclusion: kind })}
            />
            <span>
              {t(`common:conclusion.${kind}`)}
              {kind === 'referred' && <span className={classes.kindHint}>{t('actions.referredHint')}</span>}
            </span>
          </label>
        ))}
      </div>
      {act.missing.has('conclusion') && <FieldError id="case-kind-error">{t('actions.kindMissing')}</FieldError>}
    </fieldset>
  );
}

function Reason({ act, step }: { act: Act; step: 'verify' | 'conclude' | 'dismiss' }) {
  const { t } = useTranslation(['incidents', 'common']);
  const { savedAtMs } = act.draft;
  return (
    <div>
      <Textarea
        label={
          <FieldLabel
            label={t(`actions.reason.${step}`)}
            {...(step === 'verify' ? { hint: t('actions.optional') } : { required: true })}
          />
        }
        aria-required={step !== 'verify'}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={4000}
        value={act.draft.reason}
        error={act.missing.has('reason') ? t(`actions.reasonMissing.${step}`) : undefined}
        onChange={(event) => act.change({ reason: event.currentTarget.value })}
      />
      <p className={classes.saved} aria-live="polite">
        {savedAtMs !== null && (
          <>
            <IconCloudCheck size={16} stroke={1.8} aria-hidden />
            {t('actions.saved', { time: formatMinute(savedAtMs) })}
          </>
        )}
      </p>
    </div>
  );
}
