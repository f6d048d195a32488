import type { Product } from './compose.ts';
import type { Configuration } from './platform/configuration.ts';

const oldestNode = 26;
/** A stop that takes longer is given up, so that whoever asked for it is not left waiting. */
const stopWithinMs = 4500;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  refuse(`Liên Thông needs Node ${oldestNode} or newer; this is ${process.version}. scripts/run brings the right one.`);
}

// Only now: an older Node fails over what these import, before it could be told in plain words.
const [{ loadConfiguration }, { ConfigurationError }, { AppError, errorMessage }, { createLogger }] = await Promise.all(
  [
    import('./platform/configuration.ts'),
    import('./platform/configuration-file.ts'),
    import('./platform/errors.ts'),
    import('./platform/log.ts'),
  ],
);

/** What a failed start says: configuration in its own words, otherwise the code with its facts and what the system said. */
function refusal(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (!(error instanceof AppError)) return errorMessage(error);
  const facts = Object.entries(error.params).map(([name, value]) => `${name}: ${value}`);
  return [error.message, ...facts, ...(error.cause === undefined ? [] : [errorMessage(error.cause)])].join('\n');
}

let configuration: Configuration;
try {
  configuration = loadConfiguration(process.env, process.cwd());
} catch (error) {
  if (error instanceof AppError) refuse(refusal(error));
  throw error;
}

const log = createLogger(configuration.log);
let product: Product | undefined;
let stopping: NodeJS.Signals | undefined;

async function stop(signal: NodeJS.Signals): Promise<void> {
  if (stopping !== undefined) return;
  stopping = signal;
  log.info({ signal }, 'stopping');
  setTimeout(() => {
    log.error('the stop took too long');
    process.exit(1);
  }, stopWithinMs).unref();
  // A start that is under way is ended by whoever made it, below.
  if (product === undefined) return;
  await product.stop();
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, (name) => void stop(name));

try {
  const { compose } = await import('./compose.ts');
  product = await compose(configuration, log);
} catch (error) {
  if (!(error instanceof AppError)) log.error({ err: error }, 'the start failed');
  refuse(refusal(error));
}
if (stopping !== undefined) {
  await product.stop();
  process.exit(0);
}

say(`listening ${product.url}`);
if (product.setupToken !== null) say(`setup ${product.url}/setup?token=${product.setupToken}`);
