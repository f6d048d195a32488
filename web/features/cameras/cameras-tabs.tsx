import { Button } from '@mantine/core';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useCameras } from '../../api/cameras.ts';
import { paths } from '../../app/paths.ts';
import page from '../../components/page.module.css';
import { PageHeader } from '../../components/page-header.tsx';
import { useEver } from '../../components/use-ever.ts';

const AddCameraDialog = lazy(() => import('./add-camera-dialog.tsx'));

/** Title, the lists, and the way to add a camera whose address is known. */
export function CamerasTabs() {
  const { t } = useTranslation('cameras');
  const cameras = useCameras();
  const [adding, setAdding] = useState(false);
  const asked = useEver(adding);
  return (
    <>
      <PageHeader title={t('title')} />
      <nav className={page.tabs} aria-label={t('title')}>
        <NavLink to={paths.cameras()} end className={page.tab}>
          {t('tabs.list')}
          {cameras.data && <span className={page.count}>{cameras.data.length}</span>}
        </NavLink>
        <NavLink to={paths.discover} className={page.tab}>
          {t('tabs.discover')}
        </NavLink>
        <NavLink to={paths.importCameras} className={page.tab}>
          {t('tabs.import')}
        </NavLink>
        <NavLink to={paths.cameraProfiles} className={page.tab}>
          {t('tabs.profiles')}
        </NavLink>
        <span className={page.grow} />
        <Button
          variant="default"
          leftSection={<IconPlus size={18} stroke={1.8} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          {t('add.open')}
        </Button>
      </nav>
      {asked && (
        <Suspense fallback={null}>
          <AddCameraDialog opened={adding} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  );
}
