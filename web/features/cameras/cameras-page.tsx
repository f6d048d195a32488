import { Button, Checkbox } from '@mantine/core';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconDeviceCctv from '@tabler/icons-react/icons/IconDeviceCctv';
import IconFilterOff from '@tabler/icons-react/icons/IconFilterOff';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CameraHealth } from '../../../server/contracts/camera-health.ts';
import { type Camera, cameraState } from '../../../server/contracts/cameras.ts';
import { useCameraHealth } from '../../api/camera-health.ts';
import { useCameras } from '../../api/cameras.ts';
import { useUnits } from '../../api/units.ts';
import { paths } from '../../app/paths.ts';
import { frozenSince } from '../../components/camera-condition.ts';
import { CameraStateChip, StreamStateChip } from '../../components/chip.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FilterButton } from '../../components/filter-button.tsx';
import page from '../../components/page.module.css';
import { Problem } from '../../components/problem.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import { Still } from '../../components/still.tsx';
import table from '../../components/table.module.css';
import { useEver } from '../../components/use-ever.ts';
import { useLang } from '../../components/use-lang.ts';
import { useSearchState } from '../../components/use-search-state.ts';
import { chooseCameras, TROUBLES } from './camera-filter.ts';
import classes from './cameras.module.css';
import { CamerasTabs } from './cameras-tabs.tsx';
import discover from './discover.module.css';
import { HealthChips } from './health-chips.tsx';
import { RecorderSummary } from './recorder-summary.tsx';
import { stillOf } from './still-of.ts';
import { streamText } from './stream-text.ts';

const CameraDrawer = lazy(() => import('./camera-drawer.tsx'));
const BulkEditDialog = lazy(() => import('./bulk-edit-dialog.tsx'));
/** That many can be changed at once. */
const MOST_CHOSEN = 200;

/** Every camera with its state; a row opens what is known of it and what can be changed. */
export default function CamerasPage() {
  const { t } = useTranslation(['cameras', 'health', 'common']);
  const cameras = useCameras();
  const health = useCameraHealth();
  const units = useUnits();
  const search = useSearchState();
  const unitName = new Map(units.data?.map((unit) => [unit.id, unit.name]));
  const wanted = {
    q: search.text('q'),
    units: search.list('unit'),
    states: search.list('state'),
    troubles: search.list('health'),
  };
  const shown = chooseCameras(cameras.data ?? [], unitName, wanted, health.data);
  const filtered = wanted.q !== '' || wanted.units.length > 0 || wanted.states.length > 0 || wanted.troubles.length > 0;
  const openId = search.text('camera');
  const asked = useEver(openId !== '');
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState(false);
  const chosen = shown.filter(({ id }) => picked.has(id)).slice(0, MOST_CHOSEN);
  const pick = (id: string, on: boolean) => {
    const next = new Set(picked);
    if (on) next.add(id);
    else next.delete(id);
    setPicked(next);
  };

  return (
    <div className={page.page}>
      <CamerasTabs />
      <div className={page.tools}>
        <SearchField label={t('searchLabel')} value={wanted.q} onChange={(q) => search.set('q', q)} />
        <FilterButton
          label={t('field.unit')}
          options={units.data?.map((unit) => ({ value: unit.id, label: unit.name })) ?? []}
          value={wanted.units}
          onChange={(value) => search.set('unit', value)}
        />
        <FilterButton
          label={t('column.state')}
          options={cameraState.options.map((state) => ({ value: state, label: t(`common:cameraState.${state}`) }))}
          value={wanted.states}
          onChange={(value) => search.set('state', value)}
        />
        <FilterButton
          label={t('health:title')}
          options={TROUBLES.map((value) => ({ value, label: t(`health:filter.${value}`) }))}
          value={wanted.troubles}
          onChange={(value) => search.set('health', value)}
        />
        {filtered && (
          <Button variant="subtle" onClick={search.clear}>
            {t('common:filter.clear')}
          </Button>
        )}
      </div>
      <div className={table.card}>
        {cameras.isPending && <SkeletonRows rows={8} picture />}
        {cameras.isError && cameras.data === undefined && (
          <Problem error={cameras.error} onRetry={() => cameras.refetch()} />
        )}
        {cameras.data?.length === 0 && (
          <EmptyState
            icon={IconDeviceCctv}
            title={t('empty.title')}
            hint={t('empty.hint')}
            action={
              <Button component={Link} to={paths.discover}>
                {t('empty.action')}
              </Button>
            }
          />
        )}
        {cameras.data !== undefined && cameras.data.length > 0 && shown.length === 0 && (
          <EmptyState
            icon={IconFilterOff}
            title={t('noMatch')}
            action={
              <Button variant="default" onClick={search.clear}>
                {t('common:filter.clear')}
              </Button>
            }
          />
        )}
        {shown.length > 0 && (
          <table className={table.table}>
            <thead>
              <tr>
                <th className={discover.check}>
                  <Checkbox
                    aria-label={t('bulkEdit.selectAll')}
                    checked={chosen.length > 0 && chosen.length === shown.length}
                    indeterminate={chosen.length > 0 && chosen.length < shown.length}
                    onChange={(event) =>
                      setPicked(new Set(event.currentTarget.checked ? shown.map(({ id }) => id) : []))
                    }
                  />
                </th>
                <th>
                  <span className={table.spoken}>{t('column.still')}</span>
                </th>
                <th>{t('column.name')}</th>
                <th>{t('column.state')}</th>
                <th>{t('column.streams')}</th>
                <th className={table.roomy}>{t('column.device')}</th>
                <th>
                  <span className={table.spoken}>{t('common:open')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((camera) => (
                <CameraRow
                  key={camera.id}
                  camera={camera}
                  health={health.data?.get(camera.id)}
                  unitName={unitName.get(camera.unitId) ?? ''}
                  selected={camera.id === openId}
                  picked={picked.has(camera.id)}
                  onPick={(on) => pick(camera.id, on)}
                  onOpen={() => search.set('camera', camera.id)}
                />
              ))}
            </tbody>
          </table>
        )}
        {chosen.length > 0 && (
          <div className={discover.foot}>
            <span className={page.grow}>
              <b>{t('bulkEdit.chosen', { count: chosen.length })}</b>
            </span>
            <Button variant="default" onClick={() => setPicked(new Set())}>
              {t('bulkEdit.clear')}
            </Button>
            <Button onClick={() => setEditing(true)}>{t('bulkEdit.open')}</Button>
          </div>
        )}
      </div>
      <RecorderSummary />
      {editing && (
        <Suspense fallback={null}>
          <BulkEditDialog cameras={chosen} onClose={() => setEditing(false)} />
        </Suspense>
      )}
      {asked && (
        <Suspense fallback={null}>
          <CameraDrawer cameraId={openId === '' ? null : openId} onClose={() => search.set('camera', null)} />
        </Suspense>
      )}
    </div>
  );
}

