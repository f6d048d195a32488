import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { StreamName } from '../../contracts/common.ts';
import type { DeletionReason } from '../../contracts/health.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { AgedRecording, ArchiveIndex } from './archive-index.ts';
import { refuseLinks } from './files.ts';
import { recordingPath } from './paths.ts';
import { syncDirectory } from './recording-file.ts';
import { recordingsToDelete } from './retention-policy.ts';
import type { Volume } from './volume.ts';
import { bytesToFree, volumesToClean } from './volume-policy.ts';
import type { Volumes } from './volumes.ts';

export interface RetentionRules {
  keepMs: number;
  /** Most bytes that the archive may take, or null. */
  quotaBytes: number | null;
  /** For a stream with days of its own; undefined for the others. */
  keepMsOf?(cameraId: string, stream: StreamName): number | undefined;
}

/** Rows are looked at a page at a time, so that a long-neglected archive is cleaned without stopping anything. */
const pageRows = 200;
/** Files are removed one after the other, and rows dropped for so many at once: recording goes on between them. */
const batchFiles = 32;
/** What was passed over, since it was held or is kept longer, is looked at again after so long. */
const sweepAnewMs = 3_600_000;

type Doomed = AgedRecording;

/**
 * Deletes what retention lets go, oldest first. Order: row marked → `unlink` → directory fsync → row dropped, with its gap in the same
 * transaction. Only files of the archive itself are removed, and only from a volume that is known to be the right one before and after.
 */
export class Cleaner {
  readonly #volumes: Volumes;
  readonly #index: ArchiveIndex;
  readonly #rules: RetentionRules;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** Until where a volume has been swept by age. */
  readonly #swept = new Map<Volume, { afterMs: number; sinceMs: number }>();
  /** Streams that had days of their own when they were last looked at. */
  readonly #ownDays = new Set<number>();
  #running: Promise<number> | null = null;
  /** While set nothing is deleted, whatever the rules say. */
  stopped = false;

  constructor(volumes: Volumes, index: ArchiveIndex, rules: RetentionRules, clock: Clock, log: Logger) {
    this.#volumes = volumes;
    this.#index = index;
    this.#rules = rules;
    this.#clock = clock;
    this.#log = log;
  }

  /** One pass by age, quota and room; returns how many files went. A pass that is under way is joined. */
  clean(signal?: AbortSignal): Promise<number> {
    return this.#alone(async () => {
      let deleted = await this.#finishMarked();
      for (const volume of this.#cleanable()) {
        deleted += await this.#sweepOwnDays(volume, signal);
        deleted += await this.#sweep(volume, signal);
      }
      const { quotaBytes } = this.#rules;
      const excess = quotaBytes === null ? 0 : this.#index.totals().bytes - quotaBytes;
      if (excess > 0) deleted += (await this.#freeOldest(this.#cleanable(), excess, 'quota', signal)).files;
      return deleted + (await this.#makeRoom(signal));
    });
  }

  /** Deletes only what the volumes need room for; cheap when they need none. */
  makeRoom(signal?: AbortSignal): Promise<number> {
    return volumesToClean(this.#volumes.all).length === 0
      ? this.#nothingNeeded()
      : this.#alone(() => this.#makeRoom(signal));
  }

  async #nothingNeeded(): Promise<number> {
    this.#volumes.nothingToDelete = false;
    return 0;
  }

