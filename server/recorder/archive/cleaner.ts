import { unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { ArchiveIndex } from './archive-index.ts';
import { recordingPath } from './paths.ts';
import { syncDirectory } from './recording-file.ts';
import { type RetentionRules, recordingsToDelete } from './retention-policy.ts';

/** Rows are looked at a page at a time, so that a long-neglected archive is cleaned without stopping anything. */
const pageRows = 500;

/** Deletes what retention lets go. Order: row marked → unlink → directory fsync → row dropped, with its gap in the same transaction. */
export class Cleaner {
  readonly #archiveDir: string;
  readonly #index: ArchiveIndex;
  readonly #rules: RetentionRules;
  readonly #clock: Clock;
  readonly #log: Logger;
  #running: Promise<number> | null = null;
  /** While set nothing is deleted, whatever the rules say. */
  stopped = false;

  constructor(archiveDir: string, index: ArchiveIndex, rules: RetentionRules, clock: Clock, log: Logger) {
    this.#archiveDir = archiveDir;
    this.#index = index;
    this.#rules = rules;
    this.#clock = clock;
    this.#log = log;
  }

  /** One pass; returns how many files went. A pass that is under way is joined. */
  clean(signal?: AbortSignal): Promise<number> {
    if (this.stopped) return Promise.resolve(0);
    this.#running ??= this.#pass(signal).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #pass(signal?: AbortSignal): Promise<number> {
    let deleted = await this.#finishMarked();
    let afterMs = -1;
    while (!signal?.aborted) {
      const nowMs = this.#clock.nowMs();
      const { bytes } = this.#index.totals();
      const overQuota = this.#rules.quotaBytes !== null && bytes > this.#rules.quotaBytes;
      const page = this.#index.oldest(afterMs, overQuota ? nowMs : nowMs - this.#rules.keepMs, pageRows);
      if (page.length === 0) break;
      const candidates = page.map((row) => ({
        ...row,
        held: this.#index.isHeld(row.cameraId, row.startMs, row.endMs),
      }));
      const doomed = recordingsToDelete(candidates, bytes, this.#rules, nowMs);
      this.#index.transaction(() => {
        for (const row of doomed) this.#index.markDeleting(row.streamId, row.startMs);
      });
      deleted += await this.#finishMarked();
      // Rows of the same ms as the page's last are seen again with the next pass.
      afterMs = page.at(-1)?.startMs ?? nowMs;
    }
    if (deleted > 0) this.#log.info({ deleted }, 'recordings past their retention were deleted');
    return deleted;
  }

  async #finishMarked(): Promise<number> {
    const streams = new Map(this.#index.streams().map((row) => [row.id, row]));
    const byDirectory = new Map<string, { streamId: number; startMs: number }[]>();
    for (const row of this.#index.deleting()) {
      const stream = streams.get(row.streamId);
      if (stream === undefined) continue;
      const path = join(
        this.#archiveDir,
        recordingPath({ cameraId: stream.cameraId, stream: stream.name, startMs: row.startMs }),
      );
      try {
        await unlink(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
          this.#log.error({ path, err: error }, 'a recording could not be deleted');
          continue;
        }
      }
      const rows = byDirectory.get(dirname(path)) ?? [];
      byDirectory.set(dirname(path), rows);
      rows.push(row);
    }
    let count = 0;
    for (const [directory, rows] of byDirectory) {
      await syncDirectory(directory).catch(ignoreMissing);
      for (const row of rows) this.#index.dropRecording(row.streamId, row.startMs, 'policy_deleted');
      count += rows.length;
    }
    return count;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
