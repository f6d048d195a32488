import { Button } from '@mantine/core';
import IconAlertCircle from '@tabler/icons-react/icons/IconAlertCircle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import IconNotes from '@tabler/icons-react/icons/IconNotes';
import IconUserCheck from '@tabler/icons-react/icons/IconUserCheck';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident, IncidentStep } from '../../../server/contracts/incidents.ts';
import { useMe } from '../../api/session.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatMinute, formatShort } from '../../components/time.ts';
import classes from './case-actions.module.css';
import { useAssignee } from './case-assign.tsx';
import { CaseChanges } from './case-changes.tsx';
import { CaseConfirm } from './case-confirm.tsx';
import { Duplicates } from './case-duplicates.tsx';
import { FileDrop } from './case-file-drop.tsx';
import { Correction, Finding, Kinds, Outcome, Reason } from './case-forms.tsx';
import { UnitPreview } from './case-preview.tsx';
import { Repeats } from './case-repeats.tsx';
import { type Actions, isConfirmed } from './case-step-policy.ts';
import { StretchPicker } from './case-stretch-picker.tsx';
import { isEmptyDraft } from './draft.ts';
import { STEP_ICONS } from './step-icons.ts';
import { type CaseStep, useCaseStep } from './use-case-step.ts';
import { useRefusalWords } from './use-refusal-words.ts';
import { useSharedDraft } from './use-shared-draft.ts';
import { useUploads } from './use-uploads.ts';

interface ActionsProps {
  incident: Incident;
  actions: Actions;
  /** The form that is open beside the next step; null for the next step itself. */
  opened: IncidentStep | null;
  onOpen: (step: IncidentStep | null) => void;
  onStale: () => void;
}

/** What the reader may do with the case now, why or why not, and the way to do it. */
export function CaseActions({ incident, actions, opened, onOpen, onStale }: ActionsProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const role = useMe().data?.role;
  const refusalWords = useRefusalWords();
  const title = useRef<HTMLHeadingElement>(null);
  const openers = useRef<HTMLDivElement>(null);
  const { next, primary, others, tools, refusal } = actions;
  const step = opened ?? primary;
  const act = useCaseStep(incident, step, {
    onStale,
    onDone: () => {
      onOpen(null);
      title.current?.focus();
    },
  });
  // An appeal is the unit's to make or to leave: its form opens when it is wanted.
  const folded = step === 'appeal' && opened === null && isEmptyDraft(act.draft);
  const verdict = incident.steps.find((one) => one.step === step);
  const untilMs = verdict?.untilMs ?? incident.dueAtMs;
  const back = () => {
    onOpen(null);
    requestAnimationFrame(() =>
      (openers.current?.querySelector<HTMLElement>(`[data-step="${opened}"]`) ?? title.current)?.focus(),
    );
  };
  const heading = (state: Incident['state']) =>
    incident.conclusion !== null && (state === 'concluded' || state === 'closed')
      ? t('actions.concludedAs', { kind: t(`common:conclusion.${incident.conclusion}`) })
      : t(next === null ? 'actions.ended' : `common:incidentState.${state}`);

  return (
    <section
      className={classes.card}
      aria-labelledby="case-actions"
      data-testid="case-actions"
      onKeyDown={(event) => {
        // An open list within the form closes first.
        const inList = event.target instanceof Element && event.target.getAttribute('aria-expanded') === 'true';
        if (event.key === 'Escape' && opened !== null && opened !== primary && !inList) back();
      }}
    >
      <h2 id="case-actions" className={classes.title} ref={title} tabIndex={-1}>
        {step === null ? heading(incident.state) : t(`actions.title.${step}`)}
      </h2>
      {act.stale && (
        <CaseChanges
          base={act.base}
          incident={incident}
          typed={step === null ? act.draft.reason : ''}
          onSeen={act.seen}
        />
      )}
      {step !== null ? (
        <p className={classes.why} data-good>
          <IconUserCheck size={18} stroke={1.8} aria-hidden />
          {t(`actions.why.${step}`, {
            role: t(`common:role.${role}`),
            date: untilMs === null ? '' : formatShort(untilMs),
          })}
        </p>
      ) : next === null ? (
        <p className={classes.why}>
          <IconCircleCheck size={18} stroke={1.8} aria-hidden />
          {t(`actions.endedHint.${incident.state}`)}
        </p>
      ) : (
        refusal !== null && (
          <p className={classes.why}>
            <IconInfoCircle size={18} stroke={1.8} aria-hidden />
            {refusalWords(refusal, incident)}
          </p>
        )
      )}
      {step !== null &&
        (folded ? (
          <Button variant="default" fullWidth className={classes.primary} onClick={() => onOpen('appeal')}>
            {t('actions.write')}
          </Button>
        ) : (
          <StepForm key={step} step={step} incident={incident} act={act} focused={opened !== null} />
        ))}
      {opened !== null && primary !== opened && (
        <Button variant="default" fullWidth className={classes.other} onClick={back}>
          {t('common:back')}
        </Button>
      )}
      {opened === null && others.length + tools.length > 0 && (
        <div className={classes.others} ref={openers}>
          {[...others, ...tools].map((other) => {
            const Glyph = STEP_ICONS[other];
            return (
              <Button
                key={other}
                variant="default"
                className={classes.other}
                data-step={other}
                leftSection={<Glyph size={18} stroke={1.8} aria-hidden />}
                onClick={() => onOpen(other)}
              >
                {t(`actions.other.${other}`)}
              </Button>
            );
          })}
        </div>
      )}
    </section>
  );
}

