import { Button, Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Category, Incident } from '../../../server/contracts/incidents.ts';
import { useDuplicates } from '../../api/incident-work.ts';
import { useCategories } from '../../api/units.ts';
import { FieldError, FieldLabel } from '../../components/field.tsx';
import { suggest } from '../../components/flag/flag-policy.ts';
import { KeyCap } from '../../components/key-cap.tsx';
import { SeverityMark } from '../../components/severity.tsx';
import { formatDateTime } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './review.module.css';
import { numbered } from './review-policy.ts';
import { useCategoryName } from './use-list.ts';
import type { ReviewSteps } from './use-review-steps.ts';

export type ReviewMode = 'dismiss' | 'correct' | 'mark_duplicate';

interface FormProps {
  mode: ReviewMode;
  incident: Incident;
  steps: ReviewSteps;
  /** The step was taken: the form has done its work. */
  onTaken: () => void;
  onClose: () => void;
}

const REASONS = ['1', '2', '3', '4', '5'] as const;
const OFFERED = 5;

/** The words that a decision needs; Enter confirms, Esc leaves. A decision that ends the case says so before the Enter. */
export function ReviewForm(props: FormProps) {
  const { mode } = props;
  if (mode === 'dismiss') return <DismissForm {...props} />;
  return mode === 'correct' ? <CorrectForm {...props} /> : <DuplicateForm {...props} />;
}

interface FrameProps extends FormProps {
  /** Sends what is written, or marks what is missing. */
  onSubmit: () => void;
  onDigit?: (key: string) => boolean;
  /** Nothing can be confirmed: there is nothing to choose. */
  empty?: boolean;
  children: React.ReactNode;
}

