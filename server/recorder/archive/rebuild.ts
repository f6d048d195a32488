import { existsSync } from 'node:fs';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StreamName } from '../../contracts/common.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { ArchiveIndex, firstVolume, type Recording } from './archive-index.ts';
import type { ArchiveRoot } from './check.ts';
import { systemFiles } from './files.ts';
import { OldIndex } from './old-index.ts';
import { isCameraId, parseRecordingPath, recordingPath } from './paths.ts';
import { syncDirectory } from './recording-file.ts';
import { facts, filesFrom, names } from './recovery.ts';
import { scanRecording } from './scan.ts';
import { readIdentity } from './volume-identity.ts';

export interface RebuildReport {
  files: number;
  rows: number;
  /** Taken over from the old index, as far as it could be read. */
  holds: number;
  /** Not all holds could be read: nothing may be deleted until whoever held has held again. */
  holdsLost: boolean;
  gaps: number;
  /** Files in which no fragment is whole, or that cannot be read: left where they are, without a row. */
  unreadable: string[];
  /** Where the old index is kept; null when there was none. */
  keptAs: string | null;
}

export const indexFile = 'archive.sqlite';

/** From file to file time is moved by as much of the drift; two files that lie no further apart follow each other. */
const driftShare = 0.005;
const pageRows = 200;

/**
 * Makes the index anew from the files, and puts it in the place of the old one, which is kept aside. What files cannot tell (holds, reasons
 * of gaps, the hashes at the time of recording) is taken from the old index as far as it can be read: a file that was changed since is still
 * named by the check. `trustRows`: a readable row whose file has its size is taken as it is, without reading the file.
 * Rows of a volume that is not among the folders are taken from the old index unseen. Nobody else may have the index open: the caller holds
 * the data directory's lock.
 */
export async function rebuildIndex(
  dataDir: string,
  folders: string | readonly string[],
  clock: Clock,
  log: Logger,
  options: { trustRows?: boolean } = {},
): Promise<RebuildReport> {
  const path = join(dataDir, indexFile);
  const draft = `${path}.new`;
  await removeDatabase(draft);
  const report: RebuildReport = {
    files: 0,
    rows: 0,
    holds: 0,
    holdsLost: false,
    gaps: 0,
    unreadable: [],
    keptAs: null,
  };
  const old = OldIndex.open(path, log);
  const index = new ArchiveIndex(draft);
  try {
    const holds = old.holds();
    report.holdsLost = holds === null;
    if (holds === null) index.setFact(facts.holdsLost, 1);
    for (const hold of holds ?? []) {
      index.putHold(hold);
      report.holds += 1;
    }
    for (const lost of old.lostVolumes()) index.lost.note(lost);
    const known = new Set<string>();
    for (const stream of old.streams()) {
      index.stream(stream.cameraId, stream.name, stream.sinceMs);
      known.add(stream.cameraId);
    }
    const roots = await takeInVolumes(typeof folders === 'string' ? [folders] : folders, index, old, report);
    for (const { path: folder } of roots) {
      for (const name of await names(folder)) if (isCameraId(name)) known.add(name);
    }
    let lastEndMs = 0;
    for (const cameraId of [...known].sort()) {
      for (const stream of ['main', 'sub'] as const) {
        const endMs = await rebuildStream({ roots, cameraId, stream, index, old, log, report }, options);
        lastEndMs = Math.max(lastEndMs, endMs);
      }
    }
    const aliveMs = old.fact(facts.aliveMs) ?? lastEndMs;
    if (aliveMs > 0) index.setFact(facts.aliveMs, aliveMs);
    const stoppedMs = old.fact(facts.stoppedMs);
    if (stoppedMs !== null) index.setFact(facts.stoppedMs, stoppedMs);
  } finally {
    index.close();
    old.close();
  }
  report.keptAs = existsSync(path) ? `${path}.old-${clock.nowMs()}` : null;
  await swap(dataDir, report.keptAs);
  return report;
}

/** Ends a swap that a killed process had begun: the new index was whole, so that it takes its place. */
export async function finishSwap(dataDir: string, clock: Clock): Promise<void> {
  const path = join(dataDir, indexFile);
  if (!existsSync(`${path}.ready`)) return;
  await swap(dataDir, existsSync(path) ? `${path}.old-${clock.nowMs()}` : null);
}

