import { type RefObject, useEffect, useRef } from 'react';
import { RULER, SPACE, STRIP } from './timeline-paint.ts';
import { centre, LONGEST_MS, msAt, pan, SHORTEST_MS, type Span, xOf, zoom } from './timeline-scale.ts';
import type { ViewStore } from './view-store.ts';

export type TimelineHandlers = {
  /** A click, or the end of a scrub. */
  onSeek: (ms: number, scrubbed: boolean) => void;
  /** While the ruler is dragged. */
  onScrub: (ms: number) => void;
  onHover: (ms: number | null) => void;
};

type Drag =
  | { kind: 'pan'; x: number; view: Span; moved: boolean }
  | { kind: 'scrub' }
  | { kind: 'strip'; x: number; view: Span; moved: boolean; part: 'from' | 'to' | 'whole' }
  | { kind: 'pinch'; apart: number; view: Span };

const CLICK_PX = 4;
const HANDLE_PX = 8;

/** Wheel and pinch zoom, dragging pans, the ruler scrubs, a click seeks; on the day's strip the window is moved and drawn wider. */
export function useTimelinePointer(
  canvas: RefObject<HTMLCanvasElement | null>,
  spans: { day: Span; views: ViewStore },
  handlers: TimelineHandlers,
): void {
  const latest = useRef({ ...spans, ...handlers });
  useEffect(() => {
    latest.current = { ...spans, ...handlers };
  });
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const fingers = new Map<number, number>();
    let drag: Drag | null = null;
    const at = (event: MouseEvent) => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top, width: box.width };
    };
    const apart = () => {
      const [a = 0, b = 0] = [...fingers.values()];
      return Math.max(20, Math.abs(a - b));
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0) return;
      const { x, y, width } = at(event);
      const { day, views, onScrub } = latest.current;
      const view = views.get();
      element.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, x);
      if (fingers.size === 2) drag = { kind: 'pinch', apart: apart(), view };
      else if (y < STRIP + SPACE / 2) {
        const near = (ms: number) => Math.abs(xOf(day, width, ms) - x) < HANDLE_PX;
        const part = near(view.fromMs) ? 'from' : near(view.toMs) ? 'to' : 'whole';
        const inside = x >= xOf(day, width, view.fromMs) && x <= xOf(day, width, view.toMs);
        const begun = part !== 'whole' || inside ? view : centre(view, msAt(day, width, x));
        drag = { kind: 'strip', x, view: begun, moved: false, part };
        views.set(begun);
      } else if (y < STRIP + SPACE + RULER) {
        drag = { kind: 'scrub' };
        onScrub(msAt(view, width, x));
      } else drag = { kind: 'pan', x, view, moved: false };
    };
    const move = (event: PointerEvent) => {
      const { x, y, width } = at(event);
      const { day, views, onScrub, onHover } = latest.current;
      const view = views.get();
      const onView = views.set;
      if (fingers.has(event.pointerId)) fingers.set(event.pointerId, x);
      onHover(
        y > STRIP + SPACE / 2 && event.pointerType !== 'touch' && drag?.kind !== 'pan' ? msAt(view, width, x) : null,
      );
      if (!drag) return;
      if (drag.kind === 'pinch') {
        const middle = [...fingers.values()].reduce((sum, each) => sum + each, 0) / Math.max(1, fingers.size);
        onView(zoom(drag.view, drag.apart / apart(), msAt(drag.view, width, middle)));
      } else if (drag.kind === 'scrub') onScrub(msAt(view, width, x));
      else {
        drag.moved ||= Math.abs(x - drag.x) > CLICK_PX;
        if (!drag.moved) return;
        const span = drag.kind === 'pan' ? drag.view : day;
        const by = msAt(span, width, x) - msAt(span, width, drag.x);
        if (drag.kind === 'pan') onView(pan(drag.view, -by));
        else onView(drag.part === 'whole' ? pan(drag.view, by) : stretch(drag.view, drag.part, by));
      }
    };
    const up = (event: PointerEvent) => {
      const { x, width } = at(event);
      const { day, views, onSeek } = latest.current;
      const view = views.get();
      fingers.delete(event.pointerId);
      if (drag?.kind === 'scrub') onSeek(msAt(view, width, x), true);
      else if (drag?.kind === 'pan' && !drag.moved) onSeek(msAt(view, width, x), false);
      else if (drag?.kind === 'strip' && !drag.moved && drag.part === 'whole') onSeek(msAt(day, width, x), false);
      drag = null;
    };
    const cancel = (event: PointerEvent) => {
      fingers.delete(event.pointerId);
      if (drag?.kind === 'scrub')
        latest.current.onSeek(msAt(latest.current.views.get(), at(event).width, at(event).x), true);
      drag = null;
    };
    const leave = () => latest.current.onHover(null);
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { x, width } = at(event);
      const { views } = latest.current;
      const view = views.get();
      const onView = views.set;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
        onView(pan(view, (by / width) * (view.toMs - view.fromMs)));
      } else onView(zoom(view, Math.exp(event.deltaY * 0.0016), msAt(view, width, x)));
    };
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', cancel);
    element.addEventListener('pointerleave', leave);
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', cancel);
      element.removeEventListener('pointerleave', leave);
      element.removeEventListener('wheel', wheel);
    };
  }, [canvas]);
}

/** One end of the window is drawn; it keeps between a minute and a day. */
function stretch(view: Span, end: 'from' | 'to', byMs: number): Span {
  if (end === 'from') {
    const fromMs = Math.min(view.toMs - SHORTEST_MS, Math.max(view.toMs - LONGEST_MS, view.fromMs + byMs));
    return { ...view, fromMs: Math.round(fromMs) };
  }
  const toMs = Math.max(view.fromMs + SHORTEST_MS, Math.min(view.fromMs + LONGEST_MS, view.toMs + byMs));
  return { ...view, toMs: Math.round(toMs) };
}
