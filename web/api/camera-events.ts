import { useInfiniteQuery } from '@tanstack/react-query';
import { cameraEventsAnswer } from '../../server/contracts/camera-events.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

const EVERY_MS = 15_000;

/** What a camera told of itself, newest first, and whether it is listened to; administrators only. */
export function useCameraEvents(cameraId: string, options: { enabled: boolean }) {
  return useInfiniteQuery({
    queryKey: keys.cameraEvents(cameraId),
    queryFn: ({ pageParam, signal }) =>
      request('GET', `/api/cameras/${encodeURIComponent(cameraId)}/events`, {
        query: { cursor: pageParam ?? undefined, limit: 20 },
        schema: cameraEventsAnswer,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: EVERY_MS,
    enabled: options.enabled,
  });
}
