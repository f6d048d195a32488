import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { recordingPath } from '../../server/recorder/archive/paths.ts';

const run = promisify(execFile);

export interface FootageOptions {
  codec?: 'h264' | 'h265' | 'mjpeg';
  seconds: number;
  /** Number of the first frame, which is told by the brightness of the picture. */
  firstFrame?: number;
  width?: number;
  reordered?: boolean;
  /** A tone beside the picture. */
  sound?: boolean;
}

export const frameMs = 40;
/** Frames from keyframe to keyframe. */
export const gopFrames = 50;
/** Every frame is 2 brighter than the one before, then it begins anew. */
const levels = 100;

const encoders = {
  h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '12', '-sc_threshold', '0', '-g', String(gopFrames)],
  h265: [
    ...['-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1', '-x265-params'],
    `qp=12:keyint=${gopFrames}:min-keyint=${gopFrames}:scenecut=0:bframes=0:log-level=none:pools=1:frame-threads=1`,
  ],
  mjpeg: ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p'],
};

/**
 * A recording file where the recorder keeps it, written by ffmpeg with the recorder's own options, at 25 frames a second; a recorder that is
 * opened over the directory takes it in. Returns its end.
 */
export async function recordFootage(
  directory: string,
  camera: string,
  startMs: number,
  { codec = 'h264', seconds, firstFrame = 0, width = 160, reordered = false, sound = false }: FootageOptions,
): Promise<number> {
  const path = join(directory, 'archive', recordingPath({ cameraId: camera, stream: 'main', startMs }));
  await mkdir(dirname(path), { recursive: true });
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `color=black:size=${width}x96:rate=25`],
    ...(sound ? ['-f', 'lavfi', '-i', 'sine=sample_rate=16000', '-c:a', 'aac', '-shortest'] : []),
    ...['-vf', `geq=lum='20+2*mod(N+${firstFrame},${levels})':cb=128:cr=128`, '-frames:v', String(seconds * 25)],
    ...encoders[codec],
    ...(codec === 'h264' ? ['-bf', reordered ? '2' : '0'] : []),
    ...['-video_track_timescale', '90000', '-movflags', '+empty_moov+default_base_moof+frag_keyframe'],
    ...['-frag_duration', '200000', '-f', 'mp4', path],
  ]);
  return startMs + seconds * 1000;
}

/** The numbers of the frames of a file (modulo 100), decoded in order; fails on anything that ffmpeg calls an error. */
export async function frameNumbers(input: string): Promise<number[]> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        '-xerror',
        '-i',
        input,
        '-vf',
        'extractplanes=y,setparams=range=pc,crop=32:32:64:32,scale=1:1:flags=area',
      ],
      ...['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
    ],
    { encoding: 'buffer', maxBuffer: 2 ** 24 },
  );
  return [...stdout].map((level) => Math.round((level - 20) / 2));
}

/** Whether each number follows the one before. */
export function isUnbroken(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || number === ((numbers[i - 1] ?? 0) + 1) % levels);
}
