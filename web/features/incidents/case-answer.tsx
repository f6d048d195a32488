import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff';
import IconHourglass from '@tabler/icons-react/icons/IconHourglass';
import { useTranslation } from 'react-i18next';
import type { Incident, IncidentEntry } from '../../../server/contracts/incidents.ts';
import { attachmentPath } from '../../api/incidents.ts';
import { formatShort } from '../../components/time.ts';
import classes from './case-answer.module.css';
import { FileList } from './case-file-list.tsx';
import { MarkedStretches } from './case-stretches.tsx';
import { talkOf } from './case-talk.ts';

interface AnswerProps {
  incident: Incident;
  /** Whether the reader sees the whole city, and may play footage by camera and time. */
  ofCity: boolean;
}

/** What city and unit have said to each other: finding and question, the answer with its files and footage, conclusion, appeal. */
export function CaseAnswer({ incident, ofCity }: AnswerProps) {
  const { t } = useTranslation('incidents');
  const talk = talkOf(incident.history);
  const waits = incident.state === 'explanation_requested';
  return (
    <section className={classes.card} aria-labelledby="case-answer">
      <h2 id="case-answer" className={classes.title}>
        {t('answer.title')}
      </h2>
      {talk.length === 0 ? (
        <p className={classes.none}>{t('answer.none')}</p>
      ) : (
        talk.map((entry) => <Said key={entry.seq} entry={entry} incident={incident} ofCity={ofCity} />)
      )}
      {waits && ofCity && (
        <p className={classes.waiting}>
          <IconHourglass size={16} stroke={1.8} aria-hidden />
          {t('answer.waiting')}
        </p>
      )}
      {ofCity && (
        <p className={classes.hidden}>
          <IconEyeOff size={16} stroke={1.8} aria-hidden />
          {t('answer.hidden')}
        </p>
      )}
    </section>
  );
}

interface SaidProps extends AnswerProps {
  entry: IncidentEntry;
}

function Said({ entry, incident, ofCity }: SaidProps) {
  const { t } = useTranslation('incidents');
  const head = useHead(entry, incident);
  const { step, reason, details } = entry;
  const finding = details.finding ?? (step === 'request_explanation' ? incident.finding : null);
  return (
    <article className={classes.said} data-unit={step === 'explain' || step === 'appeal' || undefined}>
      <header className={classes.head}>
        <h3>{head}</h3>
        <time>{formatShort(entry.atMs)}</time>
      </header>
      {finding !== null && finding !== '' && (
        <div className={classes.part}>
          <span className={classes.label}>{t('answer.finding')}</span>
          <p className={classes.text}>{finding}</p>
        </div>
      )}
      {reason !== '' && (
        <div className={classes.part}>
          {step === 'request_explanation' && <span className={classes.label}>{t('answer.question')}</span>}
          <p className={classes.text}>{reason}</p>
        </div>
      )}
      {details.attachments !== undefined && details.attachments.length > 0 && (
        <FileList files={details.attachments} hrefOf={(id) => attachmentPath(incident.id, id)} />
      )}
      {details.stretches !== undefined && details.stretches.length > 0 && (
        <MarkedStretches stretches={details.stretches} playable={ofCity} />
      )}
    </article>
  );
}

/** Who speaks, or what was decided. */
function useHead({ step, by, details, conclusion }: IncidentEntry, incident: Incident): string {
  const { t } = useTranslation(['incidents', 'common']);
  const role = by === null ? '' : t(`common:role.${by.role}`, { defaultValue: by.name });
  switch (step) {
    case 'request_explanation':
      return role === '' ? t('answer.askedPlain') : t('answer.asked', { role });
    case 'explain':
      return t('answer.answered', { role: t('common:role.unit_head'), unit: incident.unitName });
    case 'proceed':
      return t('answer.without');
    case 'appeal':
      return `${t('answer.appeal')} · ${incident.unitName}`;
    case 'judge_appeal':
      return `${t('answer.judgement')}: ${details.outcome === undefined ? '' : t(`outcome.${details.outcome}`)}${
        details.outcome === 'changed' && conclusion !== null ? ` (${t(`common:conclusion.${conclusion}`)})` : ''
      }`;
    case 'refer':
      return t('answer.referred');
    case 'dismiss':
      return t('answer.dismissed');
    default:
      return `${t('answer.conclusion')}${conclusion === null ? '' : `: ${t(`common:conclusion.${conclusion}`)}`}`;
  }
}