async function swap(dataDir: string, keptAs: string | null): Promise<void> {
  const path = join(dataDir, indexFile);
  if (existsSync(`${path}.new`)) {
    const handle = await open(`${path}.new`, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(`${path}.new`, `${path}.ready`);
    await syncDirectory(dataDir);
  }
  for (const end of ['', '-wal', '-shm']) {
    if (keptAs !== null && existsSync(`${path}${end}`)) await rename(`${path}${end}`, `${keptAs}${end}`);
    else await rm(`${path}${end}`, { force: true });
  }
  await rename(`${path}.ready`, path);
  await syncDirectory(dataDir);
}

async function removeDatabase(path: string): Promise<void> {
  for (const end of ['', '-wal', '-shm']) await rm(`${path}${end}`, { force: true });
}

interface StreamRebuild {
  roots: readonly ArchiveRoot[];
  cameraId: string;
  stream: StreamName;
  index: ArchiveIndex;
  old: OldIndex;
  log: Logger;
  report: RebuildReport;
}

/** The volumes that the folders are, by their identities; and the rows of those that are not there. */
async function takeInVolumes(
  folders: readonly string[],
  index: ArchiveIndex,
  old: OldIndex,
  report: RebuildReport,
): Promise<ArchiveRoot[]> {
  const roots: ArchiveRoot[] = [];
  const present = new Set<string>();
  for (const path of folders) {
    const identity = await readIdentity(systemFiles, path).catch(() => null);
    // A folder from before there were volumes becomes the first one at the start.
    const known = identity === null || present.has(identity.id);
    const volumeId = known ? firstVolume : index.addVolume(identity.id, identity.name);
    if (identity !== null) present.add(identity.id);
    roots.push({ volumeId, path });
  }
  for (const volume of old.volumes()) {
    if (present.has(volume.uuid) || volume.files === 0) continue;
    const volumeId = index.addVolume(volume.uuid, volume.name);
    for (const { cameraId, stream, ...row } of old.recordingsOn(volume.id)) {
      const { id } = index.stream(cameraId, stream, row.startMs);
      index.addRecording({ ...row, streamId: id, volumeId });
      report.rows += 1;
    }
  }
  return roots;
}

/** Returns where the stream's last recording ends, 0 without one. */
async function rebuildStream(work: StreamRebuild, options: { trustRows?: boolean }): Promise<number> {
  const { roots, cameraId, stream, index, old, report } = work;
  const found = new Map<number, ArchiveRoot>();
  for (const root of roots) {
    for (const path of await filesFrom(root.path, cameraId, stream, 0)) {
      const name = parseRecordingPath(path);
      if (name !== null && !found.has(name.startMs)) found.set(name.startMs, root);
    }
  }
  const files = [...found].sort(([a], [b]) => a - b);
  report.files += files.length;
  let endMs = 0;
  let page: Recording[] = [];
  const flush = () => {
    index.transaction(() => {
      for (const row of page) index.addRecording(row);
    });
    report.rows += page.length;
    page = [];
  };
  for (const [i, [startMs, root]] of files.entries()) {
    const row = await rowOf(work, root, startMs, files[i + 1]?.[0] ?? null, options.trustRows ?? false);
    if (row === null) continue;
    const { id } = index.stream(cameraId, stream, startMs);
    // The row of a volume that is not there: a copy of its file here changes nothing.
    if (index.hasRecording(id, startMs)) continue;
    if (endMs === 0) index.lowerSince(id, startMs);
    page.push({ ...row, streamId: id, volumeId: root.volumeId });
    endMs = row.endMs;
    if (page.length >= pageRows) flush();
  }
  flush();
  const known = index.findStream(cameraId, stream);
  if (known === null) return 0;
  index.transaction(() => {
    for (const gap of old.gaps(cameraId, stream)) {
      if (gap.toMs !== null) index.addGap(known.id, gap.fromMs, gap.toMs, gap.reason);
      else if (gap.fromMs >= endMs) index.openGap(known.id, gap.fromMs, gap.reason);
      report.gaps += 1;
    }
  });
  return endMs;
}

async function rowOf(
  { cameraId, stream, old, log, report }: StreamRebuild,
  root: ArchiveRoot,
  startMs: number,
  nextMs: number | null,
  trustRows: boolean,
): Promise<Omit<Recording, 'streamId' | 'volumeId'> | null> {
  const path = recordingPath({ cameraId, stream, startMs });
  const full = join(root.path, path);
  const known = old.recording(cameraId, stream, startMs);
  try {
    if (trustRows && known !== null && (await lstat(full)).size === known.bytes) return known;
    const { recording, wholeBytes, fileBytes } = await scanRecording(full, startMs);
    if (recording === null) {
      report.unreadable.push(path);
      return null;
    }
    // A torn tail of a file that never had a row is what a crash leaves. One that had a row was changed: it is left as evidence of that.
    if (known === null && fileBytes > wholeBytes) await cutTo(full, wholeBytes);
    return {
      ...recording,
      endMs: endOf(startMs, known?.endMs ?? recording.endMs, nextMs),
      clock: known?.clock ?? 'ok',
      sha256: known?.sha256 ?? recording.sha256,
    };
  } catch (error) {
    log.error({ path, reason: errorMessage(error) }, 'a recording file cannot be read');
    report.unreadable.push(path);
    return null;
  }
}

/** Never beyond the next file's start, and up to it when only drift lies between. */
function endOf(startMs: number, endMs: number, nextMs: number | null): number {
  if (nextMs === null) return endMs;
  const drift = Math.ceil((endMs - startMs) * driftShare) + 1;
  return endMs > nextMs || nextMs - endMs <= drift ? nextMs : endMs;
}

async function cutTo(path: string, bytes: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.truncate(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncDirectory(dirname(path));
}
