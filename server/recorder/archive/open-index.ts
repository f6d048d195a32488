import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { ArchiveIndex } from './archive-index.ts';
import { finishSwap, indexFile, type RebuildReport, rebuildIndex } from './rebuild.ts';
import { contentOf } from './volume-identity.ts';

/** An index up to this size is read as a whole at start (a second or so); damage of a larger one shows where it is read. */
const wholeCheckBytes = 256 * 2 ** 20;
/** A tool that has the index locked may let go of it. */
const lockAttempts = 3;
const lockPauseMs = 500;

const sqlite = { busy: 5, locked: 6, corrupt: 11, notADatabase: 26 };

export interface OpenedIndex {
  index: ArchiveIndex;
  /** Why the index had to be made anew, or null. */
  rebuilt: { reason: string; report: RebuildReport } | null;
}

/**
 * Opens the index of a data directory, whole and free to write. One that is damaged, or that stays locked, is kept aside and made anew from
 * the files. Errors: whatever else keeps SQLite from opening it, such as a newer version or a disk that cannot be read.
 */
export async function openIndex(
  dataDir: string,
  folders: string | readonly string[],
  clock: Clock,
  log: Logger,
): Promise<OpenedIndex> {
  await finishSwap(dataDir, clock);
  const path = join(dataDir, indexFile);
  let reason = '';
  if (!existsSync(path) && (await anyRecordings(folders))) return rebuilt('there was none');
  for (let attempt = 1; attempt <= lockAttempts; attempt += 1) {
    try {
      return { index: await openWhole(path), rebuilt: null };
    } catch (error) {
      if (!isBad(error)) throw error;
      reason = errorMessage(error);
      if (!isLocked(error)) break;
      await sleep(lockPauseMs);
    }
  }
  return rebuilt(reason);

  async function rebuilt(reason: string): Promise<OpenedIndex> {
    log.error({ reason }, 'the archive index is unusable; it is made anew from the files');
    const report = await rebuildIndex(dataDir, folders, clock, log, { trustRows: true });
    log.warn({ ...report, unreadable: report.unreadable.length }, 'the archive index was made anew');
    return { index: new ArchiveIndex(path), rebuilt: { reason, report } };
  }
}

async function anyRecordings(folders: string | readonly string[]): Promise<boolean> {
  for (const folder of typeof folders === 'string' ? [folders] : folders) {
    if ((await contentOf(folder).catch(() => 'empty')) === 'recordings') return true;
  }
  return false;
}

class DamagedIndex extends Error {}

async function openWhole(path: string): Promise<ArchiveIndex> {
  const index = new ArchiveIndex(path);
  try {
    const problems = (await stat(path)).size <= wholeCheckBytes ? index.problems() : [];
    if (problems.length > 0) throw new DamagedIndex(problems.join('; '));
    // Reads the edges of every table, and takes the lock that writing needs.
    index.totals();
    index.streams();
    index.transaction(() => {});
    return index;
  } catch (error) {
    index.close();
    throw error;
  }
}

function codeOf(error: unknown): number {
  return Number((error as { errcode?: number }).errcode ?? 0) & 0xff;
}

function isLocked(error: unknown): boolean {
  return codeOf(error) === sqlite.busy || codeOf(error) === sqlite.locked;
}

function isBad(error: unknown): boolean {
  if (error instanceof DamagedIndex || isLocked(error)) return true;
  return codeOf(error) === sqlite.corrupt || codeOf(error) === sqlite.notADatabase;
}
