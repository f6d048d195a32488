import { setPriority } from 'node:os';
import ffmpeg from 'fluent-ffmpeg';
import type { StreamName } from '../../contracts/common.ts';
import { type Child, startChild } from '../../platform/child-process.ts';
import { AppError } from '../../platform/errors.ts';
import type { RecorderSource } from '../recorder.ts';
import {
  type AudioMode,
  cameraEnvironment,
  cameraInputOptions,
  cameraOutputOptions,
  concatScript,
  stillOutputOptions,
} from './ffmpeg-arguments.ts';
import type { TimestampSource } from './timestamp-policy.ts';

/**
 * The only file that knows fluent-ffmpeg. It builds the commands; they are started here and not by its `run`, which before
 * every command asks ffmpeg for its formats and misreads the answers of newer versions.
 */
export interface FfmpegSettings {
  /** Path or name of the program. */
  program: string;
  /** Marks the processes as ours, see `platform/child-process.ts`. */
  owner: string;
}

/** Starts reading a camera; fragmented MP4 comes on `stdout`. Throws `source_invalid` before anything is started. */
export function startCamera(
  settings: FfmpegSettings,
  source: RecorderSource,
  { stream, audio, timestamps }: { stream: StreamName; audio: AudioMode; timestamps: TimestampSource },
): Child {
  const script = concatScript(source, { audio: audio !== 'none', timestamps });
  const command = ffmpeg({ stdoutLines: 1 })
    .input('pipe:0')
    .inputFormat('concat')
    .inputOptions([...cameraInputOptions])
    .output('pipe:1')
    .format('mp4')
    .outputOptions(cameraOutputOptions(audio, stream));
  const child = startChild(settings.program, command._getArguments(), settings.owner, cameraEnvironment);
  child.stdin.end(script);
  return child;
}

export interface Conversion {
  inputFormat: 'mp4' | 'mpegts' | 'h264' | 'hevc' | 'mjpeg';
  inputOptions: readonly string[];
  outputFormat: 'mp4' | 'mpegts' | 'rawvideo';
  outputOptions: readonly string[];
  /** A file that is made anew; without it what is made comes on `stdout`. */
  file?: string;
}

/** Starts turning media from standard input into other media. Recording goes first: these processes stand back for it. */
export function startConversion(settings: FfmpegSettings, conversion: Conversion): Child {
  const command = ffmpeg({ stdoutLines: 1 })
    .input('pipe:0')
    .inputFormat(conversion.inputFormat)
    .inputOptions([
      '-hide_banner',
      '-nostats',
      '-loglevel error',
      '-protocol_whitelist pipe',
      ...conversion.inputOptions,
    ])
    .output(conversion.file ?? 'pipe:1')
    .format(conversion.outputFormat)
    .outputOptions([...conversion.outputOptions]);
  const child = startChild(settings.program, command._getArguments(), settings.owner);
  try {
    if (child.pid !== undefined) setPriority(child.pid, 10);
  } catch {
    // It is gone already, or the system has no such thing; its exit tells.
  }
  return child;
}

const stillTimeoutMs = 5000;
const maxStillBytes = 16 * 2 ** 20;

/** JPEG of the first picture in an init and fragment. Errors: `still_failed`. */
export async function renderStill(settings: FfmpegSettings, media: Uint8Array): Promise<Uint8Array> {
  const command = ffmpeg({ stdoutLines: 1 })
    .input('pipe:0')
    .inputFormat('mp4')
    .inputOptions(['-hide_banner', '-nostats', '-loglevel error', '-protocol_whitelist pipe', '-threads 1'])
    .output('pipe:1')
    .format('image2pipe')
    .outputOptions([...stillOutputOptions]);
  const child = startChild(settings.program, command._getArguments(), settings.owner);
  const timer = setTimeout(() => void child.terminate(0), stillTimeoutMs);
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxStillBytes) void child.terminate(0);
    else chunks.push(chunk);
  });
  child.stdin.end(media);
  const exit = await child.exited;
  clearTimeout(timer);
  if (exit.code !== 0 || size === 0) throw new AppError('internal', 'still_failed', { cause: exit.error });
  return Buffer.concat(chunks);
}