function FormFrame({ mode, incident, steps, onClose, onSubmit, onDigit, empty = false, children }: FrameProps) {
  const { t } = useTranslation(['queue', 'common']);
  return (
    <form
      className={classes.card}
      aria-labelledby="review-form"
      data-testid={`review-${mode}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
        if (onDigit?.(event.key)) event.preventDefault();
        else if (event.key === 'Enter' && !event.shiftKey && event.target instanceof HTMLTextAreaElement) {
          event.preventDefault();
          onSubmit();
        }
      }}
    >
      <h2 id="review-form">{t(`review.form.${mode}`, { number: incident.number })}</h2>
      {children}
      {steps.error !== null && (
        <div role="alert">
          <FieldError>{steps.error}</FieldError>
        </div>
      )}
      {mode !== 'correct' && !empty && <p className={classes.ends}>{t('review.ends', { number: incident.number })}</p>}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose} rightSection={<KeyCap>Esc</KeyCap>}>
          {t('common:cancel')}
        </Button>
        {!empty && (
          <Button type="submit" loading={steps.pending} rightSection={<KeyCap>↵</KeyCap>}>
            {t(`review.confirm.${mode}`)}
          </Button>
        )}
      </div>
    </form>
  );
}

/** Focuses a field as soon as it is there. */
function useFocused<T extends HTMLElement>() {
  const field = useRef<T>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}

function DismissForm(props: FormProps) {
  const { t } = useTranslation('queue');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const field = useFocused<HTMLTextAreaElement>();
  const submit = () => {
    setTried(true);
    if (reason.trim() !== '') props.steps.take({ step: 'dismiss', reason: reason.trim() }, props.onTaken);
  };
  const pick = (key: string) => {
    const chosen = numbered(REASONS, key);
    if (chosen === null) return false;
    setReason(t(`review.reason.${chosen}`));
    return true;
  };
  const isReady = REASONS.some((key) => t(`review.reason.${key}`) === reason);
  return (
    <FormFrame {...props} onSubmit={submit} onDigit={(key) => (reason === '' || isReady) && pick(key)}>
      <ol className={classes.numbered} aria-label={t('review.reasons')}>
        {REASONS.map((key) => (
          <li key={key}>
            <button
              type="button"
              aria-pressed={t(`review.reason.${key}`) === reason}
              onClick={() => {
                pick(key);
                field.current?.focus();
              }}
            >
              <KeyCap>{key}</KeyCap>
              {t(`review.reason.${key}`)}
            </button>
          </li>
        ))}
      </ol>
      <Textarea
        ref={field}
        label={<FieldLabel label={t('review.reasonLabel')} required />}
        autosize
        minRows={2}
        maxLength={4000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={tried && reason.trim() === '' ? t('review.reasonMissing') : undefined}
      />
    </FormFrame>
  );
}

function CorrectForm(props: FormProps) {
  const { t } = useTranslation('queue');
  const lang = useLang();
  const categories = useCategories().data ?? [];
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [reason, setReason] = useState(t('review.correctReason'));
  const [tried, setTried] = useState(false);
  const field = useFocused<HTMLInputElement>();
  const found = suggest(categories, typed).slice(0, OFFERED);
  const chosen: Category | undefined = found[Math.min(at, found.length - 1)];
  const same = chosen?.code === props.incident.category;
  const submit = () => {
    setTried(true);
    if (chosen === undefined || same || reason.trim() === '') return;
    const severity = chosen.severity === props.incident.severity ? {} : { severity: chosen.severity };
    props.steps.take({ step: 'correct', category: chosen.code, ...severity, reason: reason.trim() }, props.onClose);
  };
  return (
    <FormFrame {...props} onSubmit={submit}>
      <TextInput
        ref={field}
        label={<FieldLabel label={t('review.code')} required hint={t('review.codeHint')} />}
        value={typed}
        maxLength={80}
        autoComplete="off"
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (by === 0 || found.length === 0) return;
          event.preventDefault();
          setAt((at + by + found.length) % found.length);
        }}
        error={tried && (chosen === undefined || same) ? t(same ? 'review.codeSame' : 'review.codeMissing') : undefined}
      />
      {found.length > 0 && (
        <ol className={classes.numbered} aria-live="polite" aria-label={t('review.code')}>
          {found.map((category, place) => (
            <li key={category.code}>
              <button
                type="button"
                tabIndex={-1}
                aria-pressed={category === chosen}
                onClick={() => {
                  setAt(place);
                  field.current?.focus();
                }}
              >
                <SeverityMark severity={category.severity} />
                <b>{category.code}</b> {category[lang]}
              </button>
            </li>
          ))}
        </ol>
      )}
      <Textarea
        label={<FieldLabel label={t('review.reasonLabel')} required />}
        autosize
        maxLength={4000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={tried && reason.trim() === '' ? t('review.reasonMissing') : undefined}
      />
    </FormFrame>
  );
}

function DuplicateForm(props: FormProps) {
  const { t } = useTranslation('queue');
  const name = useCategoryName();
  const asked = useDuplicates(props.incident.id);
  const near = (asked.data?.items ?? []).slice(0, OFFERED);
  const none = asked.isSuccess && near.length === 0;
  const [of, setOf] = useState<string | null>(null);
  const [reason, setReason] = useState(t('review.duplicateReason'));
  const [tried, setTried] = useState(false);
  const list = useFocused<HTMLFieldSetElement>();
  const submit = () => {
    setTried(true);
    if (of === null || reason.trim() === '') return;
    props.steps.take({ step: 'mark_duplicate', of, reason: reason.trim() }, props.onTaken);
  };
  const pick = (key: string) => {
    const chosen = numbered(near, key);
    if (chosen === null || document.activeElement instanceof HTMLTextAreaElement) return false;
    setOf(chosen.id);
    return true;
  };
  return (
    <FormFrame {...props} onSubmit={submit} onDigit={pick} empty={none}>
      <fieldset
        className={classes.near}
        ref={list}
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.target instanceof HTMLButtonElement) return;
          event.preventDefault();
          submit();
        }}
      >
        <legend>{t('review.near')}</legend>
        {none && <p className={classes.told}>{t('review.nearNone')}</p>}
        <ol className={classes.numbered}>
          {near.map((one, place) => (
            <li key={one.id}>
              <button type="button" aria-pressed={of === one.id} onClick={() => setOf(one.id)}>
                <KeyCap>{place + 1}</KeyCap>
                <span>
                  {one.number} · {name(one.category)}
                  <span className={classes.second}>
                    {one.cameraName} · {formatDateTime(one.atMs)}
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ol>
        {tried && of === null && <FieldError>{t('review.nearMissing')}</FieldError>}
      </fieldset>
      {!none && (
        <Textarea
          label={<FieldLabel label={t('review.reasonLabel')} required />}
          autosize
          maxLength={4000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tried && reason.trim() === '' ? t('review.reasonMissing') : undefined}
        />
      )}
    </FormFrame>
  );
}
