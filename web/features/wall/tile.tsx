import IconArrowsMove from '@tabler/icons-react/icons/IconArrowsMove';
import IconCamera from '@tabler/icons-react/icons/IconCamera';
import IconFlag from '@tabler/icons-react/icons/IconFlag';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import IconMaximize from '@tabler/icons-react/icons/IconMaximize';
import IconMinimize from '@tabler/icons-react/icons/IconMinimize';
import IconX from '@tabler/icons-react/icons/IconX';
import { lazy, memo, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { formatNumber, formatSince } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { useNow } from '../../components/use-now.ts';
import type { LivePlayer, LiveSnapshot } from '../../player/live-player.ts';
import { streamFor, useLivePlayer } from '../../player/use-live-player.ts';
import { useStatsShown } from './stats-shown.ts';
import classes from './tile.module.css';
import { TileStill } from './tile-still.tsx';
import { pictureTrouble, tileWords } from './tile-words.ts';
import { usePictureZoom } from './use-picture-zoom.ts';

const TileStats = lazy(() => import('./tile-stats.tsx'));

export type TileActions = {
  select: (tile: number) => void;
  enlarge: (tile: number) => void;
  flag: ((tile: number) => void) | null;
  playBack: ((tile: number) => void) | null;
  ptz: ((tile: number) => void) | null;
  download: (tile: number) => void;
  remove: (tile: number) => void;
  drop: (tile: number, cameraId: string) => void;
};

type Props = {
  tile: number;
  camera: Camera;
  unitName: string;
  selected: boolean;
  enlarged: boolean;
  /** Whether the camera is steered on this tile now. */
  steered: boolean;
  actions: TileActions;
  /** Tells the page which player is on this tile. */
  onPlayer: (cameraId: string, player: LivePlayer | null, root: HTMLElement | null) => void;
};

/** What a drag of a camera carries. */
export const CAMERA_TYPE = 'application/x-lienthong-camera';

export const Tile = memo(function Tile({
  tile,
  camera,
  unitName,
  selected,
  enlarged,
  steered,
  actions,
  onPlayer,
}: Props) {
  const { t } = useTranslation('wall');
  const lang = useLang();
  const root = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const zoomed = useRef<HTMLDivElement>(null);
  const { player, snapshot } = useLivePlayer(picture, root, camera, streamFor(camera, enlarged));
  const { zoom, scale } = usePictureZoom(root, zoomed, !steered);
  const words = tileWords(snapshot);
  const stats = useStatsShown();
  useEffect(() => player?.setPreferred(selected), [player, selected]);
  useEffect(() => {
    onPlayer(camera.id, player, root.current);
    return () => onPlayer(camera.id, null, null);
  }, [camera.id, player, onPlayer]);
  const tools = [
    actions.flag && { key: 'flag', icon: IconFlag, label: t('tool.flag'), cap: 'F', act: actions.flag },
    actions.playBack && {
      key: 'playback',
      icon: IconHistory,
      label: t('tool.playBack'),
      cap: 'J',
      act: actions.playBack,
    },
    { key: 'still', icon: IconCamera, label: t('tool.still'), cap: '', act: actions.download },
    actions.ptz &&
      camera.ptz !== false && { key: 'ptz', icon: IconArrowsMove, label: t('tool.ptz'), cap: 'P', act: actions.ptz },
    enlarged
      ? { key: 'full', icon: IconMinimize, label: t('tool.back'), cap: 'Esc', act: actions.enlarge }
      : { key: 'full', icon: IconMaximize, label: t('tool.enlarge'), cap: 'Enter', act: actions.enlarge },
    { key: 'remove', icon: IconX, label: t('tool.remove'), cap: 'Del', act: actions.remove },
  ].filter((tool) => tool !== null && tool !== false);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of a picture, its state and its tools
    <div
      className={classes.tile}
      ref={root}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a tile is chosen by Tab and answers to keys
      tabIndex={0}
      aria-label={`${tile + 1}. ${unitName}, ${camera.name}`}
      aria-current={selected || undefined}
      data-testid="tile"
      data-camera={camera.id}
      data-stream={snapshot.stream ?? streamFor(camera, enlarged)}
      data-path={snapshot.path ?? undefined}
      data-state={snapshot.state}
      data-reason={snapshot.reason}
      data-veil={words.veil || undefined}
      data-steered={steered || undefined}
      data-zoom={scale > 1 ? scale : undefined}
      onFocus={() => actions.select(tile)}
      onPointerDown={() => actions.select(tile)}
      onDoubleClick={() => {
        if (!zoom?.reset()) actions.enlarge(tile);
      }}
      onKeyDown={(event) => {
        const back = event.key === 'Escape' && zoom?.reset();
        // In a grid the keys of the picture are those of the wall.
        if (back || (enlarged && event.target === event.currentTarget && zoom?.key(event.key))) event.preventDefault();
      }}
      draggable={scale === 1}
      onDragStart={(event) => event.dataTransfer.setData(CAMERA_TYPE, camera.id)}
      onDragOver={(event) => event.dataTransfer.types.includes(CAMERA_TYPE) && event.preventDefault()}
      onDrop={(event) => actions.drop(tile, event.dataTransfer.getData(CAMERA_TYPE))}
    >
      <div className={classes.picture} ref={zoomed}>
        <TileStill key={camera.state} cameraId={camera.id} renewed={snapshot.reason === 'few_connections'} />
        <div className={classes.video} ref={picture} />
      </div>
      {words.veil && <Veil camera={camera} snapshot={snapshot} />}
      {stats && player && (
        <Suspense fallback={null}>
          <TileStats player={player} streams={camera.streams} />
        </Suspense>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only keeps a double click on a button from enlarging the tile */}
      <div className={classes.tools} onDoubleClick={(event) => event.stopPropagation()}>
        {tools.map(({ key, icon: Glyph, label, cap, act }) => (
          <button
            key={key}
            type="button"
            className={classes.tool}
            data-primary={key === 'flag' || undefined}
            data-tool={key}
            title={cap ? `${label} (${cap})` : label}
            aria-label={label}
            onClick={() => act(tile)}
          >
            <Glyph size={18} stroke={1.8} aria-hidden />
          </button>
        ))}
      </div>
      <div className={classes.caption}>
        <span className={classes.number}>{tile + 1}</span>
        <span className={classes.unit}>{unitName}</span>
        <span className={classes.desk}>{camera.name}</span>
        {scale > 1 && <span className={classes.zoom}>{t('zoom', { times: formatNumber(scale, lang) })}</span>}
        <StateWord camera={camera} snapshot={snapshot} selected={selected} />
      </div>
    </div>
  );
});

function StateWord({ camera, snapshot, selected }: { camera: Camera; snapshot: LiveSnapshot; selected: boolean }) {
  const { t } = useTranslation('wall');
  const lang = useLang();
  const minute = useNow(60_000);
  const trouble = pictureTrouble(camera, snapshot);
  const { icon: Glyph, word } = tileWords(snapshot, trouble);
  const { lagTenths, state } = snapshot;
  const lag = lagTenths === null ? null : t('lag', { seconds: formatNumber(lagTenths / 10, lang) });
  return (
    <span className={classes.state} data-shown={trouble === null ? state : 'standing'}>
      <span className={classes.stateWord}>
        <Glyph size={16} stroke={1.8} aria-hidden />
        {trouble !== null
          ? t('common:stateSince', { state: t(`state.${word}`), time: formatSince(trouble.sinceMs, minute) })
          : state === 'behind' && lag
            ? t('state.behind', { lag })
            : t(`state.${word}`)}
      </span>
      {state === 'live' && selected && lag && <span className={classes.lag}>· {lag}</span>}
    </span>
  );
}

/** Cause and time over the last picture, so that a standing picture never passes for live. */
function Veil({ camera, snapshot }: { camera: Camera; snapshot: LiveSnapshot }) {
  const { t, i18n } = useTranslation('wall');
  const now = useNow();
  const { icon: Glyph, word } = tileWords(snapshot);
  const cause = camera.streams.find((stream) => stream.cause !== null)?.cause;
  const causeWords =
    snapshot.reason === 'camera_offline' && cause && i18n.exists(`common:cause.${cause}`)
      ? t(`common:cause.${cause}`)
      : t(`veil.${snapshot.reason}`, { defaultValue: '' });
  const wait = snapshot.nextTryAtMs === null ? null : Math.max(1, Math.ceil((snapshot.nextTryAtMs - now) / 1_000));
  return (
    <div className={classes.veil} role="status">
      <Glyph size={24} stroke={1.8} aria-hidden />
      <p className={classes.what}>
        {t('common:stateSince', { state: t(`state.${word}`), time: formatSince(snapshot.sinceMs, now) })}
      </p>
      <p>{causeWords}</p>
      {/* Counting down aloud would speak every second. */}
      {wait !== null && <p aria-hidden>{t('retryIn', { count: wait })}</p>}
    </div>
  );
}
