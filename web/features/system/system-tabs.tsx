import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useCalendar } from '../../api/calendar.ts';
import { useCan } from '../../api/session.ts';
import { paths } from '../../app/paths.ts';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';

/** Title and the lists that the person may see; `children` stand at the right. */
export function SystemTabs({ children }: { children?: React.ReactNode }) {
  const { t } = useTranslation('system');
  const manages = useCan('manage_system');
  const reads = useCan('read_audit');
  const lacking = (useCalendar({ enabled: manages }).data?.alarms.length ?? 0) > 0;
  return (
    <>
      <PageHeader title={t('title')} />
      <nav className={page.tabs} aria-label={t('title')}>
        {manages && (
          <NavLink to={paths.users} className={page.tab}>
            {t('tabs.users')}
          </NavLink>
        )}
        {manages && (
          <NavLink to={paths.calendar} className={page.tab}>
            {t('tabs.calendar')}
            {lacking && (
              <IconAlertTriangle size={16} stroke={1.8} role="img" aria-label={t('tabs.calendarLacks')}>
                <title>{t('tabs.calendarLacks')}</title>
              </IconAlertTriangle>
            )}
          </NavLink>
        )}
        {(manages || reads) && (
          <NavLink to={paths.archive} className={page.tab}>
            {t('tabs.archive')}
          </NavLink>
        )}
        {manages && (
          <NavLink to={paths.systemCompleteness} className={page.tab}>
            {t('tabs.completeness')}
          </NavLink>
        )}
        {manages && (
          <NavLink to={paths.deliveries} className={page.tab}>
            {t('tabs.deliveries')}
          </NavLink>
        )}
        {reads && (
          <NavLink to={paths.audit} className={page.tab}>
            {t('tabs.audit')}
          </NavLink>
        )}
        <span className={page.grow} />
        {children}
      </nav>
    </>
  );
}
