import { join } from 'node:path';
import { type DeletionReason, nothingDeleted, type VolumeHealth } from '../../contracts/health.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { ArchiveIndex } from './archive-index.ts';
import { type ArchiveFiles, fileMode, makePrivate } from './files.ts';
import { contentOf, probeFile, readIdentity, type VolumeIdentity, writeIdentity } from './volume-identity.ts';
import { bytesLeft, type Room, reserveOf, roomOf, type VolumeSpace } from './volume-policy.ts';

export interface VolumeSetting {
  name: string;
  path: string;
  limitBytes: number | null;
  reserveBytes: number | null;
}

/**
 * Why a volume is not there: `path_missing`; `identity_missing` (an empty mount point in its place); `identity_foreign` (another volume in its
 * place); `identity_unreadable`; `not_empty` (a new volume must be empty); `not_answering`; or the system's code.
 */
export type OfflineReason = string;

export interface VolumeParts {
  index: ArchiveIndex;
  clock: Clock;
  log: Logger;
  files: ArchiveFiles;
  newId(): string;
  settings: readonly VolumeSetting[];
}

interface Failure {
  code: string;
  message: string;
}

/** A look that takes longer has met a file system that hangs. */
const patienceMs = 10_000;
const probeBytes = 4096;
/** The rate of recording is taken over about so long. */
const rateWindowMs = 600_000;
const dayMs = 24 * 3_600_000;
/** Days are counted as in Viet Nam. */
const zoneMs = 7 * 3_600_000;

/** A refusal that is the whole volume's; any other is of one file or folder only. */
const volumeWide = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EIO',
  'ENODEV',
  'ENXIO',
  'ESTALE',
  'ENOTCONN',
  'EHOSTDOWN',
  'ETIMEDOUT',
]);

/** One volume of the archive: whether the right one is there, whether it takes files, and how much room it has. */
export class Volume {
  readonly name: string;
  readonly path: string;
  readonly files: ArchiveFiles;
  readonly #setting: VolumeSetting;
  readonly #parts: VolumeParts;
  /** Its number in the index; null until it was taken in. */
  #id: number | null = null;
  #root: { device: number; inode: number } | null = null;
  #offline: OfflineReason | null = 'not_looked_at';
  #failure: Failure | null = null;
  #room: Room = 'roomy';
  #disk = { sizeBytes: 0, freeBytes: 0 };
  #indexed = { files: 0, bytes: 0 };
  /** Of files without a row; and written since the last look. */
  #openBytes = 0;
  #sinceLookBytes = 0;
  #rate: { bytes: number; fromMs: number; perMs: number | null };
  #deleted = { files: 0, bytes: 0 };
  #deletedToday: { day: number; sums: VolumeHealth['deletedToday'] } = { day: 0, sums: nothingDeleted };
  #looking = false;
  /** Paths of files that a writer has open here. */
  readonly openFiles = new Set<string>();

  constructor(setting: VolumeSetting, parts: VolumeParts) {
    this.name = setting.name;
    this.path = setting.path;
    this.files = parts.files;
    this.#setting = setting;
    this.#parts = parts;
    this.#rate = { bytes: 0, fromMs: parts.clock.monotonicMs(), perMs: null };
    this.#id = parts.index.volumes().find((row) => row.name === setting.name)?.id ?? null;
  }

  get id(): number | null {
    return this.#id;
  }

  /** The right volume is there: what lies on it can be read. */
  get online(): boolean {
    return this.#offline === null;
  }

  /** Files may be made here, as far as there is room. */
  get usable(): boolean {
    return this.#offline === null && (this.#failure === null || isFull(this.#failure));
  }

  /** An open file may go on here. */
  get takes(): boolean {
    return this.usable && this.room !== 'full';
  }

  get room(): Room {
    return this.#failure !== null && isFull(this.#failure) ? 'full' : this.#room;
  }

