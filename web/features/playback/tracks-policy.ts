import type { Gap, Timeline, TimelineIncident } from '../../../server/contracts/timeline.ts';
import { DAY_MS, MINUTE_MS, startOfDay } from '../../components/time.ts';
import type { Span } from './timeline-scale.ts';

/** The growing edge begins anew so often; what lies before is asked for once. */
export const EDGE_MS = 10 * MINUTE_MS;
/** Recordings that touch within this time are one bar. */
const TOUCH_MS = 1;

export type Piece = Span & { grows: boolean };

/**
 * The pieces that a span is asked for in: whole days, which do not change; of today what lies before the edge; and the edge, the only
 * piece that is asked for again and again. `span` is met by whole days, nothing lies in the future.
 */
export function piecesOf(span: Span, nowMs: number): Piece[] {
  const edgeMs = Math.floor(nowMs / EDGE_MS) * EDGE_MS - EDGE_MS;
  const pieces: Piece[] = [];
  for (let day = startOfDay(span.fromMs); day < span.toMs && day <= nowMs; day += DAY_MS) {
    const end = day + DAY_MS;
    if (end <= edgeMs) pieces.push({ fromMs: day, toMs: end, grows: false });
    else {
      if (edgeMs > day) pieces.push({ fromMs: day, toMs: edgeMs, grows: false });
      pieces.push({ fromMs: Math.max(day, edgeMs), toMs: end, grows: true });
    }
  }
  return pieces;
}

type Stretch = [number, number];

function joined(stretches: readonly (readonly [number, number])[]): Stretch[] {
  const list: Stretch[] = [];
  for (const [from, to] of stretches) {
    const last = list.at(-1);
    if (last && from - last[1] <= TOUCH_MS) last[1] = Math.max(last[1], to);
    else list.push([from, to]);
  }
  return list;
}

/** Answers for consecutive pieces as one: what was cut between them is whole again. `parts` are in order. */
export function merge(parts: readonly (Timeline | undefined)[]): Timeline | undefined {
  const there = parts.filter((part) => part !== undefined);
  const first = there[0];
  if (!first || there.length === 1) return first;
  const gaps: Gap[] = [];
  for (const gap of there.flatMap((part) => part.gaps)) {
    const last = gaps.at(-1);
    if (last && last.reason === gap.reason && gap.from - last.to <= TOUCH_MS) last.to = Math.max(last.to, gap.to);
    else gaps.push({ ...gap });
  }
  const incidents = new Map<string, TimelineIncident>();
  for (const incident of there.flatMap((part) => part.incidents)) incidents.set(incident.id, incident);
  const events = new Map(there.flatMap((part) => part.events ?? []).map((event) => [event.id, event]));
  const offline = joined(there.flatMap((part) => part.offline ?? []));
  return {
    stream: first.stream,
    recorded: joined(there.flatMap((part) => part.recorded)),
    gaps,
    incidents: [...incidents.values()],
    ...(offline.length > 0 && { offline }),
    ...(events.size > 0 && { events: [...events.values()] }),
  };
}

/** The unbroken time around a moment of which the answers are there, or null; `parts` stand for `pieces`. */
export function knownAround(
  pieces: readonly Piece[],
  parts: readonly (Timeline | undefined)[],
  atMs: number,
): Span | null {
  const there = (i: number) => parts[i] !== undefined;
  let first = pieces.findIndex((piece) => piece.fromMs <= atMs && atMs < piece.toMs);
  if (first < 0 || !there(first)) return null;
  let last = first;
  while (there(first - 1) && pieces[first - 1]?.toMs === pieces[first]?.fromMs) first -= 1;
  while (there(last + 1) && pieces[last + 1]?.fromMs === pieces[last]?.toMs) last += 1;
  return { fromMs: pieces[first]?.fromMs ?? atMs, toMs: pieces[last]?.toMs ?? atMs };
}