interface CameraRowProps {
  camera: Camera;
  health: CameraHealth | undefined;
  unitName: string;
  selected: boolean;
  /** Chosen to be changed together with others. */
  picked: boolean;
  onPick: (on: boolean) => void;
  onOpen: () => void;
}

function CameraRow({ camera, health, unitName, selected, picked, onPick, onOpen }: CameraRowProps) {
  const { t } = useTranslation('cameras');
  const lang = useLang();
  const text = (name: 'main' | 'sub') => {
    const stream = camera.streams.find((one) => one.name === name);
    return stream === undefined ? null : streamText(stream, lang, t('perSecond'));
  };
  const sub = text('sub');
  const frozenMs = frozenSince(camera);
  return (
    <tr data-opens data-selected={selected || undefined}>
      <td className={`${table.above} ${classes.pick}`}>
        <Checkbox
          aria-label={t('bulkEdit.select', { name: `${unitName}, ${camera.name}` })}
          checked={picked}
          onChange={(event) => onPick(event.currentTarget.checked)}
        />
      </td>
      <td className={classes.still}>
        <Still src={stillOf(camera)} alt="" width={64} dimmed={camera.state !== 'online'} />
      </td>
      <td>
        <button type="button" className={table.open} onClick={onOpen}>
          {camera.name}
        </button>
        <span className={table.second}>{unitName}</span>
      </td>
      <td className={table.under}>
        <div className={classes.chips}>
          <CameraStateChip state={camera.state} sinceMs={camera.sinceMs} />
          {frozenMs !== null && <StreamStateChip state="frozen" sinceMs={frozenMs} />}
          <HealthChips health={health} />
        </div>
      </td>
      <td className={table.wide}>
        <span className={table.main}>{text('main') ?? t('streamUnknown')}</span>
        {sub !== null && <span className={table.second}>{t('subStream', { text: sub })}</span>}
      </td>
      <td className={table.roomy}>
        {camera.device && (
          <>
            <span className={table.main}>{camera.device.host}</span>
            <span className={table.second}>
              {[camera.device.manufacturer, camera.device.model].filter(Boolean).join(' ')}
            </span>
          </>
        )}
      </td>
      <td className={table.wide}>
        <IconChevronRight className={table.arrow} size={18} stroke={1.8} aria-hidden />
      </td>
    </tr>
  );
}
