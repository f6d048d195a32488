import { Button, Drawer, Modal } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconDeviceCctvOff from '@tabler/icons-react/icons/IconDeviceCctvOff';
import IconTrash from '@tabler/icons-react/icons/IconTrash';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { useCameras, useRemoveCamera } from '../../api/cameras.ts';
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
import { CameraEvents } from './camera-events.tsx';
import { CameraForm } from './camera-form.tsx';
import { CameraTools } from './camera-tools.tsx';
import classes from './cameras.module.css';
import { HealthSection } from './health-section.tsx';
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
          <CameraTools camera={camera} />
          <CameraEvents camera={camera} />
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
