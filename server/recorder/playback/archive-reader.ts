import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { StreamName } from '../../contracts/common.ts';
import { AppError } from '../../platform/errors.ts';
import { type ArchiveIndex, firstVolume } from '../archive/archive-index.ts';
import { readExactly, readFlags } from '../archive/files.ts';
import { recordingPath } from '../archive/paths.ts';
import type { OpenRecording } from '../archive/recording-file.ts';
import type { Volumes } from '../archive/volumes.ts';
import { boxType, u32, u64 } from '../fmp4/boxes.ts';
import { shiftDecodeTimes } from '../fmp4/fragment.ts';
import { fmp4Limits } from '../fmp4/fragment-reader.ts';
import { type Init, readInit } from '../fmp4/init.ts';
import type { ByteRange, Keyframe, MediaBytes } from '../recorder.ts';
import { keyframeBefore, type PlayFile, playFile, wallAt } from './time-map.ts';
import { parseVodFileName } from './vod-file-name.ts';
import { writeVodPlaylist } from './vod-playlist.ts';

/** The files of one stream that the index does not have yet. */
export type OpenRecordings = (cameraId: string, stream: StreamName) => (OpenRecording & { endMs: number })[];

const longestPlaylistMs = 24 * 3_600_000;
/** What is read whole is no more than this; a segment of 4 s at 40 Mbit/s is 20 MB. */
const maxWholeBytes = 256 * 2 ** 20;
const groupBytes = 2 ** 20;
/** What is sent is read in pieces of this size, or one group of pictures where decode times have to be shifted. */
const pieceBytes = 2 * 2 ** 20;

/** Reads what is recorded: the finished files of the index, and the finished fragments of the files still being written. */
export class ArchiveReader {
  readonly #volumes: Volumes;
  readonly #index: ArchiveIndex;
  readonly #open: OpenRecordings;

  constructor(volumes: Volumes, index: ArchiveIndex, open: OpenRecordings) {
    this.#volumes = volumes;
    this.#index = index;
    this.#open = open;
  }

  /** Errors: `nothing_recorded`, `range_too_long`, `range_invalid`, `volume_offline`. */
  vodPlaylist(cameraId: string, stream: StreamName, fromMs: number, toMs: number): string {
    if (!(toMs > fromMs)) throw new AppError('invalid', 'range_invalid');
    if (toMs - fromMs > longestPlaylistMs) throw new AppError('invalid', 'range_too_long', { params: { hours: 24 } });
    const files = this.files(cameraId, stream, fromMs, toMs);
    if (files.length === 0) throw new AppError('not_found', 'nothing_recorded');
    return writeVodPlaylist(this.reachable(files), fromMs, toMs);
  }

  /** What lies on a volume that is offline is left out, as a gap. Errors: `volume_offline` when nothing is left. */
  reachable(files: readonly PlayFile[]): PlayFile[] {
    const offline = new Set(this.#volumes.offlineIds());
    const reachable = files.filter((file) => !offline.has(file.volumeId ?? firstVolume));
    if (reachable.length === 0) throw new AppError('unavailable', 'volume_offline');
    return reachable;
  }

  /** Files that overlap [fromMs, toMs), in order. */
  files(cameraId: string, stream: StreamName, fromMs: number, toMs: number): PlayFile[] {
    const row = this.#index.findStream(cameraId, stream);
    const closed = row === null ? [] : this.#index.recordings(row.id, fromMs, toMs).map(playFile);
    const known = new Set(closed.map((file) => file.startMs));
    const open = this.#open(cameraId, stream).filter(
      (file) => file.startMs < toMs && file.endMs > fromMs && !known.has(file.startMs),
    );
    return [...closed, ...open];
  }

  /** All bytes of a range at once. Errors: `media_gone`, `range_invalid`, `range_too_long`. */
  async bytes(cameraId: string, stream: StreamName, name: string, range: ByteRange): Promise<Uint8Array> {
    const { file, shift } = this.#named(cameraId, stream, name);
    const { start, next } = within(file, range);
    if (next - start > maxWholeBytes) throw new AppError('too_large', 'range_too_long');
    return this.#withFile(cameraId, stream, file, (handle) => readPiece(handle, file, start, next, shift));
  }

