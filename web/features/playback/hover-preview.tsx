import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Timeline as Recording } from '../../../server/contracts/timeline.ts';
import { serverNow } from '../../api/server-clock.ts';
import { formatTime } from '../../components/time.ts';
import { PREVIEW_STEP_MS, type PreviewFrames, type PreviewWish } from '../../player/preview-frames.ts';
import classes from './timeline.module.css';
import { msAt, xOf } from './timeline-scale.ts';
import { eventsAt } from './track-layout.ts';
import { useView, type ViewStore } from './view-store.ts';

type Props = {
  atMs: number;
  views: ViewStore;
  width: number;
  previews: PreviewFrames;
  wish: PreviewWish | null;
  name: string;
  recording: Recording | undefined;
};

const WIDE = 184;
const NEIGHBOUR_PX = 6;
const EVENT_NEAR_PX = 3;

/** What was to be seen at the pointer: the time at once, the keyframe's picture as soon as it is decoded, or why there is none. */
export function HoverPreview({ atMs, views, width, previews, wish, name, recording }: Props) {
  const { t } = useTranslation('playback');
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState<string | null>(null);
  const view = useView(views, (now) => now);
  const gap = recording?.gaps.find((each) => each.from <= atMs && atMs < each.to)?.reason ?? null;
  const away = recording?.offline?.some(([from, to]) => from <= atMs && atMs < to) ?? false;
  const near = msAt(view, width, EVENT_NEAR_PX) - view.fromMs;
  const told = [...new Set(eventsAt(recording?.events ?? [], atMs, near, serverNow()).map(({ kind }) => kind))];
  const step = Math.floor(atMs / PREVIEW_STEP_MS);
  const wanted = gap === null && !away && wish !== null ? `${wish.cameraId} ${wish.stream}` : null;
  const latest = useRef(wish);
  useEffect(() => {
    latest.current = wish;
  });
  const stepPx = msAt(view, width, NEIGHBOUR_PX) - view.fromMs;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a picture for each step of time; the rest of the wish is in `wanted`
  useEffect(() => {
    const asked = latest.current;
    if (wanted === null || !asked) return;
    let left = false;
    void previews.ask(asked).then((preview) => {
      const context = canvas.current?.getContext('2d');
      if (left || !preview || !context || !canvas.current || preview.picture.width === 0) return;
      const { picture } = preview;
      canvas.current.width = WIDE * 2;
      canvas.current.height = Math.round((WIDE * 2 * picture.height) / picture.width);
      context.drawImage(picture, 0, 0, canvas.current.width, canvas.current.height);
      canvas.current.dataset.shownMs = String(asked.atMs);
      setShown(wanted);
      previews.prefetch([1, -1].map((side) => ({ ...asked, atMs: asked.atMs + side * stepPx })));
    });
    return () => {
      left = true;
    };
  }, [wanted, step, previews]);
  const x = xOf(view, width, atMs);
  return (
    <div className={classes.preview} style={{ left: Math.max(92, Math.min(width - 92, x)) }} aria-hidden>
      {wanted !== null && (
        <span className={classes.previewPicture}>
          <canvas ref={canvas} data-testid="hover-preview" hidden={shown !== wanted} />
        </span>
      )}
      <span className={classes.previewWords}>
        <b>{formatTime(atMs)}</b>
        {told.map((kind) => (
          <span key={kind}>{t(`common:cameraEvent.${kind}`)}</span>
        ))}
        <span>{gap !== null ? t(`common:gapReason.${gap}`) : away ? t('volumeAway') : name}</span>
      </span>
    </div>
  );
}
