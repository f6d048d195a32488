import { Button, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FieldLabel } from '../../components/field.tsx';
import { newPassword } from './new-password.ts';
import classes from './system.module.css';

interface PasswordFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}

/** A password that the administrator hands to somebody else: shown as it is typed, or made up here. */
export function PasswordField({ label, value, onChange, error }: PasswordFieldProps) {
  const { t } = useTranslation('system');
  return (
    <div className={classes.generate}>
      <TextInput
        label={<FieldLabel label={label} hint={t('user.passwordHint')} required />}
        value={value}
        maxLength={256}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
      <Button variant="default" onClick={() => onChange(newPassword((bytes) => crypto.getRandomValues(bytes)))}>
        {t('user.generate')}
      </Button>
    </div>
  );
}
