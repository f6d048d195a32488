import IconAlertCircle from '@tabler/icons-react/icons/IconAlertCircle';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './field.module.css';

interface FieldProps {
  label: string;
  hint?: string;
  /** Says what to enter. */
  error?: string | undefined;
  required?: boolean;
  /** Gets what ties the control to its label and messages. */
  children: (control: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean;
  }) => React.ReactNode;
}

/** Label above, hint after it, error below with an icon; for controls that have no label of their own. */
export function Field({ label, hint, error, required = false, children }: FieldProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className={classes.field}>
      <label htmlFor={id} className={classes.label}>
        {label}
        {required && <span className={classes.hint}> {t('required')}</span>}
        {hint !== undefined && <span className={classes.hint}> {hint}</span>}
      </label>
      {children({ id, 'aria-describedby': error ? `${id}-error` : undefined, 'aria-invalid': error !== undefined })}
      {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

/** The words under a field that is wrong. */
export function FieldError({ id, children }: { id?: string; children: React.ReactNode }) {
  return (
    <p className={classes.error} id={id}>
      <IconAlertCircle size={16} stroke={1.8} aria-hidden />
      <span>{children}</span>
    </p>
  );
}

/** A label for Mantine's fields: the name, `bắt buộc` in words, and a hint. */
export function FieldLabel({ label, hint, required = false }: { label: string; hint?: string; required?: boolean }) {
  const { t } = useTranslation();
  const after = [required ? t('required') : '', hint ?? ''].filter(Boolean).join(' · ');
  return (
    <>
      {label}
      {after !== '' && <span className={classes.hint}> {after}</span>}
    </>
  );
}
