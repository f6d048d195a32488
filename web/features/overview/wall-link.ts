import type { Camera } from '../../../server/contracts/cameras.ts';
import { queryString } from '../../api/client.ts';

/** The address of the wall with one desk in full. */
export const deskLink = (cameraId: string) => `/wall${queryString({ layout: 1, cameras: cameraId })}`;

/** The address of the wall with several cameras; the wall picks the layout that holds them. */
export const camerasLink = (cameras: readonly Pick<Camera, 'id'>[]) =>
  `/wall${queryString({ cameras: cameras.slice(0, 16).map((camera) => camera.id) })}`;
