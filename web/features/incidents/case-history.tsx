import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff';
import { useTranslation } from 'react-i18next';
import type { Incident, IncidentEntry } from '../../../server/contracts/incidents.ts';
import { formatShort } from '../../components/time.ts';
import classes from './case-history.module.css';

const STEPS = new Set(['flag', 'verify', 'conclude', 'dismiss', 'system']);

/** Says what one entry of a history was: `Phòng Nội vụ nhận xác minh`; without the office where the reader may not know it. */
export function useEntryWords(): (entry: IncidentEntry, incident: Pick<Incident, 'conclusion'>) => string {
  const { t, i18n } = useTranslation(['incidents', 'common']);
  return ({ by, step, toState }, { conclusion }) => {
    const key = STEPS.has(step) ? step : 'other';
    const state = t(`common:incidentState.${toState}`);
    const kind = conclusion === null ? '' : t(`common:conclusion.${conclusion}`);
    const roleKey = `common:role.${by?.role}`;
    const role = by === null ? '' : i18n.exists(roleKey) ? t(roleKey) : by.name;
    if (key === 'conclude' && kind !== '')
      return t(role === '' ? 'history.plain.concludeAs' : 'history.concludeAs', { role, kind });
    return t(role === '' ? `history.plain.${key}` : `history.${key}`, { role, state });
  };
}

/** Who did what, when and why, newest first. */
export function CaseHistory({ incident }: { incident: Incident }) {
  const { t } = useTranslation('incidents');
  const words = useEntryWords();
  const entries = incident.history.toReversed();
  const hidden = incident.history.some((entry) => entry.by === null);
  return (
    <section className={classes.card} aria-labelledby="case-history">
      <h2 id="case-history" className={classes.title}>
        {t('history.title')}
      </h2>
      <ol className={classes.list}>
        {entries.map((entry) => (
          <li key={`${entry.atMs} ${entry.step}`} className={classes.entry}>
            <span className={classes.time}>{formatShort(entry.atMs)}</span>
            <span>
              {words(entry, incident)}
              {entry.reason !== '' && entry.reason !== incident.note && (
                <span className={classes.reason}>{entry.reason}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
      {hidden && (
        <p className={classes.hidden}>
          <IconEyeOff size={16} stroke={1.8} aria-hidden />
          {t('history.hidden')}
        </p>
      )}
    </section>
  );
}
