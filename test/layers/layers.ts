import { globSync } from 'node:fs';
import { sep } from 'node:path';
import { importsOf } from './imports.ts';
import { rules } from './rules.ts';

export interface Violation {
  rule: string;
  file: string;
  line: number;
  specifier: string;
}

/** Imports below `root` that break a rule; tests are free. */
export function violations(root: string): Violation[] {
  const files = globSync('{server,web,scripts}/**/*.{ts,tsx}', { cwd: root })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => !/\.(test|d)\.tsx?$/.test(file))
    .sort();
  return files.flatMap((file) =>
    importsOf(root, file).flatMap((one) =>
      rules
        .filter((rule) => rule.broken(one))
        .map((rule) => ({ rule: rule.name, file, line: one.line, specifier: one.specifier })),
    ),
  );
}
