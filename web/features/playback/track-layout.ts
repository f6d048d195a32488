import type { Severity } from '../../../server/contracts/common.ts';
import type { Gap, GapReason, TimelineIncident } from '../../../server/contracts/timeline.ts';
import { type Span, xOf } from './timeline-scale.ts';

export type Bar = { x: number; width: number };
/** How much of a gap's reason fits: icon and word, the icon, or only the hatch. */
export type GapBox = { x: number; width: number; show: 'word' | 'icon' | 'hatch'; gap: Gap };
/** One pin stands for the incidents within its width; it wears the shape of the gravest. */
export type Pin = { x: number; severity: Severity; incidents: TimelineIncident[] };

const ICON_FROM_PX = 14;
const WORD_FROM_PX = 40;
const PIN_PX = 14;

/** Recorded stretches as bars; what lies closer than half a pixel is one bar, and no bar is thinner than a pixel. */
export function bars(recorded: readonly (readonly [number, number])[], span: Span, width: number): Bar[] {
  const list: Bar[] = [];
  for (const [from, to] of recorded) {
    if (to <= span.fromMs || from >= span.toMs) continue;
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
  return gaps.flatMap((gap) => {
    if (gap.to <= span.fromMs || gap.from >= span.toMs) return [];
    const x = Math.max(0, xOf(span, width, gap.from));
    const wide = Math.max(1, Math.min(width, xOf(span, width, gap.to)) - x);
    const word = wide >= WORD_FROM_PX && wide >= wordPx(gap.reason);
    return [{ x, width: wide, gap, show: word ? 'word' : wide >= ICON_FROM_PX ? 'icon' : 'hatch' } as const];
  });
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

/** The recorded stretches of several cameras as one: where any has footage. */
export function union(tracks: readonly (readonly (readonly [number, number])[])[]): [number, number][] {
  const list: [number, number][] = [];
  for (const [from, to] of tracks.flat().sort((a, b) => a[0] - b[0])) {
    const last = list.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else list.push([from, to]);
  }
  return list;
}
