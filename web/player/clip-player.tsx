import { ActionIcon, Button, Tooltip } from '@mantine/core';
import IconMaximize from '@tabler/icons-react/icons/IconMaximize';
import IconPlayerPauseFilled from '@tabler/icons-react/icons/IconPlayerPauseFilled';
import IconPlayerPlayFilled from '@tabler/icons-react/icons/IconPlayerPlayFilled';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Digits } from '../components/digit-clock.tsx';
import { Segmented } from '../components/segmented.tsx';
import { formatDate, formatTime } from '../components/time.ts';
import classes from './clip-player.module.css';
import { useMoment, useVodSnapshot } from './use-moment.ts';
import { VodPlayer } from './vod-player.ts';

export type ClipPlayerProps = {
  /** Address of the m3u8. */
  src: string;
  /** The stretch that the seek bar shows, UTC epoch ms. */
  fromMs: number;
  toMs: number;
  /** The moment that was flagged: marked on the seek bar, and where it starts when there is no poster. */
  atMs?: number;
  /** Address of the still shown before the first play. */
  poster?: string;
  /** Tells the moment on screen as it changes, for pages that follow it. */
  onMoment?: (atMs: number) => void;
  /** Offered where the clip cannot be played: begins anew. */
  onRetry?: () => void;
  /** Whether it plays by itself, from shortly before the flagged moment; a clip that comes next is kept ready by false. Left to its reader when left out. */
  autoPlay?: boolean;
  /** Hands the player to a page that has keys of its own for it. */
  onPlayer?: (player: VodPlayer | null) => void;
};

const RATES = ['0.5', '1', '2', '4'] as const;
type Rate = (typeof RATES)[number];
const rateWords: Record<Rate, string> = { '0.5': '½', '1': '1×', '2': '2×', '4': '4×' };
const STEP_MS = 5_000;
/** How much before the flagged moment a clip begins that plays by itself. */
const LEAD_MS = 5_000;

/** One recorded stretch with its controls: play, seek bar with the flagged moment, clock, speed, full screen. */
export function ClipPlayer({ src, fromMs, toMs, atMs, poster, onMoment, onRetry, ...own }: ClipPlayerProps) {
  const { t } = useTranslation(['playback', 'common']);
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const [player, setPlayer] = useState<VodPlayer | null>(null);
  const [begun, setBegun] = useState(false);

  useEffect(() => {
    if (!picture.current) return;
    const made = new VodPlayer(picture.current, { source: { url: src }, testId: 'clip-video' });
    setPlayer(made);
    setBegun(false);
    return () => {
      made.destroy();
      setPlayer(null);
    };
  }, [src]);

  const { state, rate, playing, failure } = useVodSnapshot(player);
  const { autoPlay, onPlayer } = own;
  useEffect(() => {
    if (state === 'playing') setBegun(true);
  }, [state]);
  useEffect(() => {
    onPlayer?.(player);
    return () => onPlayer?.(null);
  }, [player, onPlayer]);
  usePlaysItself(player, autoPlay, Math.max(fromMs, (atMs ?? fromMs) - LEAD_MS));
  const moment = useMoment(player, 100) ?? fromMs;
  useEffect(() => onMoment?.(moment), [moment, onMoment]);

  const toggle = () => {
    setBegun(true);
    if (playing) player?.pause();
    else player?.play();
  };
  const seek = (to: number) => {
    setBegun(true);
    player?.seek(Math.max(fromMs, Math.min(toMs - 50, to)));
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const act: Record<string, () => void> = {
      ' ': toggle,
      k: toggle,
      arrowleft: () => seek(moment - STEP_MS),
      arrowright: () => seek(moment + STEP_MS),
      ',': () => player?.stepFrame(-1),
      '.': () => player?.stepFrame(1),
    };
    const chosen = act[event.key.toLowerCase()];
    // A focused button keeps its own Space.
    if (!chosen || (event.key === ' ' && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    chosen();
  };
  const share = (at: number) => `${(Math.max(0, Math.min(1, (at - fromMs) / (toMs - fromMs))) * 100).toFixed(3)}%`;
  const shownRate = RATES.find((value) => Number(value) === rate) ?? '1';

  return (
    <section className={classes.root} ref={frame} data-tone="dark" aria-label={t('clip.label')} onKeyDown={onKeyDown}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the play button below does the same */}
      <div
        className={classes.picture}
        ref={picture}
        onClick={({ target }) => {
          // A click on the words of a failure plays nothing.
          if (!(target instanceof Element) || target.closest('[role=alert]') === null) toggle();
        }}
      >
        {poster && !begun && (
          <img
            className={classes.poster}
            src={poster}
            alt=""
            draggable={false}
            onError={({ currentTarget }) => {
              currentTarget.hidden = true;
            }}
          />
        )}
        {(state === 'failed' || state === 'no_footage') && (
          <div className={classes.word} role="alert">
            {state === 'no_footage'
              ? t('clip.noFootage')
              : t('clip.failed', { status: failure?.status ?? failure?.code })}
            {onRetry && (
              <Button variant="default" size="xs" onClick={onRetry}>
                {t('common:retry')}
              </Button>
            )}
          </div>
        )}
      </div>
      <div className={classes.bar}>
        <Tooltip label={`${playing ? t('pause') : t('play')} (Space)`}>
          <ActionIcon
            className={classes.play}
            variant="filled"
            color="blue"
            onClick={toggle}
            aria-label={playing ? t('pause') : t('play')}
          >
            {playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
          </ActionIcon>
        </Tooltip>
        <div className={classes.seek}>
          <div className={classes.track} aria-hidden>
            <div className={classes.done} style={{ width: share(moment) }} />
            {atMs !== undefined && <div className={classes.flag} style={{ left: share(atMs) }} />}
          </div>
          <input
            type="range"
            className={classes.range}
            min={fromMs}
            max={toMs}
            step={40}
            value={Math.max(fromMs, Math.min(toMs, moment))}
            aria-label={t('clip.seek')}
            aria-valuetext={formatTime(moment)}
            onChange={(event) => seek(Number(event.currentTarget.value))}
          />
        </div>
        <div className={classes.clock} title={formatDate(moment)}>
          <Digits text={formatTime(moment)} />
        </div>
        <Segmented
          compact
          label={t('speed')}
          value={shownRate}
          options={RATES.map((value) => ({ value, label: rateWords[value] }))}
          onChange={(value) => player?.setRate(Number(value))}
        />
        <Tooltip label={t('fullScreen')}>
          <ActionIcon
            className={classes.tool}
            aria-label={t('fullScreen')}
            onClick={() =>
              document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen()
            }
          >
            <IconMaximize size={18} stroke={1.8} />
          </ActionIcon>
        </Tooltip>
      </div>
    </section>
  );
}

/** Plays from `startMs` (UTC epoch ms) as soon as the footage is known, while `on`. */
function usePlaysItself(player: VodPlayer | null, on: boolean | undefined, startMs: number): void {
  useEffect(() => {
    if (player === null || on === undefined) return;
    if (!on) {
      player.pause();
      return;
    }
    player.play();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop = () => {};
    const look = () => {
      const extent = player.extent();
      if (extent === null) return;
      stop();
      // Not from within what the player is just telling.
      timer = setTimeout(() => {
        if (startMs > extent.fromMs && startMs < extent.toMs) player.seek(startMs);
      });
    };
    stop = player.subscribe(look);
    look();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [player, on, startMs]);
}
