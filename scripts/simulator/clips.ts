import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeClip } from './clip-encoder.ts';
import { DEFAULT_LOOP_FRAMES, GOP_FRAMES } from './loop-clock.ts';
import { DRAWING_VERSION } from './scenes/compose.ts';
import type { SceneOptions } from './scenes/scene.ts';

export type ClipCodec = 'h264' | 'h265' | 'mjpeg';

export interface ClipOptions {
  /** Frames in the loop, a multiple of the GOP; default 1500 (one minute). */
  loopFrames?: number;
  codec?: ClipCodec;
  /** Frames from keyframe to keyframe, 1 to 250; default 25 (one second), and always 1 in MJPEG. */
  gopFrames?: number;
  /** B-frames between two others; the GOP less one must be a whole number of such groups. H.264 only, none by default. */
  bFrames?: number;
  /** A constant bit rate, filled up where the picture needs less, for benchmarks. Without it the picture decides. */
  bitrate?: { mainKbps: number; subKbps: number };
}

export interface ClipRequest extends ClipOptions {
  scene: SceneOptions;
}

export interface ClipStreamFile {
  path: string;
  width: number;
  height: number;
}

/** A finished clip on disk: two streams of the same frames, Annex B, or JPEG after JPEG. */
export interface ClipFiles {
  directory: string;
  codec: ClipCodec;
  loopFrames: number;
  gopFrames: number;
  bFrames: number;
  main: ClipStreamFile;
  sub: ClipStreamFile;
}

export interface ClipProgress {
  clip: number;
  clips: number;
  /** Frames encoded of all clips that had to be made, and how many those are. */
  frames: number;
  totalFrames: number;
}

export interface EnsureClipsOptions {
  cacheDirectory?: string;
  onProgress?: (progress: ClipProgress) => void;
  signal?: AbortSignal;
}

/** Raise when the encoding changes in a way that the options do not tell. */
const ENCODING_VERSION = 3;
/** More encoders at once than this gain nothing on two cores, and starve the rest of a larger machine. */
const ENCODERS = 2;
const ABANDONED_MS = 3_600_000;

export const DEFAULT_CACHE_DIRECTORY = fileURLToPath(new URL('../../.cache/clips', import.meta.url));

/**
 * The clips for these requests, in order, made where the cache has none. Equal requests share one clip.
 * Throws RangeError for a loop that is no whole number of GOPs, and Error with ffmpeg's last words when encoding fails.
 */
export async function ensureClips(
  requests: readonly ClipRequest[],
  options: EnsureClipsOptions = {},
): Promise<ClipFiles[]> {
  const cache = options.cacheDirectory ?? DEFAULT_CACHE_DIRECTORY;
  await mkdir(cache, { recursive: true });
  await sweepAbandoned(cache);
  const clips = requests.map((request) => describe(request, cache));
  const missing = new Map<string, { files: ClipFiles; request: ClipRequest }>();
  for (const [index, files] of clips.entries()) {
    const request = requests[index];
    if (request && !missing.has(files.directory) && !(await isComplete(files)))
      missing.set(files.directory, { files, request });
  }

  const queue = [...missing.values()];
  const totalFrames = queue.reduce((sum, { files }) => sum + files.loopFrames, 0);
  const framesOf = new Map<string, number>();
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const { files, request } = job;
      await make(files, request, options.signal, (frames) => {
        framesOf.set(files.directory, frames);
        const sum = [...framesOf.values()].reduce((a, b) => a + b, 0);
        options.onProgress?.({ clip: done, clips: missing.size, frames: sum, totalFrames });
      });
      done++;
    }
  };
  await Promise.all(Array.from({ length: Math.min(ENCODERS, missing.size) }, worker));
  return clips;
}

function describe(request: ClipRequest, cache: string): ClipFiles {
  const codec = request.codec ?? 'h264';
  const loopFrames = request.loopFrames ?? DEFAULT_LOOP_FRAMES;
  const { bFrames = 0 } = request;
  const gopFrames = codec === 'mjpeg' ? 1 : (request.gopFrames ?? GOP_FRAMES);
  if (!Number.isInteger(loopFrames) || loopFrames < gopFrames || loopFrames % gopFrames !== 0) {
    throw new RangeError(`a loop is a whole number of GOPs of ${gopFrames} frames, not ${loopFrames} frames`);
  }
  if ((gopFrames - 1) % (bFrames + 1) !== 0 || (bFrames > 0 && codec !== 'h264')) {
    throw new RangeError(`a GOP of ${gopFrames} ${codec} frames has no whole number of groups of ${bFrames} B-frames`);
  }
  const { variant, palette, plate, unit, seed } = request.scene;
  const content = [
    DRAWING_VERSION,
    ENCODING_VERSION,
    codec,
    loopFrames,
    request.bitrate,
    variant,
    palette,
    plate,
    unit,
    seed,
    ...(gopFrames === GOP_FRAMES && bFrames === 0 ? [] : [gopFrames, bFrames]),
  ];
  const key = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 24);
  const directory = join(cache, key);
  return {
    directory,
    codec,
    loopFrames,
    gopFrames,
    bFrames,
    main: { path: join(directory, `main.${codec}`), width: 1920, height: 1080 },
    sub: { path: join(directory, `sub.${codec}`), width: 640, height: 360 },
  };
}

async function isComplete(files: ClipFiles): Promise<boolean> {
  try {
    await readFile(join(files.directory, 'clip.json'));
    return true;
  } catch {
    return false;
  }
}

/** Removes what killed runs left half made; a clip takes seconds, so nobody works on one that is an hour old. */
async function sweepAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.endsWith('.part')) continue;
    const path = join(cache, name);
    const made = await stat(path).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Makes the clip in a directory of its own and renames that: an interrupted run leaves no half clip behind. */
async function make(
  files: ClipFiles,
  request: ClipRequest,
  signal: AbortSignal | undefined,
  onFrames: (frames: number) => void,
): Promise<void> {
  const work = `${files.directory}.${randomUUID()}.part`;
  await mkdir(work, { recursive: true });
  try {
    await encodeClip({ files, request, work, signal, onFrames });
    await writeFile(
      join(work, 'clip.json'),
      JSON.stringify({ codec: files.codec, loopFrames: files.loopFrames, request }),
    );
    await rename(work, files.directory).catch(async (error: NodeJS.ErrnoException) => {
      // Another process made the same clip meanwhile; its bytes show the same pictures.
      if (!(await isComplete(files))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
