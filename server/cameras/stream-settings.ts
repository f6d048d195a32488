import type { PatchCameraRequest } from '../contracts/cameras.ts';
import { AppError } from '../platform/errors.ts';
import type { StoredCamera } from '../storage/camera.store.ts';

/** Settings are given by stream; of one that the camera does not have nothing can be set. Errors: `stream_unknown`. */
export function checkStreams(
  stored: StoredCamera,
  patch: Pick<PatchCameraRequest, 'recording' | 'retentionDays' | 'sound'>,
): void {
  for (const key of ['recording', 'retentionDays', 'sound'] as const) {
    const unknown = Object.keys(patch[key] ?? {}).find((name) => !stored.streams.some((s) => s.name === name));
    if (unknown === undefined) continue;
    throw new AppError('invalid', 'stream_unknown', { fields: { [`${key}.${unknown}`]: 'stream_unknown' } });
  }
}
