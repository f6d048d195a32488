import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Fleet, startFleet } from './fleet.ts';
import { parseControl, parseFleet } from './fleet-description.ts';

/**
 * Simulated cameras as a program: `node scripts/simulator/main.ts [description.json]`, or with the description as the
 * first line on standard input. Says one line of JSON when ready; takes control lines (`{"disconnect":"id"}`,
 * `{"reconnect":"id"}`) after that. It ends on SIGTERM and SIGINT, and when standard input closes: its parent holds
 * that open, so it never outlives the parent.
 */
const GRACE_MS = 800;

const abort = new AbortController();
let fleet: Fleet | undefined;
let ending = false;

/** Ends within a second, whatever is still open by then. */
function end(status: number): void {
  if (ending) return;
  ending = true;
  abort.abort();
  setTimeout(() => process.exit(status), GRACE_MS).unref();
  const stopped = fleet?.stop() ?? Promise.resolve();
  stopped.finally(() => process.exit(status));
}

function fail(error: unknown): void {
  if (ending) return;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  end(1);
}

async function start(description: string): Promise<void> {
  let shownPercent = -1;
  fleet = await startFleet({
    ...parseFleet(description),
    signal: abort.signal,
    onProgress: ({ frames, totalFrames }) => {
      const percent = Math.floor((frames * 100) / totalFrames);
      if (percent < shownPercent + 5) return;
      shownPercent = percent;
      process.stderr.write(`making the pictures of the simulated cameras: ${percent} %\n`);
    },
  });
  if (ending) return void fleet.stop();
  if (fleet.discoveryError) process.stderr.write(`cameras cannot be discovered: ${fleet.discoveryError.message}\n`);
  const cameras = fleet.cameras.map(({ id, name, unitId, desk, onvif, rtsp, endpointReference }) => {
    return { id, name, unitId, desk, onvif, rtsp, endpointReference };
  });
  process.stdout.write(`${JSON.stringify({ ready: true, loopFrames: fleet.loopFrames, cameras })}\n`);
}

async function control(line: string): Promise<void> {
  if (line.trim() === '') return;
  if (!fleet) throw new Error('a control line came before the cameras were ready');
  const { action, id } = parseControl(line);
  const camera = fleet.camera(id);
  await (action === 'disconnect' ? camera.disconnect() : camera.reconnect());
  process.stdout.write(`${JSON.stringify({ [action]: id })}\n`);
}

process.on('SIGTERM', () => end(0));
process.on('SIGINT', () => end(0));

const [file] = parseArgs({ allowPositionals: true }).positionals;
const lines = createInterface({ input: process.stdin });
lines.on('close', () => end(0));
let described = file !== undefined;
lines.on('line', (line) => {
  if (described) {
    control(line).catch((error: unknown) =>
      process.stderr.write(`${error instanceof Error ? error.message : error}\n`),
    );
    return;
  }
  described = true;
  start(line).catch(fail);
});
if (file !== undefined) {
  try {
    start(readFileSync(file, 'utf8')).catch(fail);
  } catch (error) {
    fail(error);
  }
}
