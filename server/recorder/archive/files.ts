import { constants } from 'node:fs';
import { chmod, type FileHandle, lstat, mkdir, open, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../platform/errors.ts';

/** What the archive asks of a file system: the one seam where tests let a disk fail. */
export interface ArchiveFiles {
  open(path: string, flags: string | number, mode?: number): Promise<FileHandle>;
  mkdir(path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Device and inode tell one mounted file system from another at the same path. */
  identity(path: string): Promise<{ device: number; inode: number }>;
  space(path: string): Promise<{ sizeBytes: number; freeBytes: number }>;
}

/** Footage of people is for the server's account alone. */
export const fileMode = 0o600;
const folderMode = 0o700;

export const systemFiles: ArchiveFiles = {
  open: (path, flags, mode) => open(path, flags, mode),
  mkdir: (path) => mkdir(path, { mode: folderMode }),
  unlink: (path) => unlink(path),
  async identity(path) {
    const { dev, ino } = await stat(path);
    return { device: dev, inode: ino };
  },
  async space(path) {
    const { bsize, blocks, bavail } = await statfs(path);
    return { sizeBytes: blocks * bsize, freeBytes: bavail * bsize };
  },
};

/** A new file for writing; whatever stands there already, a symbolic link too, is refused. */
export const newFileFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow();
/** An existing file that must not be a symbolic link. */
export const readFlags = constants.O_RDONLY | noFollow();
export const changeFlags = constants.O_RDWR | noFollow();

/** Windows has no such flag. */
function noFollow(): number {
  return constants.O_NOFOLLOW ?? 0;
}

/**
 * Rejects with ENOTDIR when a part of `below` (relative to `root`, parts joined by `/`) is there and is no directory of the archive itself: a
 * symbolic link would lead out of it.
 */
export async function refuseLinks(root: string, below: string): Promise<void> {
  for (const path of partsOf(root, below)) if (!(await isFolder(path))) return;
}

/** Makes the folders of `below` that are missing, one by one, by the same rule. Returns the first one that was made. */
export async function makeFolders(files: ArchiveFiles, root: string, below: string): Promise<string | undefined> {
  let first: string | undefined;
  for (const path of partsOf(root, below)) {
    if (await isFolder(path)) continue;
    await files.mkdir(path).catch((error: NodeJS.ErrnoException) => {
      // Another stream of the camera may have been quicker.
      if (error.code !== 'EEXIST') throw error;
    });
    first ??= path;
  }
  return first;
}

function partsOf(root: string, below: string): string[] {
  const parts = below.split('/');
  return parts.map((_, i) => join(root, ...parts.slice(0, i + 1)));
}

/** False when nothing is there. */
async function isFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found !== null && !found.isDirectory()) {
    throw Object.assign(new Error(`ENOTDIR: no directory of the archive, '${path}'`), { code: 'ENOTDIR' });
  }
  return found !== null;
}

/** Takes a folder, and so all that lies below it, from other accounts. Returns whether it was open to them. Rejects when it is not ours to change. */
export async function makePrivate(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  // Windows keeps rights elsewhere.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return false;
  await chmod(folder, mode & 0o7700);
  return true;
}

/** `length` bytes from `position` on. Errors: `media_gone` when the file ends before. */
export async function readExactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw new AppError('not_found', 'media_gone');
    done += bytesRead;
  }
  return buffer;
}
