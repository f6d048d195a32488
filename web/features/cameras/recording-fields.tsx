import { Select, TextInput } from '@mantine/core';
import IconMicrophone from '@tabler/icons-react/icons/IconMicrophone';
import { useTranslation } from 'react-i18next';
import type {
  Camera,
  CameraArchive,
  RecordingSetting,
  RetentionByStream,
  SettingName,
  SoundByStream,
} from '../../../server/contracts/cameras.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import classes from './cameras.module.css';
import { KeepingFields } from './keeping-fields.tsx';

/** What an administrator sets of the streams of a camera. */
export interface StreamSettings {
  recording: NonNullable<Camera['recording']>;
  retentionDays: RetentionByStream;
  sound: SoundByStream;
}

interface RecordingFieldsProps {
  camera: Camera;
  archive: CameraArchive | undefined;
  value: StreamSettings;
  onChange: (value: StreamSettings) => void;
  /** What stands under a setting: where it comes from. */
  note: (setting: SettingName) => React.ReactNode;
}

const MOST_MINUTES = 240;
const MODES = ['continuous', 'working_hours', 'off'] as const;

/** When each stream is recorded (always, or in the unit's working hours with some minutes before and after), how long it is kept, and its sound. */
export function RecordingFields({ camera, archive, value, onChange, note }: RecordingFieldsProps) {
  const { t } = useTranslation('cameras');
  return (
    <>
      {(['main', 'sub'] as const).map((stream) => {
        const setting = value.recording[stream];
        if (setting === undefined) return null;
        const change = (part: Partial<RecordingSetting>) =>
          onChange({ ...value, recording: { ...value.recording, [stream]: { ...setting, ...part } } });
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
              onChange={(mode) => change({ mode: MODES.find((one) => one === mode) ?? 'continuous' })}
            />
            {setting.mode === 'working_hours' && (
              <div className={page.pair}>
                {minutes('leadMinutes')}
                {minutes('tailMinutes')}
              </div>
            )}
            {note(`recording.${stream}`)}
            <KeepingFields
              daysNote={note(`retentionDays.${stream}`)}
              soundNote={note(`sound.${stream}`)}
              stream={stream}
              days={value.retentionDays[stream] ?? null}
              sound={value.sound[stream] ?? false}
              defaultDays={archive?.defaultRetentionDays}
              rate={{ bytesPerSecond: camera.streams.find(({ name }) => name === stream)?.bytesPerSecond }}
              onChange={({ days, sound }) =>
                onChange({
                  ...value,
                  ...(days !== undefined && { retentionDays: { ...value.retentionDays, [stream]: days } }),
                  ...(sound !== undefined && { sound: { ...value.sound, [stream]: sound } }),
                })
              }
            />
          </div>
        );
      })}
      {Object.values(value.sound).some(Boolean) && <SoundWarning />}
    </>
  );
}

/** What whoever switches sound on has to know. */
export function SoundWarning() {
  const { t } = useTranslation('cameras');
  return (
    <Notice icon={IconMicrophone} title={t('keeping.soundTitle')} alert>
      {t('keeping.soundText')}
    </Notice>
  );
}

/** Digits only, within the bounds. */
function minutesOf(entered: string): number {
  return Math.min(Number(entered.replace(/\D/g, '')), MOST_MINUTES);
}
