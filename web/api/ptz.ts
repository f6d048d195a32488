import { useQuery } from '@tanstack/react-query';
import { type PtzAnswer, type PtzCommand, ptzAnswer, ptzState } from '../../server/contracts/ptz.ts';
import { request } from './client.ts';

const path = (cameraId: string) => `/api/cameras/${encodeURIComponent(cameraId)}/ptz`;

/** What of a camera can be steered, its presets, and who steers it now. */
export function usePtzState(cameraId: string) {
  return useQuery({
    queryKey: ['ptz', cameraId],
    queryFn: ({ signal }) => request('GET', path(cameraId), { schema: ptzState, signal }),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Sends one command. */
export function sendPtz(cameraId: string, command: PtzCommand): Promise<PtzAnswer> {
  return request('POST', path(cameraId), { body: command, schema: ptzAnswer });
}
