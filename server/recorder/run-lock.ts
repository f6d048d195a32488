import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processStart } from '../platform/child-process.ts';
import { AppError } from '../platform/errors.ts';

const lockFile = 'recorder.lock';

/** One recorder per data directory: a second one would take the first one's files for left-overs. */
export class RunLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Errors: `recorder_running` when the process that took the lock still runs. */
  static async take(dataDir: string): Promise<RunLock> {
    const path = join(dataDir, lockFile);
    const pid = await RunLock.holder(dataDir);
    if (pid !== null) throw new AppError('conflict', 'recorder_running', { params: { pid } });
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, `${process.pid} ${(await processStart(process.pid)) ?? 0}\n`, { mode: 0o600 });
    await rename(draft, path);
    return new RunLock(path);
  }

  /** The process that records into the data directory now, or null. */
  static async holder(dataDir: string): Promise<number | null> {
    const [pid, start] = (await readFile(join(dataDir, lockFile), 'utf8').catch(() => '')).trim().split(' ');
    const runs = pid !== undefined && start !== undefined && (await processStart(Number(pid))) === start;
    return runs ? Number(pid) : null;
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
