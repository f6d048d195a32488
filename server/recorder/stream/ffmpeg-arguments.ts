import type { StreamName } from '../../contracts/common.ts';
import { AppError } from '../../platform/errors.ts';
import type { RecorderSource } from '../recorder.ts';
import type { TimestampSource } from './timestamp-policy.ts';

/** Length of a part of the live playlist, and of a fragment of what is transcoded. */
export const partMicroseconds = 200_000;

/**
 * Length of a fragment. A tile of the wall is as far behind the lens as a fragment is long, so those of the sub stream are half a part; a main
 * stream, which a person watches alone, has fewer to be counted and written.
 */
export const fragmentMicroseconds: Readonly<Record<StreamName, number>> = {
  main: partMicroseconds,
  sub: partMicroseconds / 2,
};
/** How long ffmpeg waits for the network before it gives up by itself. */
const networkTimeoutMicroseconds = 5_000_000;

/** Options before the input: the concat script comes on standard input, and only these protocols may be opened from it. */
export const cameraInputOptions: readonly string[] = [
  '-hide_banner',
  '-nostats',
  '-loglevel error',
  '-protocol_whitelist pipe,rtsp,rtp,tcp,udp,tls,crypto',
  '-safe 0',
];

/**
 * Environment of a camera's reader (mallopt(3), other systems ignore it): what finding out about the stream took is given back, and one
 * thread needs one heap. Without it glibc keeps about half a megabyte more for every stream.
 */
export const cameraEnvironment: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '65536',
  MALLOC_TOP_PAD_: '16384',
};

/** What becomes of a camera's sound. Players know AAC; anything else, G.711 as a rule, is encoded. */
export type AudioMode = 'none' | 'copy' | 'encode';

/** Options of the output: video as it comes, in fragments that begin at every keyframe and last about `fragmentMicroseconds`. */
export function cameraOutputOptions(audio: AudioMode, stream: StreamName): string[] {
  return ['-map 0:v:0', '-c:v copy', ...audioOptions[audio], ...fragmentOptions(fragmentMicroseconds[stream])];
}

const audioOptions: Readonly<Record<AudioMode, readonly string[]>> = {
  none: [],
  copy: ['-map 0:a:0?', '-c:a copy'],
  encode: ['-map 0:a:0?', '-c:a aac', '-b:a 32k'],
};

// For a trailer that nobody reads ffmpeg would keep a note of every fragment, for as long as it runs.
const fragmentOptions = (microseconds: number): readonly string[] => [
  '-movflags +empty_moov+default_base_moof+frag_keyframe+skip_trailer',
  `-frag_duration ${microseconds}`,
  '-flush_packets 1',
];

/** Keeps the first decoded picture as JPEG; the input is an init and one fragment on standard input. */
export const stillOutputOptions: readonly string[] = ['-frames:v 1', '-c:v mjpeg', '-q:v 4', '-pix_fmt yuvj420p'];

/**
 * The concat script of a camera: its address with credentials, which so reach neither a command line nor the environment.
 * Throws `source_invalid` when the address is not rtsp or rtsps, or brings credentials of its own.
 */
export function concatScript(
  source: Pick<RecorderSource, 'url' | 'username' | 'password'>,
  { audio = false, timestamps = 'camera' }: { audio?: boolean; timestamps?: TimestampSource } = {},
): string {
  return [
    'ffconcat version 1.0',
    `file '${sourceAddress(source).replaceAll("'", "'\\''")}'`,
    'option rtsp_transport tcp',
    `option allowed_media_types ${audio ? 'video+audio' : 'video'}`,
    'option fflags nobuffer',
    // Sound begins before the first keyframe, and the picture's size comes with that.
    ...(audio ? ['option analyzeduration 10000000', 'option fpsprobesize 0'] : ['option analyzeduration 200000']),
    ...(timestamps === 'arrival' ? ['option use_wallclock_as_timestamps 1'] : []),
    `option timeout ${networkTimeoutMicroseconds}`,
    '',
  ].join('\n');
}

function sourceAddress(source: Pick<RecorderSource, 'url' | 'username' | 'password'>): string {
  const url = URL.canParse(source.url) ? new URL(source.url) : null;
  if (url === null || !/^rtsps?:$/.test(url.protocol) || url.hostname === '') {
    throw new AppError('invalid', 'source_invalid', { fields: { url: 'rtsp:// or rtsps:// address' } });
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError('invalid', 'source_invalid', { fields: { url: 'without user name and password' } });
  }
  const address = url.href.slice(url.protocol.length + 2);
  const user = source.username === '' ? '' : `${percent(source.username)}:${percent(source.password)}@`;
  return `${url.protocol}//${user}${address}`;
}

/** encodeURIComponent leaves a few characters that have a meaning to shells and scripts. */
const percent = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
