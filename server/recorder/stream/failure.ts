import type { StreamState } from '../../contracts/cameras.ts';
import type { GapReason } from '../../contracts/timeline.ts';

/** Why a stream ended; stable codes that the console words. */
export type FailureCause =
  | 'connection_refused'
  | 'connection_closed'
  | 'timeout'
  | 'host_unreachable'
  | 'name_unknown'
  | 'bad_credentials'
  | 'not_found'
  | 'camera_busy'
  | 'no_frames'
  | 'unsupported_stream'
  | 'timestamps_jumped'
  | 'recorder_failed'
  | 'ffmpeg_missing'
  | 'ffmpeg_failed';

/** Order matters: a refused password is often followed by a plain "Invalid data". */
const signs: [RegExp, FailureCause][] = [
  [/401 Unauthorized|403 Forbidden|authorization failed/i, 'bad_credentials'],
  [/404 (Stream )?Not Found|Server returned 404/i, 'not_found'],
  [/453 Not Enough Bandwidth|503 Service Unavailable|Server returned 5\d\d/i, 'camera_busy'],
  [/Connection refused/i, 'connection_refused'],
  [/No route to host|Network is unreachable|Host is down/i, 'host_unreachable'],
  [/Failed to resolve hostname|Name or service not known|Temporary failure in name resolution/i, 'name_unknown'],
  [/timed out|Resource temporarily unavailable/i, 'timeout'],
  [/Connection reset|Broken pipe|End of file/i, 'connection_closed'],
  [
    /Invalid data found|matches no streams|Could not find codec|not currently supported|Could not find tag/i,
    'unsupported_stream',
  ],
];

/** What ffmpeg's last words mean. `hadFrames`: frames had come before, so that an end without words is the camera's. */
export function failureCause(stderr: string, exitCode: number | null, hadFrames: boolean): FailureCause {
  for (const [sign, cause] of signs) {
    if (!sign.test(stderr)) continue;
    if (hadFrames && cause === 'unsupported_stream') return 'connection_closed';
    return cause;
  }
  if (hadFrames || exitCode === 0) return 'connection_closed';
  return 'ffmpeg_failed';
}

/** Standard error without user names and passwords: ffmpeg repeats the address that it could not open. */
export function scrubbed(stderr: string): string {
  return stderr.replace(/(rtsps?:\/\/)[^\s/'"]*@/gi, '$1');
}

/** The state that a cause is shown as. */
export function stateOf(cause: FailureCause): StreamState {
  if (cause === 'bad_credentials') return 'auth_failed';
  if (cause === 'no_frames') return 'stalled';
  return 'offline';
}

/** The reason that stands in the gap. */
export function gapReasonOf(cause: FailureCause): GapReason {
  switch (cause) {
    case 'bad_credentials':
      return 'auth_failed';
    case 'no_frames':
    case 'timestamps_jumped':
      return 'stream_stalled';
    case 'host_unreachable':
    case 'name_unknown':
      return 'network';
    case 'ffmpeg_missing':
    case 'ffmpeg_failed':
    case 'recorder_failed':
    case 'unsupported_stream':
      return 'unknown';
    default:
      return 'camera_offline';
  }
}
