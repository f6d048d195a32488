import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import IconDeviceCctvOff from '@tabler/icons-react/icons/IconDeviceCctvOff';
import IconMaximize from '@tabler/icons-react/icons/IconMaximize';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Camera } from '../../../server/contracts/cameras.ts';
import type { Severity } from '../../../server/contracts/common.ts';
import { useCameras, useCategories, useIncidents, useMe, useUnits } from '../../api/queries.ts';
import { paths } from '../../app/paths.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { useFlag } from '../../components/flag/use-flag.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useKeyHelp } from '../../components/use-key-help.ts';
import { downloadStill } from '../../player/download-still.ts';
import type { LivePlayer } from '../../player/live-player.ts';
import { PhoneLive } from './phone-live.tsx';
import { RecentIncidents } from './recent-incidents.tsx';
import type { TileActions } from './tile.tsx';
import { UnitRail } from './unit-rail.tsx';
import { useWallView } from './use-wall-view.ts';
import { WallGrid } from './wall-grid.tsx';
import { useWallKeys } from './wall-keys.ts';
import classes from './wall-page.module.css';
import { WallStatus } from './wall-status.tsx';
import { clear, LAYOUTS, neighbour, place, resize, shown, tileFor } from './wall-view-policy.ts';

type OnTile = { player: LivePlayer; root: HTMLElement };

const none: readonly Camera[] = [];
/** Playback from a live tile begins a little before what was seen. */
const LOOK_BACK_MS = 30_000;

