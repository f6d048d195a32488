import type { PatchCameraRequest } from '../contracts/cameras.ts';
import { streamName } from '../contracts/common.ts';
import { AppError } from '../platform/errors.ts';
import type { CameraStreamRow, StoredCamera, StreamChange } from '../storage/camera.store.ts';
import { toFlag } from '../storage/columns.ts';

type StreamSettings = Pick<PatchCameraRequest, 'recording' | 'retentionDays' | 'sound'>;

/** What a request wants of one stream. */
export function wanted({ name: stored }: CameraStreamRow, request: StreamSettings): StreamChange {
  const name = streamName.parse(stored);
  const [recording, days, sound] = [request.recording?.[name], request.retentionDays?.[name], request.sound?.[name]];
  return {
    ...(recording !== undefined && { recording: JSON.stringify(recording) }),
    ...(days !== undefined && { retention_days: days }),
    ...(sound !== undefined && { sound: toFlag(sound) }),
  };
}

/** By stream, those that a change names. Errors: `stream_unknown`. */
export function streamChanges(stored: StoredCamera, patch: StreamSettings): Map<string, StreamChange> {
  for (const key of ['recording', 'retentionDays', 'sound'] as const) {
    const unknown = Object.keys(patch[key] ?? {}).find((name) => !stored.streams.some((s) => s.name === name));
    if (unknown === undefined) continue;
    throw new AppError('invalid', 'stream_unknown', { fields: { [`${key}.${unknown}`]: 'stream_unknown' } });
  }
  const changes = stored.streams.map((stream) => [stream.name, wanted(stream, patch)] as const);
  return new Map(changes.filter(([, change]) => Object.keys(change).length > 0));
}
