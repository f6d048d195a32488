import { ActionIcon, Button, Tooltip } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconArrowsMaximize from '@tabler/icons-react/icons/IconArrowsMaximize';
import IconArrowsMinimize from '@tabler/icons-react/icons/IconArrowsMinimize';
import IconCircleDot from '@tabler/icons-react/icons/IconCircleDot';
import IconVideoOff from '@tabler/icons-react/icons/IconVideoOff';
import IconVolumeOff from '@tabler/icons-react/icons/IconVolumeOff';
import IconX from '@tabler/icons-react/icons/IconX';
import { memo, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration, formatTime } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { useMoment, useVodSnapshot } from '../../player/use-moment.ts';
import type { VodDeck } from '../../player/vod-deck.ts';
import type { VodPlayer } from '../../player/vod-player.ts';
import { covers } from '../../player/vod-policy.ts';
import classes from './picture-grid.module.css';
import type { GridTrack } from './picture-grid.tsx';
import type { Track } from './timeline.tsx';

export type TileActions = {
  onSelect: (track: number) => void;
  onToggle: () => void;
  onEnlarge: (track: number) => void;
  onRemove: (track: number) => void;
  onLive: () => void;
  onRetry: () => void;
};
type Props = TileActions &
  GridTrack & {
    deck: VodDeck;
    index: number;
    alone: boolean;
    selected: boolean;
    enlarged: boolean;
  };

const CROSSED_SHOWN_MS = 5_000;

/** One camera's picture, its caption, and in words what keeps it from playing or what was leapt over. */
export const PictureTile = memo(function PictureTile(props: Props) {
  const { deck, track, unitName, source, index, alone, selected, enlarged, ...actions } = props;
  const { t } = useTranslation('playback');
  const now = useNow();
  const container = useRef<HTMLDivElement>(null);
  const [player, setPlayer] = useState<VodPlayer | null>(null);
  const { cameraId } = source;
  useEffect(() => {
    if (!container.current) return;
    const detach = deck.attach(container.current, source);
    setPlayer(deck.playerOf(cameraId));
    return () => {
      detach();
      setPlayer(null);
    };
  }, [deck, cameraId, source]);
  const { recording, known } = track;
  useEffect(() => {
    if (player && recording && known) deck.setRecorded(cameraId, playable(recording), known);
  }, [deck, player, cameraId, recording, known]);

  const own = useVodSnapshot(player);
  const { crossed } = useVodSnapshot(deck);
  const { state, failure } = own;
  const moment = useMoment(deck, 1_000);
  const reasonAt = (ms: number) => recording?.gaps.find((gap) => gap.from <= ms && ms < gap.to)?.reason ?? null;
  const away = moment !== null && recording?.offline?.some(([from, to]) => from <= moment && moment < to);
  // Alone, a camera leaps over what it has not; among others it waits, and says why.
  const told = moment !== null && known !== null && moment >= known.fromMs && moment < known.toMs;
  const nothing = !alone && !enlarged && told && recording !== undefined && !covers(playable(recording), moment + 999);
  const why = nothing && moment !== null ? reasonAt(moment + 500) : null;
  const reason = crossed ? reasonAt((crossed.fromMs + crossed.toMs) / 2) : null;
  const showCrossed = crossed !== null && now - crossed.shownAtMs < CROSSED_SHOWN_MS && (alone || selected || enlarged);
  const tool = (label: string, icon: React.ReactNode, act: () => void) => (
    <Tooltip label={label}>
      <ActionIcon size={32} aria-label={label} onClick={act}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <div
      className={classes.frame}
      data-state={nothing ? 'none' : state}
      data-selected={selected || undefined}
      data-testid="playback-tile"
      data-camera={cameraId}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: Space, Enter, the digits and the buttons do the same */}
      <div
        className={classes.video}
        ref={container}
        onClick={() => (alone || selected || enlarged ? actions.onToggle() : actions.onSelect(index))}
        onDoubleClick={() => !alone && actions.onEnlarge(index)}
      />
      {!alone && (
        <div className={classes.tools}>
          {tool(
            t(enlarged ? 'shrink' : 'enlarge'),
            enlarged ? <IconArrowsMinimize size={18} stroke={1.8} /> : <IconArrowsMaximize size={18} stroke={1.8} />,
            () => actions.onEnlarge(index),
          )}
          {!enlarged && tool(t('removeCamera'), <IconX size={18} stroke={1.8} />, () => actions.onRemove(index))}
        </div>
      )}
      {showCrossed && (
        <p className={classes.word} role="status">
          {t('crossed', {
            from: formatTime(crossed.fromMs),
            to: formatTime(crossed.toMs),
            duration: formatDuration(crossed.toMs - crossed.fromMs),
          })}
          {reason !== null && `: ${t(`common:gapReason.${reason}`)}`}
        </p>
      )}
      {nothing && state !== 'failed' && (
        <div className={classes.veil} role="status">
          <IconVideoOff size={24} stroke={1.8} aria-hidden />
          <p>
            {away ? t('volumeAway') : t('notRecorded')}
            {why !== null && !away && `: ${t(`common:gapReason.${why}`)}`}
          </p>
        </div>
      )}
      {!nothing && state === 'no_footage' && (
        <div className={classes.veil} role="status">
          <IconVideoOff size={24} stroke={1.8} aria-hidden />
          <p>{away ? t('volumeAway') : t('noFootage')}</p>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCircleDot size={16} stroke={1.8} />}
            onClick={actions.onLive}
          >
            {t('toLive')}
          </Button>
        </div>
      )}
      {state === 'ended' && (
        <p className={classes.word} role="status">
          {t('atEnd')}
        </p>
      )}
      {state === 'failed' && (
        <div className={classes.veil} role="alert">
          <IconAlertTriangle size={24} stroke={1.8} aria-hidden />
          <p>{failure?.status === 403 ? t('noRight') : t('failed')}</p>
          <Button size="xs" variant="default" onClick={actions.onRetry}>
            {t('common:retry')}
          </Button>
        </div>
      )}
      <div className={classes.caption}>
        <span className={classes.number} data-selected={alone || selected || enlarged || undefined}>
          {index + 1}
        </span>
        <b>{track.name}</b>
        <span>{unitName}</span>
        {own.substitute && !nothing && <span className={classes.note}>{t('mainStream')}</span>}
        {own.sound === false && (alone || selected || enlarged) && (
          <span className={classes.note}>
            <IconVolumeOff size={16} stroke={1.8} aria-hidden />
            {t('noSound')}
          </span>
        )}
      </div>
    </div>
  );
});

const cuts = new WeakMap<object, readonly (readonly [number, number])[]>();

/** What is recorded and can be had: without what lies on a volume that is away. */
function playable(recording: NonNullable<Track['recording']>): readonly (readonly [number, number])[] {
  const { recorded, offline } = recording;
  if (!offline || offline.length === 0) return recorded;
  const known = cuts.get(recording);
  if (known) return known;
  const left: (readonly [number, number])[] = [];
  for (const [from, to] of recorded) {
    let at = from;
    for (const [cut, end] of offline) {
      if (end <= at || cut >= to) continue;
      if (cut > at) left.push([at, cut]);
      at = Math.max(at, end);
    }
    if (at < to) left.push([at, to]);
  }
  cuts.set(recording, left);
  return left;
}
