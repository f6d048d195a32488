import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Camera } from '../../../server/contracts/cameras.ts';
import type { StreamName } from '../../../server/contracts/common.ts';
import type { Timeline as Recording } from '../../../server/contracts/timeline.ts';
import { timelineQuery } from '../../api/cameras.ts';
import { keys } from '../../api/keys.ts';
import { DAY_MS } from '../../components/time.ts';
import type { Track } from './timeline.tsx';

const REFRESH_MS = 10_000;

/** The stream that is played back: the main one, unless the camera has only the other. */
export function recordedStream(camera: Camera | undefined): StreamName {
  return camera && !camera.streams.some((stream) => stream.name === 'main') ? 'sub' : 'main';
}

/** Three days are at hand, so that midnight is nothing special to the eye. */
export function rangeAround(dayMs: number): { fromMs: number; toMs: number } {
  return { fromMs: dayMs - DAY_MS, toMs: dayMs + 2 * DAY_MS };
}

const held = (results: { data: Recording | undefined }[]) => results.map((result) => result.data);

/** What is recorded of each camera around a day; asked again every 10 s while the day is not over. */
export function useTracks(ids: readonly string[], cameras: readonly Camera[], dayMs: number): Track[] {
  const client = useQueryClient();
  const { fromMs, toMs } = rangeAround(dayMs);
  const byId = useMemo(() => new Map(cameras.map((camera) => [camera.id, camera])), [cameras]);
  const recordings = useQueries({
    queries: ids.map((id) => timelineQuery(id, recordedStream(byId.get(id)), fromMs, toMs)),
    combine: held,
  });
  useEffect(() => {
    if (toMs < Date.now()) return;
    const timer = setInterval(() => {
      for (const id of ids) void client.invalidateQueries({ queryKey: keys.timelines(id) });
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [client, ids, toMs]);
  return useMemo(
    () =>
      ids.map((cameraId, i) => {
        const camera = byId.get(cameraId);
        return { cameraId, name: camera?.name ?? '', online: camera?.state === 'online', recording: recordings[i] };
      }),
    [ids, byId, recordings],
  );
}
