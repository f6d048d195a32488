import { parseArgs } from 'node:util';
import { compose, type Product } from '../../server/compose.ts';
import { type Configuration, loadConfiguration } from '../../server/platform/configuration.ts';
import { AppError, errorMessage } from '../../server/platform/errors.ts';
import { createLogger } from '../../server/platform/log.ts';
import { ApiClient } from './api-client.ts';
import { buildConsole } from './console-build.ts';
import { Demonstration, demoConfiguration } from './demo/demonstration.ts';
import { until } from './until.ts';

/** `scripts/run [--demo]`: builds the console when it changed, then runs the server in this very process. */
const usage = 'usage: scripts/run [--demo]';
const stopWithinMs = 4_500;

const abort = new AbortController();
let product: Product | undefined;
let demonstration: Demonstration | undefined;
let ending = false;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function end(status: number): Promise<void> {
  if (ending) return;
  ending = true;
  abort.abort();
  setTimeout(() => process.exit(status === 0 ? 1 : status), stopWithinMs).unref();
  await Promise.allSettled([product?.stop(), demonstration?.stop()]);
  process.exit(status);
}
process.on('SIGTERM', () => void end(0));
process.on('SIGINT', () => void end(0));

function options(): { demo: boolean } {
  try {
    const { values } = parseArgs({ options: { demo: { type: 'boolean', default: false } } });
    return values;
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n${usage}\n`);
    process.exit(2);
  }
}

async function serve(configuration: Configuration): Promise<Product> {
  const made = await compose(configuration, createLogger(configuration.log));
  product = made;
  // A stop that was asked for while the parts started.
  if (ending) await made.stop();
  return made;
}

async function run(demo: boolean): Promise<void> {
  const env = demo ? { LIENTHONG_CONFIG: demoConfiguration, ...process.env } : process.env;
  const configuration = loadConfiguration(env, process.cwd());
  const console_ = buildConsole(() => say('building the console'), abort.signal);
  // Awaited below; a failure before that is no unhandled one.
  console_.catch(() => {});
  if (demo) demonstration = await Demonstration.begin(configuration.dataDir, say, abort.signal);
  const { url, setupToken } = await serve(configuration);
  const client = await ApiClient.of(url, configuration.dataDir);
  await console_;
  if (demonstration) await demonstration.prepare(client, setupToken);
  else if (setupToken !== null) say(`set up the first administrator: ${url}/setup?token=${setupToken}`);
  const answers = async () => ((await client.send('GET', '/')).status === 200 ? true : null);
  await until('the console to answer', answers, { timeoutMs: 10_000, signal: abort.signal });
  client.close();
  say(`ready ${url}`);
}

const { demo } = options();
try {
  await run(demo);
} catch (error) {
  if (!ending) {
    const facts =
      error instanceof AppError ? Object.entries(error.params).map(([name, value]) => `${name}: ${value}`) : [];
    process.stderr.write(`${[errorMessage(error), ...facts].join('\n')}\n`);
    await end(error instanceof AppError ? 2 : 1);
  }
}
