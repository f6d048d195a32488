import type { Camera } from '../../server/contracts/cameras.ts';

/** ok: every stream is recorded, and moves · connecting: not known yet · fault · off: switched off by an administrator. */
export type Condition = 'ok' | 'connecting' | 'fault' | 'off';

const STREAM_FAULTS: ReadonlySet<string> = new Set(['stalled', 'offline', 'auth_failed', 'disk_failed']);

/** How a camera does. One that answers but is not wholly recorded is not well. */
export function conditionOf(camera: Pick<Camera, 'state' | 'streams'>): Condition {
  if (camera.state === 'stopped') return 'off';
  if (camera.state === 'offline' || camera.state === 'auth_failed') return 'fault';
  if (camera.streams.some((stream) => STREAM_FAULTS.has(stream.state))) return 'fault';
  if (frozenSince(camera) !== null) return 'fault';
  return camera.state === 'connecting' ? 'connecting' : 'ok';
}

/** Since when a camera has sent the same picture, or null. It is recorded all the same. */
export function frozenSince({ streams }: Pick<Camera, 'streams'>): number | null {
  const since = streams.flatMap(({ frozenSinceMs }) => (frozenSinceMs === undefined ? [] : [frozenSinceMs]));
  return since.length === 0 ? null : Math.min(...since);
}

/** When a camera's fault began, and the state to name it by: that of the camera, or of its worse stream. */
export function faultOf(camera: Pick<Camera, 'state' | 'sinceMs' | 'streams'>) {
  const stream = camera.streams.find((one) => STREAM_FAULTS.has(one.state));
  if (camera.state === 'online' && stream !== undefined) {
    return { of: 'stream' as const, state: stream.state, sinceMs: stream.sinceMs, cause: stream.cause };
  }
  const frozenMs = frozenSince(camera);
  if (camera.state === 'online' && frozenMs !== null) {
    return { of: 'stream' as const, state: 'frozen' as const, sinceMs: frozenMs, cause: null };
  }
  return { of: 'camera' as const, state: camera.state, sinceMs: camera.sinceMs, cause: stream?.cause ?? null };
}
