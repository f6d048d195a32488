import type { CameraState, StreamState } from '../../server/contracts/cameras.ts';
import type { StreamName } from '../../server/contracts/common.ts';

/**
 * still: nothing is fetched, the last picture stands · connecting: the first frame is awaited · live: frames come, close to the lens ·
 * behind: frames come, late · stalled: no new frame · offline: the camera (or the server) cannot be had.
 */
export type LiveState = 'still' | 'connecting' | 'live' | 'behind' | 'stalled' | 'offline';

/** Stable codes that the console words. */
export type LiveReason =
  | 'none'
  | 'hidden'
  | 'few_connections'
  | 'waiting_for_picture'
  | 'retrying'
  | 'no_new_frame'
  | 'no_picture'
  | 'catching_up'
  | 'camera_offline'
  | 'camera_auth_failed'
  | 'camera_stopped'
  | 'camera_no_frames'
  | 'camera_connecting'
  | 'no_right'
  | 'transcodes_busy'
  | 'unreachable';

/** What the server says of the camera and of the stream that the tile shows. */
export type SourceState = {
  camera: CameraState;
  stream: StreamState | null;
  sinceMs: number;
  /** What each stream of the camera needs to be decoded, where that is known. */
  codecs?: Partial<Record<StreamName, string | null>>;
};

export type LiveFacts = {
  /** On screen, in a tab that is shown. */
  wanted: boolean;
  /** On screen, but others have the connections that there are. */
  crowdedOut: boolean;
  source: SourceState;
  /** A frame of the present attempt has been shown. */
  pictured: boolean;
  /** Since the last new frame of the picture on screen; null before the first. */
  sinceFrameMs: number | null;
  /** Since the present attempt began. */
  sinceStartMs: number;
  /** Attempts that failed in a row. */
  failures: number;
  /** The present attempt has failed and the next is awaited. */
  waiting: boolean;
  /** The server refused: the person may not watch this camera (401, 403). */
  refused: boolean;
  /** The server transcodes as many streams as it may, and this browser needs one more. */
  busy: boolean;
  lagMs: number | null;
};

export type LiveVerdict = { state: LiveState; reason: LiveReason };

/** No new frame for this long is said aloud. */
export const STALLED_AFTER_MS = 2_000;
/** A picture that stays away this long is fetched anew. */
export const RESTART_AFTER_MS = 5_000;
/** The first picture may take this long before the tile says that none comes. */
export const FIRST_PICTURE_MS = 6_000;
export const BEHIND_ABOVE_MS = 3_000;
/** Once behind, a tile is live again only below this, so that the word does not flicker. */
export const LIVE_BELOW_MS = 2_000;
/** So many failures in a row and the tile says that the stream cannot be had. */
export const UNREACHABLE_AFTER = 3;

const cameraReasons: Partial<Record<CameraState, LiveReason>> = {
  offline: 'camera_offline',
  auth_failed: 'camera_auth_failed',
  stopped: 'camera_stopped',
};
const streamReasons: Partial<Record<StreamState, LiveReason>> = {
  offline: 'camera_offline',
  auth_failed: 'camera_auth_failed',
  stopped: 'camera_stopped',
};

/** Why there is nothing to ask the server for, or null when it is worth asking. */
export function sourceRefusal(source: SourceState): LiveReason | null {
  return cameraReasons[source.camera] ?? (source.stream === null ? null : streamReasons[source.stream]) ?? null;
}

/** The state of a tile, from what is known now and the state it was in. */
export function liveVerdict(previous: LiveState, facts: LiveFacts): LiveVerdict {
  const refusal = sourceRefusal(facts.source);
  if (refusal) return { state: 'offline', reason: refusal };
  if (facts.refused) return { state: 'offline', reason: 'no_right' };
  if (!facts.wanted) return { state: 'still', reason: facts.crowdedOut ? 'few_connections' : 'hidden' };
  if (facts.waiting && !facts.busy && facts.failures >= UNREACHABLE_AFTER)
    return { state: 'offline', reason: 'unreachable' };
  if (!facts.pictured) {
    if (facts.source.stream === 'stalled') return { state: 'stalled', reason: 'camera_no_frames' };
    if (facts.busy) return { state: 'offline', reason: 'transcodes_busy' };
    if (facts.waiting || facts.failures > 0) {
      return previous === 'offline' || facts.failures >= UNREACHABLE_AFTER
        ? { state: 'offline', reason: 'unreachable' }
        : { state: 'connecting', reason: 'retrying' };
    }
    if (facts.source.camera === 'connecting') return { state: 'connecting', reason: 'camera_connecting' };
    return facts.sinceStartMs > FIRST_PICTURE_MS
      ? { state: 'stalled', reason: 'no_picture' }
      : { state: 'connecting', reason: 'waiting_for_picture' };
  }
  if (facts.sinceFrameMs !== null && facts.sinceFrameMs > STALLED_AFTER_MS) {
    return { state: 'stalled', reason: facts.source.stream === 'stalled' ? 'camera_no_frames' : 'no_new_frame' };
  }
  const limit = previous === 'behind' ? LIVE_BELOW_MS : BEHIND_ABOVE_MS;
  if (facts.lagMs !== null && facts.lagMs > limit) return { state: 'behind', reason: 'catching_up' };
  return { state: 'live', reason: 'none' };
}

/** Whether the present attempt has been silent for so long that a new one is better. */
export function shouldRestart(facts: LiveFacts): boolean {
  if (!facts.wanted || facts.waiting || facts.refused || sourceRefusal(facts.source)) return false;
  return facts.pictured
    ? (facts.sinceFrameMs ?? 0) > RESTART_AFTER_MS
    : facts.sinceStartMs > FIRST_PICTURE_MS + STALLED_AFTER_MS;
}

/** Wait before attempt number `failures` + 1: half a second, doubling to 15 s, spread by `spread` in [0, 1) so that tiles do not ask together. */
export function retryDelayMs(failures: number, spread: number): number {
  const base = Math.min(15_000, 500 * 2 ** Math.max(0, failures - 1));
  return Math.round(base * (0.8 + 0.4 * spread));
}
