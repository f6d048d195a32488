import { Button, Drawer, Modal, Switch } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconDeviceCctvOff from '@tabler/icons-react/icons/IconDeviceCctvOff';
import IconTrash from '@tabler/icons-react/icons/IconTrash';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { useCameraArchive, useCameras, usePatchCamera, useRemoveCamera } from '../../api/cameras.ts';
import { CameraStateChip, StreamStateChip } from '../../components/chip.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useErrorText } from '../../components/error-text.ts';
import { Notice } from '../../components/notice.tsx';
import page from '../../components/page.module.css';
import { Problem } from '../../components/problem.tsx';
import { Skeleton } from '../../components/skeletons.tsx';
import { Still } from '../../components/still.tsx';
import { toast } from '../../components/toast.tsx';
import { useLang } from '../../components/use-lang.ts';
import classes from './cameras.module.css';
import { CredentialFields } from './credential-fields.tsx';
import { NO_CREDENTIALS } from './credentials.ts';
import { HealthSection } from './health-section.tsx';
import { type Loss, losses } from './keeping-policy.ts';
import { placementErrors, serverErrors } from './placement-errors.ts';
import { PlacementFields } from './placement-fields.tsx';
import { RecordingFields } from './recording-fields.tsx';
import { ShorterDialog } from './shorter-dialog.tsx';
import { stillOf } from './still-of.ts';
import { streamText } from './stream-text.ts';

/** What is known of one camera, and what can be changed about it. */
export default function CameraDrawer({ cameraId, onClose }: { cameraId: string | null; onClose: () => void }) {
  const { t } = useTranslation(['cameras', 'common']);
  // From the list, which knows as much: a camera that has just been removed is then not asked for again.
  const cameras = useCameras();
  const camera = cameras.data?.find((one) => one.id === cameraId);
  return (
    <Drawer
      opened={cameraId !== null}
      onClose={onClose}
      title={camera?.name ?? t('detail.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {cameras.isError && cameras.data === undefined && (
        <Problem error={cameras.error} onRetry={() => cameras.refetch()} />
      )}
      {cameras.isPending && <Skeleton height={240} />}
      {cameras.data !== undefined && camera === undefined && cameraId !== null && (
        <EmptyState icon={IconDeviceCctvOff} title={t('common:error.camera_unknown')} />
      )}
      {camera !== undefined && (
        <div className={classes.drawer}>
          <CameraFacts camera={camera} />
          <CameraForm key={camera.id} camera={camera} />
          <RemoveCamera camera={camera} onRemoved={onClose} />
        </div>
      )}
    </Drawer>
  );
}

