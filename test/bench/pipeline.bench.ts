import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ApiClient } from '../../scripts/commands/api-client.ts';
import { newDemo } from '../../scripts/commands/demo/demo-file.ts';
import { type RunningCamera, startFleetProcess } from '../../scripts/commands/demo/fleet-process.ts';
import { accountOf, addAccounts, enterAsAdministrator, isRecording } from '../../scripts/commands/demo/prepare-city.ts';
import { until } from '../../scripts/commands/until.ts';
import { camera, cameraList } from '../../server/contracts/cameras.ts';
import { timeline } from '../../server/contracts/timeline.ts';
import { startProductProcess } from '../support/product-process.ts';
import { type Bench, BenchUsageError, round, wholeNumber } from './bench.ts';
import { growthPerHour, watchMemory } from './growth.ts';
import { childrenOf, figuresOf, pssBytesOf } from './processes.ts';

const megabyte = 1_000_000;
const frameMs = 40;
/** Starting costs more than going on; it is over by then. */
const settleMs = 5_000;
const sources = ['main', 'sub', 'both'] as const;
type Source = (typeof sources)[number];

/** One clip for all: what is measured is recording, not drawing. */
const scene = { variant: 'desk', palette: 'blue', plate: 'QUẦY SỐ 1', unit: 'Bench', seed: 1 };
const bitrate = { mainKbps: 3_000, subKbps: 512 };

/**
 * N simulated cameras (1920×1080 of 3 Mbit/s or 640×360 of 512 kbit/s, 25 frames/s) and the server as a process of its own.
 * `drops` is the number of frames within the measured time that are not in the archive. Several numbers, as in `16,32,64`, are measured one
 * after the other; then every figure carries its number, and the ratios say what a camera costs among the most of them against the fewest.
 */
const bench: Bench = {
  usage: '--cameras N[,N…] [--stream main|sub|both] [--seconds S] [--growth]',
  async run(args, say) {
    const { counts, ...how } = read(args);
    const found: Figures[] = [];
    for (const count of counts) {
      found.push(await runOnce(count, how, say));
      if (counts.length > 1) say(JSON.stringify(found.at(-1)));
    }
    const [only, ...others] = found;
    return only !== undefined && others.length === 0 ? only : compared(found);
  },
};
export default bench;

interface How {
  source: Source;
  seconds: number;
  growth: boolean;
}

type Say = (line: string) => void;

async function runOnce(count: number, { source, seconds, growth }: How, say: Say) {
  const demo = newDemo();
  const product = await startProductProcess();
  try {
    const fleet = await startFleetProcess(fleetOf(count, demo.fleet), say);
    try {
      await enterAsAdministrator(product.client, demo, product.setupToken);
      await addAccounts(product.client, demo);
      say(`adding ${count} cameras`);
      const ids: string[] = [];
      for (const [index, device] of fleet.cameras.entries()) {
        ids.push(await addCamera(product.client, device, index, source, demo.fleet));
      }
      await untilRecording(product.client, count);
      await delay(settleMs);
      say(`measuring for ${seconds} s`);
      const measured = await measure(product.pid, seconds, growth ? say : null);
      const viewer = product.client.stranger();
      const { username, password } = accountOf(demo, 'leader');
      await viewer.signIn(username, password);
      const drops = await missingFrames(viewer, ids, source, measured.fromMs, measured.toMs);
      viewer.close();
      return figures(count, source, measured, drops);
    } finally {
      await fleet.stop();
    }
  } finally {
    product.client.close();
    await product.stop();
  }
}

function read(args: string[]): How & { counts: number[] } {
  const options = {
    cameras: { type: 'string' },
    stream: { type: 'string', default: 'main' },
    seconds: { type: 'string' },
    growth: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args, options });
  const source = sources.find((each) => each === values.stream);
  if (source === undefined) throw new BenchUsageError(`--stream is one of ${sources.join(', ')}, not ${values.stream}`);
  const { growth, seconds = growth ? '3600' : '30' } = values;
  return {
    counts: (values.cameras ?? '').split(',').map((count) => wholeNumber('cameras', count, 1, 200)),
    source,
    seconds: wholeNumber('seconds', seconds, 5, 7_200),
    growth,
  };
}

export function fleetOf(count: number, { username, password }: { username: string; password: string }) {
  const cameras = Array.from({ length: count }, (_, index) => {
    const name = `Camera ${index + 1}`;
    return { id: `bench-${index + 1}`, name, desk: name, scene, username, password };
  });
  return { cameras, discovery: false, loopFrames: 250, bitrate };
}

/** By its RTSP addresses: a camera of one stream is one stream of the recorder. */
export async function addCamera(
  admin: ApiClient,
  { rtsp }: RunningCamera,
  index: number,
  source: Source,
  { username, password }: { username: string; password: string },
): Promise<string> {
  const addresses = source === 'both' ? rtsp : { main: rtsp[source] };
  const body = { name: `Camera ${index + 1}`, unitId: 'trung-tam', username, password, rtsp: addresses };
  return (await admin.call(camera, 'POST', '/api/cameras', { body })).id;
}

