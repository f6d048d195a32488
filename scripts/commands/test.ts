import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { buildConsole, repository } from './console-build.ts';

/** `scripts/test [unit|integration|e2e]`: types, lint, layers, then the tests; ends at the first part that fails. */
const projects = ['unit', 'integration', 'e2e'] as const;
type Project = (typeof projects)[number];

const report = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), numTotalTests: z.number() });

const abort = new AbortController();
process.on('SIGTERM', () => abort.abort());
process.on('SIGINT', () => abort.abort());

const bin = (path: string) => join(repository, 'node_modules', path);
const tsc = bin('typescript/bin/tsc');
const biome = bin('@biomejs/biome/bin/biome');
const vitest = bin('vitest/vitest.mjs');

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Whether a script of ours or of a package ended well. Its words go straight to the terminal. */
function succeeds(script: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = () => child.kill('SIGTERM');
  abort.signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => {
      abort.signal.removeEventListener('abort', stop);
      resolve(code === 0);
    });
  });
}

async function part(name: string, work: () => Promise<boolean>): Promise<void> {
  say(`\n== ${name}`);
  const begun = performance.now();
  const ok = await work();
  if (abort.signal.aborted) process.exit(143);
  if (!ok) {
    say(`\n${name}: failed`);
    closing();
    process.exit(1);
  }
  say(`${name}: ok (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
}

const counts = { passed: 0, failed: 0 };
/** Nothing was counted before the tests began; a line of noughts would say otherwise. */
let counted = false;
function closing(): void {
  if (counted) say(`\n${counts.passed} passed, ${counts.failed} failed`);
}

/** The browsers of the two kinds of end-to-end tests wait more than they compute, and know nothing of each other. */
async function test(project: Project): Promise<boolean> {
  // What opens a database runs on SQLite and on PostgreSQL, in one run.
  if (project === 'unit') return run(['unit', 'postgres']);
  if (project !== 'e2e') return run([project]);
  const both = await Promise.all([run(['e2e']), run(['console'])]);
  return both.every(Boolean);
}

async function run(names: readonly string[]): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-test-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  try {
    const named = names.flatMap((name) => ['--project', name]);
    const ok = await succeeds(vitest, ['run', '-c', 'test/vitest.config.ts', ...named, ...reporters]);
    const { numPassedTests, numFailedTests } = report.parse(JSON.parse(readFileSync(file, 'utf8')));
    counted = true;
    counts.passed += numPassedTests;
    // A file that cannot even be loaded has no tests to fail.
    counts.failed += ok ? numFailedTests : Math.max(1, numFailedTests);
    return ok;
  } catch (error) {
    if (!abort.signal.aborted) process.stderr.write(`${error}\n`);
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function wanted(): readonly Project[] {
  const [name, ...more] = process.argv.slice(2);
  if (name === undefined) return projects;
  const project = projects.find((each) => each === name);
  if (project !== undefined && more.length === 0) return [project];
  process.stderr.write('usage: scripts/test [unit|integration|e2e]\n');
  process.exit(2);
}

const asked = wanted();
await part('types', async () => {
  const trees = ['.', 'web'];
  for (const tree of trees) if (!(await succeeds(tsc, ['-p', tree, '--noEmit']))) return false;
  return true;
});
await part('lint', () => succeeds(biome, ['check', '--error-on-warnings']));
await part('layers', () => succeeds(join(repository, 'test/layers/check.ts'), []));
for (const project of asked) {
  if (project === 'e2e') {
    await part('console', async () => {
      await buildConsole(() => say('building the console'), abort.signal);
      return true;
    });
  }
  await part(`${project} tests`, () => test(project));
}
closing();
