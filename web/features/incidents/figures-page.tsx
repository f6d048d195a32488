import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import IconChartBar from '@tabler/icons-react/icons/IconChartBar';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentFigures } from '../../../server/contracts/incident-figures.ts';
import { useIncidentFigures } from '../../api/incident-figures.ts';
import { reachOf, useMe } from '../../api/session.ts';
import { useCategories, useUnits } from '../../api/units.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import figures from '../../components/figures.module.css';
import { FilterButton } from '../../components/filter-button.tsx';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { SeverityLabel } from '../../components/severity.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import { formatDate, formatPercent, MINUTE_MS, startOfDay } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { useNow } from '../../components/use-now.ts';
import { useSearchState } from '../../components/use-search-state.ts';
import classes from './figures-page.module.css';
import { BarTable, CasesLink, Panel } from './figures-parts.tsx';
import { FIGURE_PERIODS, periodOf, rangeOfPeriod, shareOf, USUAL_PERIOD } from './figures-policy.ts';
import { AgreementTable, MonthsTable, TermsTable, UnitsTable } from './figures-tables.tsx';
import { UNSENT_STATES } from './list-address.ts';
import { usePhone } from './list-tools.tsx';

/** Numbers of cases: each opens the cases behind it. The head of a unit has those of the unit. */
export default function FiguresPage() {
  const { t } = useTranslation(['queue', 'incidents', 'common']);
  const lang = useLang();
  const ofCity = reachOf(useMe().data, 'play_back') === 'city';
  const phone = usePhone();
  const search = useSearchState();
  // A day of Việt Nam begins at its own midnight.
  const today = startOfDay(useNow(MINUTE_MS));
  const period = periodOf(search.text('period'));
  const [unit, category] = [search.list('unit'), search.list('category')];
  const key = `${period} ${unit} ${category}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lists are as new as the key
  const query = useMemo(
    () => ({
      ...rangeOfPeriod(period, today),
      ...(unit.length > 0 && { unit }),
      ...(category.length > 0 && { category }),
    }),
    [key, today],
  );
  const asked = useIncidentFigures(query);
  const units = useUnits().data ?? [];
  const categories = useCategories().data ?? [];
  return (
    <div className={page.page}>
      <PageHeader
        {...(phone ? { title: t('way.figures') } : { title: t('incidents:title'), crumb: t('way.figures') })}
      />
      <div className={page.tools}>
        <Link className={classes.back} to={paths.incidents()}>
          <IconArrowLeft size={18} stroke={1.8} aria-hidden />
          {t('incidents:list')}
        </Link>
        <FilterButton
          single
          label={t('figures.period.label')}
          options={FIGURE_PERIODS.map((value) => ({ value, label: t(`figures.period.${value}`) }))}
          value={[period]}
          onChange={([value]) => search.set('period', value === USUAL_PERIOD ? null : (value ?? null))}
        />
        {units.length > 1 && (
          <FilterButton
            label={t('incidents:filter.unit')}
            options={units.map(({ id, name }) => ({ value: id, label: name }))}
            value={unit}
            onChange={(value) => search.set('unit', value)}
          />
        )}
        <FilterButton
          label={t('incidents:filter.category')}
          options={categories.map((one) => ({ value: one.code, label: `${one.code} · ${one[lang]}` }))}
          value={category}
          onChange={(value) => search.set('category', value)}
        />
        {query.from !== undefined && query.to !== undefined && (
          <span className={classes.span}>
            {t('figures.flagged', { from: formatDate(query.from), to: formatDate(query.to - 1) })}
          </span>
        )}
      </div>
      {asked.data !== undefined ? (
        <Numbers data={asked.data} ofCity={ofCity} />
      ) : (
        <section className={classes.panel}>
          {asked.isError ? <Problem error={asked.error} onRetry={() => asked.refetch()} /> : <SkeletonRows rows={8} />}
        </section>
      )}
    </div>
  );
}

function Numbers({ data, ofCity }: { data: IncidentFigures; ofCity: boolean }) {
  const { t } = useTranslation(['queue', 'common']);
  const lang = useLang();
  const { open, terms, conclusions, repeats, agreement } = data;
  if (data.total.count === 0) {
    return (
      <section className={classes.panel}>
        <EmptyState icon={IconChartBar} title={t('figures.none')} hint={t('figures.noneHint')} />
      </section>
    );
  }
  const sum = (of: (row: (typeof terms)[number]) => number) => terms.reduce((n, row) => n + of(row), 0);
  const kept = sum((row) => row.kept.count);
  const steps = kept + sum((row) => row.late.count);
  const inTime = shareOf(kept, steps);
  const heads = [
    { key: 'total', figure: data.total },
    { key: 'open', figure: open.total },
    { key: 'soon', figure: open.soon },
    { key: 'overdue', figure: open.overdue },
    { key: 'violations', figure: conclusions.violations },
    ...(repeats === null ? [] : [{ key: 'repeats', figure: repeats.cases }]),
  ] as const;
  return (
    <>
      <p className={classes.sentence}>
        {open.overdue.count > 0
          ? t('figures.sentence', { count: open.total.count, overdue: open.overdue.count })
          : t('figures.sentenceGood', { count: open.total.count })}{' '}
        {inTime !== null && t('figures.sentenceTerms', { share: formatPercent(inTime, lang, 0) })}
      </p>
      <div className={`${figures.figures} ${classes.heads}`}>
        {heads.map(({ key, figure }) => (
          <div key={key} className={figures.figure}>
            <h2>{t(`figures.head.${key}`, { days: repeats?.days })}</h2>
            <span className={figures.value}>
              <CasesLink
                figure={figure}
                label={t(`figures.head.${key}`, { days: repeats?.days })}
                tone={key === 'overdue' ? 'overdue' : undefined}
              />
            </span>
          </div>
        ))}
      </div>
      <div className={classes.grid}>
        <Panel title={t('figures.byState')}>
          <BarTable
            caption={t('figures.byState')}
            rows={open.byState
              // A unit is never shown what was not sent to it.
              .filter(({ state }) => ofCity || !UNSENT_STATES.includes(state))
              .map(({ state, cases }) => ({
                key: state,
                label: t(`common:incidentState.${state}`),
                figure: cases,
              }))}
          />
        </Panel>
        <Panel title={t('figures.bySeverity')}>
          <BarTable
            caption={t('figures.bySeverity')}
            rows={open.bySeverity.map(({ severity, cases }) => ({
              key: String(severity),
              label: t('common:severity.full', { level: severity, word: t(`common:severity.${severity}`) }),
              mark: <SeverityLabel severity={severity} />,
              figure: cases,
            }))}
          />
        </Panel>
        <Panel title={t('figures.byAge')}>
          <BarTable
            caption={t('figures.byAge')}
            rows={open.byAge.map(({ fromDays, toDays, cases }) => ({
              key: String(fromDays),
              label:
                toDays === null
                  ? t('figures.ageOver', { from: fromDays })
                  : t('figures.age', { from: fromDays, to: toDays }),
              figure: cases,
            }))}
          />
        </Panel>
        <Panel title={t('figures.terms.title')} hint={t('figures.terms.hint')} wide>
          {terms.length === 0 ? (
            <p className={classes.empty}>{t('figures.terms.none')}</p>
          ) : (
            <div className={classes.scroll}>
              <TermsTable terms={terms} />
            </div>
          )}
        </Panel>
        <Panel title={t('figures.conclusions')}>
          <BarTable
            caption={t('figures.conclusions')}
            rows={[
              ...conclusions.byConclusion.map(({ conclusion, cases }) => ({
                key: conclusion,
                label: t(`common:conclusion.${conclusion}`),
                figure: cases,
              })),
              { key: 'none', label: t('common:incidentState.no_violation'), figure: conclusions.noViolation },
            ]}
          />
        </Panel>
        {data.units.length > 1 && (
          <Panel title={t('figures.units')} hint={t('figures.dark')} wide>
            <UnitsTable units={data.units} />
          </Panel>
        )}
        {agreement !== null && (
          <Panel title={t('figures.agreement.title')} hint={t('figures.agreement.hint')}>
            {agreement.read.count === 0 ? (
              <p className={classes.empty}>{t('figures.agreement.none')}</p>
            ) : (
              <AgreementTable agreement={agreement} />
            )}
          </Panel>
        )}
        <Panel title={t('figures.months')} hint={t('figures.dark')} wide>
          <MonthsTable months={data.months} />
        </Panel>
      </div>
    </>
  );
}
