import { useTranslation } from 'react-i18next';
import type { IncidentFigures } from '../../../server/contracts/incident-figures.ts';
import { formatPercent } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './figures-page.module.css';
import { Bar, CasesLink } from './figures-parts.tsx';
import { shareOf } from './figures-policy.ts';
import { useCategoryName } from './use-list.ts';

function Share({ part, whole }: { part: number; whole: number }) {
  const lang = useLang();
  const share = shareOf(part, whole);
  return share === null ? '–' : formatPercent(share, lang, 0);
}

/** How the terms were kept, by state and the office that moved the case on. */
export function TermsTable({ terms }: Pick<IncidentFigures, 'terms'>) {
  const { t } = useTranslation(['queue', 'common']);
  return (
    <table className={classes.table}>
      <caption className={classes.spoken}>{t('figures.terms.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('figures.terms.state')}</th>
          <th scope="col">{t('figures.terms.office')}</th>
          <th scope="col" className={classes.barCell}>
            <span className={classes.spoken}>{t('figures.bar')}</span>
          </th>
          <th scope="col" className={classes.value}>
            {t('figures.terms.kept')}
          </th>
          <th scope="col" className={classes.value}>
            {t('figures.terms.late')}
          </th>
          <th scope="col" className={classes.value}>
            {t('figures.terms.share')}
          </th>
        </tr>
      </thead>
      <tbody>
        {terms.map(({ state, office, kept, late }) => {
          const whole = kept.count + late.count;
          const words = `${t(`common:incidentState.${state}`)}, ${t(`common:role.${office}`)}`;
          return (
            <tr key={`${state} ${office}`}>
              <th scope="row">{t(`common:incidentState.${state}`)}</th>
              <td>{t(`common:role.${office}`)}</td>
              <td className={classes.barCell}>
                <Bar
                  parts={[
                    { share: (shareOf(kept.count, whole) ?? 0) * 1, tone: 'good' },
                    { share: shareOf(late.count, whole) ?? 0, tone: 'late' },
                  ]}
                />
              </td>
              <td className={classes.value}>
                <CasesLink figure={kept} label={`${words}, ${t('figures.terms.kept')}`} />
              </td>
              <td className={classes.value}>
                <CasesLink figure={late} label={`${words}, ${t('figures.terms.late')}`} tone="overdue" />
              </td>
              <td className={classes.value}>
                <Share part={kept.count} whole={whole} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The cases of each unit. */
export function UnitsTable({ units }: Pick<IncidentFigures, 'units'>) {
  const { t } = useTranslation('queue');
  const most = Math.max(1, ...units.map(({ total }) => total.count));
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <caption className={classes.spoken}>{t('figures.units')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('figures.unit')}</th>
            <th scope="col" className={classes.barCell}>
              <span className={classes.spoken}>{t('figures.bar')}</span>
            </th>
            {(['total', 'open', 'overdue', 'violations'] as const).map((key) => (
              <th key={key} scope="col" className={classes.value}>
                {t(`figures.count.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {units.map((unit) => (
            <tr key={unit.unitId}>
              <th scope="row">{unit.unitName}</th>
              <td className={classes.barCell}>
                <Bar
                  parts={[
                    { share: unit.violations.count / most, tone: 'strong' },
                    { share: (unit.total.count - unit.violations.count) / most, tone: 'plain' },
                  ]}
                />
              </td>
              {(['total', 'open', 'overdue', 'violations'] as const).map((key) => (
                <td key={key} className={classes.value}>
                  <CasesLink
                    figure={unit[key]}
                    label={`${unit.unitName}, ${t(`figures.count.${key}`)}`}
                    tone={key === 'overdue' ? 'overdue' : undefined}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The cases of each month, the latest first. */
export function MonthsTable({ months }: Pick<IncidentFigures, 'months'>) {
  const { t } = useTranslation('queue');
  const most = Math.max(1, ...months.map(({ total }) => total.count));
  const written = (month: string) => `${month.slice(5)}/${month.slice(0, 4)}`;
  return (
    <table className={classes.table}>
      <caption className={classes.spoken}>{t('figures.months')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('figures.month')}</th>
          <th scope="col" className={classes.barCell}>
            <span className={classes.spoken}>{t('figures.bar')}</span>
          </th>
          {(['total', 'open', 'violations'] as const).map((key) => (
            <th key={key} scope="col" className={classes.value}>
              {t(`figures.count.${key}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...months].reverse().map((one) => (
          <tr key={one.month}>
            <th scope="row">{written(one.month)}</th>
            <td className={classes.barCell}>
              <Bar
                parts={[
                  { share: one.violations.count / most, tone: 'strong' },
                  { share: (one.total.count - one.violations.count) / most, tone: 'plain' },
                ]}
              />
            </td>
            {(['total', 'open', 'violations'] as const).map((key) => (
              <td key={key} className={classes.value}>
                <CasesLink figure={one[key]} label={`${written(one.month)}, ${t(`figures.count.${key}`)}`} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How far the two readers agree, by category. */
export function AgreementTable({ agreement }: { agreement: NonNullable<IncidentFigures['agreement']> }) {
  const { t } = useTranslation('queue');
  const name = useCategoryName();
  const rows = [
    ...agreement.byCategory.map((row) => ({ ...row, label: `${row.category} · ${name(row.category)}` })),
    { category: '', label: t('figures.agreement.all'), read: agreement.read, agreed: agreement.agreed },
  ];
  return (
    <table className={classes.table}>
      <caption className={classes.spoken}>{t('figures.agreement.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('figures.agreement.category')}</th>
          {(['read', 'agreed', 'share'] as const).map((key) => (
            <th key={key} scope="col" className={classes.value}>
              {t(`figures.agreement.${key}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ category, label, read, agreed }) => (
          <tr key={category} data-sum={category === '' || undefined}>
            <th scope="row">{label}</th>
            <td className={classes.value}>
              <CasesLink figure={read} label={`${label}, ${t('figures.agreement.read')}`} />
            </td>
            <td className={classes.value}>
              <CasesLink figure={agreed} label={`${label}, ${t('figures.agreement.agreed')}`} />
            </td>
            <td className={classes.value}>
              <Share part={agreed.count} whole={read.count} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
