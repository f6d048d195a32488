import { type ArchiveIndex, firstVolume } from './archive-index.ts';
import type { ArchiveRoot } from './check.ts';
import { systemFiles } from './files.ts';
import { readIdentity } from './volume-identity.ts';

/**
 * Which volumes of the index these folders are, by their identity files, for a look from outside of the recorder. A folder that is none of
 * them, or that cannot be read, is left out: its volume counts as offline.
 */
export async function archiveRoots(index: ArchiveIndex, folders: readonly string[]): Promise<ArchiveRoot[]> {
  const known = index.volumes();
  if (known.length === 0) return folders.slice(0, 1).map((path) => ({ volumeId: firstVolume, path }));
  const roots: ArchiveRoot[] = [];
  for (const path of folders) {
    const identity = await readIdentity(systemFiles, path).catch(() => null);
    const volume = known.find(({ uuid }) => uuid === identity?.id);
    if (volume !== undefined) roots.push({ volumeId: volume.id, path });
  }
  return roots;
}