  /** A range of any length: the first piece, and how the others are read. Errors: `media_gone`, `range_invalid`. */
  async range(cameraId: string, stream: StreamName, name: string, range: ByteRange | null): Promise<MediaBytes> {
    const { file, shift, growing } = this.#named(cameraId, stream, name);
    const { start, next } = within(file, range);
    const cuts = cutsOf(file, start, next, shift);
    const read = (piece: number) =>
      this.#withFile(cameraId, stream, file, (handle) =>
        readPiece(handle, file, cuts[piece] ?? start, cuts[piece + 1] ?? next, shift),
      );
    const bytes = await read(0);
    const media: MediaBytes = {
      contentType: 'video/mp4',
      bytes,
      totalBytes: file.bytes,
      immutable: range !== null || !growing,
    };
    if (cuts.length > 2) {
      media.rest = (async function* () {
        for (let piece = 1; piece < cuts.length - 1; piece += 1) yield await read(piece);
      })();
    }
    return media;
  }

  /** Errors: `media_gone`. */
  fileTime(
    cameraId: string,
    stream: StreamName,
    name: string,
  ): { fromMs: number; toMs: number; sha256: string | null } {
    const { file, sha256 } = this.#named(cameraId, stream, name);
    return { fromMs: file.startMs, toMs: file.endMs, sha256 };
  }

  /** Init and first fragment of the last keyframe at or before `atMs`. Errors: `nothing_recorded`, `media_gone`. */
  async keyframe(cameraId: string, stream: StreamName, atMs: number): Promise<Keyframe> {
    const place = this.keyframePlace(cameraId, stream, atMs);
    if (place === null) throw new AppError('not_found', 'nothing_recorded');
    const { file, entry, mediaTimeMs } = place;
    const bytes = await this.#withFile(cameraId, stream, file, async (handle) => {
      const init = await readExactly(handle, 0, file.initBytes);
      const fragment = await readFragment(handle, entry.offset, file.bytes);
      return Buffer.concat([init, fragment]);
    });
    return { bytes, mediaTimeMs, codecString: file.codec };
  }

  /** Init of a file. Errors: `media_gone`. */
  async init(cameraId: string, stream: StreamName, file: PlayFile): Promise<Uint8Array> {
    return this.#withFile(cameraId, stream, file, (handle) => readExactly(handle, 0, file.initBytes));
  }

  /** Groups of pictures [first, next) of a file in order, with `shift` added to their decode times, in pieces of a megabyte or one group. */
  async *groups(
    cameraId: string,
    stream: StreamName,
    file: PlayFile,
    { first, next, shift }: { first: number; next: number; shift: number },
  ): AsyncGenerator<Uint8Array> {
    const offset = (entry: number) => file.keyframes[entry]?.offset ?? file.bytes;
    const init = await this.#withFile(cameraId, stream, file, (handle) => initWithSound(handle, file));
    for (let at = first; at < next; ) {
      const start = offset(at);
      at += 1;
      while (at < next && offset(at + 1) - start <= groupBytes) at += 1;
      const end = offset(at);
      const bytes = await this.#withFile(cameraId, stream, file, (handle) => readExactly(handle, start, end - start));
      shiftDecodeTimes(bytes, shift, init);
      yield bytes;
    }
  }

  keyframePlace(cameraId: string, stream: StreamName, atMs: number) {
    const file = this.#fileBefore(cameraId, stream, atMs);
    const entry = file?.keyframes[keyframeBefore(file, atMs)];
    if (file === null || entry === undefined) return null;
    return { file, entry, mediaTimeMs: Math.round(wallAt(file, entry.time)) };
  }

  #fileBefore(cameraId: string, stream: StreamName, atMs: number): PlayFile | null {
    const open = this.#open(cameraId, stream).findLast((file) => file.startMs <= atMs);
    if (open !== undefined) return open;
    const row = this.#index.findStream(cameraId, stream);
    const recording = row === null ? null : this.#index.recordingBefore(row.id, atMs);
    return recording === null ? null : playFile(recording);
  }

  /** A file of this very stream by the name that a playlist gives it. */
  #named(
    cameraId: string,
    stream: StreamName,
    name: string,
  ): { file: PlayFile; shift: number; growing: boolean; sha256: string | null } {
    const asked = parseVodFileName(name);
    if (asked === null) throw new AppError('not_found', 'media_gone');
    const { startMs, shift } = asked;
    const open = this.#open(cameraId, stream).find((file) => file.startMs === startMs);
    if (open !== undefined) return { file: open, shift, growing: true, sha256: null };
    const row = this.#index.findStream(cameraId, stream);
    const recording = row === null ? null : this.#index.recording(row.id, startMs);
    if (recording === null) throw new AppError('not_found', 'media_gone');
    const sha256 = Buffer.from(recording.sha256).toString('hex');
    return { file: playFile(recording), shift, growing: false, sha256 };
  }

  async #withFile<T>(
    cameraId: string,
    stream: StreamName,
    file: PlayFile,
    read: (handle: FileHandle) => Promise<T>,
  ): Promise<T> {
    const volumeId = file.volumeId ?? firstVolume;
    const volume = this.#volumes.online(volumeId);
    if (volume === null) throw new AppError('unavailable', 'volume_offline');
    let handle: FileHandle;
    try {
      handle = await open(join(volume.path, recordingPath({ cameraId, stream, startMs: file.startMs })), readFlags);
    } catch (error) {
      // Not there is the file only when the volume is.
      await volume.assertPresent().catch(() => {});
      if (!volume.online) throw new AppError('unavailable', 'volume_offline', { cause: error });
      throw new AppError('not_found', 'media_gone', { cause: error });
    }
    try {
      return await read(handle);
    } finally {
      await handle.close();
    }
  }
}

