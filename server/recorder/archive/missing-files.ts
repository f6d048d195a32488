import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArchiveIndex, firstVolume } from './archive-index.ts';
import { type ArchiveRoot, rootOf } from './check.ts';
import { recordingPath } from './paths.ts';

/** Up to so many rows every file is looked for; in a larger archive so many, spread evenly over the time of each stream. */
const mostLooks = 4000;

export interface MissingFiles {
  looked: number;
  missing: number;
}

/** How many of the files that the index names are missing from the volumes that are there: a quick look, in a large archive at a sample. */
export async function lookForFiles(
  archive: string | readonly ArchiveRoot[],
  index: ArchiveIndex,
): Promise<MissingFiles> {
  const streams = index.streams();
  const few = index.totals().files <= mostLooks;
  const share = Math.max(1, Math.floor(mostLooks / Math.max(1, streams.length)));
  const result: MissingFiles = { looked: 0, missing: 0 };
  for (const { id, cameraId, name: stream } of streams) {
    const starts = few ? index.startsFrom(id, 0) : sample(index, id, share);
    for (const startMs of starts) {
      const root = rootOf(archive, index.recording(id, startMs)?.volumeId ?? firstVolume);
      if (root === null) continue;
      const path = join(root, recordingPath({ cameraId, stream, startMs }));
      result.looked += 1;
      if ((await lstat(path).catch(() => null)) === null) result.missing += 1;
    }
  }
  return result;
}

/** Whether an archive looks as if its disk were not there: then nothing may be deleted on the word of the index. */
export function mostAreMissing({ looked, missing }: MissingFiles): boolean {
  return missing * 2 > looked;
}

function sample(index: ArchiveIndex, streamId: number, count: number): Set<number> {
  const first = index.filesAfter(streamId, -1, 1)[0]?.startMs;
  const last = index.recordingBefore(streamId, Number.MAX_SAFE_INTEGER)?.startMs;
  const starts = new Set<number>();
  if (first === undefined || last === undefined) return starts;
  for (let i = 0; i < count; i += 1) {
    const atMs = first + Math.round(((last - first) * i) / Math.max(1, count - 1));
    const row = index.recordingBefore(streamId, atMs);
    if (row !== null) starts.add(row.startMs);
  }
  return starts;
}
