import { CloseButton, TextInput } from '@mantine/core';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import { useTranslation } from 'react-i18next';

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  width?: number;
}

/** Narrows the list below while one types. */
export function SearchField({ label, value, onChange, width = 250 }: SearchFieldProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      w={width}
      maw="100%"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      leftSection={<IconSearch size={18} stroke={1.8} aria-hidden />}
      rightSection={
        value !== '' && <CloseButton size="sm" aria-label={t('filter.clear')} onClick={() => onChange('')} />
      }
    />
  );
}