/** Errors: `range_invalid`. */
function within(file: PlayFile, range: ByteRange | null): { start: number; next: number } {
  const start = range?.start ?? 0;
  const next = Math.min(range?.end ?? file.bytes - 1, file.bytes - 1) + 1;
  if (start < 0 || next <= start) throw new AppError('invalid', 'range_invalid');
  return { start, next };
}

/** Where [start, next) is cut into pieces, both ends included. Where times are shifted, only at groups of pictures. */
function cutsOf(file: PlayFile, start: number, next: number, shift: number): number[] {
  const cuts = [start];
  if (shift === 0) {
    for (let at = start + pieceBytes; at < next; at += pieceBytes) cuts.push(at);
  } else {
    const groups = file.keyframes.map((entry) => entry.offset).filter((offset) => offset > start && offset < next);
    for (const [i, offset] of groups.entries()) {
      if ((groups[i + 1] ?? next) - (cuts.at(-1) ?? start) > pieceBytes) cuts.push(offset);
    }
  }
  return [...cuts, next];
}

/** Bytes [start, next) of a file as they are served. */
function readPiece(handle: FileHandle, file: PlayFile, start: number, next: number, shift: number): Promise<Buffer> {
  if (shift === 0 || next <= file.initBytes) return readExactly(handle, start, next - start);
  return readShifted(handle, file, start, next, shift);
}

/** Bytes [start, end) with shifted decode times: whole groups of fragments are read around them, since only whole boxes can be shifted. */
async function readShifted(
  handle: FileHandle,
  file: PlayFile,
  start: number,
  end: number,
  shift: number,
): Promise<Buffer> {
  const before = file.keyframes.findLast((entry) => entry.offset <= start)?.offset ?? 0;
  const after = file.keyframes.find((entry) => entry.offset >= end)?.offset ?? file.bytes;
  const bytes = await readExactly(handle, before, after - before);
  shiftDecodeTimes(bytes, shift, await initWithSound(handle, file));
  return bytes.subarray(start - before, end - before);
}

/** Only where there is sound is the init needed to shift decode times: the sound track counts in units of its own. */
async function initWithSound(handle: FileHandle, file: PlayFile): Promise<Init | null> {
  return file.codec.includes(',') ? readInit(await readExactly(handle, 0, file.initBytes)) : null;
}

/** The moof and mdat at `offset`; sizes are checked against the file before anything is read. */
async function readFragment(handle: FileHandle, offset: number, fileBytes: number): Promise<Buffer> {
  let end = offset;
  for (const type of ['moof', 'mdat']) {
    const head = await readExactly(handle, end, Math.min(16, fileBytes - end));
    const size = u32(head, 0) === 1 ? u64(head, 8) : u32(head, 0);
    if (boxType(head, 4) !== type || size < 8 || size > fmp4Limits.mdatBytes || end + size > fileBytes) {
      throw new AppError('not_found', 'media_gone');
    }
    end += size;
  }
  return readExactly(handle, offset, end - offset);
}
