import { Button, Select, Textarea } from '@mantine/core';
import IconCloudCheck from '@tabler/icons-react/icons/IconCloudCheck';
import { useTranslation } from 'react-i18next';
import {
  type AppealOutcome,
  appealOutcome,
  type Conclusion,
  conclusion,
  type Incident,
  type IncidentStep,
} from '../../../server/contracts/incidents.ts';
import { useCategories } from '../../api/units.ts';
import { FieldError, FieldLabel } from '../../components/field.tsx';
import { formatMinute } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './case-actions.module.css';
import { needsReason } from './case-step-policy.ts';
import type { CaseStep } from './use-case-step.ts';

interface FormProps {
  act: CaseStep;
  incident: Incident;
}

interface ChoiceProps<V extends string> {
  name: string;
  label: string;
  options: readonly V[];
  value: V | null;
  word: (value: V) => React.ReactNode;
  error: string | undefined;
  onChange: (value: V) => void;
}

/** One of a few, each a row of its own. */
export function Choice<V extends string>({ name, label, options, value, word, error, onChange }: ChoiceProps<V>) {
  const errorId = `case-${name}-error`;
  return (
    <fieldset className={classes.kinds} aria-describedby={error === undefined ? undefined : errorId}>
      <legend className={classes.legend}>
        <FieldLabel label={label} required />
      </legend>
      <div className={classes.options}>
        {options.map((option) => (
          <label key={option} className={classes.option} data-chosen={value === option || undefined}>
            <input type="radio" name={name} checked={value === option} onChange={() => onChange(option)} />
            <span className={classes.optionWord}>{word(option)}</span>
          </label>
        ))}
      </div>
      {error !== undefined && <FieldError id={errorId}>{error}</FieldError>}
    </fieldset>
  );
}

export function Kinds({ act, label }: { act: CaseStep; label: string }) {
  const { t } = useTranslation(['incidents', 'common']);
  return (
    <Choice<Conclusion>
      name="conclusion"
      label={label}
      options={conclusion.options}
      value={act.draft.conclusion}
      word={(kind) => (
        <>
          {t(`common:conclusion.${kind}`)}
          {kind === 'referred' && <span className={classes.kindHint}>{t('actions.referredHint')}</span>}
        </>
      )}
      error={act.missing.has('conclusion') ? t('actions.kindMissing') : undefined}
      onChange={(kind) => act.change({ conclusion: kind })}
    />
  );
}

/** What becomes of the conclusion that was appealed against. */
export function Outcome({ act }: { act: CaseStep }) {
  const { t } = useTranslation('incidents');
  return (
    <>
      <Choice<AppealOutcome>
        name="outcome"
        label={t('actions.outcome')}
        options={appealOutcome.options}
        value={act.draft.outcome}
        word={(outcome) => t(`outcome.${outcome}`)}
        error={act.missing.has('outcome') ? t('actions.outcomeMissing') : undefined}
        onChange={(outcome) => act.change({ outcome, ...(outcome !== 'changed' && { conclusion: null }) })}
      />
      {act.draft.outcome === 'changed' && <Kinds act={act} label={t('actions.newKind')} />}
    </>
  );
}

/** What the unit will read as having been found: the flag's note until it is written anew. */
export function Finding({ act, incident }: FormProps) {
  const { t } = useTranslation('incidents');
  const { finding } = act.draft;
  return (
    <div>
      <Textarea
        label={<FieldLabel label={t('actions.finding')} required hint={t('actions.findingHint')} />}
        aria-required
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        value={finding ?? incident.note}
        error={act.missing.has('finding') ? t('actions.findingMissing') : undefined}
        onChange={(event) => act.change({ finding: event.currentTarget.value })}
      />
      {finding !== null && finding !== incident.note && incident.note !== '' && (
        <Button variant="subtle" size="xs" px={4} mt={4} onClick={() => act.change({ finding: null })}>
          {t('actions.findingAsNoted')}
        </Button>
      )}
    </div>
  );
}

/** Another category or severity. */
export function Correction({ act, incident }: FormProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const lang = useLang();
  const categories = useCategories().data ?? [];
  const { category, severity } = act.draft;
  return (
    <>
      <Select
        label={t('correct.category')}
        searchable
        openOnFocus={false}
        allowDeselect={false}
        data={categories.map((one) => ({ value: one.code, label: `${one.code} · ${one[lang]}` }))}
        value={category ?? incident.category}
        onChange={(code) => {
          const usual = categories.find((one) => one.code === code)?.severity;
          act.change({ category: code, ...(usual !== undefined && { severity: usual }) });
        }}
      />
      <Select
        label={t('correct.severity')}
        allowDeselect={false}
        data={([3, 2, 1] as const).map((level) => ({
          value: String(level),
          label: t('common:severity.full', { level, word: t(`common:severity.${level}`) }),
        }))}
        value={String(severity ?? incident.severity)}
        onChange={(level) => act.change({ severity: level === '3' ? 3 : level === '2' ? 2 : 1 })}
      />
      {act.missing.has('change') && <FieldError>{t('correct.missing')}</FieldError>}
    </>
  );
}

interface ReasonProps {
  act: CaseStep;
  step: IncidentStep;
  /** When the server has taken the draft; null where it has not, or does not keep it. */
  sharedAtMs?: number | null;
}

/** The words of a step, and where they are kept meanwhile. */
export function Reason({ act, step, sharedAtMs = null }: ReasonProps) {
  const { t } = useTranslation('incidents');
  const { savedAtMs } = act.drafts;
  const required = needsReason(step);
  const kept = act.draft.reason !== '' && savedAtMs !== null;
  return (
    <div>
      <Textarea
        label={
          <FieldLabel
            label={t(`actions.reason.${step}`)}
            {...(required ? { required } : { hint: t('actions.optional') })}
          />
        }
        aria-required={required}
        autosize
        minRows={step === 'explain' || step === 'appeal' ? 5 : 3}
        maxRows={14}
        maxLength={4000}
        value={act.draft.reason}
        error={act.missing.has('reason') ? t(`actions.reasonMissing.${step}`) : undefined}
        onChange={(event) => act.change({ reason: event.currentTarget.value })}
      />
      <p className={classes.saved} aria-live="polite">
        {(kept || sharedAtMs !== null) && (
          <>
            <IconCloudCheck size={16} stroke={1.8} aria-hidden />
            {sharedAtMs === null
              ? t('actions.saved', { time: formatMinute(savedAtMs ?? 0) })
              : t('actions.savedShared', { time: formatMinute(sharedAtMs) })}
          </>
        )}
      </p>
    </div>
  );
}
