import { AppError } from '../../platform/errors.ts';
import { type FfmpegSettings, startConversion } from '../stream/ffmpeg.ts';
import type { KeyframePicture, PictureCodec } from './keyframe-picture.ts';

/** A decoded picture, small: what is bright where, and how much colour there is. */
export interface SmallPicture {
  width: number;
  height: number;
  /** Row by row, one byte a pixel, 16 (black) to 235 (white) as video has it. */
  grey: Uint8Array;
  /** How far the colours are from grey, in the mean of all pixels, of 128 at most: next to nothing in the infrared. */
  colour: number;
}

/** The shape is given up for the size: what is compared is a camera's picture with another one of the same camera. */
export const smallSize = { width: 320, height: 180 };
const lumaBytes = smallSize.width * smallSize.height;
const frameBytes = lumaBytes * 1.5;

/** Starting a decoder costs more than ten pictures; more pictures than this at once would only take memory. */
export const picturesAtOnce = 16;
const timeoutMs = 10_000;

const formats: Readonly<Record<PictureCodec, 'h264' | 'hevc' | 'mjpeg'>> = {
  h264: 'h264',
  h265: 'hevc',
  mjpeg: 'mjpeg',
};

/**
 * Decodes pictures of one codec in one run, whatever their sizes. Null for those that cannot be decoded: frames come without names, so when
 * their number is not that of the pictures, each half is tried by itself. Errors: `still_failed` where nothing can be started.
 */
export async function decodeSmall(
  ffmpeg: FfmpegSettings,
  codec: PictureCodec,
  pictures: readonly KeyframePicture[],
  signal: AbortSignal,
): Promise<(SmallPicture | null)[]> {
  if (pictures.length === 0) return [];
  const frames = await framesOf(ffmpeg, codec, pictures, signal);
  if (frames.length === pictures.length * frameBytes) return pictures.map((_, i) => smallPicture(frames, i));
  if (pictures.length === 1 || signal.aborted) return pictures.map(() => null);
  const half = pictures.length >> 1;
  return [
    ...(await decodeSmall(ffmpeg, codec, pictures.slice(0, half), signal)),
    ...(await decodeSmall(ffmpeg, codec, pictures.slice(half), signal)),
  ];
}

async function framesOf(
  ffmpeg: FfmpegSettings,
  codec: PictureCodec,
  pictures: readonly KeyframePicture[],
  signal: AbortSignal,
): Promise<Buffer> {
  const child = startConversion(ffmpeg, {
    inputFormat: formats[codec],
    inputOptions: ['-threads 1', '-skip_loop_filter all', '-filter_threads 1'],
    outputFormat: 'rawvideo',
    outputOptions: [
      '-map 0:v:0',
      '-fps_mode passthrough',
      `-vf scale=${smallSize.width}:${smallSize.height}:flags=area,format=yuv420p`,
      '-threads 1',
    ],
  });
  const end = () => void child.terminate(0);
  const timer = setTimeout(end, timeoutMs);
  signal.addEventListener('abort', end, { once: true });
  const most = (pictures.length + 1) * frameBytes;
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > most) end();
    else chunks.push(chunk);
  });
  child.stdin.end(Buffer.concat(pictures.map(({ bytes }) => bytes)));
  const exit = await child.exited;
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
  if (exit.error !== undefined) throw new AppError('internal', 'still_failed', { cause: exit.error });
  return Buffer.concat(chunks);
}

function smallPicture(frames: Buffer, at: number): SmallPicture {
  const from = at * frameBytes;
  // A copy: a view would keep the pictures of all cameras alive for one of them.
  const grey = Uint8Array.prototype.slice.call(frames, from, from + lumaBytes);
  let colour = 0;
  for (let i = from + lumaBytes; i < from + frameBytes; i += 1) colour += Math.abs((frames[i] ?? 128) - 128);
  return { ...smallSize, grey, colour: colour / (lumaBytes / 2) };
}
