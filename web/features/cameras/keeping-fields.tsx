import { Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StreamName } from '../../../server/contracts/common.ts';
import { FieldLabel } from '../../components/field.tsx';
import page from '../../components/page.module.css';
import { formatBytes } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { daysOf } from './keeping-policy.ts';

interface KeepingFieldsProps {
  stream: StreamName;
  /** Null is the city's number of days. */
  days: number | null;
  sound: boolean;
  onChange: (change: { days?: number | null; sound?: boolean }) => void;
  /** The city's number, where it is known. */
  defaultDays?: number | undefined;
  /** As measured; undefined while it is not. Left out where there is no stream to measure yet. */
  rate?: { bytesPerSecond: number | undefined };
  /** What stands under the number of days, and under the sound. */
  daysNote?: React.ReactNode;
  soundNote?: React.ReactNode;
}

/** For how long one stream is kept, whether with its sound, and what it takes of the disk. */
export function KeepingFields(props: KeepingFieldsProps) {
  const { stream, days, sound, onChange, defaultDays, rate, daysNote, soundNote } = props;
  const { t } = useTranslation('cameras');
  const name = t(`stream.${stream}`);
  return (
    <>
      <TextInput
        label={<FieldLabel label={t('keeping.days', { stream: name })} hint={t('keeping.daysHint')} />}
        placeholder={
          defaultDays === undefined ? t('keeping.default') : t('keeping.defaultDays', { count: defaultDays })
        }
        value={days === null ? '' : String(days)}
        inputMode="numeric"
        maxLength={4}
        onChange={(event) => onChange({ days: daysOf(event.currentTarget.value) })}
      />
      {daysNote}
      {rate !== undefined && <DiskUse bytesPerSecond={rate.bytesPerSecond} days={days ?? defaultDays} />}
      <Switch
        label={t('keeping.sound', { stream: name })}
        checked={sound}
        onChange={(event) => onChange({ sound: event.currentTarget.checked })}
      />
      {soundNote}
    </>
  );
}

function DiskUse({ bytesPerSecond, days }: { bytesPerSecond: number | undefined; days: number | undefined }) {
  const { t } = useTranslation('cameras');
  const lang = useLang();
  if (bytesPerSecond === undefined) return <p className={page.muted}>{t('keeping.noRate')}</p>;
  const aDay = bytesPerSecond * 86_400;
  const text = { day: formatBytes(aDay, lang), total: formatBytes(aDay * (days ?? 1), lang), count: days ?? 1 };
  return <p className={page.muted}>{days === undefined ? t('keeping.aDay', text) : t('keeping.allDays', text)}</p>;
}
