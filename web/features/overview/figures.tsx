import IconClockExclamation from '@tabler/icons-react/icons/IconClockExclamation';
import IconPlugConnectedX from '@tabler/icons-react/icons/IconPlugConnectedX';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { paths } from '../../app/paths.ts';
import { SeverityMark } from '../../components/severity.tsx';
import { formatNumber } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { CoverageFigure } from './coverage.tsx';
import classes from './figures.module.css';
import { countBySeverity, isOverdue } from './overview-policy.ts';
import type { OverviewView } from './use-overview.ts';

/** Open cases by severity, terms of today, cameras that work, and how much of today is recorded. */
export function Figures({ view }: { view: OverviewView }) {
  const { t } = useTranslation(['overview', 'common']);
  const lang = useLang();
  const bySeverity = countBySeverity(view.open);
  const today = view.open.filter(
    ({ dueAtMs }) => dueAtMs !== null && dueAtMs >= view.now && dueAtMs < view.endOfDayMs,
  ).length;
  const overdue = view.complete ? view.open.filter((one) => isOverdue(one, view.now)).length : view.counts.overdue;
  const total = view.cards.reduce((sum, card) => sum + card.total, 0);
  const working = view.cards.reduce((sum, card) => sum + card.working, 0);
  const faults = view.cards.reduce((sum, card) => sum + card.faults.length, 0);
  const connecting = total - working - faults;
  const n = (value: number) => formatNumber(value, lang, 0);
  return (
    <section className={classes.figures} aria-label={t('figure.label')}>
      <div className={classes.figure}>
        <h2>{t('figure.open')}</h2>
        <Link className={classes.value} to={paths.incidents()}>
          {n(view.counts.open)}
        </Link>
        {view.complete && (
          <p className={classes.split}>
            {([3, 2, 1] as const).map((level) => (
              <Link key={level} to={paths.incidents({ severity: [String(level)] })}>
                <SeverityMark severity={level} label={false} /> {n(bySeverity[level])} {t(`figure.severity.${level}`)}
              </Link>
            ))}
          </p>
        )}
      </div>
      <div className={classes.figure}>
        <h2>{t('figure.due')}</h2>
        <Link className={classes.value} to={paths.incidents({ sort: 'due' })}>
          {n(today)}
        </Link>
        <p className={classes.split}>
          {overdue > 0 ? (
            <Link className={classes.overdue} to={paths.incidents({ tab: 'overdue' })}>
              <IconClockExclamation size={16} stroke={1.8} aria-hidden /> {t('figure.overdue', { count: overdue })}
            </Link>
          ) : (
            <span>{t('figure.noneOverdue')}</span>
          )}
        </p>
      </div>
      <div className={classes.figure}>
        <h2>{t('figure.cameras')}</h2>
        <span className={classes.value}>
          {n(working)} <small>/ {n(total)}</small>
        </span>
        <p className={classes.split}>
          {faults > 0 && (
            <span>
              <IconPlugConnectedX size={16} stroke={1.8} aria-hidden /> {t('figure.faults', { count: faults })}
            </span>
          )}
          {connecting > 0 && <span>{t('figure.connecting', { count: connecting })}</span>}
          {faults === 0 && connecting === 0 && <span>{t(total === 0 ? 'figure.noCameras' : 'figure.noFaults')}</span>}
        </p>
      </div>
      {view.cards.length > 0 && <CoverageFigure view={view} />}
    </section>
  );
}
