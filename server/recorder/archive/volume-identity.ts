import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ArchiveFiles, fileMode, readFlags } from './files.ts';
import { isCameraId } from './paths.ts';
import { syncDirectory } from './recording-file.ts';

/** What a volume says of itself, in the file `lienthong-volume.json` at its root: written once, when the volume is taken in. */
export const identityFile = 'lienthong-volume.json';
/** Written and removed again to see whether a volume that refused works. */
export const probeFile = '.lienthong-probe';

const identity = z.object({ format: z.literal(1), id: z.uuid(), name: z.string().max(100) });
export type VolumeIdentity = z.infer<typeof identity>;

const maxBytes = 4096;
const draftFile = `${identityFile}.new`;

/** Null when there is none. Rejects when there is one that cannot be read or is not ours. */
export async function readIdentity(files: ArchiveFiles, root: string): Promise<VolumeIdentity | null> {
  let handle: Awaited<ReturnType<ArchiveFiles['open']>>;
  try {
    handle = await files.open(join(root, identityFile), readFlags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return identity.parse(JSON.parse(buffer.toString('utf8', 0, bytesRead)));
  } finally {
    await handle.close();
  }
}

/** Durable when it resolves; whole or not there after a crash. */
export async function writeIdentity(files: ArchiveFiles, root: string, id: string, name: string): Promise<void> {
  const draft = join(root, draftFile);
  const handle = await files.open(draft, 'w', fileMode);
  try {
    await handle.writeFile(`${JSON.stringify({ format: 1, id, name } satisfies VolumeIdentity)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, join(root, identityFile));
  await syncDirectory(root);
}

export type RootContent = 'empty' | 'recordings' | 'other';

/** What lies at the root of a volume without identity. A file system's own folder for lost blocks counts as empty. */
export async function contentOf(root: string): Promise<RootContent> {
  const entries = (await readdir(root, { withFileTypes: true })).filter(
    ({ name }) => name !== 'lost+found' && name !== draftFile && name !== probeFile,
  );
  if (entries.length === 0) return 'empty';
  for (const entry of entries.slice(0, 100)) {
    if (!entry.isDirectory() || !isCameraId(entry.name)) continue;
    const below = await readdir(join(root, entry.name));
    if (below.includes('main') || below.includes('sub')) return 'recordings';
  }
  return 'other';
}
