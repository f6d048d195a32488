import { Button } from '@mantine/core';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { Notice } from '../../components/notice.tsx';
import { formatShort } from '../../components/time.ts';
import classes from './case-actions.module.css';
import { changesSince } from './case-policy.ts';
import { useEntryWords } from './use-entry-words.ts';

interface ChangesProps {
  base: Incident;
  incident: Incident;
  /** What was typed, where the form for it is gone. */
  typed: string;
  onSeen: () => void;
}

/** What others did to the case while the reader was deciding; nothing is sent until it has been seen. */
export function CaseChanges({ base, incident, typed, onSeen }: ChangesProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const words = useEntryWords();
  return (
    <Notice icon={IconRefresh} title={t('changes.title')} alert>
      <ul className={classes.changes}>
        {changesSince(base, incident).map((entry) => (
          <li key={entry.seq}>
            {formatShort(entry.atMs)} · {words(entry)}
            {entry.reason !== '' && <span className={classes.changeReason}>{entry.reason}</span>}
          </li>
        ))}
        {base.state !== incident.state && (
          <li>
            {t('changes.state', {
              from: t(`common:incidentState.${base.state}`),
              to: t(`common:incidentState.${incident.state}`),
            })}
          </li>
        )}
      </ul>
      {typed !== '' && (
        <>
          <p>{t('changes.typed')}</p>
          <p className={classes.changeReason}>{typed}</p>
        </>
      )}
      <p>{t('changes.kept')}</p>
      <Button variant="default" size="xs" mt={8} onClick={onSeen}>
        {t('changes.seen')}
      </Button>
    </Notice>
  );
}
