import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { shiftDecodeTimes, withDecodeTime } from '../fmp4/fragment.ts';
import type { Fragment } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import type { ClockState } from '../stream/media-clock.ts';
import type { Recording } from './archive-index.ts';
import { fileMode, makeFolders, newFileFlags, readExactly, readFlags } from './files.ts';
import { encodeKeyframes, type KeyframeEntry } from './keyframe-table.ts';
import { type RecordingName, recordingPath } from './paths.ts';
import type { Volume } from './volume.ts';

/** More than this waiting for the disk means that it cannot keep up; memory must not pay for it. */
const maxWaitingBytes = 32 * 2 ** 20;

/** The part of an open file that is on its way to disk no longer: what playback may use of it. */
export interface OpenRecording {
  volumeId: number;
  startMs: number;
  initBytes: number;
  initId: string;
  timescale: number;
  codec: string;
  width: number;
  height: number;
  /** Written so far: bytes, and media time in units of the timescale. */
  bytes: number;
  mediaDuration: number;
  keyframes: readonly KeyframeEntry[];
}

/**
 * One recording file while it is written: init, then fragments whose decode times count from the start of the file, so that any
 * player shows it from zero. Writes are appended one after the other in the background; the first that fails ends the file where
 * it still was whole. Nothing is rewritten, so that readers may follow behind the writer.
 */
export class RecordingFile {
  readonly name: RecordingName;
  readonly path: string;
  readonly volume: Volume;
  readonly #init: Init;
  readonly #hash = createHash('sha256');
  readonly #keyframes: KeyframeEntry[] = [];
  #handle: FileHandle | null = null;
  #tail: Promise<void>;
  #waitingBytes = 0;
  #writtenBytes = 0;
  #writtenDuration = 0;
  #writtenKeyframes: number = 0;
  #mediaStart: number | null = null;
  #offset: number;
  /** Why the file takes no more; the first error wins. */
  error: Error | null = null;

  constructor(volume: Volume, name: RecordingName, init: Init) {
    this.volume = volume;
    this.name = name;
    this.path = recordingPath(name);
    this.#init = init;
    this.#offset = init.bytes.length;
    volume.openFiles.add(this.path);
    this.#tail = this.#create().catch((error: Error) => this.#fail(error));
  }

  /** Media time of the fragments handed in so far, in units of the timescale. */
  get mediaDuration(): number {
    return this.#pendingDuration;
  }
  #pendingDuration = 0;

