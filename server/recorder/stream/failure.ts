import type { StreamState } from '../../contracts/cameras.ts';
import type { GapReason } from '../../contracts/timeline.ts';

/** Why a stream ended; stable codes that the console words. */
export type FailureCause =
  | 'connection_refused'
  | 'connection_closed'
  | 'timeout'
  | 'host_unreachable'
  | 'name_unknown'
  | 'address_not_allowed'
  | 'bad_credentials'
  | 'not_found'
  | 'camera_busy'
  | 'no_frames'
  | 'unsupported_stream'
  | 'broken_stream'
  | 'audio_unsupported'
  | 'format_changed'
  | 'timestamps_jumped'
  | 'timestamps_stuck'
  | 'recorder_failed'
  | 'ffmpeg_missing'
  | 'ffmpeg_killed'
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
  [/Could not find tag for codec \w+ in stream #[1-9]/i, 'audio_unsupported'],
  [
    /missing picture in access unit|No start code is found|nal size exceeds length|Error splitting the input/i,
    'broken_stream',
  ],
  // The session plays, and no picture came within the network timeout: not even its size is known.
  [/dimensions not set/i, 'no_frames'],
  [
    /Invalid data found|matches no streams|Could not find codec|not currently supported|Could not find tag/i,
    'unsupported_stream',
  ],
];

/** What a run that ended by itself has left behind. */
export interface Remains {
  stderr: string;
  exitCode: number | null;
  /** The process was ended by a signal, and not by us. */
  killed?: boolean;
  /** Frames had come before, so that an end without words is the camera's. */
  hadFrames: boolean;
  /** How long the run lasted. */
  lastedMs?: number;
}

/** Before ffmpeg's network timeout of 5 s is over, silence cannot be why it ended. */
const silenceMs = 4500;

/** What the end of a run means. */
export function failureCause({ stderr, exitCode, killed, hadFrames, lastedMs = 0 }: Remains): FailureCause {
  if (killed) return 'ffmpeg_killed';
  for (const [sign, cause] of signs) {
    if (!sign.test(stderr)) continue;
    if (hadFrames && cause === 'unsupported_stream') return 'connection_closed';
    // A server that takes the connection and never answers is told as invalid data, too.
    if (cause === 'unsupported_stream' && /Impossible to open/i.test(stderr) && lastedMs >= silenceMs) return 'timeout';
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
  if (cause === 'no_frames' || cause === 'broken_stream') return 'stalled';
  if (cause === 'format_changed' || cause === 'audio_unsupported') return 'connecting';
  return 'offline';
}

/** The reason that stands in the gap: every cause has one, `unknown` is for time that nothing accounts for. */
export function gapReasonOf(cause: FailureCause): GapReason {
  switch (cause) {
    case 'bad_credentials':
      return 'auth_failed';
    case 'no_frames':
    case 'broken_stream':
    case 'unsupported_stream':
    case 'audio_unsupported':
    case 'format_changed':
    case 'timestamps_jumped':
    case 'timestamps_stuck':
    case 'ffmpeg_failed':
      return 'stream_stalled';
    case 'host_unreachable':
    case 'name_unknown':
    case 'address_not_allowed':
      return 'network';
    case 'ffmpeg_missing':
    case 'ffmpeg_killed':
    case 'recorder_failed':
      return 'server_crashed';
    default:
      return 'camera_offline';
  }
}
