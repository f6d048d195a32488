import { Button, TextInput } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Camera, type ReplaceCameraRequest, replaceCameraRequest } from '../../../server/contracts/cameras.ts';
import { inspectionPicture, useInspect, useInspections } from '../../api/camera-onboarding.ts';
import { useReplaceCamera } from '../../api/cameras.ts';
import { ApiError } from '../../api/client.ts';
import { useErrorText } from '../../components/error-text.ts';
import { FieldLabel } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Segmented } from '../../components/segmented.tsx';
import { Skeleton } from '../../components/skeletons.tsx';
import { toast } from '../../components/toast.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { NO_CREDENTIALS } from './credentials.ts';
import { useFailureWords } from './device-words.ts';
import { onvifAddress } from './discovery-policy.ts';
import { InspectionFacts } from './inspection-facts.tsx';
import { LivePicture } from './live-picture.tsx';
import wizard from './wizard.module.css';

type Way = 'onvif' | 'rtsp';

/** Another device in the place of a camera: look at it, see its picture, put it in. What was recorded stays the camera's. */
export default function ReplaceDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { t } = useTranslation(['cameras', 'common']);
  const words = useErrorText();
  const failure = useFailureWords();
  const inspect = useInspect();
  const replace = useReplaceCamera(camera.id);
  const [way, setWay] = useState<Way>('onvif');
  const [address, setAddress] = useState({ onvif: '', main: '', sub: '' });
  const [credentials, setCredentials] = useState(NO_CREDENTIALS);
  const [invalid, setInvalid] = useState(false);
  const [id, setId] = useState<string | null>(null);
  const { byId } = useInspections(id === null ? [] : [id]);
  const inspection = way === 'onvif' && id !== null ? byId.get(id) : undefined;
  const ready = inspection?.state === 'done' && inspection.onvif !== null;

  const put = (body: ReplaceCameraRequest) =>
    replace.mutate(body, {
      onSuccess: (changed) => {
        toast({ kind: 'done', title: t('replace.done', { name: changed.name }) });
        onClose();
      },
      // An inspection is kept for a quarter of an hour: the device is to be looked at anew, not asked for in vain again.
      onError: (error) => {
        if (error instanceof ApiError && error.code.startsWith('inspection_')) setId(null);
      },
    });
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (ready && inspection.onvif !== null) {
      return put({ ...NO_CREDENTIALS, onvif: inspection.onvif, inspectionId: inspection.id });
    }
    const sub = address.sub.trim();
    const source =
      way === 'onvif'
        ? { onvif: onvifAddress(address.onvif) }
        : { rtsp: { main: address.main.trim(), ...(sub !== '' && { sub }) } };
    const parsed = replaceCameraRequest.safeParse({ ...credentials, ...source });
    setInvalid(!parsed.success);
    if (!parsed.success) return;
    if (way === 'rtsp') return put(parsed.data);
    inspect.mutate(
      { addresses: [onvifAddress(address.onvif)], ...credentials },
      { onSuccess: ([first]) => setId(first?.id ?? null) },
    );
  };
  const running = inspect.isPending || inspection?.state === 'running';
  const typed = (part: Partial<typeof address>) => {
    setAddress({ ...address, ...part });
    setId(null);
  };

  return (
    <FormDialog opened onClose={onClose} title={t('replace.title')}>
      <form className={page.form} onSubmit={submit} noValidate>
        <p>
          <b>{camera.name}</b>
        </p>
        <p>{t('replace.text')}</p>
        <Segmented
          label={t('add.way')}
          options={[
            { value: 'onvif', label: 'ONVIF' },
            { value: 'rtsp', label: 'RTSP' },
          ]}
          value={way}
          onChange={setWay}
        />
        {way === 'onvif' ? (
          <TextInput
            label={<FieldLabel label={t('replace.address')} required />}
            placeholder="10.22.14.21"
            value={address.onvif}
            onChange={(event) => typed({ onvif: event.currentTarget.value })}
            error={invalid ? t('invalid.onvif') : undefined}
            spellCheck={false}
            data-autofocus
          />
        ) : (
          <>
            <TextInput
              label={<FieldLabel label={t('field.rtspMain')} required />}
              placeholder="rtsp://10.22.14.21:554/…"
              value={address.main}
              onChange={(event) => typed({ main: event.currentTarget.value })}
              error={invalid ? t('invalid.rtsp') : undefined}
              spellCheck={false}
            />
            <TextInput
              label={<FieldLabel label={t('field.rtspSub')} hint={t('field.rtspSubHint')} />}
              placeholder="rtsp://10.22.14.21:554/…"
              value={address.sub}
              onChange={(event) => typed({ sub: event.currentTarget.value })}
              spellCheck={false}
            />
          </>
        )}
        <CredentialFields
          value={credentials}
          onChange={(value) => {
            setCredentials(value);
            setId(null);
          }}
        />
        {running && (
          <div role="status" aria-busy className={wizard.block}>
            <p className={page.muted}>{t(`look.${inspection?.step ?? 'waiting'}`)}</p>
            <Skeleton height={8} />
          </div>
        )}
        {inspection?.state === 'failed' && (
          <Notice icon={IconAlertTriangle} kind="fault" title={t('look.failed')} alert>
            {failure(inspection.errorCode)}
          </Notice>
        )}
        {ready && (
          <>
            <LivePicture
              key={inspection.id}
              address={(turn) => inspectionPicture(inspection.id, 'main', turn)}
              alt={t('replace.found')}
            />
            <InspectionFacts inspection={inspection} />
          </>
        )}
        {(inspect.error ?? replace.error) !== null && (
          <Notice icon={IconAlertTriangle} kind="fault" title={t('replace.failed')} alert>
            {words(inspect.error ?? replace.error)}
          </Notice>
        )}
        <div className={page.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={running || replace.isPending}>
            {t(way === 'onvif' && !ready ? 'replace.check' : 'replace.submit')}
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}