  get offlineReason(): OfflineReason | null {
    return this.#offline;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get space(): VolumeSpace {
    const { limitBytes, reserveBytes } = this.#setting;
    const usedBytes = this.#indexed.bytes + this.#openBytes;
    const freeBytes = Math.max(0, this.#disk.freeBytes - this.#sinceLookBytes);
    return { sizeBytes: this.#disk.sizeBytes, freeBytes, usedBytes, limitBytes, reserveBytes };
  }

  /** Rejects unless the very file system is there that was looked at: nothing is ever written into an empty mount point. */
  async assertPresent(): Promise<void> {
    const found = await this.files.identity(this.path).catch(() => null);
    const root = this.#root;
    if (this.#offline === null && root !== null && found?.device === root.device && found.inode === root.inode) return;
    if (this.#offline === null) this.#leave('identity_missing');
    throw Object.assign(new Error(`the volume ${this.name} is offline`), { code: 'ENODEV' });
  }

  /** Whether an open file lies on this volume's file system. */
  holds(device: number): boolean {
    return this.#root?.device === device;
  }

  /** A file here was refused. When that is the whole volume's trouble, it is left alone until it takes a test file again. */
  refused(error: Error): void {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!volumeWide.has(code) || this.#offline !== null) return;
    if (this.#failure === null)
      this.#parts.log.error({ volume: this.name, code, reason: error.message }, 'a volume of the archive failed');
    this.#failure = { code, message: errorMessage(error) };
  }

  /** An open file has grown. */
  grow(bytes: number): void {
    this.#openBytes += bytes;
    this.#sinceLookBytes += bytes;
    this.#rate.bytes += bytes;
    this.#room = roomOf(this.space, this.#room);
  }

  /** A file that was open is in the index with so many bytes, or is without a row. */
  closed(path: string, writtenBytes: number, indexedBytes: number | null): void {
    this.openFiles.delete(path);
    this.#openBytes -= writtenBytes;
    if (indexedBytes === null) return;
    this.#indexed = { files: this.#indexed.files + 1, bytes: this.#indexed.bytes + indexedBytes };
  }

  countDeleted(files: number, bytes: number, reason: DeletionReason): void {
    this.#indexed = { files: this.#indexed.files - files, bytes: this.#indexed.bytes - bytes };
    this.#deleted.files += files;
    this.#deleted.bytes += bytes;
    const sums = this.#today();
    const sum = sums[reason];
    this.#deletedToday.sums = { ...sums, [reason]: { files: sum.files + files, bytes: sum.bytes + bytes } };
  }

  #today(): VolumeHealth['deletedToday'] {
    const day = Math.floor((this.#parts.clock.nowMs() + zoneMs) / dayMs);
    if (day !== this.#deletedToday.day) this.#deletedToday = { day, sums: nothingDeleted };
    return this.#deletedToday.sums;
  }

  /**
   * Looks whether the volume is there and well; `returned` is awaited before it is used again. Resolves when that is known, at the latest when
   * patience is at an end: then the volume is offline until the look that hangs comes back. Never rejects.
   */
  async look(returned: (volume: Volume) => Promise<void>): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const late = Promise.withResolvers<void>();
    const patience = setTimeout(() => {
      this.#leave('not_answering');
      late.resolve();
    }, patienceMs);
    const look = this.#look(returned, () => clearTimeout(patience))
      .catch((error: NodeJS.ErrnoException) => {
        this.#leave(error.code === 'ENOENT' ? 'path_missing' : (error.code ?? 'identity_unreadable'));
      })
      .finally(() => {
        clearTimeout(patience);
        this.#looking = false;
      });
    await Promise.race([look, late.promise]);
  }

  async #look(returned: (volume: Volume) => Promise<void>, answered: () => void): Promise<void> {
    const root = await this.files.identity(this.path);
    const identity = await readIdentity(this.files, this.path).catch((error) => {
      throw Object.assign(error, { code: (error as NodeJS.ErrnoException).code ?? 'identity_unreadable' });
    });
    const wrong = identity === null ? await this.#takeIn() : this.#compare(identity);
    if (wrong !== null) {
      this.#leave(wrong);
      return;
    }
    this.#disk = await this.files.space(this.path);
    this.#sinceLookBytes = 0;
    this.#indexed = this.#parts.index.volumes().find((row) => row.id === this.#id) ?? this.#indexed;
    this.#room = roomOf(this.space, this.#room);
    this.#follow();
    const works = this.#failure === null || (await this.#works());
    answered();
    this.#root = root;
    if (!works) {
      this.#offline = null;
      return;
    }
    const back = this.#offline !== null || this.#failure !== null;
    if (this.#offline !== null) await this.#makePrivate();
    if (back) await returned(this);
    if (back && this.#offline !== 'not_looked_at')
      this.#parts.log.warn({ volume: this.name }, 'a volume of the archive is in use again');
    this.#failure = null;
    this.#offline = null;
  }

  async #makePrivate(): Promise<void> {
    try {
      if (await makePrivate(this.path))
        this.#parts.log.warn(
          { volume: this.name },
          'other accounts could read a volume of the archive; they cannot any more',
        );
    } catch (error) {
      this.#parts.log.error(
        { volume: this.name, reason: errorMessage(error) },
        'other accounts can read a volume of the archive',
      );
    }
  }

  /** Whether a volume that refused takes a file again, down to the disk. A full one waits for its whole reserve. */
  async #works(): Promise<boolean> {
    if (this.#failure !== null && isFull(this.#failure) && bytesLeft(this.space) < reserveOf(this.space)) return false;
    const path = join(this.path, probeFile);
    try {
      const handle = await this.files.open(path, 'w', fileMode);
      try {
        await handle.writev([Buffer.alloc(probeBytes)]);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await this.files.unlink(path);
      return true;
    } catch (error) {
      const { code = 'EIO' } = error as NodeJS.ErrnoException;
      this.#failure = { code, message: errorMessage(error) };
      return false;
    }
  }

  /** A volume without identity: one that is new gets one, one that is known is not the one that is here. Null when it was taken in. */
  async #takeIn(): Promise<OfflineReason | null> {
    const { index, log, newId } = this.#parts;
    const known = index.volumes();
    const content = await contentOf(this.path);
    if (this.#id !== null) return 'identity_missing';
    // An archive from before there were volumes has its recordings here, on what becomes the first one.
    const first = known.length === 0 && this.#setting === this.#parts.settings[0];
    if (content === 'other' || (content === 'recordings' && !first)) return 'not_empty';
    if (first && content === 'empty' && index.totals().files > 0) return 'identity_missing';
    const id = newId();
    await writeIdentity(this.files, this.path, id, this.name);
    this.#id = index.addVolume(id, this.name);
    log.info({ volume: this.name, path: this.path, identity: id }, 'a volume was taken into the archive');
    return null;
  }

  #compare(identity: VolumeIdentity): OfflineReason | null {
    const known = this.#parts.index.volumes();
    const row = known.find(({ uuid }) => uuid === identity.id);
    if (this.#id !== null) return row?.id === this.#id ? null : 'identity_foreign';
    if (row !== undefined) {
      // The same volume under a new name.
      if (this.#parts.settings.some(({ name }) => name === row.name)) return 'identity_foreign';
      this.#id = row.id;
      return null;
    }
    // The index is new and the volume is not: its recordings are found again from the files.
    if (identity.name !== this.name && this.#parts.index.totals().files > 0) return 'identity_foreign';
    this.#id = this.#parts.index.addVolume(identity.id, this.name);
    return null;
  }

  #leave(reason: OfflineReason): void {
    if (this.#offline !== reason) {
      const first = this.#offline === 'not_looked_at' || this.#offline === null;
      if (first)
        this.#parts.log.error({ volume: this.name, path: this.path, reason }, 'a volume of the archive is offline');
    }
    this.#offline = reason;
    this.#root = null;
  }

  #follow(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const elapsedMs = nowMs - this.#rate.fromMs;
    if (elapsedMs < rateWindowMs) return;
    this.#rate = { bytes: 0, fromMs: nowMs, perMs: this.#rate.bytes / elapsedMs };
  }

  health(): VolumeHealth {
    const { space } = this;
    const elapsedMs = this.#parts.clock.monotonicMs() - this.#rate.fromMs;
    const perMs = this.#rate.perMs ?? (elapsedMs < 60_000 ? null : this.#rate.bytes / elapsedMs);
    const left = Math.max(0, bytesLeft(space) - reserveOf(space));
    return {
      name: this.name,
      path: this.path,
      state: this.#offline !== null ? 'offline' : this.usable ? this.room : 'failed',
      detail: this.#offline ?? this.#failure?.message ?? null,
      fileSystem: this.#root?.device ?? null,
      files: this.#indexed.files,
      usedBytes: Math.max(0, space.usedBytes),
      freeBytes: space.freeBytes,
      sizeBytes: space.sizeBytes,
      limitBytes: space.limitBytes,
      reserveBytes: Math.round(reserveOf(space)),
      bytesPerDay: perMs === null ? null : perMs * dayMs,
      daysLeft: perMs === null || perMs === 0 || this.#offline !== null ? null : left / perMs / dayMs,
      deletedFiles: this.#deleted.files,
      deletedBytes: this.#deleted.bytes,
      deletedToday: this.#today(),
    };
  }
}

function isFull({ code }: Failure): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}
