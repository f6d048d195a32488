import type { Camera } from '../../server/contracts/cameras.ts';

/** ok: every stream is recorded · connecting: not known yet · fault · off: switched off by an administrator. */
export type Condition = 'ok' | 'connecting' | 'fault' | 'off';

const STREAM_FAULTS: ReadonlySet<string> = new Set(['stalled', 'offline', 'auth_failed', 'disk_failed']);

/** How a camera does. One that answers but is not wholly recorded is not well. */
export function conditionOf(camera: Pick<Camera, 'state' | 'streams'>): Condition {
  if (camera.state === 'stopped') return 'off';
  if (camera.state === 'offline' || camera.state === 'auth_failed') return 'fault';
  if (camera.streams.some((stream) => STREAM_FAULTS.has(stream.state))) return 'fault';
  return camera.state === 'connecting' ? 'connecting' : 'ok';
}

/** When a camera's fault began, and the state to name it by: that of the camera, or of its worse stream. */
export function faultOf(camera: Pick<Camera, 'state' | 'sinceMs' | 'streams'>) {
  const stream = camera.streams.find((one) => STREAM_FAULTS.has(one.state));
  if (camera.state === 'online' && stream !== undefined) {
    return { of: 'stream' as const, state: stream.state, sinceMs: stream.sinceMs, cause: stream.cause };
  }
  return { of: 'camera' as const, state: camera.state, sinceMs: camera.sinceMs, cause: stream?.cause ?? null };
}
