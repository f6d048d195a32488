import { Button, Checkbox } from '@mantine/core';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconRadarOff from '@tabler/icons-react/icons/IconRadarOff';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUnits } from '../../api/units.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import page from '../../components/page.module.css';
import { Segmented } from '../../components/segmented.tsx';
import { Skeleton, SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { toast } from '../../components/toast.tsx';
import { useEver } from '../../components/use-ever.ts';
import { useLang } from '../../components/use-lang.ts';
import { DeviceChip } from './device-chip.tsx';
import classes from './discover.module.css';
import { countViews, type Found, isPlaced, viewOf } from './discovery-policy.ts';
import { type DiscoverySession, select } from './discovery-session.ts';
import { streamText } from './stream-text.ts';
import type { useAddDevices } from './use-add-devices.ts';

const BulkPlacementDialog = lazy(() => import('./bulk-placement-dialog.tsx'));

type Tab = 'all' | 'ready' | 'attention';

interface DiscoveryResultsProps {
  found: readonly Found[];
  running: boolean;
  session: DiscoverySession;
  adding: ReturnType<typeof useAddDevices>;
  openKey: string | null;
  onOpen: (key: string) => void;
}

/** The devices as they are found; those that are ready and have a place can be added together. */
export function DiscoveryResults({ found, running, session, adding, openKey, onOpen }: DiscoveryResultsProps) {
  const { t } = useTranslation('cameras');
  const [tab, setTab] = useState<Tab>('all');
  const [placing, setPlacing] = useState(false);
  const everPlacing = useEver(placing);
  const counts = countViews(found.map(({ device }) => device));
  const shown = found.filter(({ device }) => tab === 'all' || viewOf(device) === tab);
  const ready = found.filter(({ device }) => viewOf(device) === 'ready');
  const chosen = ready.filter(({ device }) => session.selected.has(device.key));
  const placed = chosen.filter(({ device }) => isPlaced(session.placements.get(device.key)));
  const lacksAccount = chosen.some(({ runId }) => !session.credentials.has(runId));

  const addChosen = async () => {
    const added = await adding.add(placed);
    if (added > 0) toast({ kind: 'done', title: t('results.added', { count: added }), text: t('add.doneHint') });
    if (added < placed.length) {
      toast({
        kind: 'error',
        title: t('results.notAdded', { count: placed.length - added }),
        text: t('results.notAddedHint'),
      });
    }
  };

  return (
    <section className={table.card}>
      <div className={classes.resultsHead}>
        <h2 className={classes.heading}>{t('results.title')}</h2>
        <Segmented
          label={t('results.title')}
          options={[
            { value: 'all', label: t('results.all', { count: counts.all }) },
            { value: 'ready', label: t('results.ready', { count: counts.ready }) },
            { value: 'attention', label: t('results.attention', { count: counts.attention }) },
          ]}
          value={tab}
          onChange={setTab}
        />
      </div>
      {found.length === 0 && running && <SkeletonRows rows={4} />}
      {found.length === 0 && !running && (
        <EmptyState icon={IconRadarOff} title={t('results.empty')} hint={t('results.emptyHint')} />
      )}
      {shown.length > 0 && (
        <table className={table.table}>
          <thead>
            <tr>
              <th className={classes.check}>
                <Checkbox
                  aria-label={t('results.selectAll')}
                  checked={chosen.length > 0 && chosen.length === ready.length}
                  indeterminate={chosen.length > 0 && chosen.length < ready.length}
                  disabled={ready.length === 0}
                  onChange={(event) =>
                    select(
                      ready.map(({ device }) => device.key),
                      event.currentTarget.checked,
                    )
                  }
                />
              </th>
              <th>{t('results.address')}</th>
              <th>{t('results.result')}</th>
              <th>{t('column.streams')}</th>
              <th>{t('results.assigned')}</th>
              <th aria-label={t('results.open')} />
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <DeviceRow
                key={one.device.key}
                found={one}
                session={session}
                refused={adding.refusals.has(one.device.key)}
                open={one.device.key === openKey}
                onOpen={() => onOpen(one.device.key)}
              />
            ))}
          </tbody>
        </table>
      )}
      {chosen.length > 0 && (
        <div className={classes.foot}>
          <span className={page.grow}>
            <b>{t('results.chosen', { count: chosen.length })}</b>{' '}
            {placed.length < chosen.length && t('results.unplaced', { count: chosen.length - placed.length })}
            {lacksAccount && ` ${t('results.lacksAccount')}`}
          </span>
          <Button variant="default" onClick={() => setPlacing(true)}>
            {t('results.place')}
          </Button>
          <Button
            disabled={placed.length === 0 || lacksAccount}
            loading={adding.progress !== null}
            onClick={() => void addChosen()}
          >
            {t('results.add', { count: placed.length || chosen.length })}
          </Button>
        </div>
      )}
      {everPlacing && (
        <Suspense fallback={null}>
          <BulkPlacementDialog opened={placing} onClose={() => setPlacing(false)} chosen={chosen} />
        </Suspense>
      )}
    </section>
  );
}

interface DeviceRowProps {
  found: Found;
  session: DiscoverySession;
  refused: boolean;
  open: boolean;
  onOpen: () => void;
}

function DeviceRow({ found: { device }, session, refused, open, onOpen }: DeviceRowProps) {
  const { t } = useTranslation('cameras');
  const lang = useLang();
  const units = useUnits();
  const view = viewOf(device);
  const placement = session.placements.get(device.key);
  const unit = units.data?.find((one) => one.id === placement?.unitId);
  const text = (name: 'main' | 'sub') => {
    const profile = device.profiles.find((one) => one.stream === name);
    return profile === undefined ? null : streamText(profile, lang, t('perSecond'));
  };
  const sub = text('sub');
  return (
    <tr data-opens data-selected={open || undefined}>
      <td className={table.above}>
        <Checkbox
          aria-label={t('results.select', { host: device.host })}
          checked={view === 'ready' && session.selected.has(device.key)}
          disabled={view !== 'ready'}
          onChange={(event) => select([device.key], event.currentTarget.checked)}
        />
      </td>
      <td>
        <button type="button" className={table.open} onClick={onOpen}>
          {device.host}
        </button>
        <span className={table.second}>{device.name || t('results.unknown')}</span>
      </td>
      <td className={table.under}>
        <DeviceChip device={device} />
        {refused && <span className={table.second}>{t('results.refused')}</span>}
      </td>
      <td className={table.wide}>
        {view === 'probing' ? (
          <Skeleton width={104} height={10} />
        ) : (
          <>
            <span className={text('main') === null ? table.second : table.main}>
              {text('main') ?? t('streamUnknown')}
            </span>
            {sub !== null && <span className={table.second}>{t('subStream', { text: sub })}</span>}
          </>
        )}
      </td>
      <td className={table.wide}>
        {isPlaced(placement) ? (
          <>
            <span className={table.main}>{unit?.name}</span>
            <span className={table.second}>{placement?.name}</span>
          </>
        ) : (
          view === 'ready' && (
            <span className={classes.assign}>
              <IconPlus size={16} stroke={1.8} aria-hidden />
              {t('results.assign')}
            </span>
          )
        )}
      </td>
      <td className={table.wide}>
        <IconChevronRight className={table.arrow} size={18} stroke={1.8} aria-hidden />
      </td>
    </tr>
  );
}
