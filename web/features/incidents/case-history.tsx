import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Incident, IncidentEntry } from '../../../server/contracts/incidents.ts';
import { useDuplicates } from '../../api/incident-work.ts';
import { paths } from '../../app/paths.ts';
import { formatShort } from '../../components/time.ts';
import classes from './case-history.module.css';
import { isSaid } from './case-talk.ts';
import { useEntryWords } from './use-entry-words.ts';
import { useCategoryName } from './use-list.ts';

/** Who did what, when, why and from where, newest first; corrections with what was and what is. */
export function CaseHistory({ incident, ofCity }: { incident: Incident; ofCity: boolean }) {
  const { t } = useTranslation('incidents');
  const entries = incident.history.toReversed();
  return (
    <section className={classes.card} aria-labelledby="case-history">
      <h2 id="case-history" className={classes.title}>
        {t('history.title')}
      </h2>
      <ol className={classes.list}>
        {entries.map((entry) => (
          <Entry key={entry.seq} entry={entry} incident={incident} />
        ))}
      </ol>
      {ofCity && incident.history.some(({ step }) => step === 'merge') && <Merged incident={incident} />}
      {!ofCity && (
        <p className={classes.hidden}>
          <IconEyeOff size={16} stroke={1.8} aria-hidden />
          {t('history.hidden')}
        </p>
      )}
    </section>
  );
}

/** The histories of the cases that were found to be the same; each stays as it was. */
function Merged({ incident }: { incident: Incident }) {
  const { t } = useTranslation('incidents');
  const merged = useDuplicates(incident.id).data?.merged ?? [];
  return merged.map((other) => (
    <details key={other.id} className={classes.merged}>
      <summary>{t('history.merged', { number: other.number })}</summary>
      <ol className={classes.list}>
        {other.history.toReversed().map((entry) => (
          <Entry key={entry.seq} entry={entry} incident={other} />
        ))}
      </ol>
    </details>
  ));
}

function Entry({ entry, incident }: { entry: IncidentEntry; incident: Pick<Incident, 'note'> }) {
  const { t } = useTranslation(['incidents', 'common']);
  const words = useEntryWords();
  const { by, details, reason } = entry;
  // The words name the office; an account that is called like it has no more to say.
  const more = [
    by === null || by.name === t(`common:role.${by.role}`, { defaultValue: '' }) ? undefined : by.name,
    entry.address === null ? undefined : t('history.address', { address: entry.address }),
    details.attachments?.length ? t('history.files', { count: details.attachments.length }) : undefined,
    details.stretches?.length ? t('history.stretches', { count: details.stretches.length }) : undefined,
    entry.dueAtMs === null || entry.fromState === entry.toState
      ? undefined
      : t('history.due', { date: formatShort(entry.dueAtMs) }),
  ].filter((one) => one !== undefined && one !== '');
  return (
    <li className={classes.entry}>
      <span className={classes.time}>{formatShort(entry.atMs)}</span>
      <span>
        {words(entry)}
        {details.other !== undefined && (
          <>
            {' '}
            <Link className={classes.link} to={paths.incident(details.other.id)}>
              {t('duplicates.open')}
            </Link>
          </>
        )}
        <Changes entry={entry} />
        {more.length > 0 && <span className={classes.more}>{more.join(' · ')}</span>}
        {reason !== '' && reason !== incident.note && !isSaid(entry) && (
          <span className={classes.reason}>{reason}</span>
        )}
      </span>
    </li>
  );
}

function Changes({ entry }: { entry: IncidentEntry }) {
  const { t } = useTranslation(['incidents', 'common']);
  const name = useCategoryName();
  const { category, severity } = entry.details.changes ?? {};
  const line = (what: string, was: string, is: string) => (
    <span key={what} className={classes.change}>
      {t('history.change', { what, was, is })}
    </span>
  );
  return (
    <>
      {category !== undefined &&
        line(t('correct.category'), `${category.from} ${name(category.from)}`, `${category.to} ${name(category.to)}`)}
      {severity !== undefined &&
        line(t('correct.severity'), t(`common:severity.${severity.from}`), t(`common:severity.${severity.to}`))}
    </>
  );
}
