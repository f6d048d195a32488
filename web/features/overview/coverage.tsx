import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCompleteness } from '../../api/archive.ts';
import { paths } from '../../app/paths.ts';
import { useSpanText } from '../../components/span-text.ts';
import { DAY_MS, formatPercent } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './coverage.module.css';
import { COVERAGE_THRESHOLD, coverageOf, lowestCoverage } from './coverage-policy.ts';
import figures from './figures.module.css';
import side from './side.module.css';
import type { OverviewView } from './use-overview.ts';

const MOST_UNITS = 4;

/** Both parts ask the same question, which is sent once. */
function useCoverage({ endOfDayMs }: OverviewView) {
  return useCompleteness({ from: endOfDayMs - DAY_MS, to: endOfDayMs }).data;
}

/** How much of today's recording hours is recorded, all units together. */
export function CoverageFigure({ view }: { view: OverviewView }) {
  const { t } = useTranslation('overview');
  const lang = useLang();
  const span = useSpanText();
  const report = useCoverage(view);
  if (report === undefined) return <div className={figures.figure} aria-busy="true" />;
  const share = coverageOf(report.total);
  const below = lowestCoverage(report.units).filter((unit) => unit.share < COVERAGE_THRESHOLD).length;
  const threshold = formatPercent(COVERAGE_THRESHOLD, lang, 0);
  return (
    <div className={figures.figure}>
      <h2>{t('figure.coverage')}</h2>
      <Link className={figures.value} to={paths.completeness()}>
        {share === null ? '–' : formatPercent(share, lang)}
      </Link>
      <p className={figures.split}>
        {report.total.unexplainedMs > 0 && (
          <span>
            <IconAlertTriangle size={16} stroke={1.8} aria-hidden />{' '}
            {t('figure.unexplained', { time: span(report.total.unexplainedMs) })}
          </span>
        )}
        <span>
          {share === null
            ? t('figure.noCoverage')
            : below === 0
              ? t('figure.aboveAll', { share: threshold })
              : t('figure.below', { count: below, share: threshold })}
        </span>
      </p>
    </div>
  );
}

/** The units of which least is recorded today, beside the threshold. */
export function CoverageCard({ view }: { view: OverviewView }) {
  const { t } = useTranslation('overview');
  const lang = useLang();
  const report = useCoverage(view);
  const lowest = lowestCoverage(report?.units ?? []).slice(0, MOST_UNITS);
  if (lowest.length === 0) return null;
  const nameOf = (id: string) => view.cards.find(({ unit }) => unit.id === id)?.unit.name ?? id;
  return (
    <section className={side.card} aria-labelledby="overview-coverage">
      <header className={side.head}>
        <h2 id="overview-coverage">{t('coverage.title')}</h2>
        <span className={classes.threshold}>
          {t('coverage.threshold', { share: formatPercent(COVERAGE_THRESHOLD, lang, 0) })}
        </span>
      </header>
      <ul className={side.list}>
        {lowest.map(({ unitId, share }) => (
          <li key={unitId} className={`${side.row} ${classes.row}`} data-low={share < COVERAGE_THRESHOLD || undefined}>
            <Link className={side.open} to={paths.completeness({ unit: unitId })}>
              {nameOf(unitId)}
            </Link>
            <span className={classes.bar} aria-hidden>
              <span style={{ width: `${100 * share}%` }} />
            </span>
            <span className={classes.share}>{formatPercent(share, lang)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
