import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileTypeFromFile } from 'file-type';
import { id as idSchema } from '../../contracts/common.ts';
import { AppError } from '../../platform/errors.ts';
import { attachmentTypes, typeOfCompoundFile } from './attachment-policy.ts';

export interface WrittenFile {
  sizeBytes: number;
  sha256: string;
  /** Media type, by the content. */
  type: string;
}

/** Files of cases, by id, in a folder of their own that no web server reaches; for the owner only. */
export class AttachmentFiles {
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'attachments');
  }

  /**
   * Writes what comes, whole or not at all, and returns once it is on the disk. Errors: `attachment_too_large`, `attachment_type` (none that is
   * taken), `attachment_empty`, `attachments_no_space`; those of the source, when it breaks off.
   */
  async write(id: string, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<WrittenFile> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const part = `${this.#path(id)}.part`;
    try {
      const { sizeBytes, sha256 } = await this.#pour(part, source, maxBytes);
      const type = await typeOf(part);
      if (type === undefined) throw new AppError('unsupported', 'attachment_type');
      await rename(part, this.#path(id));
      return { sizeBytes, sha256, type };
    } catch (error) {
      await rm(part, { force: true });
      throw isFull(error) ? new AppError('unavailable', 'attachments_no_space', { cause: error }) : error;
    }
  }

  async #pour(path: string, source: AsyncIterable<Uint8Array>, maxBytes: number) {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const bytes of source) {
        sizeBytes += bytes.length;
        if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
        hash.update(bytes);
        await file.writeFile(bytes);
      }
      if (sizeBytes === 0) throw new AppError('invalid', 'attachment_empty');
      await file.sync();
    } finally {
      await file.close();
    }
    return { sizeBytes, sha256: hash.digest('hex') };
  }

  /** Undefined when there is none. */
  async read(id: string): Promise<{ sizeBytes: number; bytes: Readable } | undefined> {
    const path = this.#path(id);
    const found = await stat(path).catch(() => undefined);
    return found && { sizeBytes: found.size, bytes: createReadStream(path) };
  }

  async remove(id: string): Promise<void> {
    await rm(this.#path(id), { force: true });
  }

  /** What was begun or written before `beforeMs` (file time): ids, and whether the file was finished. */
  async olderThan(beforeMs: number): Promise<{ id: string; whole: boolean }[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const found: { id: string; whole: boolean }[] = [];
    for (const name of names) {
      const at = await stat(join(this.#folder, name)).catch(() => undefined);
      if (at === undefined || at.mtimeMs >= beforeMs) continue;
      const whole = !name.endsWith('.part');
      found.push({ id: whole ? name : name.slice(0, -'.part'.length), whole });
    }
    return found;
  }

  async removePart(id: string): Promise<void> {
    await rm(`${this.#path(id)}.part`, { force: true });
  }

  #path(id: string): string {
    return join(this.#folder, idSchema.parse(id));
  }
}

export function tooLarge(maxBytes: number): AppError {
  return new AppError('too_large', 'attachment_too_large', { params: { megabytes: maxBytes / 1024 / 1024 } });
}

async function typeOf(path: string): Promise<string | undefined> {
  const found = await fileTypeFromFile(path).catch(() => undefined);
  if (found?.mime === 'application/x-cfb') return typeOfCompoundFile(await readFile(path));
  return found !== undefined && Object.hasOwn(attachmentTypes, found.mime) ? found.mime : undefined;
}

function isFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
}
