import { Button } from '@mantine/core';
import IconCamera from '@tabler/icons-react/icons/IconCamera';
import IconClock from '@tabler/icons-react/icons/IconClock';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import IconReplace from '@tabler/icons-react/icons/IconReplace';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { mediaPaths } from '../../../server/contracts/media.ts';
import classes from './cameras.module.css';

const RebootDialog = lazy(() => import('./reboot-dialog.tsx'));
const ClockDialog = lazy(() => import('./clock-dialog.tsx'));
const ReplaceDialog = lazy(() => import('./replace-dialog.tsx'));

type Tool = 'reboot' | 'clock' | 'replace';

/** What is done to the camera itself; each of these asks first. */
export function CameraTools({ camera }: { camera: Camera }) {
  const { t } = useTranslation('cameras');
  const [tool, setTool] = useState<Tool | null>(null);
  const onvif = camera.device?.onvif != null;
  const close = () => setTool(null);
  return (
    <section className={classes.section}>
      <h3>{t('tools.title')}</h3>
      <div className={classes.state}>
        {camera.state === 'online' && (
          <Button
            component="a"
            href={mediaPaths.snapshot(camera.id)}
            download={`${camera.name}.jpg`}
            variant="default"
            leftSection={<IconCamera size={18} stroke={1.8} aria-hidden />}
          >
            {t('tools.snapshot')}
          </Button>
        )}
        {onvif && (
          <>
            <Button
              variant="default"
              leftSection={<IconClock size={18} stroke={1.8} aria-hidden />}
              onClick={() => setTool('clock')}
            >
              {t('tools.clock')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconRefresh size={18} stroke={1.8} aria-hidden />}
              onClick={() => setTool('reboot')}
            >
              {t('tools.reboot')}
            </Button>
          </>
        )}
        <Button
          variant="default"
          leftSection={<IconReplace size={18} stroke={1.8} aria-hidden />}
          onClick={() => setTool('replace')}
        >
          {t('tools.replace')}
        </Button>
      </div>
      <Suspense fallback={null}>
        {tool === 'reboot' && <RebootDialog camera={camera} onClose={close} />}
        {tool === 'clock' && <ClockDialog camera={camera} onClose={close} />}
        {tool === 'replace' && <ReplaceDialog camera={camera} onClose={close} />}
      </Suspense>
    </section>
  );
}
