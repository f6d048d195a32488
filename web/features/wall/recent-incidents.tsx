import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Category, IncidentSummary } from '../../../server/contracts/incidents.ts';
import { paths } from '../../app/paths.ts';
import { SeverityMark } from '../../components/severity.tsx';
import { Still } from '../../components/still.tsx';
import { formatDay, formatMinute, startOfDay } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { useNow } from '../../components/use-now.ts';
import classes from './recent-incidents.module.css';

type Props = {
  incidents: readonly IncidentSummary[] | undefined;
  open: number | undefined;
  categories: readonly Category[] | undefined;
};

const MOST = 8;

/** Below the tiles: the latest incidents, each a step away. */
export function RecentIncidents({ incidents, open, categories }: Props) {
  const { t } = useTranslation('wall');
  const lang = useLang();
  const today = startOfDay(useNow(60_000));
  const nameOf = (code: string) => categories?.find((category) => category.code === code)?.[lang] ?? code;
  return (
    <section className={classes.strip} aria-label={t('recent.title')}>
      <h2 className={classes.title}>
        {t('recent.title')}{' '}
        {open !== undefined && <span className={classes.open}>{t('recent.open', { count: open })}</span>}
      </h2>
      <div className={classes.row}>
        {incidents?.slice(0, MOST).map((incident) => (
          <Link
            key={incident.id}
            to={paths.incident(incident.id)}
            className={classes.card}
            data-testid="recent-incident"
          >
            <Still src={incident.still} alt="" />
            <span className={classes.words}>
              <span className={classes.what}>
                <SeverityMark severity={incident.severity} />
                {nameOf(incident.category)}
              </span>
              <span className={classes.where}>
                {incident.unitName}, {incident.cameraName}
              </span>
              <span className={classes.foot}>
                {t(`common:incidentState.${incident.state}`)}
                <span className={classes.when}>
                  {incident.atMs >= today ? formatMinute(incident.atMs) : formatDay(incident.atMs)}
                </span>
              </span>
            </span>
          </Link>
        ))}
        {incidents?.length === 0 && <p className={classes.none}>{t('recent.none')}</p>}
      </div>
    </section>
  );
}
