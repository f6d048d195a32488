import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { AppError } from './errors.ts';

/** Configuration is written by people: anything larger is the wrong file. */
const maxBytes = 1024 * 1024;
/** Aliases (`*name`) that a file may resolve, against files that unfold without end. */
const maxAliases = 100;

export interface ConfigurationProblem {
  /** Where in the file: `schedules[2].week[0].days`; empty for the file itself. */
  path: string;
  /** What was expected there. */
  expected: string;
  /** Line in the file, from 1. */
  line?: number | undefined;
}

/** Code `configuration_invalid`, kind `invalid`. The message names the file, the place and what was expected, and is meant for the person who starts the server. */
export class ConfigurationError extends AppError {
  readonly file: string;
  readonly problems: readonly ConfigurationProblem[];

  constructor(file: string, problems: readonly ConfigurationProblem[], cause?: unknown) {
    const [first] = problems;
    super('invalid', 'configuration_invalid', {
      cause,
      params: { file, path: first?.path ?? '', expected: first?.expected ?? '' },
    });
    this.file = file;
    this.problems = problems;
    this.message = problems.map((problem) => describe(file, problem)).join('\n');
  }
}

function describe(file: string, { path, expected, line }: ConfigurationProblem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${path === '' ? '' : `${path}: `}${expected}`;
}

/**
 * Reads a YAML file (1.2, so that `no` is a word and `012` no octal) and parses it with `schema`. Objects in the schema are
 * strict (`z.strictObject`), so that an unknown key is told and not overlooked. At most 1 MiB.
 * Errors: `configuration_invalid` (ConfigurationError), with every problem found.
 */
export function readConfigurationFile<T>(path: string, schema: z.ZodType<T>): T {
  const lines = new LineCounter();
  const document = parseDocument(readBounded(path), { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number | undefined) => (offset === undefined ? undefined : lines.linePos(offset).line);
  if (document.errors.length > 0) {
    const problems = document.errors.map((e) => ({
      path: '',
      expected: `readable YAML (${e.message})`,
      line: lineAt(e.pos[0]),
    }));
    throw new ConfigurationError(path, problems);
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    throw new ConfigurationError(path, [{ path: '', expected: `at most ${maxAliases} aliases` }], error);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigurationError(
    path,
    result.error.issues.flatMap((issue) => {
      const node = document.getIn(issue.path, true);
      const line = isNode(node) ? lineAt(node.range?.[0]) : undefined;
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({
          path: pathOf([...issue.path, key]),
          expected: 'unknown key; it is not one of this program',
          line,
        }));
      }
      return [{ path: pathOf(issue.path), expected: expectation(issue), line }];
    }),
    result.error,
  );
}

function readBounded(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new ConfigurationError(path, [{ path: '', expected: 'expected a file' }]);
    if (stat.size > maxBytes) {
      throw new ConfigurationError(path, [{ path: '', expected: `expected at most ${maxBytes} bytes` }]);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const expected = missing ? 'expected this file, but it is missing' : 'expected a readable file';
    throw new ConfigurationError(path, [{ path: '', expected }], error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.input === undefined && issue.message.endsWith('received undefined')
    ? `expected ${issue.expected}, but it is missing`
    : issue.message.replace(/^Invalid input: /, '');
}

/** `schedules[2].week[0].days` */
export function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
