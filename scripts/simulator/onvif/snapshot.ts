import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { frameCount, loopNowMs } from '../loop-clock.ts';
import type { RtpClip } from '../rtsp/rtp-clip.ts';

/** Gives the frame on air at this moment as JPEG, decoded from the very bytes that are sent. */
export class Snapshots {
  readonly #clip: RtpClip;
  #running: Promise<Buffer> | undefined;

  constructor(clip: RtpClip) {
    this.#clip = clip;
  }

  /** Requests that come while a picture is being made share it: one decoder at a time. Throws when ffmpeg fails. */
  take(): Promise<Buffer> {
    this.#running ??= this.#decode(frameCount(loopNowMs()) % this.#clip.frames).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #decode(frame: number): Promise<Buffer> {
    let keyframe = frame;
    while (keyframe > 0 && this.#clip.keyframes[keyframe] !== 1) keyframe--;
    const from = this.#clip.fileOffsets[keyframe] ?? 0;
    const to = this.#clip.fileOffsets[frame + 1] ?? from;
    const bytes = Buffer.alloc(to - from);
    const file = await open(this.#clip.path, 'r');
    try {
      await file.read(bytes, 0, bytes.length, from);
    } finally {
      await file.close();
    }
    if (this.#clip.codec === 'mjpeg') return bytes;
    return toJpeg(bytes, this.#clip.codec === 'h264' ? 'h264' : 'hevc', frame - keyframe);
  }
}

async function toJpeg(bytes: Buffer, format: string, index: number): Promise<Buffer> {
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'error', '-threads', '1', '-f', format, '-i', 'pipe:0'],
      ...['-vf', `select=gte(n\\,${index}),scale=out_range=full`, '-frames:v', '1'],
      ...['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p', '-f', 'mjpeg', 'pipe:1'],
    ],
    { stdio: ['pipe', 'pipe', 'ignore'], timeout: 10_000 },
  );
  const chunks: Buffer[] = [];
  ffmpeg.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  // ffmpeg may close its input once it has the frame that it needs.
  ffmpeg.stdin.on('error', () => undefined);
  ffmpeg.stdin.end(bytes);
  const [code] = await once(ffmpeg, 'close');
  if (code !== 0 || chunks.length === 0) throw new Error('the current frame could not be decoded');
  return Buffer.concat(chunks);
}
