import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compressFiles } from './compress-files.ts';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

const sources = ['web/**/*', 'server/contracts/*.ts', 'scripts/commands/compress-files.ts', 'package-lock.json'];
const built = join(repository, 'dist/console/index.html');
const stamp = join(repository, 'dist/console.stamp');

/**
 * Builds the console into dist/console unless the build there was made of these very sources. `onBuild` is called when
 * there is something to build. Errors: `Error` with the last words of the build.
 */
export async function buildConsole(onBuild: () => void, signal?: AbortSignal): Promise<void> {
  const hash = await hashOfSources();
  const known = await readFile(stamp, 'utf8').catch(() => '');
  if (known === hash && existsSync(built)) return;
  onBuild();
  await run(join(repository, 'node_modules/vite/bin/vite.js'), ['build', '-c', 'web/vite.config.ts'], signal);
  await compressFiles(join(repository, 'dist/console'));
  await writeFile(stamp, hash);
}

async function hashOfSources(): Promise<string> {
  const files: string[] = [];
  for await (const entry of glob(sources, { cwd: repository, withFileTypes: true })) {
    if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) files.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash('sha256');
  for (const file of files.sort())
    hash
      .update(`${file}\0`)
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex');
}

function run(script: string, args: readonly string[], signal?: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
    signal,
  });
  let words = '';
  const listen = (text: string) => {
    words = (words + text).slice(-4_000);
  };
  child.stdout.setEncoding('utf8').on('data', listen);
  child.stderr.setEncoding('utf8').on('data', listen);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`the console was not built:\n${words}`))));
  });
}
