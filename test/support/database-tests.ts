import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * The unit tests that open the supervision database by test/support/database.ts, themselves or by what another file of test/support gives them
 * (an async function or a class): what runs on SQLite and on PostgreSQL. Paths from the root of the repository.
 */
export function databaseTests(root: string): string[] {
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const support = globSync('test/support/*.ts', { cwd: root }).map((file) => ({
    name: basename(file),
    text: read(file),
  }));
  const openers = new Set(['database.ts']);
  for (let before = 0; before < openers.size; ) {
    before = openers.size;
    for (const { name, text } of support) {
      if (matches(text, /from '\.\/([\w-]+\.ts)'/g).some((file) => openers.has(file))) openers.add(name);
    }
  }
  const given = support.flatMap(({ name, text }) =>
    openers.has(name) ? matches(text, /export (?:async function|class) (\w+)/g) : [],
  );
  const opens = new RegExp(`\\b(${given.join('|')})\\b[^']* from '[./]+test/support/`);
  return globSync('server/**/*.test.ts', { cwd: root })
    .filter((file) => opens.test(read(file)))
    .sort();
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}
