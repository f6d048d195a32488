import IconAlertCircle from '@tabler/icons-react/icons/IconAlertCircle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import IconPlayerRecord from '@tabler/icons-react/icons/IconPlayerRecord';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { paths } from '../../app/paths.ts';
import { formatDate, formatDateTime, formatDuration, formatTime } from '../../components/time.ts';
import classes from './case-facts.module.css';
import { type FootageVerdict, footageOf, recordedMs } from './case-policy.ts';
import { Repeats } from './case-repeats.tsx';

/** What is known of a case: where, when, what was noted, how often before, and how much of it is on record. */
export function CaseFacts({ incident, ofCity }: { incident: Incident; ofCity: boolean }) {
  const { t } = useTranslation(['incidents', 'common']);
  const { flaggedBy, assignee, duplicateOf } = incident;
  return (
    <dl className={classes.facts}>
      <Fact name={t('facts.camera')}>
        {incident.unitName}, {incident.cameraName}
        {ofCity && (
          <Link className={classes.link} to={paths.playback({ cameras: [incident.cameraId], at: incident.atMs })}>
            <IconHistory size={16} stroke={1.8} aria-hidden />
            {t('facts.playBack')}
          </Link>
        )}
      </Fact>
      <Fact name={t('facts.moment')}>
        {formatDateTime(incident.atMs)}
        <span className={classes.more}>
          {t('facts.stretch', {
            from: formatTime(incident.fromMs),
            to: formatTime(incident.toMs),
            length: formatDuration(incident.toMs - incident.fromMs),
          })}
        </span>
      </Fact>
      {ofCity && (
        <Fact name={t('facts.note')}>
          {incident.note === '' ? (
            <span className={classes.none}>{t('facts.noNote')}</span>
          ) : (
            <span className={classes.text}>{incident.note}</span>
          )}
        </Fact>
      )}
      {flaggedBy !== null && (
        <Fact name={t('facts.flaggedBy')}>
          {t(`common:role.${flaggedBy.role}`, { defaultValue: flaggedBy.name })}
          <span className={classes.more}>{formatDateTime(incident.createdAtMs)}</span>
        </Fact>
      )}
      {assignee !== null && (
        <Fact name={t('facts.assignee')}>
          {assignee.name}
          <span className={classes.more}>{t(`common:role.${assignee.role}`)}</span>
        </Fact>
      )}
      {duplicateOf !== null && (
        <Fact name={t('facts.duplicateOf')}>
          <Link className={classes.link} to={paths.incident(duplicateOf.id)}>
            {duplicateOf.number}
          </Link>
        </Fact>
      )}
      {ofCity && (
        <Fact name={t('facts.repeats')}>
          <Repeats incident={incident} />
        </Fact>
      )}
      <Fact name={t('facts.footage')}>
        <Footage incident={incident} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const GLYPHS: Record<FootageVerdict, typeof IconCircleCheck> = {
  pending: IconPlayerRecord,
  complete: IconCircleCheck,
  partial: IconAlertCircle,
  none: IconAlertCircle,
};

function Footage({ incident }: { incident: Incident }) {
  const { t } = useTranslation(['incidents', 'common']);
  const verdict = footageOf(incident.footage);
  const Glyph = GLYPHS[verdict];
  return (
    <>
      <span className={classes.footage} data-verdict={verdict}>
        <Glyph size={18} stroke={1.8} aria-hidden />
        <span>
          {t(`footage.${verdict}`, {
            recorded: formatDuration(recordedMs(incident.footage)),
            length: formatDuration(incident.toMs - incident.fromMs),
            until: formatTime(incident.toMs),
          })}
        </span>
      </span>
      {incident.footage.gaps.length > 0 && (
        <ul className={classes.gaps}>
          {incident.footage.gaps.map((gap) => (
            <li key={gap.from}>
              {t('footage.gap', {
                from: formatTime(gap.from),
                to: formatTime(gap.to),
                reason: t(`common:gapReason.${gap.reason}`),
              })}
            </li>
          ))}
        </ul>
      )}
      {incident.heldUntilMs !== null && (
        <span className={classes.more}>{t('footage.held', { date: formatDate(incident.heldUntilMs) })}</span>
      )}
    </>
  );
}
