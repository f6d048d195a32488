import { Button, Modal } from '@mantine/core';
import IconEye from '@tabler/icons-react/icons/IconEye';
import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import IconPaperclip from '@tabler/icons-react/icons/IconPaperclip';
import { useTranslation } from 'react-i18next';
import type { Incident, IncidentStep } from '../../../server/contracts/incidents.ts';
import page from '../../components/page.module.css';
import classes from './case-confirm.module.css';
import type { StepDraft } from './draft.ts';

interface ConfirmProps {
  /** Null while nothing is to be confirmed. */
  step: IncidentStep | null;
  incident: Incident;
  draft: StepDraft;
  onConfirm: () => void;
  onClose: () => void;
}

const LINES = [
  { key: 'who', icon: IconEye },
  { key: 'hidden', icon: IconEyeOff },
  { key: 'then', icon: IconInfoCircle },
] as const;

/** What a step brings about, before it is taken: who will see what, and what cannot be undone. */
export function CaseConfirm({ step, incident, draft, onConfirm, onClose }: ConfirmProps) {
  const { t, i18n } = useTranslation(['incidents', 'common']);
  const values = {
    unit: incident.unitName,
    kind: draft.conclusion === null ? '' : t(`common:conclusion.${draft.conclusion}`),
    outcome: draft.outcome === null ? '' : t(`outcome.${draft.outcome}`),
  };
  return (
    <Modal
      opened={step !== null}
      onClose={onClose}
      title={step === null ? '' : t(`confirm.title.${step}`, values)}
      size={520}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {step !== null && (
        <div className={page.form}>
          <ul className={classes.lines}>
            {LINES.filter(({ key }) => i18n.exists(`incidents:confirm.${step}.${key}`)).map(({ key, icon: Glyph }) => (
              <li key={key}>
                <Glyph size={18} stroke={1.8} aria-hidden />
                {t(`confirm.${step}.${key}`, values)}
              </li>
            ))}
            {(step === 'explain' || step === 'appeal') && (
              <li>
                <IconPaperclip size={18} stroke={1.8} aria-hidden />
                {t('confirm.with', {
                  parts: [
                    t('history.files', { count: draft.files.length }),
                    ...(step === 'explain' ? [t('history.stretches', { count: draft.stretches.length })] : []),
                  ].join(', '),
                })}
              </li>
            )}
          </ul>
          {draft.reason.trim() !== '' && <blockquote className={classes.words}>{draft.reason.trim()}</blockquote>}
          <div className={page.buttons}>
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button data-autofocus onClick={onConfirm}>
              {t(`actions.do.${step}`)}
            </Button>
          </div>
        </div>
      )}
    </Modal>
  );
}
