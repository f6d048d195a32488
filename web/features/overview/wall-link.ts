import type { Camera } from '../../../server/contracts/cameras.ts';
import { paths } from '../../app/paths.ts';

/** The address of the wall with one desk in full. */
export const deskLink = (cameraId: string) => paths.wall({ camera: cameraId });

/** The address of the wall with several cameras; the wall picks the layout that holds them. */
export const camerasLink = (cameras: readonly Pick<Camera, 'id'>[]) =>
  paths.wall({ cameras: cameras.slice(0, 16).map((camera) => camera.id) });
