import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDay } from '../../components/time.ts';
import type { PreviewFrames, PreviewWish } from '../../player/preview-frames.ts';
import { HoverPreview } from './hover-preview.tsx';
import classes from './timeline.module.css';
import { type PaintTrack, paint, RULER, type Scene, SPACE, STRIP, TRACK } from './timeline-paint.ts';
import type { Span } from './timeline-scale.ts';
import { sceneWords } from './timeline-words.ts';
import { gapBoxes } from './track-layout.ts';
import { type TimelineHandlers, useTimelinePointer } from './use-timeline-pointer.ts';
import type { ViewStore } from './view-store.ts';

/** `known`: the time around the day of which it has been told what is recorded. */
export type Track = PaintTrack & { name: string; known: Span | null };

type Props = Omit<TimelineHandlers, 'onHover'> & {
  day: Span;
  views: ViewStore;
  tracks: readonly Track[];
  selected: number;
  hours: Scene['hours'];
  marks: Scene['marks'];
  nowMs: number;
  /** Asked at every frame that is drawn. */
  playheadMs: () => number | null;
  previews: PreviewFrames;
  /** The picture to ask for when the selected track is hovered at a moment. */
  wishAt: (ms: number) => PreviewWish | null;
  onSelect: (track: number) => void;
};

const BELOW_PX = 12;

/** The day above, the detail below: recorded stretches, gaps with their reason, incidents, working hours, playhead. */
export function Timeline(props: Props) {
  const { day, views, tracks, selected, hours, marks, nowMs, playheadMs, onSelect } = props;
  const { t } = useTranslation('playback');
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ref, width } = useElementSize();
  const [hoverMs, setHoverMs] = useState<number | null>(null);
  const height = STRIP + SPACE + RULER + TRACK * Math.max(1, tracks.length) + BELOW_PX;
  const words = useMemo(() => sceneWords(t), [t]);
  useTimelinePointer(canvas, { day, views }, { ...props, onHover: setHoverMs });

  const scene = useRef<
    (Omit<Scene, 'playheadMs' | 'view' | 'gapBoxes' | 'tracks' | 'words'> & { tracks: readonly Track[] }) | null
  >(null);
  const dirty = useRef(true);
  useEffect(() => {
    scene.current = { day, tracks, selected, hours, marks, nowMs, hoverMs };
    dirty.current = true;
  });
  const playhead = useRef(playheadMs);
  useEffect(() => {
    playhead.current = playheadMs;
  });
  useEffect(() => {
    let frame = 0;
    let drawnAt: number | null = null;
    const unsubscribe = views.subscribe(() => {
      dirty.current = true;
    });
    // Drawn when something changed, or the playhead has moved by half a pixel.
    const draw = () => {
      const now = scene.current;
      const at = playhead.current();
      const view = views.get();
      const msPerPx = (view.toMs - view.fromMs) / Math.max(1, width);
      const moved = at === null || drawnAt === null ? at !== drawnAt : Math.abs(at - drawnAt) > msPerPx / 2;
      if (now && canvas.current && (dirty.current || moved)) {
        const boxes = now.tracks.map((track) => gapBoxes(track.recording?.gaps ?? [], view, width, words.gapPx));
        paint(canvas.current, width, height, { ...now, view, words, gapBoxes: boxes, playheadMs: at });
        dirty.current = false;
        drawnAt = at;
        const told = now.tracks.length > 0 && now.tracks.every(({ known }) => known && known.toMs >= now.day.toMs);
        canvas.current.dataset.viewFrom = String(view.fromMs);
        canvas.current.dataset.viewTo = String(view.toMs);
        // For whoever waits until the day is drawn.
        if (told) canvas.current.dataset.drawn = String(now.day.fromMs);
      }
      frame = requestAnimationFrame(draw);
    };
    dirty.current = true;
    draw();
    return () => {
      unsubscribe();
      cancelAnimationFrame(frame);
    };
  }, [width, height, views, words]);

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
        {hoverMs !== null && width > 0 && (
          <HoverPreview
            atMs={hoverMs}
            views={views}
            width={width}
            previews={props.previews}
            wish={props.wishAt(hoverMs)}
            name={tracks[selected]?.name ?? ''}
            recording={tracks[selected]?.recording}
          />
        )}
      </div>
    </div>
  );
}
