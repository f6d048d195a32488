import type { Recording } from '../archive/archive-index.ts';
import { decodeKeyframes, type KeyframeEntry } from '../archive/keyframe-table.ts';

/** A recording file as playback sees it, closed or still open. Wall time runs evenly from `startMs` to `endMs` over `mediaDuration`. */
export interface PlayFile {
  /** The volume that it lies on; the first one unless told. */
  volumeId?: number;
  startMs: number;
  endMs: number;
  bytes: number;
  initBytes: number;
  initId: string;
  timescale: number;
  /** In units of the timescale. */
  mediaDuration: number;
  codec: string;
  keyframes: readonly KeyframeEntry[];
}

export function playFile(recording: Recording): PlayFile {
  return { ...recording, keyframes: decodeKeyframes(recording.keyframes) };
}

/** UTC epoch ms at a media time of the file. */
export function wallAt(file: PlayFile, media: number): number {
  if (file.mediaDuration === 0) return file.startMs;
  return file.startMs + (media / file.mediaDuration) * (file.endMs - file.startMs);
}

/** The index of the last keyframe at or before `atMs`, or of the first one. */
export function keyframeBefore(file: PlayFile, atMs: number): number {
  let low = 0;
  let high = file.keyframes.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    // Times are asked for in whole ms: a keyframe within the asked ms counts.
    if (Math.floor(wallAt(file, file.keyframes[middle]?.time ?? 0)) <= atMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
