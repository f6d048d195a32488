import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type BulkCamerasRequest,
  bulkCamerasAnswer,
  cameraProfile,
  cameraProfileList,
  type ProfileSettings,
} from '../../server/contracts/camera-profiles.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

const ROOT = '/api/camera-profiles';
const path = (id: string) => `${ROOT}/${encodeURIComponent(id)}`;

/** Settings that cameras share; administrators only. */
export function useCameraProfiles() {
  return useQuery({
    queryKey: keys.cameraProfiles,
    queryFn: async ({ signal }) => (await request('GET', ROOT, { schema: cameraProfileList, signal })).items,
  });
}

/** A change of a profile changes the cameras that have it. */
function useChange<T, R>(send: (input: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSettled: () =>
      Promise.all(
        [keys.cameraProfiles, keys.cameras, ['camera']].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  });
}

export function useSaveProfile() {
  return useChange(
    ({ id, version, ...body }: { id?: string; version?: number; name: string; settings: ProfileSettings }) =>
      id === undefined
        ? request('POST', ROOT, { body, schema: cameraProfile })
        : request('PATCH', path(id), { body: { ...body, version }, schema: cameraProfile }),
  );
}

export function useRemoveProfile() {
  return useChange((id: string) => request('DELETE', path(id)));
}

/** Changes many cameras at once; each says what became of it. */
export function useBulkCameras() {
  return useChange((body: BulkCamerasRequest) =>
    request('POST', '/api/cameras/bulk', { body, schema: bulkCamerasAnswer }),
  );
}
