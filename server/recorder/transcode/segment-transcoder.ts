import { LRUCache } from 'lru-cache';
import type { StreamName } from '../../contracts/common.ts';
import { AppError } from '../../platform/errors.ts';
import { shiftDecodeTimes } from '../fmp4/fragment.ts';
import { type Fragment, FragmentReader, joined } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import type { ArchiveReader } from '../playback/archive-reader.ts';
import { type PlayFile, wallAt } from '../playback/time-map.ts';
import { vodFileName } from '../playback/vod-file-name.ts';
import type { ByteRange, Keyframe, MediaBytes } from '../recorder.ts';
import { type FfmpegSettings, startConversion } from '../stream/ffmpeg.ts';
import { pictureOutputOptions, segmentInputOptions, segmentOutputOptions } from './encode-arguments.ts';
import type { TranscodeSlots } from './transcode-slots.ts';
import { parseTranscodedName } from './transcoded-name.ts';
import { transcodedPlaylist } from './transcoded-playlist.ts';

const cacheBytes = 64 * 2 ** 20;
/** A viewer's segment waits so long for a place before it is refused. */
const placeMs = 8000;
/** A stretch of the playlist is 4 s, or one group of pictures where that is longer. */
const maxInputBytes = 64 * 2 ** 20;
const timeoutMs = 30_000;

export const isH264 = (codecString: string) => codecString.startsWith('avc');

/** What came out of one transcode, its decode times from zero. */
interface Made {
  init: Init;
  fragments: Fragment[];
}

