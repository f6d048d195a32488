import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Child } from '../../platform/child-process.ts';
import { AppError, errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { type FfmpegSettings, startConversion } from '../stream/ffmpeg.ts';
import { joinOptions, type PieceOutput, pieceOptions } from './clip-arguments.ts';
import type { ClipPiece, ClipPlan } from './clip-plan.ts';
import { mediaDurationMs } from './media-duration.ts';

export const clipLimits = {
  /** Clips at once, from the request until the last byte has been read or the clip is discarded. */
  atOnce: 4,
  longestMs: 4 * 3_600_000,
  /** Encoding takes a core for a third of the time that it encodes. */
  longestEncodedMs: 3_600_000,
  /** Room that stays free on the disk of the temporary files. */
  spareBytes: 512 * 2 ** 20,
  /** A clip further than this (and one in a hundred) from the length that was planned is refused; the last frame of a slow camera may last a second. */
  offMs: 1500,
  /** A clip that nobody has begun to read after so long is removed. */
  unreadMs: 600_000,
};

export interface ClipFile {
  totalBytes: number;
  durationMs: number;
  /** Reads the file once; it is removed at the end, whichever way that comes. */
  bytes: AsyncIterable<Uint8Array>;
  /** Removes the file when nobody is going to read it. */
  discard(): Promise<void>;
}

export type ClipLook = Pick<PieceOutput, 'size' | 'sound'>;

/** What a piece reads: its init, then its groups of pictures. */
export type PieceReader = (piece: ClipPiece) => AsyncIterable<Uint8Array>;

/** Makes clips as MP4 files in a directory of its own and hands out their bytes. */
export class ClipMaker {
  readonly #directory: string;
  readonly #ffmpeg: FfmpegSettings;
  readonly #log: Logger;
  readonly #stopping: AbortSignal;
  #count = 0;

  /** `directory` holds nothing else, and has been prepared. */
  constructor(directory: string, ffmpeg: FfmpegSettings, log: Logger, stopping: AbortSignal) {
    this.#directory = directory;
    this.#ffmpeg = ffmpeg;
    this.#log = log;
    this.#stopping = stopping;
  }

  /** Empties the directory. To be called once, before the first clip. */
  static async prepare(directory: string): Promise<void> {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }

  /** Errors: `clips_busy`, `clip_no_space`, `clip_failed`, `clip_cancelled`, and what `read` throws. */
  async make(plan: ClipPlan, look: ClipLook, read: PieceReader, cancelled?: AbortSignal): Promise<ClipFile> {
    if (this.#count >= clipLimits.atOnce) throw new AppError('unavailable', 'clips_busy');
    this.#count += 1;
    const path = join(this.#directory, `${randomUUID()}.mp4`);
    let held = true;
    const discard = async () => {
      if (!held) return;
      held = false;
      this.#count -= 1;
      await rm(path, { force: true }).catch((error) => this.#log.warn({ reason: errorMessage(error) }, 'a clip stays'));
    };
    try {
      await this.#requireSpace(plan.bytes);
      const signal = AbortSignal.any([this.#stopping, ...(cancelled === undefined ? [] : [cancelled])]);
      await this.#write(plan, look, read, path, signal);
      const durationMs = await mediaDurationMs(path);
      if (Math.abs(durationMs - plan.seconds * 1000) > clipLimits.offMs + plan.seconds * 10) {
        throw new AppError('internal', 'clip_failed', { params: { durationMs, plannedMs: plan.seconds * 1000 } });
      }
      const { size: totalBytes } = await stat(path);
      const timer = setTimeout(() => void discard(), clipLimits.unreadMs).unref();
      return { totalBytes, durationMs, bytes: readOnce(path, timer, discard), discard };
    } catch (error) {
      await discard();
      throw error;
    }
  }

  async #requireSpace(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#directory);
    if (bavail * bsize < bytes * 1.1 + clipLimits.spareBytes) throw new AppError('unavailable', 'clip_no_space');
  }

  async #write(plan: ClipPlan, look: ClipLook, read: PieceReader, file: string, signal: AbortSignal): Promise<void> {
    const [only, ...others] = plan.pieces;
    const input = (piece: ClipPiece) => Readable.from(read(piece), { objectMode: false });
    if (only !== undefined && others.length === 0) {
      const child = startConversion(this.#ffmpeg, {
        inputFormat: 'mp4',
        inputOptions: pieceInput,
        outputFormat: 'mp4',
        outputOptions: pieceOptions({ ...only, ...look }, 'mp4'),
        file,
      });
      return run(child, (stdin) => pipeline(input(only), stdin), signal);
    }
    const join = startConversion(this.#ffmpeg, {
      inputFormat: 'mpegts',
      inputOptions: [],
      outputFormat: 'mp4',
      outputOptions: joinOptions,
      file,
    });
    await run(
      join,
      async (joined) => {
        for (const piece of plan.pieces) {
          const child = startConversion(this.#ffmpeg, {
            inputFormat: 'mp4',
            inputOptions: pieceInput,
            outputFormat: 'mpegts',
            outputOptions: pieceOptions({ ...piece, ...look }, 'mpegts'),
          });
          const passing = pipeline(child.stdout, joined, { end: false });
          passing.catch(() => {});
          await run(child, (stdin) => pipeline(input(piece), stdin), signal);
          await passing;
        }
        joined.end();
      },
      signal,
    );
  }
}

const pieceInput: readonly string[] = ['-threads 2'];

/** Feeds a process and waits for its end. A process that has what it wants reads no further, which is no error. */
async function run(child: Child, feed: (stdin: Writable) => Promise<void>, signal: AbortSignal): Promise<void> {
  const abort = () => void child.terminate(0);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  let failure: unknown = null;
  const fed = feed(child.stdin).catch((error) => {
    if (isClosedPipe(error)) return;
    failure = error;
    void child.terminate(0);
  });
  const exit = await child.exited;
  child.stdin.destroy();
  await fed;
  signal.removeEventListener('abort', abort);
  if (signal.aborted) throw new AppError('unavailable', 'clip_cancelled');
  if (failure !== null) throw failure;
  if (exit.code !== 0) {
    throw new AppError('internal', 'clip_failed', { cause: exit.error ?? new Error(child.stderrTail().slice(-500)) });
  }
}

function isClosedPipe(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return (
    code === 'EPIPE' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    code === 'ERR_STREAM_DESTROYED' ||
    code === 'ECONNRESET'
  );
}

async function* readOnce(
  path: string,
  unread: NodeJS.Timeout,
  discard: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  clearTimeout(unread);
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 });
  } finally {
    await discard();
  }
}
