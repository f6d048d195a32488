import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type CreateCameraRequest,
  camera,
  cameraArchive,
  cameraList,
  type PatchCameraRequest,
  type ReplaceCameraRequest,
} from '../../server/contracts/cameras.ts';
import type { StreamName } from '../../server/contracts/common.ts';
import { recorderHealth } from '../../server/contracts/health.ts';
import { timeline } from '../../server/contracts/timeline.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

const path = (id: string) => `/api/cameras/${encodeURIComponent(id)}`;

/** Every camera that the signed-in person may know of. */
export function useCameras(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.cameras,
    queryFn: async ({ signal }) => (await request('GET', '/api/cameras', { schema: cameraList, signal })).items,
    enabled: options.enabled ?? true,
  });
}

export function useCamera(id: string | undefined) {
  return useQuery({
    queryKey: keys.camera(id ?? ''),
    queryFn: ({ signal }) => request('GET', path(id ?? ''), { schema: camera, signal }),
    enabled: id !== undefined,
  });
}

/** Since when its streams are kept, and the city's days; administrators only. */
export function useCameraArchive(id: string) {
  return useQuery({
    queryKey: keys.cameraArchive(id),
    queryFn: ({ signal }) => request('GET', `${path(id)}/archive`, { schema: cameraArchive, signal }),
  });
}

/** Another day of the same camera may stand in while an answer comes; another camera's recordings would be taken for this one's. */
function ofSameCamera(cameraId: string) {
  return <T>(before: T | undefined, query?: { queryKey: readonly unknown[] }): T | undefined =>
    query !== undefined && keys.timelines(cameraId).every((part, i) => query.queryKey[i] === part) ? before : undefined;
}

/** The question behind `useTimeline`, for pages that ask it of several cameras at once. */
export function timelineQuery(cameraId: string, stream: StreamName, from: number, to: number) {
  return queryOptions({
    queryKey: keys.timeline(cameraId, stream, from, to),
    queryFn: ({ signal }) =>
      request('GET', `${path(cameraId)}/timeline`, { query: { stream, from, to }, schema: timeline, signal }),
    placeholderData: ofSameCamera(cameraId),
  });
}

/** What is recorded of one stream within [from, to), in epoch ms; the answer before stays while the next one comes. */
export function useTimeline(
  cameraId: string | undefined,
  stream: StreamName,
  from: number,
  to: number,
  options: { everyMs?: number } = {},
) {
  return useQuery({
    ...timelineQuery(cameraId ?? '', stream, from, to),
    enabled: cameraId !== undefined && to > from,
    refetchInterval: options.everyMs ?? false,
  });
}

function useChange<T, R>(send: (input: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.cameras }),
        client.invalidateQueries({ queryKey: ['camera'] }),
        client.invalidateQueries({ queryKey: ['discovery'] }),
      ]),
  });
}

export function useCreateCamera() {
  return useChange((body: CreateCameraRequest) => request('POST', '/api/cameras', { body, schema: camera }));
}

export function usePatchCamera() {
  return useChange(({ id, ...body }: PatchCameraRequest & { id: string }) =>
    request('PATCH', path(id), { body, schema: camera }),
  );
}

/** Puts another device in the place of a camera, which keeps its name, its place and its recordings. */
export function useReplaceCamera(id: string) {
  return useChange((body: ReplaceCameraRequest) => request('POST', `${path(id)}/replace`, { body, schema: camera }));
}

export function useRemoveCamera() {
  return useChange((id: string) => request('DELETE', path(id)));
}

/** What the recorder says of itself; administrators only. */
export function useHealth(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.health,
    queryFn: ({ signal }) => request('GET', '/api/health', { schema: recorderHealth, signal }),
    refetchInterval: 15_000,
    enabled: options.enabled ?? true,
  });
}