function CameraFacts({ camera }: { camera: Camera }) {
  const { t, i18n } = useTranslation(['cameras', 'common']);
  const lang = useLang();
  const cause = camera.streams.find((stream) => stream.cause !== null)?.cause;
  const causeKey = `common:cause.${cause}`;
  const { device } = camera;
  return (
    <>
      <Still src={stillOf(camera)} alt={t('detail.still')} dimmed={camera.state !== 'online'} />
      <div className={classes.section}>
        <div className={classes.state}>
          <CameraStateChip state={camera.state} sinceMs={camera.sinceMs} />
        </div>
        {camera.state !== 'online' && cause && (
          <p className={page.muted}>
            {i18n.exists(causeKey) ? t(causeKey) : t('detail.cause', { cause })}{' '}
            {i18n.exists(`cameras:todo.${camera.state}`) && t(`todo.${camera.state}`)}
          </p>
        )}
      </div>
      <HealthSection cameraId={camera.id} />
      <section className={classes.section}>
        <h3>{t('column.streams')}</h3>
        <table className={classes.streams}>
          <tbody>
            {camera.streams.map((stream) => (
              <tr key={stream.name}>
                <th scope="row">{t(`stream.${stream.name}`)}</th>
                <td>{streamText(stream, lang, t('perSecond')) ?? t('streamUnknown')}</td>
                <td>
                  <StreamStateChip
                    state={camera.state === 'stopped' ? 'stopped' : stream.state}
                    sinceMs={stream.sinceMs}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {device !== undefined && (
        <section className={classes.section}>
          <h3>{t('column.device')}</h3>
          <table className={classes.streams}>
            <tbody>
              {(
                [
                  ['host', device.host],
                  ['model', [device.manufacturer, device.model].filter(Boolean).join(' ')],
                  ['firmware', device.firmware],
                  ['serial', device.serial],
                  ['onvif', device.onvif],
                ] as const
              )
                .filter(([, value]) => value)
                .map(([key, value]) => (
                  <tr key={key}>
                    <th scope="row">{t(`device.${key}`)}</th>
                    <td>{value}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

function CameraForm({ camera }: { camera: Camera }) {
  const { t } = useTranslation(['cameras', 'common']);
  const words = useErrorText();
  const patch = usePatchCamera();
  const [placement, setPlacement] = useState({ unitId: camera.unitId, deskIds: camera.deskIds, name: camera.name });
  const [enabled, setEnabled] = useState(camera.state !== 'stopped' || isOutsideItsHours(camera));
  const archive = useCameraArchive(camera.id).data;
  const [streams, setStreams] = useState({
    recording: camera.recording ?? {},
    retentionDays: camera.retentionDays ?? {},
    sound: camera.sound ?? {},
  });
  const [lost, setLost] = useState<readonly Loss[]>([]);
  const [credentials, setCredentials] = useState(NO_CREDENTIALS);
  const [errors, setErrors] = useState<Record<string, string>>({});

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const found = placementErrors(placement, t) as Record<string, string>;
    setErrors(found);
    if (Object.keys(found).length > 0 || patch.isPending) return;
    const goes = losses(camera.retentionDays ?? {}, streams.retentionDays, archive, Date.now());
    if (goes.length > 0) setLost(goes);
    else save();
  };
  const save = () => {
    setLost([]);
    const changesAccount = credentials.username !== '' || credentials.password !== '';
    patch.mutate(
      { id: camera.id, ...placement, enabled, ...streams, ...(changesAccount && credentials) },
      {
        onSuccess: (changed) => {
          setCredentials(NO_CREDENTIALS);
          toast({ kind: 'done', title: t('edit.done', { name: changed.name }) });
        },
        onError: (error) => setErrors(serverErrors(error)),
      },
    );
  };

  return (
    <form className={page.form} onSubmit={submit} noValidate>
      <section className={classes.section}>
        <h3>{t('edit.title')}</h3>
      </section>
      <PlacementFields value={placement} onChange={setPlacement} errors={errors} />
      <Switch
        label={t('edit.enabled')}
        description={t('edit.enabledHint')}
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      <RecordingFields camera={camera} archive={archive} value={streams} onChange={setStreams} />
      <div>
        <CredentialFields value={credentials} onChange={setCredentials} />
        <p className={page.muted}>{t('edit.credentialsHint')}</p>
      </div>
      {patch.error !== null && (
        <Notice icon={IconAlertTriangle} kind="fault" title={t('edit.failed')} alert>
          {words(patch.error)}
        </Notice>
      )}
      <div className={page.buttons}>
        <Button type="submit" loading={patch.isPending}>
          {t('common:save')}
        </Button>
      </div>
      <ShorterDialog cameraName={camera.name} losses={lost} onCancel={() => setLost([])} onConfirm={save} />
    </form>
  );
}

/** Not switched off: it starts by itself with the next recording hours. */
function isOutsideItsHours({ streams }: Camera): boolean {
  return streams.some((stream) => stream.state === 'stopped' && stream.cause === 'schedule');
}

function RemoveCamera({ camera, onRemoved }: { camera: Camera; onRemoved: () => void }) {
  const { t } = useTranslation(['cameras', 'common']);
  const words = useErrorText();
  const remove = useRemoveCamera();
  const [asking, setAsking] = useState(false);
  const submit = async () => {
    // Awaited, since the list loses the camera, and with it this button, before the callbacks of a mutation would be called.
    const refused = await remove.mutateAsync(camera.id).catch((error: unknown) => error);
    if (refused !== undefined) return;
    toast({ kind: 'done', title: t('remove.done', { name: camera.name }) });
    setAsking(false);
    onRemoved();
  };
  return (
    <>
      <Button
        className={classes.danger}
        variant="default"
        leftSection={<IconTrash size={18} stroke={1.8} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {t('remove.open')}
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('remove.title')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <div className={page.form}>
          <p>
            <b>{camera.name}</b>
          </p>
          <p>{t('remove.text')}</p>
          {remove.error !== null && (
            <Notice icon={IconAlertTriangle} kind="fault" alert>
              {words(remove.error)}
            </Notice>
          )}
          <div className={page.buttons}>
            <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
              {t('common:cancel')}
            </Button>
            <Button variant="outline" loading={remove.isPending} onClick={() => void submit()}>
              {t('remove.submit')}
            </Button>
          </div>
        </div>
      </Modal>
    </>
  );
}
