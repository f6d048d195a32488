import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Inspection } from '../../../server/contracts/camera-onboarding.ts';
import page from '../../components/page.module.css';
import { toast } from '../../components/toast.tsx';
import { useEver } from '../../components/use-ever.ts';
import classes from './discover.module.css';
import { type Found, isPlaced } from './discovery-policy.ts';
import type { DiscoverySession } from './discovery-session.ts';
import type { useAddDevices } from './use-add-devices.ts';
import type { useInspectDevices } from './use-inspect-devices.ts';
import { stageOf } from './wizard-policy.ts';

const BulkPlacementDialog = lazy(() => import('./bulk-placement-dialog.tsx'));
const BulkFixDialog = lazy(() => import('./bulk-fix-dialog.tsx'));

interface ResultsFootProps {
  chosen: readonly Found[];
  session: DiscoverySession;
  inspections: ReadonlyMap<string, Inspection>;
  inspecting: ReturnType<typeof useInspectDevices>;
  adding: ReturnType<typeof useAddDevices>;
}

/** What the chosen devices can do next, all together: the next step is the button that stands out. */
export function ResultsFoot({ chosen, session, inspections, inspecting, adding }: ResultsFootProps) {
  const { t } = useTranslation('cameras');
  const [placing, setPlacing] = useState(false);
  const [mending, setMending] = useState(0);
  const everPlacing = useEver(placing);
  const stages = new Map(chosen.map((one) => [one, stageOf(one, inspections.get(one.device.key), session)]));
  const at = (...wanted: string[]) => chosen.filter((one) => wanted.includes(stages.get(one) ?? ''));
  const unseen = at('uninspected', 'inspection_failed');
  const advised = at('advised');
  const placed = chosen.filter(({ device }) => isPlaced(session.placements.get(device.key)));
  const lacksAccount = chosen.filter(
    ({ device, runId }) => !session.credentials.has(runId) && !session.inspections.has(device.key),
  );
  const next =
    unseen.length > 0 ? 'inspect' : advised.length > 0 ? 'mend' : placed.length < chosen.length ? 'place' : 'add';
  const look = (step: typeof next) => (step === next ? 'filled' : 'default');

  const add = async () => {
    const added = await adding.add(placed);
    if (added > 0) toast({ kind: 'done', title: t('results.added', { count: added }), text: t('add.doneHint') });
    if (added < placed.length) {
      const title = t('results.notAdded', { count: placed.length - added });
      toast({ kind: 'error', title, text: t('results.notAddedHint') });
    }
  };

  return (
    <div className={classes.foot}>
      <span className={page.grow}>
        <b>{t('results.chosen', { count: chosen.length })}</b>{' '}
        {placed.length < chosen.length && t('results.unplaced', { count: chosen.length - placed.length })}
        {lacksAccount.length > 0 && ` ${t('results.lacksAccount')}`}
      </span>
      {(unseen.length > 0 || inspecting.busy) && (
        <Button
          variant={look('inspect')}
          loading={inspecting.busy}
          disabled={lacksAccount.length > 0}
          onClick={() => void inspecting.start(unseen)}
        >
          {t('results.inspect', { count: unseen.length })}
        </Button>
      )}
      {advised.length > 0 && (
        <Button variant={look('mend')} onClick={() => setMending((before) => before + 1)}>
          {t('results.mend', { count: advised.length })}
        </Button>
      )}
      <Button variant={look('place')} onClick={() => setPlacing(true)}>
        {t('results.place')}
      </Button>
      <Button
        variant={look('add')}
        disabled={placed.length === 0 || lacksAccount.length > 0}
        loading={adding.progress !== null}
        onClick={() => void add()}
      >
        {adding.progress === null
          ? t('results.add', { count: placed.length || chosen.length })
          : t('results.adding', { done: adding.progress.done, count: adding.progress.total })}
      </Button>
      {everPlacing && (
        <Suspense fallback={null}>
          <BulkPlacementDialog opened={placing} onClose={() => setPlacing(false)} chosen={chosen} />
        </Suspense>
      )}
      {mending > 0 && (
        <Suspense fallback={null}>
          <BulkFixDialog
            key={mending}
            opened
            onClose={() => setMending(0)}
            inspections={new Map([...inspections].filter(([key]) => chosen.some(({ device }) => device.key === key)))}
            session={session}
          />
        </Suspense>
      )}
    </div>
  );
}
