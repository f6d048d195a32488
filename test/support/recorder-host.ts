import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { createRecorder } from '../../server/recorder/create-recorder.ts';
import type { RecorderCamera } from '../../server/recorder/recorder.ts';

/** A process that records and does nothing else, made to be killed: `node recorder-host.ts '{dataDir, archiveDir, fileMs, cameras}'`. */
interface HostOptions {
  dataDir: string;
  archiveDir: string;
  fileMs: number;
  cameras: RecorderCamera[];
}

// On standard input, since command lines are searched for credentials.
let text = '';
for await (const chunk of process.stdin) text += chunk;
const { cameras, ...options } = JSON.parse(text) as HostOptions;
const settings = { clock: systemClock, log: silentLogger, retentionDays: 30, reserveBytes: 2 ** 20 };
const recorder = await createRecorder({ ...options, ...settings });
for (const camera of cameras) await recorder.putCamera(camera);
process.stdout.write('ready\n');
setInterval(async () => {
  const now = Date.now();
  for (const { id, streams } of cameras) {
    const { recorded } = await recorder.timeline(id, streams[0]?.name ?? 'main', now - 60_000, now);
    process.stdout.write(`${id} ${recorded.at(-1)?.[1] ?? 0}\n`);
  }
}, 100);
