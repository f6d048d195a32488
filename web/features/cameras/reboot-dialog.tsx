import { Button, Textarea } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { useReboot } from '../../api/camera-onboarding.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { formatMinute } from '../../components/time.ts';
import { toast } from '../../components/toast.tsx';

/** Starts a camera anew, for a reason that is kept. */
export default function RebootDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { t } = useTranslation(['cameras', 'common']);
  const words = useErrorText();
  const reboot = useReboot(camera.id);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    setMissing(reason.trim() === '');
    if (reason.trim() === '') return;
    reboot.mutate(reason.trim(), {
      onSuccess: ({ expectedUntilMs }) => {
        const text = t('reboot.doneHint', { time: formatMinute(expectedUntilMs) });
        toast({ kind: 'done', title: t('reboot.done'), text });
        onClose();
      },
    });
  };
  return (
    <FormDialog opened onClose={onClose} title={t('reboot.title')}>
      <form className={page.form} onSubmit={submit} noValidate>
        <p>
          <b>{camera.name}</b>
        </p>
        <p>{t('reboot.text')}</p>
        <Textarea
          label={<FieldLabel label={t('reboot.reason')} required />}
          value={reason}
          maxLength={500}
          autosize
          minRows={2}
          error={missing ? t('reboot.reasonMissing') : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        {reboot.error !== null && (
          <Notice icon={IconAlertTriangle} kind="fault" alert>
            {words(reboot.error)}
          </Notice>
        )}
        <div className={page.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={reboot.isPending}>
            {t('reboot.submit')}
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}
