import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { judgePicture, type Signature, signatureOf } from '../../server/cameras/health/picture-policy.ts';
import { silentLogger } from '../../server/platform/log.ts';
import type { PictureSample } from '../../server/recorder/recorder.ts';
import { picturesAtOnce } from '../../server/recorder/sample/picture-decoder.ts';
import { Samples } from '../../server/recorder/sample/samples.ts';
import { drawnScene } from '../support/small-pictures.ts';
import { type Bench, BenchUsageError, round, wholeNumber } from './bench.ts';

/** As configured: one keyframe of each camera a minute. */
const everySeconds = 60;
const encoders = { h264: 'libx264', h265: 'libx265', mjpeg: 'mjpeg' } as const;
type Codec = keyof typeof encoders;

/**
 * What judging pictures costs: keyframes of N cameras, as live windows hold them, are decoded and judged against references, round after
 * round. `cpuPerCamera` is what a camera costs at one round a minute, decoder processes and their start included, in % of one core.
 */
const bench: Bench = {
  usage: '--cameras N [--codec h264|h265|mjpeg] [--size 640x360] [--rounds R]',
  async run(args, say) {
    const { cameras, codec, size, rounds } = read(args);
    say(`drawing and encoding a picture of ${size}`);
    const media = keyframe(codec, size);
    const samples = new Samples({
      ffmpeg: { program: 'ffmpeg', owner: 'bench-picture-health' },
      log: silentLogger,
      stopping: new AbortController().signal,
      newest: () => ({ bytes: () => Uint8Array.from(media), mediaTimeMs: 0 }),
    });
    const places = Array.from({ length: cameras }, (_, i) => ({ cameraId: `camera-${i}`, stream: 'sub' as const }));
    const first = await samples.take(places.slice(0, 1));
    const references = first.map(signatureOf);
    let judged = 0;
    let decodeMs = 0;
    let judgeMs = 0;
    let most = process.memoryUsage.rss();
    const before = cpuSeconds();
    const rss = most;
    say(`${rounds} rounds over ${cameras} cameras`);
    for (let i = 0; i < rounds; i += 1) {
      for (let from = 0; from < cameras; from += picturesAtOnce) {
        const startMs = performance.now();
        const taken = await samples.take(places.slice(from, from + picturesAtOnce));
        decodeMs += performance.now() - startMs;
        judgeMs += judge(taken, references);
        judged += taken.length;
        most = Math.max(most, process.memoryUsage.rss());
      }
    }
    const after = cpuSeconds();
    if (judged !== cameras * rounds) throw new Error(`${judged} pictures of ${cameras * rounds}`);
    const share = (seconds: number) => round((seconds / rounds / cameras / everySeconds) * 100, 4);
    return {
      ...{ cameras, codec, size, rounds, everySeconds, keyframeBytes: media.length },
      cpuPerCamera: share(after.own + after.children - before.own - before.children),
      serverCpuPerCamera: share(after.own - before.own),
      ffmpegCpuPerCamera: share(after.children - before.children),
      roundMs: round((decodeMs + judgeMs) / rounds, 0),
      judgeMsPerPicture: round(judgeMs / judged, 2),
      memoryGrowth: round((most - rss) / 1_000_000, 1),
    };
  },
};
export default bench;

function read(args: string[]) {
  const options = {
    cameras: { type: 'string', default: '32' },
    codec: { type: 'string', default: 'h264' },
    size: { type: 'string', default: '640x360' },
    rounds: { type: 'string', default: '10' },
  } as const;
  const { values } = parseArgs({ args, options });
  if (!(values.codec in encoders)) throw new BenchUsageError(`--codec is one of ${Object.keys(encoders).join(', ')}`);
  if (!/^\d{2,4}x\d{2,4}$/.test(values.size))
    throw new BenchUsageError('--size is a width and a height, as in 640x360');
  return {
    cameras: wholeNumber('cameras', values.cameras, 1, 2000),
    codec: values.codec as Codec,
    size: values.size,
    rounds: wholeNumber('rounds', values.rounds, 1, 1000),
  };
}

/** An init and one keyframe of a drawn desk, with the noise of a sensor. */
function keyframe(codec: Codec, size: string): Buffer {
  const filter = `scale=${size.replace('x', ':')},noise=alls=5:allf=t+u,format=yuv420p`;
  return execFileSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'png_pipe', '-i', 'pipe:0', '-vf', filter, '-frames:v', '1', '-c:v', encoders[codec]],
      ...(codec === 'h265' ? ['-x265-params', 'log-level=none'] : []),
      ...['-f', 'mp4', '-movflags', '+empty_moov+default_base_moof+frag_keyframe', 'pipe:1'],
    ],
    { input: drawnScene('desk', 12), maxBuffer: 2 ** 26 },
  );
}

/** In ms. */
function judge(taken: readonly PictureSample[], references: readonly Signature[]): number {
  const startMs = performance.now();
  for (const sample of taken) {
    const { sign } = judgePicture(signatureOf(sample), references);
    if (sign !== 'good') throw new Error(`the same picture is ${sign}`);
  }
  return performance.now() - startMs;
}

/** Of this process, and of the processes that it started and that have ended (proc_pid_stat(5); ticks of 10 ms). */
function cpuSeconds(): { own: number; children: number } {
  const { user, system } = process.cpuUsage();
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { own: (user + system) / 1_000_000, children: (Number(fields[13]) + Number(fields[14])) / 100 };
}
