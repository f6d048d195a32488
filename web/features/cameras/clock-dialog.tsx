import { Button, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { useSetClock } from '../../api/camera-onboarding.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { FixAccount } from './device-changes.tsx';

/** Sets the clock of a camera, and tells what it was before and after. */
export default function ClockDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { t } = useTranslation(['cameras', 'common']);
  const words = useErrorText();
  const set = useSetClock(camera.id);
  const [ntp, setNtp] = useState('');
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    set.mutate(ntp.trim() === '' ? {} : { ntp: ntp.trim() });
  };
  return (
    <FormDialog opened onClose={onClose} title={t('clockSet.title')}>
      <form className={page.form} onSubmit={submit} noValidate>
        <p>
          <b>{camera.name}</b>
        </p>
        <p>{t('clockSet.text')}</p>
        {set.data === undefined && (
          <TextInput
            label={<FieldLabel label={t('advice.ntp')} hint={t('advice.ntpHint')} />}
            placeholder="10.22.0.5"
            value={ntp}
            maxLength={253}
            spellCheck={false}
            onChange={(event) => setNtp(event.currentTarget.value)}
            data-autofocus
          />
        )}
        {set.data !== undefined && <FixAccount results={[{ ...set.data, code: 'clock_wrong' }]} />}
        {set.error !== null && (
          <Notice icon={IconAlertTriangle} kind="fault" alert>
            {words(set.error)}
          </Notice>
        )}
        <div className={page.buttons}>
          <Button variant="default" onClick={onClose}>
            {t(set.data === undefined ? 'common:cancel' : 'common:close')}
          </Button>
          {set.data === undefined && (
            <Button type="submit" loading={set.isPending}>
              {t('clockSet.submit')}
            </Button>
          )}
        </div>
      </form>
    </FormDialog>
  );
}
