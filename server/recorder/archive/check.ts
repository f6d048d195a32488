import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveIndex } from './archive-index.ts';
import { parseRecordingPath, recordingPath } from './paths.ts';
import { names } from './recovery.ts';
import { scanRecording } from './scan.ts';

export interface ArchiveDifference {
  kind: 'file_missing' | 'row_missing' | 'size_differs' | 'hash_differs' | 'foreign_file';
  path: string;
}

export interface ArchiveCheck {
  files: number;
  rows: number;
  differences: ArchiveDifference[];
}

/**
 * Compares index and files, and with `hashes` also reads every file against its SHA-256. Changes nothing. Files that a running recorder
 * has open have no row yet: name them in `open`.
 */
export async function checkArchive(
  archiveDir: string,
  index: ArchiveIndex,
  options: { hashes?: boolean; open?: ReadonlySet<string> } = {},
): Promise<ArchiveCheck> {
  const result: ArchiveCheck = { files: 0, rows: 0, differences: [] };
  const rows = new Set<string>();
  for (const stream of index.streams()) {
    for (const row of index.recordings(stream.id, 0, Number.MAX_SAFE_INTEGER)) {
      const path = recordingPath({ cameraId: stream.cameraId, stream: stream.name, startMs: row.startMs });
      rows.add(path);
      const size = await stat(join(archiveDir, path)).then(
        (found) => found.size,
        () => null,
      );
      if (size === null) result.differences.push({ kind: 'file_missing', path });
      else if (size !== row.bytes) result.differences.push({ kind: 'size_differs', path });
      else if (options.hashes && !(await hashMatches(join(archiveDir, path), row.startMs, row.sha256))) {
        result.differences.push({ kind: 'hash_differs', path });
      }
    }
  }
  result.rows = rows.size;
  for await (const path of walk(archiveDir, '', 5)) {
    result.files += 1;
    if (parseRecordingPath(path) === null) result.differences.push({ kind: 'foreign_file', path });
    else if (!rows.has(path) && !options.open?.has(path)) result.differences.push({ kind: 'row_missing', path });
  }
  return result;
}

async function hashMatches(path: string, startMs: number, sha256: Uint8Array): Promise<boolean> {
  const { recording } = await scanRecording(path, startMs);
  return recording !== null && Buffer.compare(recording.sha256, sha256) === 0;
}

async function* walk(root: string, below: string, depth: number): AsyncGenerator<string> {
  for (const name of await names(join(root, below))) {
    const path = below === '' ? name : `${below}/${name}`;
    const found = await stat(join(root, path)).catch(() => null);
    if (found?.isDirectory() && depth > 1) yield* walk(root, path, depth - 1);
    else if (found !== null) yield path;
  }
}
