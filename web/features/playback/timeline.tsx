import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mediaPaths } from '../../../server/contracts/media.ts';
import type { GapReason } from '../../../server/contracts/timeline.ts';
import { Still } from '../../components/still.tsx';
import { formatDay, formatTime, HOUR_MS, MINUTE_MS } from '../../components/time.ts';
import { gapIcon } from './gap-icon.ts';
import classes from './timeline.module.css';
import { type PaintTrack, paint, RULER, type Scene, SPACE, STRIP, TRACK } from './timeline-paint.ts';
import { type Span, xOf } from './timeline-scale.ts';
import { gapBoxes } from './track-layout.ts';
import { type TimelineHandlers, useTimelinePointer } from './use-timeline-pointer.ts';

export type Track = PaintTrack & { name: string };

type Props = Omit<TimelineHandlers, 'onHover'> & {
  day: Span;
  view: Span;
  tracks: readonly Track[];
  selected: number;
  hours: Scene['hours'];
  marks: Scene['marks'];
  nowMs: number;
  /** Asked at every frame that is drawn. */
  playheadMs: () => number | null;
  onSelect: (track: number) => void;
};

const PREVIEW_AFTER_MS = 200;
const BELOW_PX = 12;

/** The day above, the detail below: recorded stretches, gaps with their reason, incidents, working hours, playhead. */
export function Timeline(props: Props) {
  const { day, view, tracks, selected, hours, marks, nowMs, playheadMs, onSelect } = props;
  const { t } = useTranslation('playback');
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ref, width } = useElementSize();
  const [hoverMs, setHoverMs] = useState<number | null>(null);
  const height = STRIP + SPACE + RULER + TRACK * Math.max(1, tracks.length) + BELOW_PX;

  const spanWords = (ms: number) => {
    if (ms < MINUTE_MS) return t('seconds', { count: Math.max(1, Math.round(ms / 1_000)) });
    if (ms < 2 * HOUR_MS) return t('minutes', { count: Math.round(ms / MINUTE_MS) });
    return t('hours', { count: Math.round(ms / HOUR_MS) });
  };
  const words = (reason: GapReason) => t(`common:gapReason.${reason}`);
  const boxes = useMemo(
    () =>
      tracks.map((track) =>
        gapBoxes(
          track.recording?.gaps ?? [],
          view,
          width,
          (reason) => t(`common:gapReason.${reason}`).length * 7.2 + 100,
        ),
      ),
    [tracks, view, width, t],
  );
  useTimelinePointer(canvas, { day, view }, { ...props, onHover: setHoverMs });

  const scene = useRef<Omit<Scene, 'playheadMs'> | null>(null);
  const dirty = useRef(true);
  useEffect(() => {
    scene.current = { day, view, tracks, selected, hours, marks, nowMs, hoverMs, gapBoxes: boxes };
    dirty.current = true;
  });
  const playhead = useRef(playheadMs);
  useEffect(() => {
    playhead.current = playheadMs;
  });
  useEffect(() => {
    let frame = 0;
    let drawnAt: number | null = null;
    // Drawn when something changed, or the playhead has moved by half a pixel.
    const draw = () => {
      const now = scene.current;
      const at = playhead.current();
      const msPerPx = now ? (now.view.toMs - now.view.fromMs) / Math.max(1, width) : 1;
      const moved = at === null || drawnAt === null ? at !== drawnAt : Math.abs(at - drawnAt) > msPerPx / 2;
      if (now && canvas.current && (dirty.current || moved)) {
        paint(canvas.current, width, height, { ...now, playheadMs: at });
        dirty.current = false;
        drawnAt = at;
      }
      frame = requestAnimationFrame(draw);
    };
    dirty.current = true;
    draw();
    return () => cancelAnimationFrame(frame);
  }, [width, height]);

  const top = STRIP + SPACE + RULER;
  return (
    <div className={classes.root} style={{ height }}>
      <div className={classes.gutter}>
        <span className={classes.day} style={{ height: STRIP }}>
          {t('wholeDay', { day: formatDay(day.fromMs) })}
        </span>
        <div style={{ height: SPACE + RULER }} />
        {tracks.map((track, i) => (
          <button
            key={track.cameraId}
            type="button"
            className={classes.name}
            style={{ height: TRACK }}
            aria-current={i === selected || undefined}
            onClick={() => onSelect(i)}
          >
            <span className={classes.number}>{i + 1}</span>
            {track.name}
          </button>
        ))}
      </div>
      <div className={classes.area} ref={ref}>
        <canvas
          ref={canvas}
          className={classes.canvas}
          style={{ height }}
          data-testid="timeline"
          aria-label={t('timeline')}
          role="img"
        />
        {boxes.map((row, i) =>
          row
            .filter((box) => box.show !== 'hatch')
            .map((box) => {
              const Glyph = gapIcon(box.gap.reason);
              return (
                <span
                  key={`${tracks[i]?.cameraId}-${box.gap.from}`}
                  className={classes.gap}
                  style={{ left: box.x + box.width / 2, top: top + i * TRACK, height: TRACK }}
                >
                  <Glyph size={14} stroke={1.8} aria-hidden />
                  {box.show === 'word' && `${words(box.gap.reason)}, ${spanWords(box.gap.to - box.gap.from)}`}
                </span>
              );
            }),
        )}
        {hoverMs !== null && width > 0 && (
          <Preview
            atMs={hoverMs}
            x={xOf(view, width, hoverMs)}
            width={width}
            cameraId={tracks[selected]?.cameraId ?? null}
            gap={
              tracks[selected]?.recording?.gaps.find((gap) => gap.from <= hoverMs && hoverMs < gap.to)?.reason ?? null
            }
          />
        )}
      </div>
    </div>
  );
}

type PreviewProps = { atMs: number; x: number; width: number; cameraId: string | null; gap: GapReason | null };

/** What was to be seen at the pointer: the time at once, the picture when the pointer rests. */
function Preview({ atMs, x, width, cameraId, gap }: PreviewProps) {
  const { t } = useTranslation('playback');
  const second = Math.floor(atMs / 1_000) * 1_000;
  const [restsAt, setRestsAt] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setRestsAt(second), PREVIEW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [second]);
  const pictured = gap === null && cameraId !== null && restsAt === second;
  return (
    <div className={classes.preview} style={{ left: Math.max(92, Math.min(width - 92, x)) }} aria-hidden>
      {pictured && <Still src={mediaPaths.snapshot(cameraId, second)} alt="" />}
      <span>
        <b>{formatTime(atMs)}</b> {gap !== null && t(`common:gapReason.${gap}`)}
      </span>
    </div>
  );
}
