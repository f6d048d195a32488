import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCameraProfiles } from '../../api/camera-profiles.ts';
import { FieldLabel } from '../../components/field.tsx';

interface ProfileSelectProps {
  value: string | null;
  onChange: (profileId: string | null) => void;
}

/** The settings that a camera shares with others, or none. */
export function ProfileSelect({ value, onChange }: ProfileSelectProps) {
  const { t } = useTranslation('cameras');
  const profiles = useCameraProfiles().data ?? [];
  if (profiles.length === 0 && value === null) return null;
  return (
    <Select
      label={<FieldLabel label={t('profile.field')} hint={t('profile.fieldHint')} />}
      placeholder={t('profile.none')}
      data={profiles.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
      clearable
      clearButtonProps={{ 'aria-label': t('profile.clear') }}
    />
  );
}
