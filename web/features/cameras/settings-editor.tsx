import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProfileSettings } from '../../../server/contracts/camera-profiles.ts';
import type { RecordingSetting, SettingName } from '../../../server/contracts/cameras.ts';
import page from '../../components/page.module.css';
import { daysOf } from './keeping-policy.ts';
import { SoundWarning } from './recording-fields.tsx';
import { useCameraSettingWords } from './setting-words.ts';
import { partsOf, SETTINGS, settingOf, withSetting } from './settings-policy.ts';
import wizard from './wizard.module.css';

interface SettingsEditorProps {
  value: ProfileSettings;
  onChange: (value: ProfileSettings) => void;
  /** What it means that a setting is left open: a profile leaves it to the camera, a bulk change changes nothing. */
  open: string;
}

const MODES = ['continuous', 'working_hours', 'off'] as const;
const USUAL = { leadMinutes: 15, tailMinutes: 15 };
const MOST_MINUTES = 240;

/** All settings that cameras may share, each of which may be left open. */
export function SettingsEditor({ value, onChange, open }: SettingsEditorProps) {
  const change = (setting: SettingName, next: Parameters<typeof withSetting>[2]) =>
    onChange(withSetting(value, setting, next));
  return (
    <>
      {SETTINGS.map((setting) => (
        <OneSetting key={setting} setting={setting} settings={value} open={open} onChange={change} />
      ))}
      {Object.values(value.sound ?? {}).some(Boolean) && <SoundWarning />}
    </>
  );
}

interface OneSettingProps {
  setting: SettingName;
  settings: ProfileSettings;
  open: string;
  onChange: (setting: SettingName, next: Parameters<typeof withSetting>[2]) => void;
}

function OneSetting({ setting, settings, open, onChange }: OneSettingProps) {
  const { t } = useTranslation('cameras');
  const words = useCameraSettingWords();
  const { kind } = partsOf(setting);
  const value = settingOf(settings, setting);
  if (kind === 'retentionDays') {
    const choice = value === undefined ? 'open' : value === null ? 'city' : 'days';
    return (
      <div className={page.pair}>
        <Select
          label={words.name(setting)}
          data={[
            { value: 'open', label: open },
            { value: 'city', label: t('keeping.default') },
            { value: 'days', label: t('cameraSetting.ownDays') },
          ]}
          value={choice}
          allowDeselect={false}
          onChange={(next) => onChange(setting, next === 'days' ? 30 : next === 'city' ? null : undefined)}
        />
        {typeof value === 'number' && (
          <TextInput
            label={t('cameraSetting.howMany')}
            value={String(value)}
            inputMode="numeric"
            maxLength={4}
            onChange={(event) => onChange(setting, daysOf(event.currentTarget.value) ?? 1)}
          />
        )}
      </div>
    );
  }
  if (kind === 'recording') {
    const recording = typeof value === 'object' && value !== null ? value : undefined;
    const minutes = (key: 'leadMinutes' | 'tailMinutes', of: RecordingSetting) => (
      <TextInput
        label={t(`recording.${key}`)}
        value={String(of[key])}
        inputMode="numeric"
        maxLength={3}
        onChange={(event) => {
          const entered = Number(event.currentTarget.value.replace(/\D/g, ''));
          onChange(setting, { ...of, [key]: Math.min(entered, MOST_MINUTES) });
        }}
      />
    );
    return (
      <div className={wizard.block}>
        <Select
          label={words.name(setting)}
          data={[
            { value: 'open', label: open },
            ...MODES.map((mode) => ({ value: mode, label: t(`recording.${mode}`) })),
          ]}
          value={recording?.mode ?? 'open'}
          allowDeselect={false}
          onChange={(next) => {
            const mode = MODES.find((one) => one === next);
            onChange(setting, mode === undefined ? undefined : { ...USUAL, ...recording, mode });
          }}
        />
        {recording?.mode === 'working_hours' && (
          <div className={page.pair}>
            {minutes('leadMinutes', recording)}
            {minutes('tailMinutes', recording)}
          </div>
        )}
      </div>
    );
  }
  return (
    <Select
      label={words.name(setting)}
      data={[
        { value: 'open', label: open },
        { value: 'on', label: words.value(setting, true) },
        { value: 'off', label: words.value(setting, false) },
      ]}
      value={value === undefined ? 'open' : value ? 'on' : 'off'}
      allowDeselect={false}
      onChange={(next) => onChange(setting, next === 'open' ? undefined : next === 'on')}
    />
  );
}
