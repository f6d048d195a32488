import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeMachine } from '../../server/platform/machine.ts';
import { type Bench, BenchUsageError } from '../../test/bench/bench.ts';
import { repository } from './console-build.ts';

/** `scripts/bench <name> [options] [--json]`: prints the machine and the figures; with `--json` one object on the last line. */
const folder = join(repository, 'test/bench');
const names = globSync('*.bench.ts', { cwd: folder }).map((file) => basename(file, '.bench.ts'));

const [name = '', ...rest] = process.argv.slice(2);
const json = rest.includes('--json');
const args = rest.filter((word) => word !== '--json');

if (!names.includes(name)) {
  process.stderr.write(`usage: scripts/bench <name> [options] [--json]\nnames: ${names.sort().join(', ')}\n`);
  process.exit(2);
}
const { default: bench }: { default: Bench } = await import(pathToFileURL(join(folder, `${name}.bench.ts`)).href);
try {
  const figures = await bench.run(args, (line) => process.stderr.write(`${line}\n`));
  const machine = await describeMachine();
  if (json) console.log(JSON.stringify({ ...figures, machine }));
  else for (const [key, value] of Object.entries({ ...figures, ...machine })) console.log(`${key.padEnd(24)} ${value}`);
} catch (error) {
  const usage = error instanceof BenchUsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  if (usage) process.stderr.write(`usage: scripts/bench ${name} ${bench.usage} [--json]\n`);
  process.exit(usage ? 2 : 1);
}
