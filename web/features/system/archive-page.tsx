import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import { useTranslation } from 'react-i18next';
import type { ArchiveState } from '../../../server/contracts/archive.ts';
import { useArchive } from '../../api/archive.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import { formatBytes, formatDate, formatNumber } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './archive.module.css';
import { ArchiveAlarms } from './archive-alarms.tsx';
import { ArchiveCheck } from './archive-check.tsx';
import { VolumeTable } from './archive-volumes.tsx';
import { SystemTabs } from './system-tabs.tsx';

/** How the archive stands: what is wrong and what to do, then the room, then each volume, then what the self-check found. */
export default function ArchivePage() {
  const { t } = useTranslation('system');
  const { data: archive, error, refetch } = useArchive();
  return (
    <div className={page.page}>
      <SystemTabs />
      {archive === undefined && error !== null && <Problem error={error} onRetry={() => refetch()} />}
      {archive === undefined && error === null && <SkeletonRows rows={8} />}
      {archive !== undefined && (
        <>
          {archive.alarms.length === 0 ? (
            <Notice icon={IconCircleCheck}>{t('archive.noAlarms')}</Notice>
          ) : (
            <ArchiveAlarms alarms={archive.alarms} atMs={archive.atMs} />
          )}
          <Totals archive={archive} />
          <VolumeTable volumes={archive.volumes} alarms={archive.alarms} atMs={archive.atMs} />
          <ArchiveCheck archive={archive} />
        </>
      )}
    </div>
  );
}

function Totals({ archive: { total, retention } }: { archive: ArchiveState }) {
  const { t } = useTranslation('system');
  const lang = useLang();
  const days = useDays();
  const quota =
    retention.quotaBytes === null
      ? t('archive.noQuota')
      : t('archive.quota', { bytes: formatBytes(retention.quotaBytes, lang) });
  const oldest =
    total.oldestMs === null ? t('archive.keptNothing') : t('archive.keptSince', { date: formatDate(total.oldestMs) });
  return (
    <section className={classes.figures} aria-label={t('archive.total')}>
      <Figure
        title={t('archive.used')}
        value={formatBytes(total.usedBytes, lang)}
        hint={`${t('archive.free', { bytes: formatBytes(total.freeBytes, lang) })} · ${t('archive.filesCount', {
          count: total.files,
          n: formatNumber(total.files, lang, 0),
        })}`}
      />
      <Figure
        title={t('archive.perDay')}
        value={total.bytesPerDay === null ? '–' : formatBytes(total.bytesPerDay, lang)}
        hint={t(total.bytesPerDay === null ? 'archive.perDayUnknown' : 'archive.perDayHint')}
      />
      <Figure
        title={t('archive.daysLeft')}
        value={days(total.daysLeft)}
        hint={t(total.daysLeft === 0 ? 'archive.daysNow' : 'archive.daysHint')}
      />
      <Figure
        title={t('archive.kept')}
        value={t('archive.days', { count: retention.days, n: formatNumber(retention.days, lang, 0) })}
        hint={`${oldest} · ${quota}`}
      />
    </section>
  );
}

function Figure({ title, value, hint }: { title: string; value: string; hint: string }) {
  return (
    <div className={classes.figure}>
      <h2>{title}</h2>
      <p className={classes.value}>{value}</p>
      <p className={classes.hint}>{hint}</p>
    </div>
  );
}

/** Days that are left in words: `12 days`, `full`, `not known`. Fewer than ten with a decimal. */
function useDays(): (days: number | null) => string {
  const { t } = useTranslation('system');
  const lang = useLang();
  return (days) => {
    if (days === null) return t('archive.daysUnknown');
    if (days === 0) return t('archive.daysNone');
    const rounded = days < 10 ? Math.floor(days * 10) / 10 : Math.floor(days);
    return t('archive.days', { count: rounded, n: formatNumber(rounded, lang, 1) });
  };
}
