import { compose, type Product } from './compose.ts';
import { type Configuration, loadConfiguration } from './platform/configuration.ts';
import { AppError } from './platform/errors.ts';
import { createLogger } from './platform/log.ts';

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

let configuration: Configuration;
try {
  configuration = loadConfiguration(process.env, process.cwd());
} catch (error) {
  if (error instanceof AppError) refuse(error.message);
  throw error;
}

const log = createLogger(configuration.log);
let product: Product;
try {
  product = await compose(configuration, log);
} catch (error) {
  if (error instanceof AppError) {
    log.debug({ err: error }, 'start refused');
    refuse([error.message, ...Object.entries(error.params).map(([name, value]) => `${name}: ${value}`)].join('\n'));
  }
  throw error;
}

let stopping = false;
async function stop(signal: NodeJS.Signals): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'stopping');
  setTimeout(() => {
    log.error('the stop took too long');
    process.exit(1);
  }, stopWithinMs).unref();
  await product.stop();
  process.exit(0);
}
process.on('SIGTERM', (signal) => void stop(signal));
process.on('SIGINT', (signal) => void stop(signal));

say(`listening ${product.url}`);
if (product.setupToken !== null) say(`setup ${product.url}/setup?token=${product.setupToken}`);
