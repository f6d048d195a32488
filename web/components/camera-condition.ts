import type { CameraHealth } from '../../server/contracts/camera-health.ts';
import type { Camera } from '../../server/contracts/cameras.ts';

/** ok: every stream is recorded, and moves · connecting: not known yet · fault · off: switched off by an administrator. */
export type Condition = 'ok' | 'connecting' | 'fault' | 'off';

const STREAM_FAULTS: ReadonlySet<string> = new Set(['stalled', 'offline', 'auth_failed', 'disk_failed']);

/** What can be wrong with a picture that is recorded all the same. */
const PICTURE_FAULTS = ['covered', 'moved', 'dark', 'out_of_focus'] as const;
export interface PictureFault {
  state: (typeof PICTURE_FAULTS)[number];
  sinceMs: number;
}

/** A camera, and what is wrong with its picture. */
export type WatchedCamera = Camera & { picture?: PictureFault };

/** Cameras with what their health says of their pictures; one without fault stays the same object. */
export function withPictures(
  cameras: readonly Camera[],
  health: ReadonlyMap<string, CameraHealth> | undefined,
): WatchedCamera[] {
  return cameras.map((camera) => {
    const part = health?.get(camera.id)?.parts.find((one) => one.part === 'picture' && one.state === 'trouble');
    const state = PICTURE_FAULTS.find((fault) => fault === part?.cause);
    return part === undefined || state === undefined
      ? camera
      : { ...camera, picture: { state, sinceMs: part.sinceMs } };
  });
}

type Judged = Pick<WatchedCamera, 'state' | 'streams' | 'picture'>;

/** How a camera does. One that answers but is not wholly recorded, or shows nothing of its desk, is not well. */
export function conditionOf(camera: Judged): Condition {
  if (camera.state === 'stopped') return 'off';
  if (camera.state === 'offline' || camera.state === 'auth_failed') return 'fault';
  if (camera.streams.some((stream) => STREAM_FAULTS.has(stream.state))) return 'fault';
  if (frozenSince(camera) !== null || camera.picture !== undefined) return 'fault';
  return camera.state === 'connecting' ? 'connecting' : 'ok';
}

/** Since when a camera has sent the same picture, or null. It is recorded all the same. */
export function frozenSince({ streams }: Pick<Camera, 'streams'>): number | null {
  const since = streams.flatMap(({ frozenSinceMs }) => (frozenSinceMs === undefined ? [] : [frozenSinceMs]));
  return since.length === 0 ? null : Math.min(...since);
}

/** When a camera's fault began, and the state to name it by: that of the camera, of its worse stream, or of its picture. */
export function faultOf(camera: Judged & Pick<Camera, 'sinceMs'>) {
  const stream = camera.streams.find((one) => STREAM_FAULTS.has(one.state));
  if (camera.state === 'online' && stream !== undefined) {
    return { of: 'stream' as const, state: stream.state, sinceMs: stream.sinceMs, cause: stream.cause };
  }
  const frozenMs = frozenSince(camera);
  if (camera.state === 'online' && frozenMs !== null) {
    return { of: 'stream' as const, state: 'frozen' as const, sinceMs: frozenMs, cause: null };
  }
  if (camera.state === 'online' && camera.picture !== undefined) {
    return { of: 'stream' as const, ...camera.picture, cause: null };
  }
  return { of: 'camera' as const, state: camera.state, sinceMs: camera.sinceMs, cause: stream?.cause ?? null };
}
