import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { id as idSchema } from '../../contracts/common.ts';

/** Stills of cases, one JPEG each, in a folder of their own that no web server reaches; files are for the owner only. */
export class StillFiles {
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'stills');
  }

  /** Writes the still whole or not at all, and returns once it is on the disk. */
  async write(incidentId: string, jpeg: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path(incidentId);
    const part = `${path}.part`;
    try {
      const file = await open(part, 'w', 0o600);
      try {
        await file.writeFile(jpeg);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  /** Undefined when there is none. */
  async read(incidentId: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#path(incidentId));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #path(incidentId: string): string {
    return join(this.#folder, `${idSchema.parse(incidentId)}.jpg`);
  }
}
