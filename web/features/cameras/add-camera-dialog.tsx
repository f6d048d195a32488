import { Button, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { type CreateCameraRequest, createCameraRequest } from '../../../server/contracts/cameras.ts';
import { useCreateCamera } from '../../api/cameras.ts';
import { paths } from '../../app/paths.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Segmented } from '../../components/segmented.tsx';
import { toast } from '../../components/toast.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { NO_CREDENTIALS } from './credentials.ts';
import { useFailureWords } from './device-words.ts';
import { onvifAddress } from './discovery-policy.ts';
import { NO_PLACEMENT } from './placement.ts';
import { placementErrors, serverErrors } from './placement-errors.ts';
import { PlacementFields } from './placement-fields.tsx';

type Way = 'onvif' | 'rtsp';

interface AddCameraDialogProps {
  opened: boolean;
  onClose: () => void;
}

/** Adds one camera whose address is known: by its ONVIF service, or by its RTSP streams. */
export default function AddCameraDialog({ opened, onClose }: AddCameraDialogProps) {
  const { t } = useTranslation(['cameras', 'common']);
  return (
    <FormDialog opened={opened} onClose={onClose} title={t('add.title')}>
      <AddCameraForm onClose={onClose} />
    </FormDialog>
  );
}

function AddCameraForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['cameras', 'common']);
  const navigate = useNavigate();
  const words = useErrorText();
  const failure = useFailureWords();
  const create = useCreateCamera();
  const [way, setWay] = useState<Way>('onvif');
  const [address, setAddress] = useState({ onvif: '', main: '', sub: '' });
  const [credentials, setCredentials] = useState(NO_CREDENTIALS);
  const [placement, setPlacement] = useState(NO_PLACEMENT);
  const [errors, setErrors] = useState<Record<string, string>>({});

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const source =
      way === 'onvif'
        ? { onvif: onvifAddress(address.onvif) }
        : { rtsp: { main: address.main.trim(), ...(address.sub.trim() !== '' && { sub: address.sub.trim() }) } };
    const parsed = createCameraRequest.safeParse({ ...placement, ...credentials, ...source });
    const found = placementErrors(placement, t) as Record<string, string>;
    if (!parsed.success && Object.keys(found).length === 0) found.address = t(`invalid.${way}`);
    setErrors(found);
    if (!parsed.success || create.isPending) return;
    const body: CreateCameraRequest = parsed.data;
    create.mutate(body, {
      onSuccess: (camera) => {
        toast({ kind: 'done', title: t('add.done', { name: camera.name }), text: t('add.doneHint') });
        onClose();
        void navigate(paths.cameras({ camera: camera.id }));
      },
      onError: (error) => setErrors(serverErrors(error, failure)),
    });
  };

  return (
    <form className={page.form} onSubmit={submit} noValidate>
      <Segmented
        label={t('add.way')}
        options={[
          { value: 'onvif', label: 'ONVIF' },
          { value: 'rtsp', label: 'RTSP' },
        ]}
        value={way}
        onChange={setWay}
      />
      <p className={page.muted}>{t(`add.hint.${way}`)}</p>
      {way === 'onvif' ? (
        <TextInput
          label={<FieldLabel label={t('field.onvif')} required />}
          placeholder="10.22.14.21"
          value={address.onvif}
          onChange={(event) => setAddress({ ...address, onvif: event.currentTarget.value })}
          error={errors.address ?? errors.onvif}
          spellCheck={false}
          data-autofocus
        />
      ) : (
        <>
          <TextInput
            label={<FieldLabel label={t('field.rtspMain')} required />}
            placeholder="rtsp://10.22.14.21:554/…"
            value={address.main}
            onChange={(event) => setAddress({ ...address, main: event.currentTarget.value })}
            error={errors.address ?? errors['rtsp.main'] ?? errors.rtsp}
            spellCheck={false}
          />
          <TextInput
            label={<FieldLabel label={t('field.rtspSub')} hint={t('field.rtspSubHint')} />}
            placeholder="rtsp://10.22.14.21:554/…"
            value={address.sub}
            onChange={(event) => setAddress({ ...address, sub: event.currentTarget.value })}
            error={errors['rtsp.sub']}
            spellCheck={false}
          />
        </>
      )}
      <CredentialFields value={credentials} onChange={setCredentials} />
      <PlacementFields value={placement} onChange={setPlacement} errors={errors} />
      {create.error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('add.failed')} alert>
          {words(create.error)}
        </Notice>
      )}
      <div className={page.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={create.isPending}>
          {t('add.submit')}
        </Button>
      </div>
    </form>
  );
}
