import { Button } from '@mantine/core';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconScale from '@tabler/icons-react/icons/IconScale';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { SecondJudgement } from '../../../server/contracts/second-readings.ts';
import { paths } from '../../app/paths.ts';
import { SeverityLabel } from '../../components/severity.tsx';
import table from '../../components/table.module.css';
import classes from './second-reading.module.css';
import { useCategoryName } from './use-list.ts';

/** Both judgements side by side, once the second is given. */
export function JudgementResult({ judgement, next }: { judgement: SecondJudgement; next: string | null }) {
  const { t } = useTranslation(['queue', 'incidents', 'common']);
  const name = useCategoryName();
  const { agreed, first, second, number, incidentId } = judgement;
  const Glyph = agreed ? IconCircleCheck : IconScale;
  const readings = [
    { key: 'first', ...first },
    { key: 'second', ...second },
  ];
  return (
    <section className={classes.card} aria-labelledby="second-result" role="status">
      <h2 id="second-result" className={classes.verdict} data-good={agreed || undefined}>
        <Glyph size={22} stroke={1.8} aria-hidden />
        {t(agreed ? 'second.resultAgreed' : 'second.resultDiffers', { number })}
      </h2>
      <p className={classes.muted}>{t('second.resultHint')}</p>
      <table className={table.table}>
        <thead>
          <tr>
            {(['reader', 'result', 'category', 'severity', 'conclusion'] as const).map((key) => (
              <th key={key} scope="col">
                {t(`second.column.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {readings.map(({ key, violation, category, severity, conclusion }) => (
            <tr key={key}>
              <td className={classes.reader}>{t(`second.${key}`)}</td>
              <td>{t(violation ? 'second.yes' : 'second.no')}</td>
              <td>
                {category} · {name(category)}
              </td>
              <td>
                <SeverityLabel severity={severity} />
              </td>
              <td>{conclusion === null ? '–' : t(`common:conclusion.${conclusion}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={classes.after}>
        <Button component={Link} to={paths.incident(incidentId)} variant="default">
          {t('second.toCase', { number })}
        </Button>
        <Button component={Link} to={next === null ? paths.secondReadings : paths.secondReading(next)}>
          {t(next === null ? 'second.toQueue' : 'second.next')}
        </Button>
      </div>
    </section>
  );
}
