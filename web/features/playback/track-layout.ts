import type { CameraEvent } from '../../../server/contracts/camera-events.ts';
import type { Severity } from '../../../server/contracts/common.ts';
import type { Gap, GapReason, TimelineIncident } from '../../../server/contracts/timeline.ts';
import { SEAM_MS } from '../../player/vod-policy.ts';
import { type Span, xOf } from './timeline-scale.ts';

export type Bar = { x: number; width: number };
/** How much of a gap's reason fits: icon and word, the icon, or only the hatch. */
export type GapBox = { x: number; width: number; show: 'word' | 'icon' | 'hatch'; gap: Gap };
/** One pin stands for the incidents within its width; it wears the shape of the gravest. */
export type Pin = { x: number; severity: Severity; incidents: TimelineIncident[] };

const ICON_FROM_PX = 14;
const WORD_FROM_PX = 40;
const PIN_PX = 14;
const EVENT_PX = 3;

/** Recorded stretches as bars; what lies closer than half a pixel is one bar, and no bar is thinner than a pixel. */
export function bars(recorded: readonly (readonly [number, number])[], span: Span, width: number): Bar[] {
  const list: Bar[] = [];
  for (let i = firstIn(recorded.length, (n) => recorded[n]?.[1] ?? 0, span.fromMs); i < recorded.length; i += 1) {
    const [from, to] = recorded[i] ?? [span.toMs, span.toMs];
    if (from >= span.toMs) break;
    const x = Math.max(0, xOf(span, width, from));
    const end = Math.min(width, xOf(span, width, to));
    const last = list.at(-1);
    if (last && x - (last.x + last.width) < 0.5) last.width = end - last.x;
    else list.push({ x, width: Math.max(1, end - x) });
  }
  return list;
}

/** Gaps as boxes, cut to what is in sight, with as much of the reason as fits. */
export function gapBoxes(
  gaps: readonly Gap[],
  span: Span,
  width: number,
  wordPx: (reason: GapReason) => number,
): GapBox[] {
  const list: GapBox[] = [];
  for (let i = firstIn(gaps.length, (n) => gaps[n]?.to ?? 0, span.fromMs); i < gaps.length; i += 1) {
    const gap = gaps[i];
    if (!gap || gap.from >= span.toMs) break;
    const x = Math.max(0, xOf(span, width, gap.from));
    const wide = Math.max(1, Math.min(width, xOf(span, width, gap.to)) - x);
    const last = list.at(-1);
    // What would be drawn within one pixel is drawn once.
    if (last && wide <= 1 && x - last.x < 1) continue;
    const word = wide >= WORD_FROM_PX && wide >= wordPx(gap.reason);
    list.push({ x, width: wide, gap, show: word ? 'word' : wide >= ICON_FROM_PX ? 'icon' : 'hatch' });
  }
  return list;
}

/** The first of so many sorted stretches that ends after a moment. */
function firstIn(count: number, endOf: (index: number) => number, ms: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endOf(middle) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where news of a camera are marked, and at least 3 px wide; what would touch is one mark. What goes on lasts until now. */
export function eventMarks(
  events: readonly CameraEvent[],
  span: Span,
  width: number,
  nowMs: number,
): { x: number; width: number }[] {
  const marks: { x: number; width: number }[] = [];
  for (const { fromMs, toMs } of [...events].sort((a, b) => a.fromMs - b.fromMs)) {
    const x = Math.max(0, xOf(span, width, fromMs));
    const end = Math.min(width, Math.max(x + EVENT_PX, xOf(span, width, toMs ?? nowMs)));
    if (end <= x || end < 0 || x >= width || (toMs ?? nowMs) < span.fromMs) continue;
    const last = marks.at(-1);
    if (last && x <= last.x + last.width) last.width = Math.max(last.width, end - last.x);
    else marks.push({ x, width: end - x });
  }
  return marks;
}

/** What a camera told at a moment, or so close to it that a pointer means it. */
export function eventsAt(events: readonly CameraEvent[], atMs: number, nearMs: number, nowMs: number): CameraEvent[] {
  return events.filter(({ fromMs, toMs }) => fromMs - nearMs <= atMs && atMs <= (toMs ?? nowMs) + nearMs);
}

/** Incidents as pins; those that would cover each other become one. */
export function pins(incidents: readonly TimelineIncident[], span: Span, width: number, pinPx = PIN_PX): Pin[] {
  const list: Pin[] = [];
  for (const incident of [...incidents].sort((a, b) => a.atMs - b.atMs)) {
    const x = xOf(span, width, incident.atMs);
    if (x < -pinPx || x > width + pinPx) continue;
    const last = list.at(-1);
    if (last && x - last.x < pinPx) {
      last.incidents.push(incident);
      if (incident.severity > last.severity) last.severity = incident.severity;
    } else list.push({ x, severity: incident.severity, incidents: [incident] });
  }
  return list;
}

/** The incident after (1) or before (-1) a moment; one within a second counts as the present one. */
export function stepIncident(
  incidents: readonly TimelineIncident[],
  atMs: number,
  direction: 1 | -1,
): TimelineIncident | null {
  const sorted = [...incidents].sort((a, b) => a.atMs - b.atMs);
  return direction === 1
    ? (sorted.find((incident) => incident.atMs > atMs + 1_000) ?? null)
    : (sorted.findLast((incident) => incident.atMs < atMs - 1_000) ?? null);
}

/** Where the next gap ends (1), or the one before began anew (-1): footage begins there. */
export function stepGapEnd(
  recorded: readonly (readonly [number, number])[],
  atMs: number,
  direction: 1 | -1,
): number | null {
  const begins = recorded.flatMap(([from], i) => (from - (recorded[i - 1]?.[1] ?? -Infinity) > SEAM_MS ? [from] : []));
  return (
    (direction === 1
      ? begins.find((from) => from > atMs + SEAM_MS)
      : begins.findLast((from) => from < atMs - SEAM_MS)) ?? null
  );
}
