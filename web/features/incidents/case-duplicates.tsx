import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Incident, IncidentState } from '../../../server/contracts/incidents.ts';
import { useDuplicates } from '../../api/incident-work.ts';
import { useIncidents } from '../../api/incidents.ts';
import { paths } from '../../app/paths.ts';
import { FieldError, FieldLabel } from '../../components/field.tsx';
import { useSpanText } from '../../components/span-text.ts';
import { Still } from '../../components/still.tsx';
import { formatDateTime } from '../../components/time.ts';
import classes from './case-actions.module.css';
import type { CaseStep } from './use-case-step.ts';
import { useCategoryName } from './use-list.ts';

interface Offered {
  id: string;
  number: string;
  category: string;
  cameraName: string;
  atMs: number;
  state: IncidentState;
  still: string;
  /** Why it may be the same, in words. */
  why: string[];
}

const FOUND = 5;
const ASK_AFTER_MS = 300;

/** Which case this one repeats: those that lie near, or any of the unit by its number. */
export function Duplicates({ incident, act }: { incident: Incident; act: CaseStep }) {
  const { t } = useTranslation(['incidents', 'common']);
  const near = useNear(incident);
  const { isError } = useDuplicates(incident.id);
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), ASK_AFTER_MS);
  const searched = useIncidents({ q: asked, unit: [incident.unitId], limit: FOUND }, { enabled: asked.length >= 3 });
  const byNumber: Offered[] =
    asked.length < 3 ? [] : (searched.data?.pages[0]?.items ?? []).map((one) => ({ ...one, why: [] }));
  const offered = [...byNumber, ...(near ?? [])].filter(
    (one, at, all) => one.id !== incident.id && all.findIndex(({ id }) => id === one.id) === at,
  );
  const chosen = act.draft.duplicateOf;
  const missing = act.missing.has('duplicateOf');
  return (
    <fieldset className={classes.kinds} aria-describedby={missing ? 'case-duplicate-error' : undefined}>
      <legend className={classes.legend}>
        <FieldLabel label={t('duplicates.label')} required />
      </legend>
      <TextInput
        aria-label={t('duplicates.number')}
        placeholder={t('duplicates.number')}
        value={typed}
        maxLength={40}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {(isError || near?.length === 0) && byNumber.length === 0 && (
        <p className={classes.effect}>{t('duplicates.none')}</p>
      )}
      {offered.length > 0 && (
        <div className={`${classes.options} ${classes.offers}`}>
          {offered.map((one) => (
            <OneOffered
              key={one.id}
              offered={one}
              chosen={chosen?.id === one.id}
              onChoose={() => act.change({ duplicateOf: { id: one.id, number: one.number } })}
            />
          ))}
        </div>
      )}
      {missing && <FieldError id="case-duplicate-error">{t('duplicates.missing')}</FieldError>}
    </fieldset>
  );
}

/** The cases that the server holds for likely, and why; undefined while they are not known. */
function useNear(incident: Incident): Offered[] | undefined {
  const { t } = useTranslation('incidents');
  const span = useSpanText();
  return useDuplicates(incident.id).data?.items.map((one) => ({
    ...one,
    why: [
      one.overlaps ? t('duplicates.overlaps') : t('duplicates.apart', { span: span(one.apartMs) }),
      ...(one.sameCamera ? [t('duplicates.sameCamera')] : []),
      ...(one.sameCategory ? [t('duplicates.sameCategory')] : []),
    ],
  }));
}

interface OneProps {
  offered: Offered;
  chosen: boolean;
  onChoose: () => void;
}

function OneOffered({ offered, chosen, onChoose }: OneProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const name = useCategoryName();
  const { id, number, category, cameraName, atMs, state, still, why } = offered;
  return (
    <div className={`${classes.option} ${classes.offer}`} data-chosen={chosen || undefined}>
      <label className={classes.offered}>
        <input type="radio" name="duplicateOf" checked={chosen} onChange={onChoose} />
        <Still src={still} alt="" width={56} />
        <span className={classes.optionWord}>
          {number}
          <span className={classes.kindHint}>{formatDateTime(atMs)}</span>
        </span>
        <span className={classes.offeredWhy}>
          {name(category)} · {cameraName} · {why.length > 0 ? why.join(', ') : t(`common:incidentState.${state}`)}
        </span>
      </label>
      <Link
        to={paths.incident(id)}
        target="_blank"
        className={classes.view}
        aria-label={`${t('duplicates.open')} ${number}`}
      >
        {t('duplicates.open')}
      </Link>
    </div>
  );
}
