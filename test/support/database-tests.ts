import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * The unit tests that open the supervision database by test/support/database.ts, themselves or through another file of test/support: what runs
 * on SQLite and on PostgreSQL. Paths from the root of the repository.
 */
export function databaseTests(root: string): string[] {
  const imports = (file: string) => {
    const text = readFileSync(join(root, file), 'utf8');
    const folder = file.startsWith('test/support/')
      ? /from '\.\/([\w-]+\.ts)'/g
      : /from '[./]+test\/support\/([\w-]+\.ts)'/g;
    return [...text.matchAll(folder)].map((match) => match[1] ?? '');
  };
  const support = globSync('test/support/*.ts', { cwd: root }).map((file) => ({
    name: basename(file),
    needs: imports(file),
  }));
  const openers = new Set(['database.ts']);
  for (let before = 0; before < openers.size; ) {
    before = openers.size;
    for (const { name, needs } of support) if (needs.some((file) => openers.has(file))) openers.add(name);
  }
  return globSync('server/**/*.test.ts', { cwd: root })
    .filter((file) => imports(file).some((name) => openers.has(name)))
    .sort();
}
