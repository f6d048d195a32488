import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep, setImmediate as yieldToOthers } from 'node:timers/promises';
import { type SelfCheck, type SelfCheckProgress, selfCheck } from '../../contracts/health.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { ArchiveIndex } from './archive-index.ts';
import {
  type ArchiveDifference,
  type ArchiveRoot,
  checkArchive,
  compare,
  type Pace,
  rootOf,
  stillDiffers,
} from './check.ts';
import { fileMode } from './files.ts';
import { recordingPath } from './paths.ts';

export interface SelfCheckLimits {
  /** Read for hashes with one check; the next one goes on where this one ended, and begins anew at the end of the archive. */
  hashBytes: number;
  bytesPerSecond: number;
  /** Names and sizes looked at before the others' turn. */
  entriesAtOnce: number;
}

export const selfCheckLimits: SelfCheckLimits = {
  hashBytes: 50 * 2 ** 30,
  bytesPerSecond: 8 * 2 ** 20,
  entriesAtOnce: 200,
};

/** 02:00 in Viet Nam, when nobody watches. */
const hourUtc = 19;
const dayMs = 24 * 3_600_000;
const pageRows = 100;
const mostExamples = 20;
const resultFile = 'self-check.json';

/** When the last check was due at `nowMs`. */
export function lastDueMs(nowMs: number): number {
  return Math.floor((nowMs - hourUtc * 3_600_000) / dayMs) * dayMs + hourUtc * 3_600_000;
}

export interface SelfCheckerParts {
  dataDir: string;
  /** Folders of the volumes that are there now. */
  roots(): readonly ArchiveRoot[];
  index: ArchiveIndex;
  clock: Clock;
  log: Logger;
  /** Files that are being written have no row. */
  isOpen(path: string): boolean;
  limits?: SelfCheckLimits;
}

/**
 * The nightly look of a running recorder at its own archive: every name and size, and as many hashes as a night's share allows. It reads
 * slowly, changes nothing, and its result outlives a restart.
 */
export class SelfChecker {
  readonly #parts: SelfCheckerParts;
  readonly #limits: SelfCheckLimits;
  #result: SelfCheck | null = null;
  #running: Promise<void> | null = null;
  #progress: SelfCheckProgress | null = null;

  constructor(parts: SelfCheckerParts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? selfCheckLimits;
  }

  get result(): SelfCheck | null {
    return this.#result;
  }

  /** How far the check is that is under way; null when there is none. */
  get progress(): SelfCheckProgress | null {
    return this.#progress && { ...this.#progress };
  }

  /** Reads the result of the last check, where there is one. */
  async load(): Promise<void> {
    try {
      const text = await readFile(join(this.#parts.dataDir, resultFile), 'utf8');
      this.#result = selfCheck.parse(JSON.parse(text));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.#parts.log.warn({ reason: errorMessage(error) }, 'the result of the last self-check cannot be read');
      }
    }
  }

  /** One check; joins one that is under way. Rejects when `signal` aborts it. */
  run(signal: AbortSignal): Promise<void> {
    this.#running ??= this.#run(signal).finally(() => {
      this.#running = null;
      this.#progress = null;
    });
    return this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { index, clock, log, dataDir, isOpen } = this.#parts;
    const archive = this.#parts.roots();
    const startedMs = clock.nowMs();
    const totals = index.totals();
    this.#progress = {
      // Every row is looked at, and every file.
      ...{ startedMs, lookedAt: 0, toLookAt: 2 * totals.files },
      ...{ readBytes: 0, toReadBytes: Math.min(this.#limits.hashBytes, totals.bytes) },
    };
    const pace = this.#pace(signal);
    const { files, rows, differences } = await checkArchive(archive, index, { pace, signal });
    const hashes = await this.#checkHashes(this.#result?.hashedUntilMs ?? null, pace, signal);
    const found: ArchiveDifference[] = [];
    for (const difference of [...differences, ...hashes.differences]) {
      if (await stillDiffers(this.#parts.roots(), index, difference, isOpen)) found.push(difference);
    }
    const kinds: Record<string, number> = {};
    for (const { kind } of found) kinds[kind] = (kinds[kind] ?? 0) + 1;
    this.#result = {
      ...{ startedMs, atMs: clock.nowMs(), files, rows, hashed: hashes.hashed, hashedUntilMs: hashes.untilMs, kinds },
      examples: found.filter(({ kind }) => kind !== 'foreign_file').slice(0, mostExamples),
    };
    const file = join(dataDir, resultFile);
    await writeFile(`${file}.new`, `${JSON.stringify(this.#result)}\n`, { mode: fileMode });
    await rename(`${file}.new`, file);
    log.info({ files, rows, hashed: hashes.hashed, kinds }, 'the archive has been checked');
  }

  /** The next files in order of time, up to a night's share of bytes. */
  async #checkHashes(afterMs: number | null, pace: Pace, signal: AbortSignal) {
    const differences: ArchiveDifference[] = [];
    let bytes = 0;
    let hashed = 0;
    let untilMs: number | null = afterMs;
    while (bytes < this.#limits.hashBytes) {
      const page = this.#nextPage(untilMs ?? -1);
      if (page.length === 0) return { differences, hashed, untilMs: null };
      for (const row of page) {
        signal.throwIfAborted();
        const path = recordingPath(row);
        const root = rootOf(this.#parts.roots(), row.volumeId);
        const kind = root === null ? null : await compare(join(root, path), row, true, pace);
        if (kind !== null && kind !== 'file_missing') differences.push({ kind, path });
        bytes += row.bytes;
        hashed += 1;
        untilMs = row.startMs;
        if (bytes >= this.#limits.hashBytes) break;
      }
    }
    return { differences, hashed, untilMs };
  }

  /** The files of all volumes that come next in time. */
  #nextPage(afterMs: number) {
    const { index, clock } = this.#parts;
    const pages = this.#parts
      .roots()
      .map(({ volumeId }) => index.hashesAfter(volumeId, afterMs, clock.nowMs(), pageRows));
    // What lies behind the end of a page that is full is not known yet.
    const ends = pages.filter((page) => page.length >= pageRows).map((page) => page.at(-1)?.startMs ?? 0);
    const untilMs = Math.min(...ends);
    return pages
      .flat()
      .filter(({ startMs }) => startMs <= untilMs)
      .sort((a, b) => a.startMs - b.startMs);
  }

  #pace(signal: AbortSignal): Pace {
    const { bytesPerSecond, entriesAtOnce } = this.#limits;
    let entriesDue = 0;
    return async ({ entries = 0, bytes = 0 }) => {
      entriesDue += entries;
      if (this.#progress !== null) {
        this.#progress.lookedAt += entries;
        this.#progress.readBytes += bytes;
      }
      if (bytes > 0) await sleep((bytes * 1000) / bytesPerSecond, undefined, { signal });
      else if (entriesDue >= entriesAtOnce) {
        entriesDue = 0;
        await yieldToOthers(undefined, { signal });
      }
    };
  }
}

/** What an alarm counts: a foreign file harms nothing. */
export function differencesThatHarm({ kinds }: SelfCheck): number {
  return Object.entries(kinds).reduce((sum, [kind, count]) => (kind === 'foreign_file' ? sum : sum + count), 0);
}
