import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { parseSync } from 'vite';

/** One import of one file, by paths from the root of the repository. */
export interface Import {
  file: string;
  line: number;
  /** As it is written. */
  specifier: string;
  /** Path of one of our files; null for a package or a part of Node. */
  target: string | null;
  /** Name of a package, or a part of Node as `node:fs`; null for our files. */
  module: string | null;
  typeOnly: boolean;
}

/** Every import, export-from, `import()` and `import('…').Type` of a TypeScript file. Errors: `Error` when it cannot be parsed. */
export function importsOf(root: string, file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const { program, module, errors } = parseSync(file, text);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const found: Import[] = [];
  const add = (specifier: string, start: number, typeOnly: boolean) => {
    const line = text.slice(0, start).split('\n').length;
    found.push({ file, line, specifier, typeOnly, ...resolve(root, file, specifier) });
  };
  for (const { moduleRequest, entries, start } of module.staticImports) {
    // `import 'x'` has no entries and runs the module.
    add(moduleRequest.value, start, entries.length > 0 && entries.every((entry) => entry.isType));
  }
  for (const { entries, start } of module.staticExports) {
    const from = entries.find((entry) => entry.moduleRequest !== null)?.moduleRequest;
    if (from)
      add(
        from.value,
        start,
        entries.every((entry) => entry.isType),
      );
  }
  walk(program, (node) => {
    const { type, source, start } = node as { type?: string; source?: { value?: unknown }; start?: number };
    if (type !== 'ImportExpression' && type !== 'TSImportType') return;
    if (typeof source?.value === 'string') add(source.value, start ?? 0, type === 'TSImportType');
  });
  return found;
}

function walk(node: unknown, visit: (node: object) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) visit(node);
  for (const child of Object.values(node)) walk(child, visit);
}

function resolve(root: string, file: string, specifier: string): Pick<Import, 'target' | 'module'> {
  if (specifier.startsWith('.')) {
    const path = relative(root, join(root, dirname(file), specifier.replace(/\?.*$/, '')));
    return { target: path.split(sep).join('/'), module: null };
  }
  if (specifier.startsWith('node:')) return { target: null, module: specifier };
  const [first = '', second = ''] = specifier.split('/');
  return { target: null, module: first.startsWith('@') ? `${first}/${second}` : first };
}
