import { Button, Modal } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { formatDate } from '../../components/time.ts';
import type { Loss } from './keeping-policy.ts';

interface ShorterDialogProps {
  cameraName: string;
  losses: readonly Loss[];
  onCancel: () => void;
  onConfirm: () => void;
}

/** Asks before footage goes, and says how much. */
export function ShorterDialog({ cameraName, losses, onCancel, onConfirm }: ShorterDialogProps) {
  const { t } = useTranslation(['cameras', 'common']);
  const words = ({ stream, days, gone }: Loss) => {
    const name = t(`stream.${stream}`);
    if (gone !== null) {
      const between = { from: formatDate(gone.fromMs), to: formatDate(gone.toMs) };
      return t('shorter.gone', { stream: name, count: gone.days, ...between });
    }
    return days === null ? t('shorter.default', { stream: name }) : t('shorter.older', { stream: name, count: days });
  };
  return (
    <Modal
      opened={losses.length > 0}
      onClose={onCancel}
      title={t('shorter.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <div className={page.form}>
        <p>
          <b>{cameraName}</b>
        </p>
        <Notice icon={IconAlertTriangle} kind="fault">
          {losses.map((loss) => (
            <p key={loss.stream}>{words(loss)}</p>
          ))}
        </Notice>
        <p>{t('shorter.text')}</p>
        <div className={page.buttons}>
          <Button variant="default" onClick={onCancel} data-autofocus>
            {t('common:cancel')}
          </Button>
          <Button variant="outline" onClick={onConfirm}>
            {t('shorter.submit')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