export async function untilRecording(admin: ApiClient, count: number): Promise<void> {
  const recording = async () => {
    const { items } = await admin.call(cameraList, 'GET', '/api/cameras');
    return items.length === count && items.every(isRecording) ? true : null;
  };
  await until('every camera to be recorded', recording, { timeoutMs: 120_000, everyMs: 500 });
}

interface Measured {
  fromMs: number;
  toMs: number;
  /** In % of one core. */
  serverCpu: number;
  ffmpegCpu: number;
  serverPssBytes: number;
  ffmpegPssBytes: number;
  bytesReceived: number;
  bytesWritten: number;
  /** In MB an hour, where it was watched. */
  growth: { server: number; readers: number } | null;
}

/** Of the server, and of the ffmpeg processes that run from beginning to end. */
async function measure(server: number, seconds: number, sayMemory: Say | null): Promise<Measured> {
  const readers = await childrenOf(server);
  const lookAtAll = async () => ({
    atMs: performance.now(),
    server: await figuresOf(server),
    readers: new Map(
      await Promise.all(readers.map(async (pid) => [pid, await figuresOf(pid).catch(() => null)] as const)),
    ),
  });
  const fromMs = Date.now();
  const before = await lookAtAll();
  const marks = sayMemory === null ? null : await watchMemory(server, readers, seconds, sayMemory);
  if (marks === null) await delay(seconds * 1_000);
  const after = await lookAtAll();
  const toMs = Date.now();
  const tookSeconds = (after.atMs - before.atMs) / 1_000;
  let readersCpu = 0;
  let bytesReceived = 0;
  let ffmpegPssBytes = 0;
  for (const pid of readers) {
    const [first, last] = [before.readers.get(pid), after.readers.get(pid)];
    if (!first || !last) continue;
    readersCpu += last.cpuSeconds - first.cpuSeconds;
    // All that a reader writes is what it received, in another container.
    bytesReceived += last.writtenBytes - first.writtenBytes;
    ffmpegPssBytes += await pssBytesOf(pid).catch(() => 0);
  }
  return {
    fromMs,
    toMs,
    serverCpu: ((after.server.cpuSeconds - before.server.cpuSeconds) / tookSeconds) * 100,
    ffmpegCpu: (readersCpu / tookSeconds) * 100,
    serverPssBytes: await pssBytesOf(server),
    ffmpegPssBytes,
    bytesReceived,
    bytesWritten: after.server.storedBytes - before.server.storedBytes,
    growth: marks === null ? null : growthPerHour(marks),
  };
}

export async function missingFrames(
  viewer: ApiClient,
  ids: readonly string[],
  source: Source,
  fromMs: number,
  toMs: number,
): Promise<number> {
  let missingMs = 0;
  for (const id of ids) {
    for (const stream of source === 'both' ? ['main', 'sub'] : ['main']) {
      missingMs += await until(
        'the last measured second to be in the archive',
        async () => {
          const address = `/api/cameras/${id}/timeline?from=${fromMs}&to=${Date.now()}&stream=${stream}`;
          const { recorded } = await viewer.call(timeline, 'GET', address);
          if ((recorded.at(-1)?.[1] ?? 0) < toMs) return null;
          const kept = recorded.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, toMs) - from), 0);
          return toMs - fromMs - kept;
        },
        { timeoutMs: 30_000 },
      );
    }
  }
  return Math.round(missingMs / frameMs);
}

type Figures = ReturnType<typeof figures>;

function figures(cameras: number, stream: Source, measured: Measured, drops: number) {
  const { serverCpu, ffmpegCpu, serverPssBytes, ffmpegPssBytes, growth } = measured;
  return {
    cameras,
    stream,
    seconds: round((measured.toMs - measured.fromMs) / 1_000, 1),
    cpuPerCamera: round((serverCpu + ffmpegCpu) / cameras, 3),
    serverCpuPerCamera: round(serverCpu / cameras, 3),
    ffmpegCpuPerCamera: round(ffmpegCpu / cameras, 3),
    memoryPerCamera: round((serverPssBytes + ffmpegPssBytes) / megabyte / cameras, 2),
    serverMemory: round(serverPssBytes / megabyte, 1),
    ffmpegMemoryPerCamera: round(ffmpegPssBytes / megabyte / cameras, 2),
    bytesReceived: measured.bytesReceived,
    bytesWritten: measured.bytesWritten,
    drops,
    ...(growth === null ? {} : { serverGrowthPerHour: growth.server, ffmpegGrowthPerHour: growth.readers }),
  };
}

/** Figures of several numbers of cameras side by side. */
function compared(found: readonly Figures[]): Record<string, number | string> {
  const all: Record<string, number | string> = {};
  for (const { cameras, stream, ...each } of found) {
    all.cameras = [all.cameras ?? [], cameras].flat().join(',');
    all.stream = stream;
    for (const [name, value] of Object.entries(each)) all[`${name}.${cameras}`] = value;
  }
  const sorted = found.toSorted((a, b) => a.cameras - b.cameras);
  const [fewest, most] = [sorted[0], sorted.at(-1)];
  if (fewest === undefined || most === undefined) return all;
  all.cpuRatio = round(most.cpuPerCamera / fewest.cpuPerCamera, 3);
  all.memoryRatio = round(most.memoryPerCamera / fewest.memoryPerCamera, 3);
  return all;
}
