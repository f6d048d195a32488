import { fileURLToPath } from 'node:url';
import { violations } from './layers.ts';

/** `node test/layers/check.ts`: names every import that breaks a rule of rules.ts, and fails if there is one. */
const found = violations(fileURLToPath(new URL('../..', import.meta.url)));
for (const { rule, file, line, specifier } of found) console.error(`${file}:${line} imports ${specifier}: ${rule}`);
process.exitCode = found.length > 0 ? 1 : 0;
