import { open, readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { ArchiveIndex, StreamRow } from './archive-index.ts';
import { isCameraId, parseRecordingPath } from './paths.ts';
import { syncDirectory } from './recording-file.ts';
import { scanRecording } from './scan.ts';

/** Set while the recorder runs, and again by a clean stop; what stands there at the next start tells the two apart. */
export const facts = { aliveMs: 'alive_ms', stoppedMs: 'stopped_ms' } as const;

export interface RecoveryReport {
  /** Files that were open when the last run ended, now indexed. */
  adopted: { path: string; bytes: number; cutBytes: number }[];
  /** Files without a single whole fragment, deleted. */
  empty: string[];
  crashed: boolean;
}

/**
 * At start: every file newer than its stream's last index row was open when the last run ended. It is scanned, a torn tail is cut off,
 * and it is indexed. The time since is covered by a gap: `server_stopped` after a clean stop, else `server_crashed`.
 */
export async function recoverArchive(
  archiveDir: string,
  index: ArchiveIndex,
  clock: Clock,
  log: Logger,
): Promise<RecoveryReport> {
  const stoppedMs = index.fact(facts.stoppedMs);
  const aliveMs = index.fact(facts.aliveMs);
  const crashed = aliveMs !== null && (stoppedMs === null || stoppedMs < aliveMs);
  const report: RecoveryReport = { adopted: [], empty: [], crashed };
  for (const path of await unindexedFiles(archiveDir, index)) {
    await adopt(archiveDir, path, index, report, log);
  }
  for (const stream of index.streams()) explainDownTime(stream, index, crashed, Math.max(aliveMs ?? 0, stoppedMs ?? 0));
  index.setFact(facts.aliveMs, clock.nowMs());
  if (crashed)
    log.warn({ adopted: report.adopted.length, empty: report.empty.length }, 'the last run did not end cleanly');
  return report;
}

async function adopt(
  archiveDir: string,
  path: string,
  index: ArchiveIndex,
  report: RecoveryReport,
  log: Logger,
): Promise<void> {
  const name = parseRecordingPath(path);
  if (name === null) return;
  const full = join(archiveDir, path);
  const { recording, wholeBytes, fileBytes } = await scanRecording(full, name.startMs);
  if (recording === null) {
    await unlink(full);
    await syncDirectory(dirname(full));
    report.empty.push(path);
    return;
  }
  const handle = await open(full, 'r+');
  try {
    if (fileBytes > wholeBytes) await handle.truncate(wholeBytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncDirectory(dirname(full));
  const stream = index.stream(name.cameraId, name.stream, name.startMs);
  index.addRecording({ ...recording, streamId: stream.id, clock: 'ok' });
  // A gap that was still open ended when this file began.
  const gap = index.currentGap(stream.id);
  if (gap !== null && gap.fromMs <= name.startMs) {
    index.removeGap(stream.id, gap.fromMs);
    index.addGap(stream.id, gap.fromMs, name.startMs, gap.reason);
  }
  const cutBytes = fileBytes - wholeBytes;
  report.adopted.push({ path, bytes: wholeBytes, cutBytes });
  log.warn({ path, bytes: wholeBytes, cutBytes }, 'a recording file that was open has been indexed');
}

function explainDownTime(stream: StreamRow, index: ArchiveIndex, crashed: boolean, lastSeenMs: number): void {
  const reason = crashed ? 'server_crashed' : 'server_stopped';
  const open = index.currentGap(stream.id);
  const fromMs = open === null ? (index.lastKnownMs(stream.id) ?? stream.sinceMs) : Math.max(open.fromMs, lastSeenMs);
  if (open !== null) {
    // Switched off by an administrator: the server's absence changes nothing.
    if (open.reason === 'planned' || open.reason === reason) return;
    index.removeGap(stream.id, open.fromMs);
    index.addGap(stream.id, open.fromMs, fromMs, open.reason);
  }
  index.openGap(stream.id, fromMs, reason);
}

/** Paths below the archive of files at or after the hour of their stream's last row that no row names, in order of time. */
async function unindexedFiles(archiveDir: string, index: ArchiveIndex): Promise<string[]> {
  const found: string[] = [];
  for (const cameraId of await names(archiveDir)) {
    if (!isCameraId(cameraId)) continue;
    for (const stream of ['main', 'sub'] as const) {
      const row = index.findStream(cameraId, stream);
      const last = row === null ? null : index.recordingBefore(row.id, Number.MAX_SAFE_INTEGER);
      const fromMs = last === null ? 0 : Math.floor(last.startMs / 3_600_000) * 3_600_000;
      const indexed = new Set(row === null ? [] : index.startsFrom(row.id, fromMs));
      for (const path of await filesFrom(archiveDir, cameraId, stream, fromMs)) {
        const name = parseRecordingPath(path);
        if (name !== null && !indexed.has(name.startMs)) found.push(path);
      }
    }
  }
  return found;
}

export async function filesFrom(
  archiveDir: string,
  cameraId: string,
  stream: string,
  fromMs: number,
): Promise<string[]> {
  const from = new Date(fromMs).toISOString();
  const paths: string[] = [];
  for (const date of await names(join(archiveDir, cameraId, stream))) {
    if (date < from.slice(0, 10)) continue;
    for (const hour of await names(join(archiveDir, cameraId, stream, date))) {
      if (`${date}T${hour}` < from.slice(0, 13)) continue;
      for (const file of await names(join(archiveDir, cameraId, stream, date, hour))) {
        paths.push(`${cameraId}/${stream}/${date}/${hour}/${file}`);
      }
    }
  }
  return paths;
}

/** Sorted entries of a directory; none when it does not exist or is no directory. */
export async function names(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
