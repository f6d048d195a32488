import type { Camera, CameraState, CameraStream } from '../contracts/cameras.ts';
import type { CameraRecord } from './camera-record.ts';

/** A camera is as well as its best stream: one that records makes it online. `sinceMs` is when that began. */
export function cameraState(
  streams: readonly CameraStream[],
  enabled: boolean,
  createdAtMs: number,
): { state: CameraState; sinceMs: number } {
  const since = (chosen: readonly CameraStream[]) => Math.max(createdAtMs, Math.min(...chosen.map((s) => s.sinceMs)));
  if (!enabled) return { state: 'stopped', sinceMs: streams.length > 0 ? since(streams) : createdAtMs };
  const order: [CameraState, CameraStream['state'][]][] = [
    ['online', ['recording', 'disk_failed']],
    ['connecting', ['connecting']],
    ['auth_failed', ['auth_failed']],
    ['offline', ['offline', 'stalled']],
    ['stopped', ['stopped']],
  ];
  for (const [state, of] of order) {
    const matching = streams.filter((stream) => of.includes(stream.state));
    if (matching.length > 0) return { state, sinceMs: since(matching) };
  }
  return { state: 'connecting', sinceMs: createdAtMs };
}

/** A camera that is switched off is stopped, also while the recorder is still at it; since when is the switch until the recorder knows better. */
function asSwitched(stream: CameraStream, { enabled, changedAtMs }: CameraRecord): CameraStream {
  if (enabled || (stream.state === 'stopped' && stream.cause === null)) return stream;
  return { ...stream, state: 'stopped', cause: null, sinceMs: Math.max(stream.sinceMs, changedAtMs) };
}

/** What a reader sees of a camera: device facts where `withDevice` (administrators), credentials never. */
export function presentCamera(record: CameraRecord, recorded: readonly CameraStream[], withDevice: boolean): Camera {
  const streams = record.streams.map(
    ({ recording: _recording, retentionDays: _days, sound: _sound, ...stream }): CameraStream =>
      asSwitched(
        recorded.find((known) => known.name === stream.name) ?? {
          ...stream,
          state: 'connecting',
          sinceMs: record.createdAtMs,
          cause: null,
          codecString: null,
        },
        record,
      ),
  );
  // Until the first frames have come, the camera's own word for codec and size is the best there is.
  const told = streams.map((stream) => {
    const said = record.streams.find((other) => other.name === stream.name);
    return stream.width === 0 && said
      ? { ...stream, codec: said.codec, width: said.width, height: said.height }
      : stream;
  });
  const fps = (stream: CameraStream) =>
    stream.fps || (record.streams.find((other) => other.name === stream.name)?.fps ?? 0);
  const byStream = <T>(of: (stream: CameraRecord['streams'][number]) => T) =>
    Object.fromEntries(record.streams.map((stream) => [stream.name, of(stream)]));
  return {
    id: record.id,
    name: record.name,
    unitId: record.unitId,
    deskIds: record.deskIds,
    ...cameraState(streams, record.enabled, record.createdAtMs),
    streams: told.map((stream) => ({ ...stream, fps: fps(stream) })),
    simulated: record.simulated,
    ptz: record.ptz,
    ...(withDevice
      ? {
          device: { ...record.device, onvif: record.onvif, host: record.host },
          recording: byStream(({ recording }) => recording),
          retentionDays: byStream(({ retentionDays }) => retentionDays),
          sound: byStream(({ sound }) => sound),
          events: record.events,
          profileId: record.profileId,
          settingSources: record.settingSources,
        }
      : {}),
  };
}
