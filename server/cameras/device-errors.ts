import { AppError } from '../platform/errors.ts';
import { authFailureOf, OnvifError } from './onvif/errors.ts';

/** A device's failure in the codes of the API: `camera_unreachable`, `camera_refused`, `camera_bad_credentials` and their kin. */
export async function toldAsCamera<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OnvifError)) throw error;
    const auth = authFailureOf(error);
    if (auth) throw new AppError('conflict', `camera_${auth}`, { cause: error });
    if (error.failure === 'certificate_changed')
      throw new AppError('conflict', 'camera_certificate_changed', { cause: error });
    if (error.failure === 'fault' || error.failure === 'http' || error.failure === 'malformed')
      throw new AppError('conflict', 'camera_refused', { cause: error });
    throw new AppError('unavailable', 'camera_unreachable', { cause: error });
  }
}
