import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Camera, RecordingSetting } from '../../../server/contracts/cameras.ts';
import page from '../../components/page.module.css';
import classes from './cameras.module.css';

export type Recording = NonNullable<Camera['recording']>;

interface RecordingFieldsProps {
  value: Recording;
  onChange: (value: Recording) => void;
}

const MOST_MINUTES = 240;
const MODES = ['continuous', 'working_hours'] as const;

/** When each stream is recorded: always, or in the unit's working hours with some minutes before and after. */
export function RecordingFields({ value, onChange }: RecordingFieldsProps) {
  const { t } = useTranslation('cameras');
  return (
    <>
      {(['main', 'sub'] as const).map((stream) => {
        const setting = value[stream];
        if (setting === undefined) return null;
        const change = (part: Partial<RecordingSetting>) => onChange({ ...value, [stream]: { ...setting, ...part } });
        const minutes = (key: 'leadMinutes' | 'tailMinutes') => (
          <TextInput
            label={t(`recording.${key}`)}
            value={String(setting[key])}
            inputMode="numeric"
            maxLength={3}
            onChange={(event) => change({ [key]: minutesOf(event.currentTarget.value) })}
          />
        );
        return (
          <div key={stream} className={classes.section}>
            <Select
              label={t('recording.label', { stream: t(`stream.${stream}`) })}
              data={MODES.map((mode) => ({ value: mode, label: t(`recording.${mode}`) }))}
              value={setting.mode}
              allowDeselect={false}
              onChange={(mode) => change({ mode: mode === 'working_hours' ? mode : 'continuous' })}
            />
            {setting.mode === 'working_hours' && (
              <div className={page.pair}>
                {minutes('leadMinutes')}
                {minutes('tailMinutes')}
              </div>
            )}
          </div>
        );
      })}
    </>
  );
}

/** Digits only, within the bounds. */
function minutesOf(entered: string): number {
  return Math.min(Number(entered.replace(/\D/g, '')), MOST_MINUTES);
}
