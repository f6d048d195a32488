import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query';
import {
  type CreateInspectionsRequest,
  clockAnswer,
  type FixRequest,
  fixAnswer,
  type ImportCamerasRequest,
  type Inspection,
  importAnswer,
  inspection,
  inspectionList,
  rebootAnswer,
} from '../../server/contracts/camera-onboarding.ts';
import type { StreamName } from '../../server/contracts/common.ts';
import { ApiError, queryString, request } from './client.ts';
import { type DownloadedFile, download } from './download.ts';
import { keys } from './keys.ts';

const ROOT = '/api/onboarding/inspections';
const path = (id: string) => `${ROOT}/${encodeURIComponent(id)}`;
const cameraPath = (id: string) => `/api/cameras/${encodeURIComponent(id)}`;
const RUNNING_REFETCH_MS = 1500;
/** It is forgotten after a quarter of an hour; what it said stays on the screen. */
const STANDS_MS = Infinity;

/** The picture of a device that is no camera yet; `turn` asks for a new one. */
export const inspectionPicture = (id: string, stream: StreamName, turn: number) =>
  `${path(id)}/picture.jpg${queryString({ stream, turn })}`;

/** Asks for several devices, with one pair of credentials, to be looked at closely. */
export function useInspect() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: CreateInspectionsRequest) =>
      (await request('POST', ROOT, { body, schema: inspectionList })).items,
    onSuccess: (items) => {
      for (const one of items) client.setQueryData(keys.inspection(one.id), one);
    },
  });
}

/** Inspections by their id, as far as they are known; `gone` are those that the server has forgotten before they were read. */
export function useInspections(ids: readonly string[]): { byId: Map<string, Inspection>; gone: string[] } {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: keys.inspection(id),
      queryFn: ({ signal }: { signal: AbortSignal }) => request('GET', path(id), { schema: inspection, signal }),
      refetchInterval: (query: { state: { data?: Inspection | undefined; error: unknown } }) =>
        query.state.data?.state === 'running' && query.state.error === null ? RUNNING_REFETCH_MS : (false as const),
      staleTime: STANDS_MS,
      gcTime: STANDS_MS,
    })),
    combine: (results) => ({
      byId: new Map(results.flatMap(({ data }) => (data === undefined ? [] : [[data.id, data]]))),
      gone: ids.filter((_, at) => {
        const error = results[at]?.error;
        return error instanceof ApiError && error.status === 404;
      }),
    }),
  });
}

/** Does what was advised, on the device itself. */
export function useFixDevice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: FixRequest & { id: string }) =>
      request('POST', `${path(id)}/fixes`, { body, schema: fixAnswer }),
    onSuccess: (answer) => client.setQueryData(keys.inspection(answer.inspection.id), answer.inspection),
  });
}

/** The columns of a file of cameras, with examples. Errors: as `download`. */
export function downloadImportTemplate(signal: AbortSignal): Promise<DownloadedFile> {
  return download('/api/cameras/import/template.csv', { name: 'cameras.csv', signal });
}

/** Tries a file of cameras, or adds them with `apply`. */
export function useImportCameras() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ImportCamerasRequest) => request('POST', '/api/cameras/import', { body, schema: importAnswer }),
    onSuccess: ({ applied }) => (applied ? client.invalidateQueries({ queryKey: keys.cameras }) : undefined),
  });
}

/** Sets the clock of a camera: once to our time, or to follow a time server. */
export function useSetClock(cameraId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { ntp?: string }) =>
      request('POST', `${cameraPath(cameraId)}/clock`, { body, schema: clockAnswer }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.cameraHealthOf(cameraId) }),
  });
}

/** Starts a camera anew; its pictures are missing for a minute or so. */
export function useReboot(cameraId: string) {
  return useMutation({
    mutationFn: (reason: string) =>
      request('POST', `${cameraPath(cameraId)}/reboot`, { body: { reason }, schema: rebootAnswer }),
  });
}