  /** Takes a fragment; the first must begin with a keyframe. Returns where it will stand, or null when the file takes no more. */
  append(fragment: Fragment): number | null {
    if (this.error !== null) return null;
    this.#mediaStart ??= fragment.baseDecodeTime;
    const time = fragment.baseDecodeTime - this.#mediaStart;
    const moof = withDecodeTime(fragment.moof, fragment, time, this.#init);
    if (fragment.keyframe) this.#keyframes.push({ time, offset: this.#offset });
    const offset = this.#offset;
    this.#offset += fragment.bytes;
    this.#pendingDuration = time + fragment.duration;
    const progress = { duration: this.#pendingDuration, keyframes: this.#keyframes.length };
    if (this.#waitingBytes > maxWaitingBytes) {
      this.#fail(Object.assign(new Error('the disk cannot keep up'), { code: 'ETOOSLOW' }));
      return null;
    }
    this.#write([moof, ...fragment.mdat], fragment.bytes, progress);
    return offset;
  }

  /** Whether every byte before `end` has been written, and nothing has been refused. */
  holds(end: number): boolean {
    return this.error === null && this.#writtenBytes >= end;
  }

  /** Whole fragments as they were handed in, decode times too; of files without sound, whose times count in units of their own. */
  async read(offset: number, bytes: number): Promise<Uint8Array> {
    const handle = await this.volume.files.open(join(this.volume.path, this.path), readFlags);
    try {
      const fragments = await readExactly(handle, offset, bytes);
      shiftDecodeTimes(fragments, this.#mediaStart ?? 0);
      return fragments;
    } finally {
      await handle.close();
    }
  }

  snapshot(): OpenRecording | null {
    if (this.#writtenKeyframes === 0) return null;
    return {
      volumeId: this.volume.id ?? 0,
      startMs: this.name.startMs,
      initBytes: this.#init.bytes.length,
      initId: this.#init.id,
      timescale: this.#init.timescale,
      codec: this.#init.codecString,
      width: this.#init.width,
      height: this.#init.height,
      bytes: this.#writtenBytes,
      mediaDuration: this.#writtenDuration,
      keyframes: this.#keyframes.slice(0, this.#writtenKeyframes),
    };
  }

  /** The file has its row now, or none (null). */
  release(row: Recording | null): void {
    this.volume.closed(this.path, this.#writtenBytes, row?.bytes ?? null);
  }

  /**
   * Waits for the writes, cuts off what a failed one left, and makes file and directory durable, in this order; the index row is
   * the caller's next step. Returns null, and leaves no file, when no fragment was written. Rejects when the disk refuses.
   */
  async close(
    streamId: number,
    endMs: (mediaDuration: number) => number,
    clock: ClockState,
  ): Promise<Recording | null> {
    await this.#tail;
    const handle = this.#handle;
    const snapshot = this.snapshot();
    if (handle === null) return null;
    try {
      if (snapshot === null) {
        await this.volume.assertPresent();
        await this.volume.files.unlink(join(this.volume.path, this.path));
        return null;
      }
      if (this.error !== null) await handle.truncate(snapshot.bytes);
      await handle.sync();
    } finally {
      await handle.close().catch(() => {});
    }
    await this.volume.assertPresent();
    await syncDirectory(join(this.volume.path, dirname(this.path)));
    const { keyframes, ...rest } = snapshot;
    return {
      ...rest,
      streamId,
      endMs: Math.max(endMs(snapshot.mediaDuration), snapshot.startMs),
      sha256: this.#hash.digest(),
      clock,
      keyframes: encodeKeyframes(keyframes),
    };
  }

  async #create(): Promise<void> {
    const { volume } = this;
    const below = dirname(this.path);
    const directory = join(volume.path, below);
    await volume.assertPresent();
    const created = await makeFolders(volume.files, volume.path, below);
    if (created !== undefined) await syncParents(directory, created);
    const handle = await volume.files.open(join(volume.path, this.path), newFileFlags, fileMode);
    // The volume may have gone since the look before: what is open must lie on it.
    if (!volume.holds((await handle.stat()).dev)) {
      await handle.close();
      await volume.files.unlink(join(volume.path, this.path)).catch(() => {});
      throw Object.assign(new Error(`the volume ${volume.name} is offline`), { code: 'ENODEV' });
    }
    this.#handle = handle;
    await writeAll(this.#handle, [this.#init.bytes], this.#init.bytes.length);
    this.#hash.update(this.#init.bytes);
    this.#wrote(this.#init.bytes.length);
  }

  #wrote(bytes: number): void {
    this.#writtenBytes += bytes;
    this.volume.grow(bytes);
  }

  #write(pieces: Uint8Array[], bytes: number, progress: { duration: number; keyframes: number }): void {
    this.#waitingBytes += bytes;
    this.#tail = this.#tail.then(async () => {
      try {
        if (this.error !== null || this.#handle === null) return;
        await writeAll(this.#handle, pieces, bytes);
        for (const piece of pieces) this.#hash.update(piece);
        this.#wrote(bytes);
        this.#writtenDuration = progress.duration;
        this.#writtenKeyframes = progress.keyframes;
      } catch (error) {
        this.#fail(error as Error);
      } finally {
        this.#waitingBytes -= bytes;
      }
    });
  }

  #fail(error: Error): void {
    this.error ??= error;
  }
}

/** Gathered in one system call; what the system did not take at once is written after it. */
async function writeAll(handle: FileHandle, pieces: Uint8Array[], bytes: number): Promise<void> {
  let { bytesWritten } = await handle.writev(pieces);
  if (bytesWritten === bytes) return;
  const rest = Buffer.concat(pieces);
  while (bytesWritten < bytes) {
    const step = await handle.write(rest, bytesWritten);
    if (step.bytesWritten === 0) throw Object.assign(new Error('the disk takes nothing'), { code: 'ENOSPC' });
    bytesWritten += step.bytesWritten;
  }
}

/** Makes names in a directory durable. Where directories cannot be opened (Windows) the file system has no such step. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** New directories become durable from the bottom up to the parent of the first one that was made. */
async function syncParents(directory: string, firstCreated: string): Promise<void> {
  let at = directory;
  for (;;) {
    const parent = dirname(at);
    await syncDirectory(parent);
    if (at === firstCreated || parent === at) return;
    at = parent;
  }
}
