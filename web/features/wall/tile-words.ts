import type { Icon } from '@tabler/icons-react';
import IconCircleDot from '@tabler/icons-react/icons/IconCircleDot';
import IconKeyOff from '@tabler/icons-react/icons/IconKeyOff';
import IconLockX from '@tabler/icons-react/icons/IconLockX';
import IconPhoto from '@tabler/icons-react/icons/IconPhoto';
import IconPhotoPause from '@tabler/icons-react/icons/IconPhotoPause';
import IconPlayerPause from '@tabler/icons-react/icons/IconPlayerPause';
import IconPlayerStop from '@tabler/icons-react/icons/IconPlayerStop';
import IconPlayerTrackNext from '@tabler/icons-react/icons/IconPlayerTrackNext';
import IconPlugConnected from '@tabler/icons-react/icons/IconPlugConnected';
import IconPlugConnectedX from '@tabler/icons-react/icons/IconPlugConnectedX';
import IconServerBolt from '@tabler/icons-react/icons/IconServerBolt';
import IconServerOff from '@tabler/icons-react/icons/IconServerOff';
import IconVideoOff from '@tabler/icons-react/icons/IconVideoOff';
import type { PictureFault, WatchedCamera } from '../../components/camera-condition.ts';
import { streamStateIcon } from '../../components/chip.tsx';
import type { LiveSnapshot } from '../../player/live-player.ts';
import type { LiveReason, LiveState } from '../../player/live-state-policy.ts';

/** A word in the caption is the same as on every other screen; the veil says more, over the last picture. */
export type TileWords = {
  icon: Icon;
  /** Key under `wall:state`. */
  word: string;
  /** Whether a veil with the cause lies over the picture. */
  veil: boolean;
};

const byReason: Partial<Record<LiveReason, TileWords>> = {
  camera_offline: { icon: IconPlugConnectedX, word: 'offline', veil: true },
  camera_auth_failed: { icon: IconKeyOff, word: 'auth_failed', veil: true },
  camera_stopped: { icon: IconPlayerStop, word: 'stopped', veil: true },
  camera_no_frames: { icon: IconVideoOff, word: 'no_signal', veil: true },
  no_picture: { icon: IconVideoOff, word: 'no_signal', veil: true },
  no_new_frame: { icon: IconPhotoPause, word: 'frozen', veil: true },
  no_right: { icon: IconLockX, word: 'no_right', veil: true },
  few_connections: { icon: IconPhoto, word: 'stills', veil: false },
  transcodes_busy: { icon: IconServerBolt, word: 'busy', veil: true },
  unreachable: { icon: IconServerOff, word: 'unreachable', veil: true },
};
const byState: Record<LiveState, TileWords> = {
  live: { icon: IconCircleDot, word: 'live', veil: false },
  behind: { icon: IconPlayerTrackNext, word: 'behind', veil: false },
  connecting: { icon: IconPlugConnected, word: 'connecting', veil: false },
  still: { icon: IconPlayerPause, word: 'still', veil: false },
  stalled: { icon: IconVideoOff, word: 'no_signal', veil: true },
  offline: { icon: IconPlugConnectedX, word: 'offline', veil: true },
};

/** What is wrong with a picture that comes, and since when. */
export type PictureTrouble = { state: 'standing'; sinceMs: number } | PictureFault;

/** What is wrong with the picture is said before how it comes. */
export function tileWords(
  { state, reason }: Pick<LiveSnapshot, 'state' | 'reason'>,
  trouble: PictureTrouble | null = null,
): TileWords {
  if (trouble !== null) {
    const icon = trouble.state === 'standing' ? IconPhotoPause : streamStateIcon(trouble.state);
    return { icon, word: trouble.state, veil: false };
  }
  return byReason[reason] ?? byState[state];
}

/** That the camera sends the same picture on the stream that moves on a tile, or one that shows nothing of the desk; else null. */
export function pictureTrouble(
  camera: WatchedCamera,
  { state, stream }: Pick<LiveSnapshot, 'state' | 'stream'>,
): PictureTrouble | null {
  if (state !== 'live' && state !== 'behind') return null;
  const standingMs = camera.streams.find(({ name }) => name === stream)?.frozenSinceMs;
  if (standingMs !== undefined) return { state: 'standing', sinceMs: standingMs };
  return camera.picture ?? null;
}