/** Live pictures of the city's desks. */
export default function WallPage() {
  const { t } = useTranslation('wall');
  const navigate = useNavigate();
  const me = useMe().data;
  const cameras = useCameras();
  const units = useUnits();
  const categories = useCategories();
  const incidents = useIncidents({ open: true, limit: 200 });
  const flag = useFlag();
  const phone = useMediaQuery('(max-width: 720px)', window.innerWidth <= 720, { getInitialValueInEffect: false });
  const page = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState(0);
  /** The tile that was emptied last: its place keeps the focus. */
  const [removed, setRemoved] = useState<number | null>(null);
  const [enlarged, setEnlarged] = useState<number | null>(null);
  const [players, setPlayers] = useState<ReadonlyMap<string, OnTile>>(new Map());

  const ordered = useMemo(
    () =>
      inOrder(
        cameras.data ?? none,
        units.data?.map((unit) => unit.id),
      ),
    [cameras.data, units.data],
  );
  const byId = useMemo(() => new Map(ordered.map((camera) => [camera.id, camera])), [ordered]);
  const unitNames = useMemo(() => new Map(units.data?.map((unit) => [unit.id, unit.name])), [units.data]);
  const [view, setView, named] = useWallView(ordered);
  // Whoever follows a link to a desk while another is enlarged wants to see that desk.
  useEffect(() => {
    if (named === null) return;
    setEnlarged(null);
    setSelected(0);
  }, [named]);
  const latest = incidents.data?.pages.flatMap((each) => each.items);
  const severities = useMemo(() => {
    const highest = new Map<string, Severity>();
    for (const each of incidents.data?.pages.flatMap((one) => one.items) ?? []) {
      if (each.severity > (highest.get(each.unitId) ?? 0)) highest.set(each.unitId, each.severity);
    }
    return highest;
  }, [incidents.data]);
  const mayPlayBack = me?.abilities.play_back === 'city';

  const onPlayer = useCallback((cameraId: string, player: LivePlayer | null, root: HTMLElement | null) => {
    setPlayers((old) => {
      const next = new Map(old);
      if (player && root) next.set(cameraId, { player, root });
      else next.delete(cameraId);
      return next;
    });
  }, []);

  const actions = useLatestActions({
    select: (tile: number) => {
      setSelected(tile);
      setRemoved(null);
    },
    enlarge: (tile: number) => {
      setSelected(tile);
      setEnlarged((now) => (now === tile || view.layout === 1 ? null : tile));
    },
    flag: (tile: number) => {
      const camera = cameraAt(tile);
      const on = camera && players.get(camera.id);
      if (!camera) return;
      setSelected(tile);
      flag.open({
        cameraId: camera.id,
        cameraName: camera.name,
        unitName: unitNames.get(camera.unitId) ?? '',
        // Without a moving picture there is no frame whose time could be taken: then it is the present.
        atMs: on?.player.frameTimeMs() ?? Date.now(),
        still: on?.player.still() ?? null,
        anchor: on?.root ?? null,
      });
    },
    playBack: (tile: number) => {
      const camera = cameraAt(tile);
      const at = (camera && players.get(camera.id)?.player.frameTimeMs()) ?? Date.now();
      if (camera) navigate(paths.playback({ cameras: [camera.id], at: Math.round(at - LOOK_BACK_MS) }));
    },
    download: (tile: number) => {
      const camera = cameraAt(tile);
      const player = camera && players.get(camera.id)?.player;
      if (player) downloadStill(player.still(), `${camera.name}`, player.frameTimeMs() ?? Date.now());
    },
    remove: (tile: number) => {
      setEnlarged(null);
      setRemoved(tile);
      setView(clear(view, tile));
    },
    drop: (tile: number, cameraId: string) => {
      if (!byId.has(cameraId)) return;
      setView(place(view, tile, cameraId));
      setSelected(tile);
    },
  });
  const tileActions: TileActions = useMemo(
    () => ({ ...actions, flag: flag.may ? actions.flag : null, playBack: mayPlayBack ? actions.playBack : null }),
    [actions, flag.may, mayPlayBack],
  );

  const tiles = shown(view);
  const cameraAt = (tile: number) => byId.get(tiles[tile] ?? '');
  const tileOf = useMemo(() => new Map(shown(view).flatMap((id, tile) => (id ? [[id, tile] as const] : []))), [view]);

  useWallKeys((command) => {
    switch (command.kind) {
      case 'select':
        if (command.tile < view.layout) focusTile(command.tile);
        break;
      case 'move':
        if (enlarged === null) focusTile(neighbour(view.layout, selected, command.direction));
        break;
      case 'enlarge':
        actions.enlarge(selected);
        break;
      case 'back':
        setEnlarged(null);
        break;
      case 'flag':
        actions.flag(selected);
        break;
      case 'remove':
        actions.remove(selected);
    }
  });
  const focusTile = (tile: number) => {
    setSelected(tile);
    if (enlarged !== null) setEnlarged(tile);
    const root = players.get(tiles[tile] ?? '')?.root;
    const empty = page.current?.querySelector<HTMLElement>(`[data-empty-tile="${tile}"]`);
    (root ?? empty)?.focus({ preventScroll: true });
  };

  useKeyHelp(t('title'), [
    { keys: ['1', '9'], label: t('keys.tile') },
    { keys: ['←', '→', '↑', '↓'], label: t('keys.move') },
    { keys: ['Enter'], label: t('keys.enlarge') },
    { keys: ['Esc'], label: t('keys.back') },
    ...(flag.may ? [{ keys: ['F'], label: t('keys.flag') }] : []),
    { keys: ['Del'], label: t('keys.remove') },
  ]);

  if (cameras.isError && !cameras.data) return <Problem error={cameras.error} onRetry={() => cameras.refetch()} />;
  if (cameras.data?.length === 0) {
    return (
      <>
        <PageHeader title={t('title')} />
        <EmptyState icon={IconDeviceCctvOff} title={t('noCameras')} hint={t('noCamerasHint')} />
      </>
    );
  }
  if (phone) {
    return (
      <>
        <PageHeader title={t('title')} />
        <PhoneLive
          cameras={ordered}
          unitNames={unitNames}
          first={cameraAt(selected)?.id ?? null}
          flag={flag}
          mayPlayBack={mayPlayBack}
        />
        {flag.element}
      </>
    );
  }

  return (
    <div className={classes.page} ref={page}>
      <PageHeader
        title={t('title')}
        crumb={enlarged === null ? null : `${unitNames.get(cameraAt(enlarged)?.unitId ?? '') ?? ''}`}
      />
      <UnitRail
        units={units.data}
        cameras={ordered}
        severities={severities}
        tiles={tileOf}
        selectedCamera={tiles[selected] ?? null}
        onPick={(cameraId) => {
          const there = tileOf.get(cameraId);
          if (there !== undefined) return focusTile(there);
          const tile = enlarged ?? tileFor(view, selected);
          setView(place(view, tile, cameraId));
          setSelected(tile);
        }}
      />
      <div className={classes.work}>
        <div className={classes.tools}>
          <Segmented
            compact
            label={t('layout')}
            value={String(view.layout)}
            options={LAYOUTS.map((layout) => ({
              value: String(layout),
              label: String(layout),
              title: t('tiles', { count: layout }),
            }))}
            onChange={(value) => {
              const layout = LAYOUTS.find((each) => String(each) === value);
              if (!layout) return;
              setEnlarged(null);
              setView(
                resize(
                  view,
                  layout,
                  selected,
                  ordered.map((camera) => camera.id),
                ),
              );
              if (selected >= layout) setSelected(0);
            }}
          />
          <span className={classes.word}>{t('tilesWord')}</span>
          <Button
            className={classes.full}
            size="xs"
            h={32}
            variant="default"
            leftSection={<IconMaximize size={16} stroke={1.8} />}
            onClick={() => page.current?.requestFullscreen()}
          >
            {t('fullScreen')}
          </Button>
        </div>
        <WallGrid
          view={view}
          cameras={byId}
          unitNames={unitNames}
          selected={selected}
          enlarged={enlarged}
          removed={removed}
          actions={tileActions}
          onPlayer={onPlayer}
        />
        <RecentIncidents incidents={latest} open={incidents.data?.pages[0]?.counts.open} categories={categories.data} />
      </div>
      <WallStatus cameras={ordered} unitNames={unitNames} players={players} />
      {flag.element}
    </div>
  );
}

/** Cameras as the units are ordered, then by name with numbers in their order. */
function inOrder(cameras: readonly Camera[], unitIds: readonly string[] | undefined): readonly Camera[] {
  if (!unitIds) return none;
  const rank = new Map(unitIds.map((id, i) => [id, i]));
  return [...cameras].sort(
    (a, b) =>
      (rank.get(a.unitId) ?? unitIds.length) - (rank.get(b.unitId) ?? unitIds.length) ||
      a.name.localeCompare(b.name, 'vi', { numeric: true }),
  );
}

/** The same functions at every drawing, each calling its newest version: so that tiles are not drawn anew for every change. */
function useLatestActions<T extends Record<string, (...args: never[]) => void>>(actions: T): T {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const [stable] = useState(() =>
    Object.fromEntries(Object.keys(actions).map((key) => [key, (...args: never[]) => latest.current[key]?.(...args)])),
  );
  return stable as T;
}