/** Recorded stretches as H.264, each made when it is asked for, once, and kept for a while. */
export class SegmentTranscoder {
  readonly #archive: ArchiveReader;
  readonly #slots: TranscodeSlots;
  readonly #ffmpeg: FfmpegSettings;
  readonly #stopping: AbortSignal;
  readonly #cache = new LRUCache<string, Uint8Array>({
    maxSize: cacheBytes,
    sizeCalculation: (bytes) => bytes.length + 1,
  });
  readonly #making = new Map<string, Promise<Uint8Array>>();

  constructor(archive: ArchiveReader, slots: TranscodeSlots, ffmpeg: FfmpegSettings, stopping: AbortSignal) {
    this.#archive = archive;
    this.#slots = slots;
    this.#ffmpeg = ffmpeg;
    this.#stopping = stopping;
  }

  /** A VOD playlist with what is not H.264 by the names of stretches that are made here. */
  playlist(cameraId: string, stream: StreamName, playlist: string): string {
    const known = new Map<number, boolean>();
    return transcodedPlaylist(playlist, (startMs) => {
      const found = known.get(startMs) ?? !isH264(this.#file(cameraId, stream, startMs).codec);
      known.set(startMs, found);
      return found;
    });
  }

  /** Errors: `media_gone`, `range_invalid`, `transcodes_busy`, `transcode_failed`. */
  async bytes(cameraId: string, stream: StreamName, name: string, range: ByteRange | null): Promise<MediaBytes> {
    const { file, stretch } = this.#named(cameraId, stream, name);
    const whole = await this.#once(`${cameraId}/${stream}/${name}`, async () => {
      const source = await this.#archive.init(cameraId, stream, file);
      // One group of pictures is enough for an init.
      const end = file.keyframes[1]?.offset ?? file.bytes;
      const { from, to } = stretch ?? { from: file.initBytes, to: end };
      const recorded = await this.#archive.bytes(cameraId, stream, vodFileName(file.startMs, 0), {
        start: from,
        end: to - 1,
      });
      const made = await this.#transcode([source, recorded]);
      if (stretch === null) return made.init.bytes;
      const bytes = Uint8Array.from(joined(made.fragments.flatMap(({ moof, mdat }) => [moof, ...mdat])));
      shiftDecodeTimes(bytes, stretch.shift);
      return bytes;
    });
    if (range !== null && range.start >= whole.length) throw new AppError('invalid', 'range_invalid');
    const bytes = range === null ? whole : whole.subarray(range.start, range.end + 1);
    return { contentType: 'video/mp4', bytes, totalBytes: whole.length, immutable: true };
  }

  /** The time that a stretch covers. Errors: `media_gone`. */
  time(cameraId: string, stream: StreamName, name: string): { fromMs: number; toMs: number } {
    const { file, stretch } = this.#named(cameraId, stream, name);
    if (stretch === null) return { fromMs: file.startMs, toMs: file.startMs + 1 };
    const at = (offset: number, none: number) =>
      Math.round(wallAt(file, file.keyframes.find((entry) => entry.offset >= offset)?.time ?? none));
    return { fromMs: at(stretch.from, 0), toMs: at(stretch.to, file.mediaDuration) };
  }

  /** The picture of a keyframe as an init and a fragment of H.264. Errors: `transcodes_busy`, `transcode_failed`. */
  async picture(key: string, keyframe: Keyframe): Promise<Keyframe> {
    const bytes = await this.#once(`${key}/picture-${keyframe.mediaTimeMs}`, async () => {
      const { init, fragments } = await this.#transcode([keyframe.bytes], pictureOutputOptions);
      return joined([init.bytes, ...fragments.flatMap(({ moof, mdat }) => [moof, ...mdat])]);
    });
    let codecString = '';
    new FragmentReader({
      init: (init) => {
        codecString = init.codecString;
      },
      fragment: () => {},
    }).push(bytes);
    return { bytes, mediaTimeMs: keyframe.mediaTimeMs, codecString };
  }

  #file(cameraId: string, stream: StreamName, startMs: number): PlayFile {
    const found = this.#archive.files(cameraId, stream, startMs, startMs + 1).find((file) => file.startMs === startMs);
    if (found === undefined) throw new AppError('not_found', 'media_gone');
    return found;
  }

  #named(cameraId: string, stream: StreamName, name: string) {
    const parsed = parseTranscodedName(name);
    if (parsed === null) throw new AppError('not_found', 'media_gone');
    const file = this.#file(cameraId, stream, parsed.startMs);
    if (!('from' in parsed)) return { file, stretch: null };
    const { from, to } = parsed;
    // Only what a playlist names: from a keyframe to a keyframe, or to where the file ended when the playlist was written.
    const begins = file.keyframes.some((entry) => entry.offset === from);
    if (!begins || to <= from || to > file.bytes || to - from > maxInputBytes) {
      throw new AppError('not_found', 'media_gone');
    }
    return { file, stretch: parsed };
  }

  /** What is not there yet is made once, however many ask. */
  async #once(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const ready = this.#cache.get(key);
    if (ready !== undefined) return ready;
    let making = this.#making.get(key);
    if (making === undefined) {
      making = make().finally(() => this.#making.delete(key));
      this.#making.set(key, making);
    }
    const bytes = await making;
    this.#cache.set(key, bytes);
    return bytes;
  }

  async #transcode(input: readonly Uint8Array[], options = segmentOutputOptions): Promise<Made> {
    const leave = await this.#slots.enter(placeMs);
    try {
      if (this.#stopping.aborted) throw new AppError('unavailable', 'recorder_stopped');
      return await this.#convert(input, options);
    } finally {
      leave();
    }
  }

  async #convert(input: readonly Uint8Array[], outputOptions: readonly string[]): Promise<Made> {
    const child = startConversion(this.#ffmpeg, {
      inputFormat: 'mp4',
      inputOptions: segmentInputOptions,
      outputFormat: 'mp4',
      outputOptions,
    });
    const end = () => void child.terminate(0);
    const timer = setTimeout(end, timeoutMs);
    this.#stopping.addEventListener('abort', end, { once: true });
    let init: Init | null = null;
    const fragments: Fragment[] = [];
    let failure: unknown;
    const reader = new FragmentReader({
      init: (made) => {
        init = made;
      },
      fragment: (fragment) => fragments.push(fragment),
    });
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        if (failure === undefined) reader.push(chunk);
      } catch (error) {
        failure = error;
        end();
      }
    });
    for (const bytes of input) child.stdin.write(bytes);
    child.stdin.end();
    const exit = await child.exited;
    clearTimeout(timer);
    this.#stopping.removeEventListener('abort', end);
    if (exit.code !== 0 || failure !== undefined || init === null || fragments.length === 0) {
      const cause = failure ?? exit.error ?? new Error(child.stderrTail().slice(-500));
      throw new AppError('internal', 'transcode_failed', { cause });
    }
    return { init, fragments };
  }
}
