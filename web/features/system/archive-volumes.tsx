import type { Icon } from '@tabler/icons-react';
import IconCircleDot from '@tabler/icons-react/icons/IconCircleDot';
import IconDatabaseX from '@tabler/icons-react/icons/IconDatabaseX';
import IconHelpCircle from '@tabler/icons-react/icons/IconHelpCircle';
import IconLock from '@tabler/icons-react/icons/IconLock';
import IconPlayerPause from '@tabler/icons-react/icons/IconPlayerPause';
import IconPlugConnectedX from '@tabler/icons-react/icons/IconPlugConnectedX';
import { useTranslation } from 'react-i18next';
import type { ArchiveAlarm } from '../../../server/contracts/archive.ts';
import type { VolumeHealth } from '../../../server/contracts/health.ts';
import { Chip, type ChipTone } from '../../components/chip.tsx';
import table from '../../components/table.module.css';
import { formatBytes, formatNumber, formatSince } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './archive.module.css';
import { conditionsOf, deletionsOf, troubleSince, type VolumeCondition } from './archive-policy.ts';

const LOOKS: Record<VolumeCondition, { tone: ChipTone; icon: Icon }> = {
  recording: { tone: 'good', icon: IconCircleDot },
  standby: { tone: 'plain', icon: IconPlayerPause },
  near: { tone: 'plain', icon: IconPlayerPause },
  full: { tone: 'mendable', icon: IconDatabaseX },
  read_only: { tone: 'fault', icon: IconLock },
  refusing: { tone: 'fault', icon: IconDatabaseX },
  wrong: { tone: 'fault', icon: IconHelpCircle },
  offline: { tone: 'fault', icon: IconPlugConnectedX },
};
const AWAY: ReadonlySet<VolumeCondition> = new Set(['read_only', 'refusing', 'wrong', 'offline']);

interface VolumeTableProps {
  volumes: readonly VolumeHealth[];
  alarms: readonly ArchiveAlarm[];
  atMs: number;
}

/** Each volume in the order in which they are filled: what it does, its room, its rate, what went today. */
export function VolumeTable({ volumes, alarms, atMs }: VolumeTableProps) {
  const { t } = useTranslation('system');
  const conditions = conditionsOf(volumes);
  return (
    <div className={table.card}>
      <table className={`${table.table} ${classes.volumes}`}>
        <caption className={table.spoken}>{t('archive.volumes')}</caption>
        <thead>
          <tr>
            <th>{t('archive.volume')}</th>
            <th>{t('archive.stateHead')}</th>
            <th>{t('archive.room')}</th>
            <th className={table.number}>{t('archive.rate')}</th>
            <th className={table.number}>{t('archive.left')}</th>
            <th>{t('archive.deleted')}</th>
          </tr>
        </thead>
        <tbody>
          {volumes.map((volume, at) => (
            <VolumeRow
              key={`${volume.name} ${volume.path}`}
              volume={volume}
              condition={conditions[at] ?? 'offline'}
              sinceMs={troubleSince(volume, alarms)}
              atMs={atMs}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface VolumeRowProps {
  volume: VolumeHealth;
  condition: VolumeCondition;
  sinceMs: number | undefined;
  atMs: number;
}

function VolumeRow({ volume, condition, sinceMs, atMs }: VolumeRowProps) {
  const { t, i18n } = useTranslation(['system', 'common']);
  const lang = useLang();
  const { tone, icon } = LOOKS[condition];
  const word = t(`archive.state.${condition}`);
  const since = AWAY.has(condition) ? sinceMs : undefined;
  const reason = `archive.reason.${volume.detail}`;
  const hint = `archive.stateHint.${condition}`;
  const second = i18n.exists(`system:${reason}`)
    ? t(reason)
    : i18n.exists(`system:${hint}`)
      ? t(hint)
      : (volume.detail ?? '');
  const days = volume.daysLeft;
  const deletions = deletionsOf(volume);
  return (
    <tr>
      <td className={table.whole}>
        <span className={table.main}>{volume.name}</span>
        <span className={`${table.second} ${classes.path}`}>{volume.path ?? t('archive.gone')}</span>
      </td>
      <td className={table.whole}>
        <Chip tone={tone} icon={icon}>
          {since === undefined ? word : t('common:stateSince', { state: word, time: formatSince(since, atMs) })}
        </Chip>
        {second !== '' && <span className={table.second}>{second}</span>}
      </td>
      <td className={table.whole}>
        <Room volume={volume} />
      </td>
      <Cell label={t('archive.rate')}>{volume.bytesPerDay === null ? '–' : formatBytes(volume.bytesPerDay, lang)}</Cell>
      <Cell label={t('archive.left')}>
        {days === null
          ? '–'
          : days === 0
            ? t('archive.daysNone')
            : t('archive.days', {
                count: Math.floor(days),
                n: days < 1 ? '< 1' : formatNumber(Math.floor(days), lang, 0),
              })}
      </Cell>
      <td className={table.whole}>
        <span className={classes.narrow}>{t('archive.deleted')}: </span>
        {deletions.length === 0 && t('archive.nothingDeleted')}
        {deletions.map((one) => (
          <span key={one.reason} className={classes.line}>
            {t('archive.deletedLine', {
              bytes: formatBytes(one.bytes, lang),
              reason: t(`archive.deletion.${one.reason}`),
            })}
          </span>
        ))}
      </td>
    </tr>
  );
}

/** A number at the right; on a phone with its heading before it. */
function Cell({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <td className={`${table.number} ${table.whole}`}>
      <span className={classes.narrow}>{label}: </span>
      {children}
    </td>
  );
}

/** Footage, other things, and what is free of a volume's disk, as a bar and in words. */
function Room({ volume }: { volume: VolumeHealth }) {
  const { t } = useTranslation('system');
  const lang = useLang();
  const { usedBytes, freeBytes, sizeBytes, limitBytes, reserveBytes } = volume;
  const used = formatBytes(usedBytes, lang);
  if (sizeBytes === 0) return <span className={table.second}>{t('archive.usedOnly', { used })}</span>;
  // What the bar stands for: the footage that the volume may hold, or its whole disk.
  const whole = limitBytes ?? sizeBytes;
  const percent = (bytes: number) => `${Math.min(100, (100 * bytes) / whole)}%`;
  const others = limitBytes === null ? Math.max(0, sizeBytes - freeBytes - usedBytes) : 0;
  const words =
    limitBytes === null
      ? t('archive.usedOf', { used, free: formatBytes(freeBytes, lang), size: formatBytes(sizeBytes, lang) })
      : t('archive.usedOfLimit', { used, limit: formatBytes(limitBytes, lang) });
  return (
    <>
      <span className={classes.bar} aria-hidden>
        <span data-kind="recorded" style={{ width: percent(usedBytes) }} />
        <span data-kind="others" style={{ width: percent(others) }} />
      </span>
      <span className={table.second}>{words}</span>
      <span className={table.second}>{t('archive.reserve', { bytes: formatBytes(reserveBytes, lang) })}</span>
    </>
  );
}
