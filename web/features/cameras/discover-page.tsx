import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useInspections } from '../../api/camera-onboarding.ts';
import { useDiscoveries } from '../../api/discoveries.ts';
import page from '../../components/page.module.css';
import { Skeleton } from '../../components/skeletons.tsx';
import { CamerasTabs } from './cameras-tabs.tsx';
import classes from './discover.module.css';
import { DiscoveryForm } from './discovery-form.tsx';
import { mergeRuns } from './discovery-policy.ts';
import { DiscoveryProgress } from './discovery-progress.tsx';
import { DiscoveryResults } from './discovery-results.tsx';
import { forgetInspections, forgetRuns, useDiscoverySession } from './discovery-session.ts';
import { useAddDevices } from './use-add-devices.ts';
import { useInspectDevices } from './use-inspect-devices.ts';

const DevicePanel = lazy(() => import('./device-panel.tsx'));

/** Finds cameras, tries them, and makes them part of a unit. */
export default function DiscoverPage() {
  const { t } = useTranslation('cameras');
  const session = useDiscoverySession();
  const { runs, gone } = useDiscoveries(session.runIds);
  const adding = useAddDevices(session);
  const inspecting = useInspectDevices(session);
  const ids = [...session.inspections.values()];
  const { byId, gone: forgotten } = useInspections(ids);
  const inspections = new Map(
    [...session.inspections].flatMap(([key, id]) => {
      const one = byId.get(id);
      return one === undefined ? [] : [[key, one]];
    }),
  );
  const narrow = useMediaQuery('(max-width: 1100px)', window.innerWidth <= 1100);
  const [openKey, setOpenKey] = useState<string | null>(null);
  const [asksAgain, setAsksAgain] = useState(false);
  const found = mergeRuns(runs, session.added);
  const open = found.find(({ device }) => device.key === openKey);
  const goneText = gone.join(',');
  useEffect(() => {
    // A server that has restarted no longer knows the runs.
    if (goneText !== '') forgetRuns(goneText.split(','));
  }, [goneText]);
  const forgottenText = forgotten.join(',');
  useEffect(() => {
    if (forgottenText !== '') forgetInspections(forgottenText.split(','));
  }, [forgottenText]);
  const running = runs.some((run) => run.state === 'running');
  const lastRunId = session.runIds.at(-1);
  useEffect(() => {
    if (lastRunId !== undefined) setAsksAgain(false);
  }, [lastRunId]);

  const panel = open && (
    <Suspense fallback={<Skeleton height={240} />}>
      <DevicePanel
        key={open.device.key}
        found={open}
        session={session}
        inspection={inspections.get(open.device.key)}
        inspecting={inspecting}
        adding={adding}
        onClose={() => setOpenKey(null)}
      />
    </Suspense>
  );
  return (
    <div className={page.page}>
      <CamerasTabs />
      <div className={classes.columns} data-open={(panel && !narrow) || undefined}>
        <div className={classes.left}>
          {(session.runIds.length === 0 || asksAgain) && <DiscoveryForm />}
          {session.runIds.length > 0 && !asksAgain && (
            <DiscoveryProgress runs={runs} found={found} onAgain={() => setAsksAgain(true)} />
          )}
          {session.runIds.length > 0 && (
            <DiscoveryResults
              found={found}
              running={running}
              session={session}
              inspections={inspections}
              inspecting={inspecting}
              adding={adding}
              openKey={openKey}
              onOpen={setOpenKey}
            />
          )}
        </div>
        {!narrow && panel && <aside className={classes.side}>{panel}</aside>}
      </div>
      {narrow && (
        <Drawer
          opened={open !== undefined}
          onClose={() => setOpenKey(null)}
          withCloseButton={false}
          attributes={{ content: { 'aria-label': t('panel.label') } }}
        >
          {panel}
        </Drawer>
      )}
    </div>
  );
}
