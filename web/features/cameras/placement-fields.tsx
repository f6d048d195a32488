import { MultiSelect, type OptionsFilter, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useUnits } from '../../api/units.ts';
import { FieldLabel } from '../../components/field.tsx';
import { matches } from '../../components/time.ts';
import type { Placement } from './placement.ts';

interface PlacementFieldsProps {
  value: Placement;
  onChange: (value: Placement) => void;
  /** The fields that are wrong, with what to enter. */
  errors?: Readonly<Partial<Record<'name' | 'unitId' | 'deskIds', string>>>;
}

/** Options by name without diacritics. */
const filter: OptionsFilter<string> = ({ options, search }) =>
  options.filter((option) => !('label' in option) || matches(search, String(option.label)));

/** Unit, desks and name. Choosing the first desk names the camera after it, unless it has a name already. */
export function PlacementFields({ value, onChange, errors = {} }: PlacementFieldsProps) {
  const { t } = useTranslation('cameras');
  const units = useUnits();
  const unit = units.data?.find((one) => one.id === value.unitId);
  const deskName = (id: string | undefined) => unit?.desks.find((desk) => desk.id === id)?.name ?? '';

  const chooseDesks = (deskIds: string[]) => {
    const named = value.name === '' || value.name === deskName(value.deskIds[0]);
    onChange({ ...value, deskIds, name: named ? deskName(deskIds[0]) : value.name });
  };

  return (
    <>
      <Select
        label={<FieldLabel label={t('field.unit')} required />}
        data={units.data?.map((one) => ({ value: one.id, label: one.name })) ?? []}
        value={value.unitId === '' ? null : value.unitId}
        onChange={(unitId) => onChange({ ...value, unitId: unitId ?? '', deskIds: [] })}
        searchable
        filter={filter}
        nothingFoundMessage={t('field.noUnit')}
        error={errors.unitId}
      />
      <MultiSelect
        label={<FieldLabel label={t('field.desks')} hint={t('field.desksHint')} />}
        data={unit?.desks.map((desk) => ({ value: desk.id, label: desk.name })) ?? []}
        value={value.deskIds}
        onChange={chooseDesks}
        disabled={unit === undefined}
        searchable
        filter={filter}
        error={errors.deskIds}
      />
      <TextInput
        label={<FieldLabel label={t('field.name')} required />}
        value={value.name}
        maxLength={120}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
        error={errors.name}
      />
    </>
  );
}
