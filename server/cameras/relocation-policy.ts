import type { CameraRow } from '../storage/camera.store.ts';
import type { ProbeResult } from './probe.ts';

type Known = Pick<CameraRow, 'endpoint' | 'serial' | 'manufacturer' | 'model' | 'credentials'>;

/** Whether a probed device is the camera that is known: true and false where something names it, null where nothing does. */
export function isKnownDevice(known: Known, result: ProbeResult): boolean | null {
  if (known.endpoint !== null && result.endpoint !== null) return known.endpoint === result.endpoint;
  const serial = result.device?.serial ?? '';
  if (known.serial !== '' && serial !== '') return known.serial === serial;
  return null;
}

/**
 * Why a device at another address is not taken for the camera that said Hello there, or null where it is. Its word alone counts for
 * nothing: it has to take the camera's credentials, and to be who the camera was.
 */
export function relocationObstacle(known: Known, result: ProbeResult): string | null {
  if (result.failure?.code === 'certificate_changed') return 'certificate_changed';
  if (!result.reachable) return 'unreachable';
  if (result.auth.error) return result.auth.error;
  if (!result.isOnvif) return 'not_onvif';
  if (!result.profiles.some((profile) => profile.stream === 'main')) return 'no_stream';
  const isKnown = isKnownDevice(known, result);
  if (isKnown === false) return 'another_device';
  if (known.credentials !== null && result.warnings.some(({ code }) => code === 'credentials_unproven'))
    return 'credentials_unproven';
  if (isKnown === true) return null;
  const same = result.device?.manufacturer === known.manufacturer && result.device.model === known.model;
  return same && known.credentials !== null ? null : 'identity_unproven';
}
