import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ArchiveAlarm } from '../../../server/contracts/archive.ts';
import { useCan } from '../../api/session.ts';
import { useUnits } from '../../api/units.ts';
import { paths } from '../../app/paths.ts';
import { Notice } from '../../components/notice.tsx';
import { formatSince } from '../../components/time.ts';
import classes from './archive.module.css';
import { reasonOf } from './archive-policy.ts';

/** Alarms in force: what each means, what to do, and its detail as the server tells it. */
export function ArchiveAlarms({ alarms, atMs }: { alarms: readonly ArchiveAlarm[]; atMs: number }) {
  const { t, i18n } = useTranslation('system');
  const manages = useCan('manage_system');
  const units = useUnits({ enabled: manages });
  return (
    <section className={classes.alarms} aria-label={t('archive.alarms')}>
      {alarms.map((alarm) => {
        const known = i18n.exists(`system:archive.alarm.${alarm.code}`);
        const name = known ? t(`archive.alarm.${alarm.code}.name`) : alarm.code;
        const reason = `archive.reason.${reasonOf(alarm)}`;
        const detail = i18n.exists(`system:${reason}`)
          ? alarm.detail.replace(/\w+$/, t(reason))
          : alarm.camera === null
            ? alarm.detail
            : [units.data?.find(({ id }) => id === alarm.camera?.unitId)?.name, alarm.camera.name]
                .filter((word) => word !== undefined)
                .join(', ');
        return (
          <Notice
            key={`${alarm.code} ${alarm.detail}`}
            icon={IconAlertTriangle}
            kind="fault"
            title={t('archive.alarmSince', { alarm: name, time: formatSince(alarm.sinceMs, atMs) })}
            alert
          >
            {known && <p>{t(`archive.alarm.${alarm.code}.means`)}</p>}
            {known && (
              <p>
                <b>{t('archive.toDo')}</b> {t(`archive.alarm.${alarm.code}.todo`)}
              </p>
            )}
            {detail !== '' && <p className={classes.detail}>{detail}</p>}
            {manages && alarm.camera !== null && (
              <Link to={paths.cameras({ camera: alarm.camera.id })}>{t('archive.openCamera')}</Link>
            )}
          </Notice>
        );
      })}
    </section>
  );
}
