import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveIndex } from './archive-index.ts';
import { parseRecordingPath, recordingPath } from './paths.ts';
import { identityFile, probeFile } from './volume-identity.ts';

/**
 * `file_missing`: a row without its file · `row_missing`: a file without a row · `size_differs`, `hash_differs`: not the bytes that were
 * recorded · `unreadable`: a file or folder that cannot be read, or something else in a file's place · `foreign_file`: no name of ours.
 */
export type DifferenceKind =
  | 'file_missing'
  | 'row_missing'
  | 'size_differs'
  | 'hash_differs'
  | 'unreadable'
  | 'foreign_file';

export interface ArchiveDifference {
  kind: DifferenceKind;
  /** Below the archive. */
  path: string;
}

/** Where recordings lie: the folder of one volume. */
export interface ArchiveRoot {
  volumeId: number;
  path: string;
}

export interface ArchiveCheck {
  files: number;
  rows: number;
  /** Rows whose volume is not there: nothing can be said of their files. */
  offline: number;
  differences: ArchiveDifference[];
}

export interface CheckOptions {
  /** Also reads every file against its SHA-256. */
  hashes?: boolean;
  /** Files that a running recorder has open: they have no row yet. */
  open?: ReadonlySet<string>;
  /** Waited for after every piece of work, so that a check in a running recorder takes no more than its share. */
  pace?: Pace;
  signal?: AbortSignal;
}

export type Pace = (work: { entries?: number; bytes?: number }) => Promise<void>;

const pageRows = 500;
/** At the root of a volume: its identity, and what a look at it leaves for a moment. */
const ownFiles: ReadonlySet<string> = new Set([identityFile, probeFile]);
const noPace: Pace = async () => {};

/**
 * Compares index and files of the volumes that are there; one folder stands for all of them. Changes nothing, and keeps neither rows nor names
 * in memory.
 */
export async function checkArchive(
  archive: string | readonly ArchiveRoot[],
  index: ArchiveIndex,
  options: CheckOptions = {},
): Promise<ArchiveCheck> {
  const result: ArchiveCheck = { files: 0, rows: 0, offline: 0, differences: [] };
  const pace = options.pace ?? noPace;
  for (const { id, cameraId, name: stream } of index.streams()) {
    for (let afterMs = -1; ; ) {
      const page = index.filesAfter(id, afterMs, pageRows);
      for (const row of page) {
        options.signal?.throwIfAborted();
        const path = recordingPath({ cameraId, stream, startMs: row.startMs });
        const root = rootOf(archive, row.volumeId);
        if (root === null) {
          result.offline += 1;
          continue;
        }
        const kind = await compare(join(root, path), row, options.hashes ?? false, pace);
        if (kind !== null) result.differences.push({ kind, path });
        await pace({ entries: 1 });
      }
      result.rows += page.length;
      const last = page.at(-1);
      if (last === undefined) break;
      afterMs = last.startMs;
    }
  }
  for (const root of pathsOf(archive)) {
    for await (const { path, unreadable } of walk(root, '', 5)) {
      options.signal?.throwIfAborted();
      if (unreadable) result.differences.push({ kind: 'unreadable', path });
      else if (!ownFiles.has(path)) {
        result.files += 1;
        if (parseRecordingPath(path) === null) result.differences.push({ kind: 'foreign_file', path });
        else if (!hasRow(index, path) && !options.open?.has(path))
          result.differences.push({ kind: 'row_missing', path });
      }
      await pace({ entries: 1 });
    }
  }
  return result;
}

/** Whether a difference that was found before is one now: a recorder that runs closes and deletes files meanwhile. */
export async function stillDiffers(
  archive: string | readonly ArchiveRoot[],
  index: ArchiveIndex,
  { kind, path }: ArchiveDifference,
  isOpen: (path: string) => boolean = () => false,
): Promise<boolean> {
  if (kind === 'foreign_file' || kind === 'unreadable') return true;
  const name = parseRecordingPath(path);
  const stream = name === null ? null : index.findStream(name.cameraId, name.stream);
  const row = name === null || stream === null ? null : index.recording(stream.id, name.startMs);
  if (kind !== 'row_missing') {
    const root = row === null ? null : rootOf(archive, row.volumeId);
    return (
      row !== null && root !== null && (await compare(join(root, path), row, kind === 'hash_differs', noPace)) !== null
    );
  }
  if (hasRow(index, path) || isOpen(path)) return false;
  const found = await Promise.all(pathsOf(archive).map((root) => lstat(join(root, path)).catch(() => null)));
  return found.some((one) => one !== null);
}

/** The folder of a volume, or null while it is not there. */
export function rootOf(archive: string | readonly ArchiveRoot[], volumeId: number): string | null {
  if (typeof archive === 'string') return archive;
  return archive.find((root) => root.volumeId === volumeId)?.path ?? null;
}

function pathsOf(archive: string | readonly ArchiveRoot[]): string[] {
  return typeof archive === 'string' ? [archive] : archive.map(({ path }) => path);
}

/** What is wrong with the file of a row, or null. */
export async function compare(
  path: string,
  row: { bytes: number; sha256: Uint8Array },
  hashes: boolean,
  pace: Pace,
): Promise<DifferenceKind | null> {
  try {
    const found = await lstat(path);
    if (!found.isFile()) return 'unreadable';
    if (found.size !== row.bytes) return 'size_differs';
    if (hashes && Buffer.compare(await hashFile(path, pace), row.sha256) !== 0) return 'hash_differs';
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'file_missing' : 'unreadable';
  }
}

const chunkBytes = 2 ** 20;

async function hashFile(path: string, pace: Pace): Promise<Buffer> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(chunkBytes);
  const handle = await open(path, 'r');
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) return hash.digest();
      hash.update(buffer.subarray(0, bytesRead));
      await pace({ bytes: bytesRead });
    }
  } finally {
    await handle.close();
  }
}

function hasRow(index: ArchiveIndex, path: string): boolean {
  const name = parseRecordingPath(path);
  const stream = name === null ? null : index.findStream(name.cameraId, name.stream);
  return name !== null && stream !== null && index.hasRecording(stream.id, name.startMs);
}

/** Everything below the archive that is no folder of ours, without following links. */
async function* walk(
  root: string,
  below: string,
  depth: number,
): AsyncGenerator<{ path: string; unreadable?: boolean }> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, below), { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') yield { path: below || '.', unreadable: true };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && depth > 1) yield* walk(root, path, depth - 1);
    else yield { path };
  }
}
