import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../time.ts';
import { moveEnd, type Stretch } from './flag-policy.ts';
import classes from './stretch-slider.module.css';

type Props = {
  stretch: Stretch;
  scale: Stretch;
  atMs: number;
  nowMs: number;
  onChange: (stretch: Stretch) => void;
};

const STEP_MS = 1_000;
const LONG_STEP_MS = 10_000;
/** Closer to an end than this, the moment's label would cover the end's. */
const LABEL_SHARE = 0.17;

/** The small timeline of a flag: its stretch with two ends to draw, the moment, and hatched what is still to come. */
export function StretchSlider({ stretch, scale, atMs, nowMs, onChange }: Props) {
  const { t } = useTranslation('flag');
  const track = useRef<HTMLDivElement>(null);
  const share = (ms: number) =>
    `${Math.max(0, Math.min(100, ((ms - scale.fromMs) / (scale.toMs - scale.fromMs)) * 100))}%`;
  const seconds = (ms: number) => `${ms < 0 ? '−' : '+'}${Math.round(Math.abs(ms) / 1_000)} s`;

  const drag = (end: 'from' | 'to') => (event: React.PointerEvent) => {
    if (event.buttons !== 1 || !track.current) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const box = track.current.getBoundingClientRect();
    const ms = scale.fromMs + ((event.clientX - box.left) / box.width) * (scale.toMs - scale.fromMs);
    onChange(moveEnd(stretch, end, Math.round(ms / STEP_MS) * STEP_MS, scale, atMs));
  };
  const key = (end: 'from' | 'to') => (event: React.KeyboardEvent) => {
    const step = event.shiftKey ? LONG_STEP_MS : STEP_MS;
    const by = {
      ArrowLeft: -step,
      ArrowDown: -step,
      ArrowRight: step,
      ArrowUp: step,
      PageDown: -LONG_STEP_MS,
      PageUp: LONG_STEP_MS,
    }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(moveEnd(stretch, end, (end === 'from' ? stretch.fromMs : stretch.toMs) + by, scale, atMs));
  };
  const handle = (end: 'from' | 'to') => {
    const ms = end === 'from' ? stretch.fromMs : stretch.toMs;
    return (
      <div
        className={classes.handle}
        style={{ left: share(ms) }}
        role="slider"
        tabIndex={0}
        aria-label={end === 'from' ? t('stretch.start') : t('stretch.end')}
        aria-valuemin={scale.fromMs}
        aria-valuemax={scale.toMs}
        aria-valuenow={ms}
        aria-valuetext={`${formatTime(ms)}, ${seconds(ms - atMs)}`}
        onPointerDown={drag(end)}
        onPointerMove={drag(end)}
        onKeyDown={key(end)}
      />
    );
  };
  return (
    <div className={classes.root}>
      <div className={classes.track} ref={track}>
        <div className={classes.recorded} style={{ right: `calc(100% - ${share(nowMs)})` }} />
        {nowMs < scale.toMs && <div className={classes.coming} style={{ left: share(nowMs) }} />}
        <div
          className={classes.chosen}
          style={{ left: share(stretch.fromMs), right: `calc(100% - ${share(stretch.toMs)})` }}
        />
        {nowMs < scale.toMs && <div className={classes.now} style={{ left: share(nowMs) }} />}
        <div className={classes.moment} style={{ left: share(atMs) }} />
        {handle('from')}
        {handle('to')}
      </div>
      <div className={classes.words} aria-hidden>
        <span style={{ left: share(stretch.fromMs) }}>{seconds(stretch.fromMs - atMs)}</span>
        {Math.min(atMs - stretch.fromMs, stretch.toMs - atMs) > (scale.toMs - scale.fromMs) * LABEL_SHARE && (
          <span style={{ left: share(atMs) }}>{formatTime(atMs)}</span>
        )}
        <span style={{ left: share(stretch.toMs) }}>{seconds(stretch.toMs - atMs)}</span>
      </div>
    </div>
  );
}
