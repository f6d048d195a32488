import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useTranslation } from 'react-i18next';
import { useHealth } from '../../api/cameras.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { formatBytes, formatDate, formatSince } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';

/** What the recorder says of itself: its alarms with what to do, and how the archive stands. */
export function RecorderSummary() {
  const { t, i18n } = useTranslation(['cameras', 'common']);
  const lang = useLang();
  const health = useHealth().data;
  if (health === undefined) return null;
  const { streams, archive, alarms, atMs } = health;
  const facts = [
    t('health.recording', { recording: streams.recording, count: streams.total }),
    t('health.archive', { bytes: formatBytes(archive.bytes, lang) }),
    t('health.free', { bytes: formatBytes(archive.freeBytes, lang) }),
    archive.oldestMs === null ? null : t('health.oldest', { date: formatDate(archive.oldestMs) }),
  ];
  return (
    <>
      {alarms.map((alarm) => {
        const key = `cameras:health.alarms.${alarm.code}`;
        return (
          <Notice
            key={`${alarm.code} ${alarm.detail}`}
            icon={IconAlertTriangle}
            kind="fault"
            title={t('common:stateSince', { state: t('health.alarm'), time: formatSince(alarm.sinceMs, atMs) })}
            alert
          >
            {i18n.exists(key) ? t(key, { detail: alarm.detail }) : `${alarm.code}: ${alarm.detail}`}
          </Notice>
        );
      })}
      <p className={page.muted}>{facts.filter((fact) => fact !== null).join(' · ')}</p>
    </>
  );
}
