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
import type { Camera } from '../../../server/contracts/cameras.ts';
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

const standing: TileWords = { icon: IconPhotoPause, word: 'standing', veil: false };

/** `standingMs` is since when the camera has sent the same picture. */
export function tileWords(
  { state, reason }: Pick<LiveSnapshot, 'state' | 'reason'>,
  standingMs: number | null = null,
): TileWords {
  if (standingMs !== null) return standing;
  return byReason[reason] ?? byState[state];
}

/** Since when the camera has sent the same picture on the stream that moves on a tile, or null. */
export function standingSince(
  camera: Camera,
  { state, stream }: Pick<LiveSnapshot, 'state' | 'stream'>,
): number | null {
  if (state !== 'live' && state !== 'behind') return null;
  return camera.streams.find(({ name }) => name === stream)?.frozenSinceMs ?? null;
}
