import type { StreamName } from '../../contracts/common.ts';
import type { GapReason } from '../../contracts/timeline.ts';
import type { ClockState } from '../stream/media-clock.ts';

export interface Recording {
  streamId: number;
  /** The volume that the file lies on. */
  volumeId: number;
  startMs: number;
  endMs: number;
  bytes: number;
  initBytes: number;
  /** The same for files whose inits are the same, byte for byte. */
  initId: string;
  timescale: number;
  /** In units of the timescale; differs from `endMs - startMs` by the drift that was taken up. */
  mediaDuration: number;
  codec: string;
  width: number;
  height: number;
  sha256: Uint8Array;
  clock: ClockState;
  /** See `keyframe-table.ts`. */
  keyframes: Uint8Array;
}

/** What the check needs of a row. */
export interface FileRow {
  startMs: number;
  volumeId: number;
  bytes: number;
  sha256: Uint8Array;
}

export interface GapRow {
  fromMs: number;
  /** Null while the gap is open. */
  toMs: number | null;
  reason: GapReason;
}

export interface Hold {
  owner: string;
  cameraId: string;
  fromMs: number;
  toMs: number;
}

export interface VolumeRow {
  id: number;
  /** As in the volume's identity file. */
  uuid: string;
  name: string;
  files: number;
  bytes: number;
}

/** What retention needs of a recording. */
export interface AgedRecording {
  streamId: number;
  cameraId: string;
  stream: StreamName;
  volumeId: number;
  startMs: number;
  endMs: number;
  bytes: number;
}

export interface StreamRow {
  id: number;
  cameraId: string;
  name: StreamName;
  /** When the stream was first asked for: nothing was scheduled before. */
  sinceMs: number;
}