  #alone(pass: () => Promise<number>): Promise<number> {
    if (this.stopped) {
      this.#volumes.nothingToDelete = true;
      return Promise.resolve(0);
    }
    this.#running ??= pass().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Volumes whose files can be removed: there, and not refusing writes other than for want of room. */
  #cleanable(): Volume[] {
    return this.#volumes.all.filter((volume) => volume.usable && volume.id !== null);
  }

  async #sweep(volume: Volume, signal?: AbortSignal): Promise<number> {
    const nowMs = this.#clock.nowMs();
    const before = this.#swept.get(volume);
    const anew = before === undefined || nowMs - before.sinceMs >= sweepAnewMs || nowMs < before.sinceMs;
    const swept = anew ? { afterMs: -1, sinceMs: nowMs } : before;
    this.#swept.set(volume, swept);
    let deleted = 0;
    while (!signal?.aborted) {
      const page = this.#index.oldestOn(volume.id ?? 0, swept.afterMs, nowMs - this.#rules.keepMs, pageRows);
      const last = page.at(-1);
      if (last === undefined) break;
      const doomed = this.#decide(page, 0);
      deleted += (await this.#delete(volume, doomed)).files;
      swept.afterMs = last.startMs;
      await yieldToOthers();
    }
    return deleted;
  }

  /** Streams with days of their own: with fewer, the sweep of the volume does not come to them; with more, it has gone past them. */
  async #sweepOwnDays(volume: Volume, signal?: AbortSignal): Promise<number> {
    const { keepMsOf } = this.#rules;
    let deleted = 0;
    for (const stream of keepMsOf === undefined ? [] : this.#index.streams()) {
      const ownMs = keepMsOf?.(stream.cameraId, stream.name);
      if (ownMs === undefined) {
        if (this.#ownDays.delete(stream.id)) this.#swept.clear();
        continue;
      }
      this.#ownDays.add(stream.id);
      for (let afterMs = -1; !signal?.aborted; ) {
        const untilMs = this.#clock.nowMs() - ownMs;
        const page = this.#index.oldestOf(stream.id, volume.id ?? 0, afterMs, untilMs, pageRows);
        const last = page.at(-1);
        if (last === undefined) break;
        deleted += (await this.#delete(volume, this.#decide(page, 0))).files;
        afterMs = last.startMs;
        await yieldToOthers();
      }
    }
    return deleted;
  }

  #decide(page: AgedRecording[], excessBytes: number): Doomed[] {
    const candidates = page.map((row) => ({
      ...row,
      held: this.#index.isHeld(row.cameraId, row.startMs, row.endMs),
      keepMs: this.#rules.keepMsOf?.(row.cameraId, row.stream) ?? this.#rules.keepMs,
    }));
    const pressure = { nowMs: this.#clock.nowMs(), excessBytes };
    return recordingsToDelete(candidates, pressure).map(({ recording }) => recording);
  }

  /** Where new files have nowhere else to go, the volume with the oldest footage is relieved of it. */
  async #makeRoom(signal?: AbortSignal): Promise<number> {
    const needy = volumesToClean(this.#volumes.all).filter((volume) => volume.id !== null);
    const oldest = (volume: Volume) =>
      this.#index.oldestOn(volume.id ?? 0, -1, Number.MAX_SAFE_INTEGER, 1)[0]?.startMs ?? 0;
    needy.sort((a, b) => oldest(a) - oldest(b));
    let deleted = 0;
    for (const volume of needy) {
      const overLimit = volume.space.limitBytes !== null && volume.space.usedBytes > volume.space.limitBytes;
      if (deleted > 0 && !overLimit) continue;
      deleted += (await this.#freeOldest([volume], bytesToFree(volume.space), 'room', signal)).files;
    }
    this.#volumes.nothingToDelete = needy.length > 0 && deleted === 0;
    return deleted;
  }

  /** Deletes the oldest unheld footage of these volumes together, until so many bytes went or nothing more may go. */
  async #freeOldest(
    volumes: Volume[],
    bytes: number,
    reason: DeletionReason,
    signal?: AbortSignal,
  ): Promise<{ files: number; bytes: number }> {
    const sum = { files: 0, bytes: 0 };
    const nowMs = this.#clock.nowMs();
    let afterMs = -1;
    while (!signal?.aborted && sum.bytes < bytes) {
      const pages = volumes.map((volume) => this.#index.oldestOn(volume.id ?? 0, afterMs, nowMs, pageRows));
      const untilMs = Math.min(
        ...pages.filter((page) => page.length >= pageRows).map((page) => page.at(-1)?.startMs ?? 0),
      );
      const page = pages
        .flat()
        .filter(({ startMs }) => startMs <= untilMs)
        .sort((a, b) => a.startMs - b.startMs);
      const last = page.at(-1);
      if (last === undefined) break;
      const doomed = this.#decide(page, bytes - sum.bytes);
      for (const volume of volumes) {
        const gone = await this.#delete(
          volume,
          doomed.filter(({ volumeId }) => volumeId === volume.id),
          reason,
        );
        sum.files += gone.files;
        sum.bytes += gone.bytes;
      }
      afterMs = last.startMs;
      await yieldToOthers();
    }
    return sum;
  }

  /** What a pass before this one, or a killed run, had marked. Of a volume that is not there nothing is known: its rows stand again. */
  async #finishMarked(): Promise<number> {
    const marked = this.#index.deleting();
    const cleanable = this.#cleanable();
    const left = marked.filter(({ volumeId }) => !cleanable.some((volume) => volume.id === volumeId));
    this.#index.transaction(() => {
      for (const row of left) this.#index.unmarkDeleting(row.streamId, row.startMs);
    });
    const streams = new Map(this.#index.streams().map((row) => [row.id, row]));
    let deleted = 0;
    for (const volume of cleanable) {
      const here = marked.flatMap((row): Doomed[] => {
        const stream = streams.get(row.streamId);
        if (stream === undefined || row.volumeId !== volume.id) return [];
        return [{ ...row, cameraId: stream.cameraId, stream: stream.name }];
      });
      deleted += (await this.#delete(volume, here)).files;
    }
    return deleted;
  }

  async #delete(
    volume: Volume,
    doomed: Doomed[],
    reason: DeletionReason = 'age',
  ): Promise<{ files: number; bytes: number }> {
    const sum = { files: 0, bytes: 0 };
    for (let at = 0; at < doomed.length; at += batchFiles) {
      const gone = await this.#deleteBatch(volume, doomed.slice(at, at + batchFiles));
      sum.files += gone.length;
      sum.bytes += gone.reduce((total, row) => total + row.bytes, 0);
    }
    if (sum.files > 0) {
      volume.countDeleted(sum.files, sum.bytes, reason);
      const fromMs = Math.min(...doomed.map((row) => row.startMs));
      const toMs = Math.max(...doomed.map((row) => row.endMs));
      this.#log.info({ volume: volume.name, ...sum, reason, fromMs, toMs }, 'recordings were deleted by retention');
    }
    return sum;
  }

  async #deleteBatch(volume: Volume, batch: Doomed[]): Promise<Doomed[]> {
    this.#index.transaction(() => {
      for (const row of batch) this.#index.markDeleting(row.streamId, row.startMs);
    });
    const gone: Doomed[] = [];
    try {
      await volume.assertPresent();
      const directories = new Set<string>();
      const unlinked: Doomed[] = [];
      for (const row of batch) {
        const path = recordingPath({ cameraId: row.cameraId, stream: row.stream, startMs: row.startMs });
        if (!(await this.#unlink(volume, path))) continue;
        directories.add(dirname(path));
        unlinked.push(row);
      }
      for (const directory of directories) await syncDirectory(join(volume.path, directory)).catch(ignoreMissing);
      // Were it another file system by now, "no such file" would have meant nothing.
      await volume.assertPresent();
      gone.push(...unlinked);
    } catch (error) {
      this.#log.error({ volume: volume.name, err: error }, 'recordings could not be deleted');
    }
    const kept = new Set(batch);
    this.#index.transaction(() => {
      for (const row of gone) {
        this.#index.dropRecording(row.streamId, row.startMs, 'policy_deleted');
        kept.delete(row);
      }
      for (const row of kept) this.#index.unmarkDeleting(row.streamId, row.startMs);
    });
    return gone;
  }

  /** True when the file is gone. Links, and whatever else stands in a recording's place, are neither followed nor removed. */
  async #unlink(volume: Volume, path: string): Promise<boolean> {
    const full = join(volume.path, path);
    try {
      await refuseLinks(volume.path, dirname(path));
      if (!(await lstat(full)).isFile()) throw Object.assign(new Error('it is no file'), { code: 'EISDIR' });
      await volume.files.unlink(full);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
      volume.refused(error as Error);
      this.#log.error({ volume: volume.name, path, err: error }, 'a recording could not be deleted');
      return false;
    }
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
