import { useQueries } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Camera } from '../../../server/contracts/cameras.ts';
import type { StreamName } from '../../../server/contracts/common.ts';
import type { Timeline as Recording } from '../../../server/contracts/timeline.ts';
import { timelineQuery } from '../../api/cameras.ts';
import { DAY_MS, HOUR_MS, startOfDay } from '../../components/time.ts';
import type { Track } from './timeline.tsx';
import type { Span } from './timeline-scale.ts';
import { EDGE_MS, knownAround, merge, type Piece, piecesOf } from './tracks-policy.ts';
import type { ViewStore } from './view-store.ts';

const REFRESH_MS = 10_000;
/** Retention may take something from a day that is over; nothing else changes it but an incident, which is told. */
const FRESH_MS = HOUR_MS;
const KEPT_MS = 30 * 60_000;
const NEIGHBOURS_AFTER_MS = 300;
/** Days that the view only passes through are not asked for. */
const VIEW_RESTS_MS = 120;

/** The stream whose recordings a timeline tells: the main one, unless the camera has only the other. */
export function recordedStream(camera: Camera | undefined): StreamName {
  return camera && !camera.streams.some((stream) => stream.name === 'main') ? 'sub' : 'main';
}

/** Three days are at hand, so that midnight is nothing special to the eye. */
export function rangeAround(dayMs: number): Span {
  return { fromMs: dayMs - DAY_MS, toMs: dayMs + 2 * DAY_MS };
}

type Answers = readonly (Recording | undefined)[];
const held = (results: { data: Recording | undefined }[]): Answers => results.map((result) => result.data);

/** The day that the view begins in, once it rests there. */
function useRestedDay(views: ViewStore): number {
  const [day, setDay] = useState(() => startOfDay(views.get().fromMs));
  useEffect(() => {
    let rests: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = views.subscribe(() => {
      clearTimeout(rests);
      rests = setTimeout(() => setDay(startOfDay(views.get().fromMs)), VIEW_RESTS_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(rests);
    };
  }, [views]);
  return day;
}

/** What is recorded of each camera, day by day, around the day that plays and around what the timeline shows; only the growing edge is asked for again. */
export function useTracks(
  ids: readonly string[],
  cameras: readonly Camera[],
  dayMs: number,
  views: ViewStore,
  nowMs: number,
): Track[] {
  const viewDay = useRestedDay(views);
  const byId = useMemo(() => new Map(cameras.map((camera) => [camera.id, camera])), [cameras]);
  const edge = Math.floor(nowMs / EDGE_MS) * EDGE_MS;
  const pieces = useMemo(() => {
    const around = rangeAround(dayMs);
    const shown = { fromMs: viewDay, toMs: viewDay + 2 * DAY_MS };
    const apart = shown.fromMs > around.toMs || shown.toMs < around.fromMs;
    const span = { fromMs: Math.min(around.fromMs, shown.fromMs), toMs: Math.max(around.toMs, shown.toMs) };
    const spans = apart ? [around, shown].sort((a, b) => a.fromMs - b.fromMs) : [span];
    const all = spans.flatMap((each) => piecesOf(each, edge));
    const first = all.filter((each) => each.fromMs < dayMs + DAY_MS && each.toMs > dayMs);
    return { all, first, later: all.filter((each) => !first.includes(each)) };
  }, [dayMs, viewDay, edge]);
  const question = (id: string, { fromMs, toMs, grows }: Piece, enabled: boolean) => ({
    ...timelineQuery(id, recordedStream(byId.get(id)), fromMs, toMs),
    // Another day's answer must not stand for this one's.
    placeholderData: undefined,
    staleTime: grows ? 0 : FRESH_MS,
    gcTime: KEPT_MS,
    refetchInterval: grows ? REFRESH_MS : (false as const),
    enabled,
  });
  const { first, later } = pieces;
  const day = useQueries({
    queries: ids.flatMap((id) => first.map((piece) => question(id, piece, true))),
    combine: held,
  });
  // The day that plays comes first, its neighbours when it is there and drawn.
  const dayIsThere = day.every((answer) => answer !== undefined);
  const [drawnMs, setDrawnMs] = useState<number | null>(null);
  useEffect(() => {
    if (!dayIsThere) return;
    const timer = setTimeout(() => setDrawnMs(dayMs), NEIGHBOURS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [dayIsThere, dayMs]);
  const around = useQueries({
    queries: ids.flatMap((id) => later.map((piece) => question(id, piece, dayIsThere && drawnMs === dayMs))),
    combine: held,
  });
  const merged = useRef(new Map<string, { parts: Answers; track: Track }>());
  return useMemo(
    () =>
      ids.map((cameraId, i) => {
        const camera = byId.get(cameraId);
        const parts = pieces.all.map((piece) => {
          const at = first.indexOf(piece);
          return at >= 0 ? day[i * first.length + at] : around[i * later.length + later.indexOf(piece)];
        });
        const before = merged.current.get(cameraId);
        const same = before?.parts.length === parts.length && parts.every((part, n) => part === before.parts[n]);
        // While the edge begins anew, what was known of it stands.
        const recording = same ? before?.track.recording : merge(parts);
        const known = knownAround(pieces.all, parts, dayMs);
        const next = { cameraId, name: camera?.name ?? '', online: camera?.state === 'online', recording, known };
        const track = before && isSame(before.track, next) ? before.track : next;
        merged.current.set(cameraId, { parts, track });
        return track;
      }),
    [ids, byId, day, around, pieces, first, later, dayMs],
  );
}

/** What did not change stays the same object, so that its tile is not rendered anew. */
function isSame(a: Track, b: Track): boolean {
  return (
    a.name === b.name &&
    a.online === b.online &&
    a.recording === b.recording &&
    a.known?.fromMs === b.known?.fromMs &&
    a.known?.toMs === b.known?.toMs
  );
}
