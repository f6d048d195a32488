import { ActionIcon, Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import IconDeviceCctvOff from '@tabler/icons-react/icons/IconDeviceCctvOff';
import IconDeviceFloppy from '@tabler/icons-react/icons/IconDeviceFloppy';
import IconExternalLink from '@tabler/icons-react/icons/IconExternalLink';
import IconMaximize from '@tabler/icons-react/icons/IconMaximize';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import type { Camera } from '../../../server/contracts/cameras.ts';
import type { Severity } from '../../../server/contracts/common.ts';
import type { SavedView } from '../../../server/contracts/views.ts';
import { useCameraHealth } from '../../api/camera-health.ts';
import { can, useCameras, useCategories, useIncidents, useMe, useSavedViews, useUnits } from '../../api/queries.ts';
import { paths } from '../../app/paths.ts';
import { withPictures } from '../../components/camera-condition.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { useFlag } from '../../components/flag/use-flag.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { toast } from '../../components/toast.tsx';
import { useKeyHelp } from '../../components/use-key-help.ts';
import { downloadStill } from '../../player/download-still.ts';
import type { LivePlayer } from '../../player/live-player.ts';
import { movedTo, sizedTo } from './free-wall-policy.ts';
import { PatrolBar } from './patrol-bar.tsx';
import { PhoneLive } from './phone-live.tsx';
import { RecentIncidents } from './recent-incidents.tsx';
import { SavedViewsList } from './saved-views.tsx';
import { toggleStats } from './stats-shown.ts';
import type { TileActions } from './tile.tsx';
import { UnitRail } from './unit-rail.tsx';
import { useIdle } from './use-idle.ts';
import { type PatrolStop, usePatrol } from './use-patrol.ts';
import { useWallView } from './use-wall-view.ts';
import type { ViewDialogAsk } from './view-dialog.tsx';
import { WallGrid } from './wall-grid.tsx';
import { useWallKeys } from './wall-keys.ts';
import classes from './wall-page.module.css';
import { WallStatus } from './wall-status.tsx';
import {
  added,
  cellsOf,
  clear,
  countOf,
  type Direction,
  fromSaved,
  LAYOUTS,
  neighbour,
  pagesOf,
  place,
  resize,
  sameView,
  shown,
  viewQuery,
  type WallView,
} from './wall-view-policy.ts';

const PtzControl = lazy(() => import('./ptz-control.tsx'));
const ViewDialog = lazy(() => import('./view-dialog.tsx'));

type OnTile = { player: LivePlayer; root: HTMLElement };

const none: readonly Camera[] = [];
const noViews: readonly SavedView[] = [];
/** Playback from a live tile begins a little before what was seen. */
const LOOK_BACK_MS = 30_000;

/** Live pictures of the city's desks. */
export default function WallPage() {
  const { t } = useTranslation('wall');
  const navigate = useNavigate();
  const me = useMe().data;
  const cameras = useCameras();
  const health = useCameraHealth().data;
  const units = useUnits();
  const categories = useCategories();
  const incidents = useIncidents({ open: true, limit: 200 });
  const flag = useFlag();
  const saved = useSavedViews();
  const views = saved.data?.items ?? noViews;
  const bare = useSearchParams()[0].has('bare');
  /** The camera that is steered, and whether its tile was enlarged for that. */
  const [steered, setSteered] = useState<{ camera: string; enlargedFor: boolean } | null>(null);
  const [asked, setAsked] = useState<ViewDialogAsk | null>(null);
  const [seconds, setSeconds] = useState(20);
  const [through, setThrough] = useState<'pages' | 'views'>('pages');
  const phone = useMediaQuery('(max-width: 720px)', window.innerWidth <= 720, { getInitialValueInEffect: false });
  const page = useRef<HTMLDivElement>(null);
  useIdle(page, bare);
  const [selected, setSelected] = useState(0);
  /** The tile that was emptied last: its place keeps the focus. */
  const [removed, setRemoved] = useState<number | null>(null);
  const [enlarged, setEnlarged] = useState<number | null>(null);
  const [players, setPlayers] = useState<ReadonlyMap<string, OnTile>>(new Map());

  const ordered = useMemo(
    () =>
      inOrder(
        withPictures(cameras.data ?? none, health),
        units.data?.map((unit) => unit.id),
      ),
    [cameras.data, health, units.data],
  );
  const byId = useMemo(() => new Map(ordered.map((camera) => [camera.id, camera])), [ordered]);
  const unitNames = useMemo(() => new Map(units.data?.map((unit) => [unit.id, unit.name])), [units.data]);
  // With which view the wall opens is known once the saved ones are; without them it opens all the same.
  const opening = saved.isPending ? none : ordered;
  const { view: own, savedId, change, named } = useWallView(me?.id ?? '', opening, saved.data?.items);
  const stops = useMemo(
    (): PatrolStop[] =>
      through === 'views' && views.length > 1
        ? views.map((each) => ({ view: fromSaved(each), name: each.name, savedId: each.id }))
        : pagesOf(
            ordered.map((camera) => camera.id),
            own,
          ).map((page) => ({ view: page, name: null, savedId: null })),
    [through, views, ordered, own],
  );
  const patrol = usePatrol(stops, seconds);
  const view = patrol.at?.stop.view ?? own;
  /** Whoever arranges something while a patrol stands still keeps what is shown, and the patrol ends. */
  const setView = (next: WallView, nextSaved?: string | null) => {
    const begunAs = patrol.at ? patrol.at.stop.savedId : savedId;
    patrol.end();
    change(next, nextSaved === undefined ? begunAs : nextSaved);
  };
  const openView = views.find((each) => each.id === (patrol.at ? patrol.at.stop.savedId : savedId));
  const changed = openView !== undefined && !sameView(fromSaved(openView), view);
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
  const maySteer = can(me, 'control_ptz');
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
    ptz: (tile: number) => {
      const camera = cameraAt(tile);
      if (!camera || camera.ptz === false) return;
      setSelected(tile);
      // What is steered is seen as large as it gets, and its buttons have room.
      const enlargedFor = enlarged === null && view.layout !== 1;
      if (enlargedFor) setEnlarged(tile);
      setSteered({ camera: camera.id, enlargedFor });
    },
    drop: (tile: number, cameraId: string) => {
      if (!byId.has(cameraId)) return;
      setView(place(view, tile, cameraId));
      setSelected(tile);
    },
  });
  const tileActions: TileActions = useMemo(
    () => ({
      ...actions,
      flag: flag.may ? actions.flag : null,
      playBack: mayPlayBack ? actions.playBack : null,
      ptz: maySteer ? actions.ptz : null,
    }),
    [actions, flag.may, mayPlayBack, maySteer],
  );

  const tiles = shown(view);
  const cameraAt = (tile: number) => byId.get(tiles[tile] ?? '');
  const tileOf = useMemo(() => new Map(shown(view).flatMap((id, tile) => (id ? [[id, tile] as const] : []))), [view]);

  useWallKeys((command) => {
    switch (command.kind) {
      case 'select':
        if (command.tile < countOf(view)) focusTile(command.tile);
        break;
      case 'move':
        if (enlarged === null) focusTile(neighbour(view, selected, command.direction));
        break;
      case 'swap':
        shift(command.direction);
        break;
      case 'size': {
        const cell = cellsOf(view)[selected];
        if (view.layout === 'free' && cell) {
          const { columns, rows } = cell;
          setView({ ...view, cells: sizedTo(view.cells ?? [], selected, columns + command.by, rows + command.by) });
        }
        break;
      }
      case 'back30':
        if (mayPlayBack) actions.playBack(selected);
        break;
      case 'ptz':
        tileActions.ptz?.(selected);
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
      case 'stats':
        toggleStats();
        break;
      case 'remove':
        actions.remove(selected);
    }
  });
  /** Swaps the selected tile with its neighbour; a tile of a free wall goes on by one cell instead. */
  const shift = (direction: Direction) => {
    if (enlarged !== null) return;
    const cell = cellsOf(view)[selected];
    if (view.layout === 'free' && cell) {
      const across = { left: -1, right: 1, up: 0, down: 0 }[direction];
      const along = { left: 0, right: 0, up: -1, down: 1 }[direction];
      setView({ ...view, cells: movedTo(view.cells ?? [], selected, cell.column + across, cell.row + along) });
      return;
    }
    const other = neighbour(view, selected, direction);
    const camera = tiles[selected];
    if (other === selected || !camera) return;
    setView(place(view, other, camera));
    setSelected(other);
  };
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
    ...(mayPlayBack ? [{ keys: ['J'], label: t('keys.back30') }] : []),
    ...(maySteer ? [{ keys: ['P'], label: t('keys.ptz') }] : []),
    { keys: ['Del'], label: t('keys.remove') },
    { keys: ['Shift + ←↑→↓'], label: t('keys.swap') },
    { keys: ['+', '−'], label: t('keys.size') },
    { keys: ['+', '−'], label: t('keys.zoom') },
    { keys: ['1', '9'], label: t('keys.put') },
    { keys: ['Shift + S'], label: t('keys.stats') },
  ]);

  const steeredTile = steered === null ? undefined : tileOf.get(steered.camera);
  const mayGoOn = steeredTile !== undefined && (view.layout === 1 || enlarged === steeredTile);
  // Whoever turns to other pictures has let go of the camera.
  useEffect(() => {
    if (!mayGoOn) setSteered(null);
  }, [mayGoOn]);
  const over = steered !== null &&
    mayGoOn && {
      tile: steeredTile,
      element: (
        <Suspense fallback={null}>
          <PtzControl
            key={steered.camera}
            cameraId={steered.camera}
            cameraName={byId.get(steered.camera)?.name ?? ''}
            onLeave={() => {
              setSteered(null);
              if (steered.enlargedFor) setEnlarged(null);
              players.get(steered.camera)?.root.focus({ preventScroll: true });
            }}
          />
        </Suspense>
      ),
    };

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
    <div className={classes.page} ref={page} data-bare={bare || undefined}>
      <PageHeader
        title={t('title')}
        crumb={
          enlarged === null ? (openView?.name ?? null) : `${unitNames.get(cameraAt(enlarged)?.unitId ?? '') ?? ''}`
        }
      />
      <UnitRail
        units={units.data}
        cameras={ordered}
        severities={severities}
        tiles={tileOf}
        selectedCamera={tiles[selected] ?? null}
        onPick={(cameraId, onTile) => {
          const there = tileOf.get(cameraId);
          if (there !== undefined && onTile === undefined) return focusTile(there);
          const tile = onTile ?? enlarged;
          if (tile !== null && tile >= countOf(view)) return;
          const next = tile === null ? added(view, selected, cameraId) : { view: place(view, tile, cameraId), tile };
          setView(next.view);
          setSelected(next.tile);
        }}
      >
        <SavedViewsList
          views={views}
          current={view}
          savedId={openView?.id ?? null}
          changed={changed}
          onOpen={(each) => {
            setEnlarged(null);
            setSelected(0);
            setView(fromSaved(each), each.id);
          }}
          onAsk={setAsked}
        />
      </UnitRail>
      <div className={classes.work}>
        <div className={classes.tools}>
          <Segmented
            compact
            label={t('layout')}
            value={String(view.layout)}
            options={[
              ...LAYOUTS.map((layout) => ({
                value: String(layout),
                label: String(layout),
                title: t('tiles', { count: layout }),
              })),
              { value: 'free', label: t('free.word'), title: t('free.title') },
            ]}
            onChange={(value) => {
              const layout = value === 'free' ? 'free' : LAYOUTS.find((each) => String(each) === value);
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
              if (layout !== 'free' && selected >= layout) setSelected(0);
            }}
          />
          <PatrolBar
            patrol={patrol}
            seconds={seconds}
            through={through}
            mayTurnViews={views.length > 1}
            onSeconds={setSeconds}
            onThrough={setThrough}
          />
          <Button
            className={classes.first}
            size="xs"
            h={32}
            variant="subtle"
            leftSection={<IconDeviceFloppy size={16} stroke={1.8} />}
            onClick={() => setAsked({ kind: 'save' })}
          >
            {t('views.save')}
          </Button>
          <ActionIcon
            size={32}
            variant="subtle"
            aria-label={t('window')}
            title={t('window')}
            onClick={() => {
              const address = `/wall?${new URLSearchParams({ ...viewQuery(view), bare: '1' })}`;
              const other = window.open(address, '_blank', 'popup,width=1280,height=720');
              if (!other) toast({ kind: 'error', title: t('windowBlocked') });
            }}
          >
            <IconExternalLink size={18} stroke={1.8} />
          </ActionIcon>
          <Button
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
          onArrange={(next) => setView(next)}
          over={over}
        />
        <RecentIncidents incidents={latest} open={incidents.data?.pages[0]?.counts.open} categories={categories.data} />
      </div>
      <WallStatus cameras={ordered} unitNames={unitNames} players={players} />
      {flag.element}
      {asked && (
        <Suspense fallback={null}>
          <ViewDialog
            ask={asked}
            current={view}
            mayShare={saved.data?.mayShare ?? false}
            onSaved={(made) => asked.kind === 'save' && setView(view, made.id)}
            onClose={() => setAsked(null)}
          />
        </Suspense>
      )}
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
