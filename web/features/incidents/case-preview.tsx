import IconEye from '@tabler/icons-react/icons/IconEye';
import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff';
import IconMovie from '@tabler/icons-react/icons/IconMovie';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { formatTime } from '../../components/time.ts';
import classes from './case-actions.module.css';
import { findingOf } from './case-step-policy.ts';
import type { StepDraft } from './draft.ts';

/** What the unit will see of the case once it is sent, as it is written now. */
export function UnitPreview({ incident, draft }: { incident: Incident; draft: StepDraft }) {
  const { t } = useTranslation('incidents');
  const finding = findingOf(draft, incident);
  const question = draft.reason.trim();
  return (
    <section className={classes.preview} aria-labelledby="case-preview">
      <h3 id="case-preview">
        <IconEye size={18} stroke={1.8} aria-hidden />
        {t('preview.title')}
      </h3>
      <p>
        <IconMovie size={16} stroke={1.8} aria-hidden />
        {t('preview.clip', {
          from: formatTime(incident.fromMs),
          to: formatTime(incident.toMs),
          camera: incident.cameraName,
        })}
      </p>
      {finding !== '' && (
        <p className={classes.previewWords}>
          <b>{t('answer.finding')}</b>
          {finding}
        </p>
      )}
      {question !== '' && (
        <p className={classes.previewWords}>
          <b>{t('answer.question')}</b>
          {question}
        </p>
      )}
      <p className={classes.previewHidden}>
        <IconEyeOff size={16} stroke={1.8} aria-hidden />
        {t('preview.hidden')}
      </p>
    </section>
  );
}
