import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { useRepeats } from '../../api/incident-work.ts';
import { paths } from '../../app/paths.ts';
import { formatDate } from '../../components/time.ts';
import classes from './case-facts.module.css';

const SHOWN = 3;

/** Earlier cases of the same kind at the same unit, each with what became of it. */
export function Repeats({ incident }: { incident: Incident }) {
  const { t } = useTranslation(['incidents', 'common']);
  const found = useRepeats(incident).data;
  if (found === undefined) return <span className={classes.none}>…</span>;
  const { days, total, violations, items } = found;
  if (total === 0) return <span className={classes.none}>{t('repeats.none', { days })}</span>;
  return (
    <div className={classes.repeats}>
      <span>{t('repeats.times', { nth: total + 1, days, count: violations })}</span>
      <ul>
        {items.slice(0, SHOWN).map(({ id, number, atMs, state, conclusion }) => (
          <li key={id}>
            <Link className={classes.link} to={paths.incident(id)}>
              {number}
            </Link>{' '}
            {formatDate(atMs)} ·{' '}
            {conclusion === null ? t(`common:incidentState.${state}`) : t(`common:conclusion.${conclusion}`)}
          </li>
        ))}
        {total > SHOWN && <li>{t('repeats.more', { count: total - SHOWN })}</li>}
      </ul>
    </div>
  );
}
