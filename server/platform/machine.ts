import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { promisify } from 'node:util';

export interface Machine {
  cpu: string;
  cores: number;
  node: string;
  /** Version as ffmpeg tells it; null where there is none. */
  ffmpeg: string | null;
}

/** What figures were taken on. */
export async function describeMachine(): Promise<Machine> {
  const cores = cpus();
  const ffmpeg = await promisify(execFile)('ffmpeg', ['-version']).then(
    ({ stdout }) => /^ffmpeg version (\S+)/.exec(stdout)?.[1] ?? null,
    () => null,
  );
  return { cpu: cores[0]?.model.trim() ?? 'unknown', cores: cores.length, node: process.versions.node, ffmpeg };
}
