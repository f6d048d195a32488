import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { createRecorder } from '../../server/recorder/create-recorder.ts';
import type { RecorderCamera } from '../../server/recorder/recorder.ts';

/**
 * A process that records and does nothing else, made to be killed. On standard input `{dataDir, archiveDir, fileMs, cameras}`; on standard output
 * `recorded <camera> <stream> <until ms>` again and again, and `closed <camera> <stream> <from ms> <to ms>` for every file that has its row.
 */
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
const say = (...words: (string | number)[]) => process.stdout.write(`${words.join(' ')}\n`);
recorder.on('file.closed', ({ cameraId, stream, fromMs, toMs }) => say('closed', cameraId, stream, fromMs, toMs));
for (const camera of cameras) await recorder.putCamera(camera);
say('ready');
setInterval(async () => {
  const now = Date.now();
  for (const { id, streams } of cameras) {
    for (const { name } of streams) {
      const { recorded } = await recorder.timeline(id, name, now - 60_000, now);
      say('recorded', id, name, recorded.at(-1)?.[1] ?? 0);
    }
  }
}, 50);
