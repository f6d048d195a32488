import { PasswordInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import page from '../../components/page.module.css';
import type { Credentials } from './credentials.ts';

interface CredentialFieldsProps {
  value: Credentials;
  onChange: (value: Credentials) => void;
}

/** The account of the camera, not of a person: browsers are asked to keep their hands off. */
export function CredentialFields({ value, onChange }: CredentialFieldsProps) {
  const { t } = useTranslation('cameras');
  return (
    <div className={page.pair}>
      <TextInput
        label={t('field.username')}
        value={value.username}
        maxLength={128}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => onChange({ ...value, username: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('field.password')}
        value={value.password}
        maxLength={256}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('field.showPassword') }}
        onChange={(event) => onChange({ ...value, password: event.currentTarget.value })}
      />
    </div>
  );
}
