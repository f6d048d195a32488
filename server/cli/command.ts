import { parseArgs } from 'node:util';

/** What the command line can be told besides its words; each command says which of these it takes. */
const options = {
  json: { type: 'boolean', default: false },
  username: { type: 'string' },
  'password-file': { type: 'string' },
  'allow-basic': { type: 'boolean', default: false },
  port: { type: 'string', multiple: true },
  range: { type: 'string' },
  interface: { type: 'string', multiple: true },
  hashes: { type: 'boolean', default: false },
  rebuild: { type: 'boolean', default: false },
  from: { type: 'string' },
  to: { type: 'string' },
  camera: { type: 'string' },
  help: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
} as const;

export function parse(args: string[]) {
  return parseArgs({ args, options, allowPositionals: true });
}

export type Values = ReturnType<typeof parse>['values'];
export type OptionName = keyof typeof options;

export interface Command {
  takes: readonly OptionName[];
  arguments: number;
  run: (words: readonly string[], values: Values) => Promise<Outcome>;
}

export class UsageError extends Error {}

export interface Outcome {
  ok: boolean;
  /** Exit status, where it tells more than `ok`. */
  status?: number;
  /** For people. */
  text: string;
  result: object;
}
