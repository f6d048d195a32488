import { useTranslation } from 'react-i18next';
import type { IncidentStep } from '../../../server/contracts/incidents.ts';
import { FieldError } from '../../components/field.tsx';
import { KeyCap } from '../../components/key-cap.tsx';
import classes from './review.module.css';
import type { ReviewMode } from './review-form.tsx';
import type { Decision } from './review-policy.ts';

interface KeysProps {
  allowed: ReadonlySet<IncidentStep>;
  decided: Decision | undefined;
  busy: boolean;
  error: string | null;
  done: string | null;
  onVerify: () => void;
  onOpen: (mode: ReviewMode) => void;
  onToMe: () => void;
  onGo: (by: 1 | -1) => void;
}

/** What each key does now; pressed, it does the same. */
export function ReviewKeys({ allowed, decided, busy, error, done, onVerify, onOpen, onToMe, onGo }: KeysProps) {
  const { t } = useTranslation(['queue', 'incidents']);
  const decisions: { key: string; word: string; step: IncidentStep; act: () => void }[] = [
    { key: 'V', word: t('review.key.verify'), step: 'verify', act: onVerify },
    { key: 'D', word: t('review.key.dismiss'), step: 'dismiss', act: () => onOpen('dismiss') },
    { key: 'M', word: t('review.key.duplicate'), step: 'mark_duplicate', act: () => onOpen('mark_duplicate') },
    { key: 'C', word: t('review.key.correct'), step: 'correct', act: () => onOpen('correct') },
    { key: 'A', word: t('review.key.toMe'), step: 'assign', act: onToMe },
  ];
  const shown = decisions.filter(({ step }) => allowed.has(step));
  return (
    <section className={classes.card} aria-labelledby="review-decide">
      <h2 id="review-decide">{t('review.decide')}</h2>
      {decided !== undefined && <p className={classes.told}>{t(`incidents:done.${decided}`)}</p>}
      {shown.length === 0 && decided === undefined && <p className={classes.told}>{t('review.nothing')}</p>}
      <div className={classes.keys} aria-busy={busy}>
        {shown.map(({ key, word, act }) => (
          <button key={key} type="button" onClick={act} disabled={busy} data-first={key === 'V' || undefined}>
            <KeyCap>{key}</KeyCap>
            {word}
          </button>
        ))}
      </div>
      {error !== null && (
        <div role="alert">
          <FieldError>{error}</FieldError>
        </div>
      )}
      <p className={classes.told} role="status">
        {error === null ? (done ?? '') : ''}
      </p>
      <div className={classes.go}>
        <button type="button" onClick={() => onGo(-1)} disabled={busy}>
          <KeyCap>K</KeyCap> {t('review.previous')}
        </button>
        <button type="button" onClick={() => onGo(1)} disabled={busy}>
          <KeyCap>J</KeyCap> {t('review.next')}
        </button>
      </div>
      <p className={classes.hint} aria-hidden>
        <KeyCap>Space</KeyCap> {t('review.key.play')} <KeyCap>,</KeyCap>
        <KeyCap>.</KeyCap> {t('review.key.frame')} <KeyCap>?</KeyCap> {t('review.allKeys')}
      </p>
    </section>
  );
}
