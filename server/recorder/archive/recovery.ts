import { open, opendir, readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { type ArchiveIndex, firstVolume, type StreamRow } from './archive-index.ts';
import { changeFlags } from './files.ts';
import { isCameraId, parseRecordingPath } from './paths.ts';
import { syncDirectory } from './recording-file.ts';
import { scanRecording } from './scan.ts';
import type { Volume } from './volume.ts';
import type { Volumes } from './volumes.ts';

/**
 * `aliveMs` is set while the recorder runs, `stoppedMs` by a clean stop: what stands there at the next start tells the two apart. `holdsLost` is 1
 * from a rebuild that could not read the holds until they are set again.
 */
export const facts = { aliveMs: 'alive_ms', stoppedMs: 'stopped_ms', holdsLost: 'holds_lost' } as const;

export interface RecoveryReport {
  /** Files that were open when the last run ended, now indexed. */
  adopted: { path: string; bytes: number; cutBytes: number }[];
  /** Files without a single whole fragment, deleted. */
  empty: string[];
  crashed: boolean;
}

/** What was open on a volume when it was last used is closed around its last row: files from so long before it are looked at. */
const lookBackMs = 3_600_000;

/** Within so long a stream gives frames again after a change of its settings, or fails. */
const changeMs = 60_000;

/**
 * At start: every file newer than its stream's last index row was open when the last run ended. It is scanned, a torn tail is cut off,
 * and it is indexed. The time since is covered by a gap: `server_stopped` after a clean stop, else `server_crashed`. A volume that is
 * offline, or that fails meanwhile, is taken up when it is back (`adoptLeftovers`).
 */
export async function recoverArchive(
  volumes: Volumes,
  index: ArchiveIndex,
  clock: Clock,
  log: Logger,
): Promise<RecoveryReport> {
  const stoppedMs = index.fact(facts.stoppedMs);
  const aliveMs = index.fact(facts.aliveMs);
  const crashed = aliveMs !== null && (stoppedMs === null || stoppedMs < aliveMs);
  const report: RecoveryReport = { adopted: [], empty: [], crashed };
  for (const volume of volumes.all.filter((each) => each.online)) {
    try {
      const left = await adoptLeftovers(volume, index, log);
      report.adopted.push(...left.adopted);
      report.empty.push(...left.empty);
    } catch (error) {
      volume.refused(error as Error);
      log.error({ volume: volume.name, reason: errorMessage(error) }, 'a volume could not be looked through');
    }
  }
  for (const stream of index.streams()) explainDownTime(stream, index, crashed, Math.max(aliveMs ?? 0, stoppedMs ?? 0));
  index.setFact(facts.aliveMs, clock.nowMs());
  if (crashed)
    log.warn({ adopted: report.adopted.length, empty: report.empty.length }, 'the last run did not end cleanly');
  return report;
}

/**
 * Takes up the files that the last use of a volume left without a row, at a start or when the volume is back. Files that a writer has open, and
 * whatever is not exactly what the recorder writes, are left alone; a file that cannot be read is named in the log.
 */
export async function adoptLeftovers(
  volume: Volume,
  index: ArchiveIndex,
  log: Logger,
): Promise<Pick<RecoveryReport, 'adopted' | 'empty'>> {
  const report = { adopted: [], empty: [] };
  for (const path of await unindexedFiles(volume, index)) {
    try {
      await adopt(volume, path, index, report, log);
    } catch (error) {
      log.error({ volume: volume.name, path, reason: errorMessage(error) }, 'a recording file could not be taken up');
    }
  }
  return report;
}

async function adopt(
  volume: Volume,
  path: string,
  index: ArchiveIndex,
  report: Pick<RecoveryReport, 'adopted' | 'empty'>,
  log: Logger,
): Promise<void> {
  const name = parseRecordingPath(path);
  if (name === null) return;
  const full = join(volume.path, path);
  const { recording, wholeBytes, fileBytes } = await scanRecording(full, name.startMs);
  if (recording === null) {
    await unlink(full);
    await syncDirectory(dirname(full));
    report.empty.push(path);
    return;
  }
  const handle = await open(full, changeFlags);
  try {
    if (fileBytes > wholeBytes) await handle.truncate(wholeBytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncDirectory(dirname(full));
  const stream = index.stream(name.cameraId, name.stream, name.startMs);
  index.addRecording({ ...recording, streamId: stream.id, volumeId: volume.id ?? firstVolume, clock: 'ok' });
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
    // Switched off by an administrator: the server's absence changes nothing. A gap that had just begun may be a change of settings.
    const switchedOff = open.reason === 'planned' && open.fromMs < lastSeenMs - changeMs;
    if (switchedOff || open.reason === reason) return;
    index.removeGap(stream.id, open.fromMs);
    index.addGap(stream.id, open.fromMs, fromMs, open.reason);
  }
  index.openGap(stream.id, fromMs, reason);
}

/**
 * Paths on a volume of files that no row names and no writer has open, in order of time: from the hour of the stream's last row on, or of the
 * volume's last use when that was earlier.
 */
async function unindexedFiles(volume: Volume, index: ArchiveIndex): Promise<string[]> {
  const found: string[] = [];
  const lastHere = volume.id === null ? null : index.lastStartOn(volume.id);
  for (const cameraId of await folders(volume.path)) {
    if (!isCameraId(cameraId)) continue;
    for (const stream of ['main', 'sub'] as const) {
      const row = index.findStream(cameraId, stream);
      const last = row === null ? null : index.recordingBefore(row.id, Number.MAX_SAFE_INTEGER);
      const sinceMs = last === null || lastHere === null ? 0 : Math.min(last.startMs, lastHere - lookBackMs);
      const fromMs = Math.max(0, Math.floor(sinceMs / 3_600_000) * 3_600_000);
      const indexed = new Set(row === null ? [] : index.startsFrom(row.id, fromMs));
      for (const path of await filesFrom(volume.path, cameraId, stream, fromMs)) {
        const name = parseRecordingPath(path);
        if (name !== null && !indexed.has(name.startMs) && !volume.openFiles.has(path)) found.push(path);
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
  const root = `${cameraId}/${stream}`;
  if (!(await folders(join(archiveDir, cameraId))).includes(stream)) return paths;
  for (const date of await folders(join(archiveDir, root))) {
    if (date < from.slice(0, 10)) continue;
    for (const hour of await folders(join(archiveDir, root, date))) {
      if (`${date}T${hour}` < from.slice(0, 13)) continue;
      paths.push(...(await recordingsIn(archiveDir, `${root}/${date}/${hour}`)));
    }
  }
  return paths;
}

/** Paths of the recordings in an hour's folder, sorted; other names, however many, are passed over one by one, and links are not followed. */
async function recordingsIn(archiveDir: string, hour: string): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const entry of await opendir(join(archiveDir, hour))) {
      const path = `${hour}/${entry.name}`;
      if (entry.isFile() && parseRecordingPath(path) !== null) paths.push(path);
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return paths.sort();
}

/** Sorted names of the folders in a directory, without links; none when it does not exist or is no directory. */
async function folders(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Sorted entries of a directory; none when it does not exist or is no directory. */
export async function names(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
