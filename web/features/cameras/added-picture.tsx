import { useTranslation } from 'react-i18next';
import { mediaPaths } from '../../../server/contracts/media.ts';
import { useCameras } from '../../api/cameras.ts';
import { CameraStateChip } from '../../components/chip.tsx';
import classes from './cameras.module.css';
import { LivePicture } from './live-picture.tsx';
import wizard from './wizard.module.css';

/** What a camera that was just added shows, once its first frame has come. */
export function AddedPicture({ cameraId }: { cameraId: string }) {
  const { t } = useTranslation('cameras');
  const camera = useCameras().data?.find(({ id }) => id === cameraId);
  if (camera === undefined) return null;
  return (
    <section className={wizard.block}>
      <h3>{camera.name}</h3>
      <div className={classes.state}>
        <CameraStateChip state={camera.state} sinceMs={camera.sinceMs} />
      </div>
      {camera.state === 'online' ? (
        <LivePicture address={() => mediaPaths.snapshot(cameraId)} alt={t('live.of', { name: camera.name })} />
      ) : (
        <div className={wizard.live} />
      )}
    </section>
  );
}
