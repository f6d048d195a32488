import type { StreamName } from './common.ts';

/** Addresses of media, in one place for server and console. */
export const mediaPaths = {
  live: (cameraId: string, stream: StreamName) => `/media/${cameraId}/${stream}/live.m3u8`,
  /**
   * The push stream: one MP4 without end, first the newest keyframe's fragments, then each as it is ready. Right before each `moof` stands a
   * `prft` (ISO/IEC 14496-12, 8.16.5): its NTP time is when the frame at its media time, which is the fragment's `tfdt`, was captured. The header `x-codec` says what decodes it. `ftyp` and
   * `moov` come again when the camera's stream begins anew, and media time with them. Where media time jumps forward within a run, the viewer
   * was too slow and has been given the next keyframe.
   */
  push: (cameraId: string, stream: StreamName) => `/media/${cameraId}/${stream}/live.mp4`,
  vod: (cameraId: string, stream: StreamName, fromMs: number, toMs: number) =>
    `/media/${cameraId}/${stream}/vod.m3u8?from=${Math.floor(fromMs)}&to=${Math.ceil(toMs)}`,
  keyframe: (cameraId: string, stream: StreamName, atMs: number) =>
    `/media/${cameraId}/${stream}/keyframe.mp4?at=${Math.floor(atMs)}`,
  /** The same media for a browser that decodes H.264 only. */
  asH264: (path: string) => `${path}${path.includes('?') ? '&' : '?'}as=h264`,
  /** A file for download, which needs a reason; `frame` is exact to the frame, `gop` as it was recorded from keyframe to keyframe. */
  clip: (cameraId: string, stream: StreamName, fromMs: number, toMs: number, exact: 'gop' | 'frame', reason: string) =>
    `/media/${cameraId}/${stream}/clip.mp4?from=${Math.floor(fromMs)}&to=${Math.ceil(toMs)}&exact=${exact}&reason=${encodeURIComponent(reason)}`,
  /** Newest still, or with `atMs` the still of the keyframe at or before that moment. */
  snapshot: (cameraId: string, atMs?: number) =>
    `/api/cameras/${cameraId}/snapshot.jpg${atMs === undefined ? '' : `?at=${Math.floor(atMs)}`}`,
  /** Footage of an incident for whoever may see the incident, also where the recordings themselves may not be seen. */
  incidentClip: (incidentId: string) => `/media/incidents/${incidentId}/vod.m3u8`,
  incidentStill: (incidentId: string) => `/api/incidents/${incidentId}/still.jpg`,
} as const;