interface FormProps {
  step: IncidentStep;
  incident: Incident;
  act: CaseStep;
  /** Whether the form was opened by hand, and takes the focus. */
  focused: boolean;
}

/** The fields of one step and the button that takes it. */
function StepForm({ step, incident, act, focused }: FormProps) {
  const { t, i18n } = useTranslation(['incidents', 'common']);
  const errorText = useErrorText();
  const form = useRef<HTMLDivElement>(null);
  const [confirming, setConfirming] = useState<IncidentStep | null>(null);
  const shared = useSharedDraft(incident, act.draft, step === 'conclude');
  const { assigneeId, field: assignee } = useAssignee(incident, step === 'assign');
  const uploads = useUploads(incident.id, act.draft.files, (change) =>
    act.change((now) => ({ files: change(now.files) })),
  );
  useEffect(() => {
    if (!focused) return;
    form.current?.querySelector<HTMLElement>('input:not([type=file]), textarea')?.focus();
  }, [focused]);
  const Glyph = STEP_ICONS[step];
  const unsent = uploads.busy || uploads.failed;
  const send = () => {
    if (step === 'assign') return act.assign(assigneeId);
    if (!act.ready()) return focusFirstWrong(form.current);
    if (isConfirmed(step)) setConfirming(step);
    else act.send();
  };

  return (
    <div className={classes.form} ref={form}>
      {step === 'conclude' && shared.other !== null && (
        <Notice icon={IconNotes} title={t('actions.sharedBy', sharedWords(shared.other))}>
          {shared.other.text !== '' && <p className={classes.changeReason}>{shared.other.text}</p>}
          <Button
            variant="default"
            size="xs"
            mt={8}
            onClick={() =>
              act.change({ reason: shared.other?.text ?? '', conclusion: shared.other?.conclusion ?? null })
            }
          >
            {t('actions.takeShared')}
          </Button>
        </Notice>
      )}
      {step === 'request_explanation' && <Finding act={act} incident={incident} />}
      {step === 'conclude' && <Kinds act={act} label={t('actions.kind')} />}
      {step === 'judge_appeal' && <Outcome act={act} />}
      {step === 'mark_duplicate' && <Duplicates act={act} incident={incident} />}
      {step === 'correct' && <Correction act={act} incident={incident} />}
      {step === 'assign' && assignee}
      <Reason act={act} step={step} sharedAtMs={step === 'conclude' ? shared.savedAtMs : null} />
      {(step === 'explain' || step === 'appeal') && (
        <div className={classes.part}>
          <p className={classes.legend}>
            <FieldLabel label={t('files.label')} hint={t('actions.optional')} />
          </p>
          <FileDrop uploads={uploads} />
        </div>
      )}
      {step === 'explain' && (
        <div className={classes.part}>
          <p className={classes.legend}>
            <FieldLabel label={t('stretches.label')} hint={t('stretches.hint')} />
          </p>
          <StretchPicker
            incident={incident}
            value={act.draft.stretches}
            onChange={(stretches) => act.change({ stretches })}
          />
        </div>
      )}
      {step === 'request_explanation' && <UnitPreview incident={incident} draft={act.draft} />}
      {step === 'conclude' && (
        <div className={classes.beside}>
          <b>{t('repeats.title')}</b>
          <Repeats incident={incident} />
        </div>
      )}
      {act.error !== null && (
        <Notice icon={IconAlertCircle} kind="fault" title={t('actions.notSent')} alert>
          {errorText(act.error)} {t('actions.draftKept')}
        </Notice>
      )}
      {i18n.exists(`incidents:actions.effect.${step}`) && (
        <p className={classes.effect}>{t(`actions.effect.${step}`)}</p>
      )}
      {unsent && (
        <p className={classes.effect} role="status">
          {t(uploads.busy ? 'actions.uploading' : 'actions.failedFiles')}
        </p>
      )}
      <Button
        fullWidth
        className={classes.primary}
        disabled={act.stale || unsent}
        loading={act.pending}
        leftSection={<Glyph size={18} stroke={1.8} aria-hidden />}
        onClick={send}
        data-testid="case-send"
      >
        {t(`actions.do.${step}`)}
      </Button>
      <CaseConfirm
        step={confirming}
        incident={incident}
        draft={act.draft}
        onClose={() => setConfirming(null)}
        onConfirm={() => {
          setConfirming(null);
          act.send();
        }}
      />
    </div>
  );
}

function sharedWords({ by, atMs }: { by: { name: string }; atMs: number }): { name: string; time: string } {
  return { name: by.name, time: formatMinute(atMs) };
}

/** Once the errors are shown, to the first field that has one. */
function focusFirstWrong(form: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const wrong = form?.querySelector<HTMLElement>(
      '[aria-invalid=true], [data-error] textarea, fieldset[aria-describedby] input',
    );
    wrong?.focus();
  });
}
