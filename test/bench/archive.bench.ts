import { stat } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../../scripts/commands/console-build.ts';
import type { StreamName } from '../../server/contracts/common.ts';
import type { Clock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { ArchiveIndex } from '../../server/recorder/archive/archive-index.ts';
import { Cleaner } from '../../server/recorder/archive/cleaner.ts';
import { type ArchiveFiles, systemFiles } from '../../server/recorder/archive/files.ts';
import { decodeKeyframes } from '../../server/recorder/archive/keyframe-table.ts';
import { indexFile } from '../../server/recorder/archive/rebuild.ts';
import { createRecorder } from '../../server/recorder/create-recorder.ts';
import type { Recorder } from '../../server/recorder/recorder.ts';
import { manualClock } from '../support/manual-clock.ts';
import { openVolumes } from '../support/volumes.ts';
import {
  type CityArchive,
  cityArchive,
  dayMs,
  firstStart,
  keepIndex,
  minuteMs,
  smallFile,
  sparseFile,
  streamAt,
  volumeName,
} from './archive-generator.ts';
import { type Bench, round, wholeNumber } from './bench.ts';

const asks = 200;
const hourMs = 60 * minuteMs;
/** The cleaner is let work for so many minutes' worth of files. */
const cleanedMinutes = 10;
const cleanedFileBytes = 4096;
/** Of a keyframe. */
const pictureBytes = { main: 120_000, sub: 20_000 };

/** Nobody's disk is as large as the archive that this index speaks of. */
const roomyFiles: ArchiveFiles = {
  ...systemFiles,
  space: async () => ({ sizeBytes: 2 ** 50, freeBytes: 2 ** 49 }),
};

interface Round {
  timelineP95: number;
  playlistHourP95: number;
  keyframeP95: number;
  startMs: number;
  cleanerCpu: number;
}

/**
 * The recorder over the index of a city: one-minute files of a main and a sub stream of every camera, kept in .cache/bench once it was made.
 * The start of the recorder (index, volumes, recovery, the look for files: the files that it looks for are there, empty), then 200 random
 * timelines of a day, playlists of an hour and keyframes (read from real files), then the cleaner over ten minutes' worth of small files.
 * Each figure is the median of the rounds, `…Best` the best of them: other work on the machine disturbs a round, it never helps it.
 */
const bench: Bench = {
  usage: '[--cameras 200] [--days 30] [--rounds 5]',
  async run(args, say) {
    const options = {
      cameras: { type: 'string', default: '200' },
      days: { type: 'string', default: '30' },
      rounds: { type: 'string', default: '5' },
    } as const;
    const { values } = parseArgs({ args, options });
    const cameras = wholeNumber('cameras', values.cameras, 1, 1_000);
    const days = wholeNumber('days', values.days, 2, 400);
    const count = wholeNumber('rounds', values.rounds, 1, 100);
    const archive = await cityArchive(join(repository, '.cache/bench'), cameras, days, say);
    const kept = keepIndex(archive, archive.fromMs + 2 * cleanedMinutes * minuteMs);
    const path = join(archive.dataDir, indexFile);
    const index = new ArchiveIndex(path, { readOnly: true });
    const rows = index.totals().files;
    index.close();
    const rounds: Round[] = [];
    for (let number = 1; number <= count; number += 1) {
      const random = randomFrom(number);
      try {
        await makeKeyframes(archive, randomFrom(number));
        const read = await startAndRead(archive, random);
        kept.restore();
        rounds.push({ ...read, cleanerCpu: await cleanerCpu(archive) });
      } finally {
        kept.restore();
      }
      for (let id = 1; id <= cameras * 2; id += 1) await smallFile(archive, id, firstStart(archive, id), 0);
      say(`${JSON.stringify(rounds.at(-1))} load ${round(loadavg()[0] ?? 0, 1)}`);
    }
    return {
      ...{ cameras, days, rows, indexMegabytes: Math.round((await stat(path)).size / 1e6), rounds: count },
      ...figures(rounds),
      loadAverage: round(loadavg()[0] ?? 0, 1),
    };
  },
};
export default bench;

/** Errors: when files are missing that a start looks for, since then it would not have done what a start does. */
async function startAndRead(archive: CityArchive, random: () => number): Promise<Omit<Round, 'cleanerCpu'>> {
  const begunMs = performance.now();
  const clock: Clock = {
    nowMs: () => archive.toMs + Math.round(performance.now() - begunMs),
    monotonicMs: () => performance.now(),
  };
  const recorder = await createRecorder({
    ...{ dataDir: archive.dataDir, archiveDir: archive.filesDir, files: roomyFiles, clock, log: silentLogger },
    retentionDays: archive.days + 1,
  });
  const startMs = performance.now() - begunMs;
  try {
    const { alarms } = await recorder.health();
    if (alarms.length > 0) throw new Error(`the recorder raised ${alarms.map(({ code }) => code).join(', ')}`);
    return { startMs: round(startMs, 0), ...(await reading(recorder, archive, random)) };
  } finally {
    await recorder.stop();
  }
}

async function reading(recorder: Recorder, archive: CityArchive, random: () => number) {
  const keyframes = await each(places(archive, random), ({ cameraId, stream, atMs }) =>
    recorder.keyframe(cameraId, stream, atMs),
  );
  const timelines = await each(places(archive, random), ({ cameraId, stream, atMs }) => {
    const fromMs = Math.floor(atMs / dayMs) * dayMs;
    return recorder.timeline(cameraId, stream, fromMs, fromMs + dayMs);
  });
  const playlists = await each(places(archive, random), ({ cameraId, stream, atMs }) =>
    recorder.vodPlaylist(cameraId, stream, atMs, atMs + hourMs),
  );
  return { timelineP95: p95(timelines), playlistHourP95: p95(playlists), keyframeP95: p95(keyframes) };
}

interface Place {
  number: number;
  cameraId: string;
  stream: StreamName;
  atMs: number;
}

/** Random cameras, streams and moments; not of the first day, which is the cleaner's, nor of the last. */
function places(archive: CityArchive, random: () => number): Place[] {
  return Array.from({ length: asks }, () => {
    const number = 1 + Math.floor(random() * archive.cameras * 2);
    const spanMs = archive.toMs - archive.fromMs - 2 * hourMs;
    return { number, ...streamAt(number), atMs: archive.fromMs + hourMs + Math.floor(random() * (spanMs - hourMs)) };
  });
}

async function makeKeyframes(archive: CityArchive, random: () => number): Promise<void> {
  const index = new ArchiveIndex(join(archive.dataDir, indexFile), { readOnly: true });
  try {
    for (const { number, stream, atMs } of places(archive, random)) {
      const row = index.recordingBefore(number, atMs);
      if (row === null) throw new Error('a recording is missing');
      const mediaTime = ((atMs - row.startMs) * row.timescale) / 1000;
      const entry = decodeKeyframes(row.keyframes).findLast(({ time }) => time <= mediaTime);
      await sparseFile(archive, number, row, entry?.offset ?? row.initBytes, pictureBytes[stream]);
    }
  } finally {
    index.close();
  }
}

/** In % of one core: what a pass every minute costs, each over the files of one minute of every stream. */
async function cleanerCpu(archive: CityArchive): Promise<number> {
  const streams = archive.cameras * 2;
  for (let id = 1; id <= streams; id += 1) {
    for (let minute = 0; minute < cleanedMinutes; minute += 1) {
      await smallFile(archive, id, firstStart(archive, id) + minute * minuteMs, cleanedFileBytes);
    }
  }
  const keepMs = archive.days * dayMs;
  // All files of the first minute have ended by then, and none of the second.
  const clock = manualClock(archive.fromMs + keepMs + 2 * minuteMs - 1);
  const index = new ArchiveIndex(join(archive.dataDir, indexFile));
  try {
    const volumes = await openVolumes(index, clock, [{ name: volumeName, path: archive.filesDir }], roomyFiles);
    const cleaner = new Cleaner(volumes, index, { keepMs, quotaBytes: null }, clock, silentLogger);
    let deleted = 0;
    const before = process.cpuUsage();
    for (let minute = 0; minute < cleanedMinutes; minute += 1) {
      deleted += await cleaner.clean();
      clock.advance(minuteMs);
    }
    const { user, system } = process.cpuUsage(before);
    if (deleted !== cleanedMinutes * streams) throw new Error(`the cleaner deleted ${deleted} files`);
    await volumes.stop();
    return round(((user + system) / 1000 / (cleanedMinutes * minuteMs)) * 100, 3);
  } finally {
    index.close();
  }
}

async function each(list: Place[], ask: (place: Place) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (const place of list) {
    const beganMs = performance.now();
    await ask(place);
    times.push(performance.now() - beganMs);
  }
  return times;
}

function figures(rounds: readonly Round[]): Record<string, number> {
  const out: Record<string, number> = {};
  for (const name of ['timelineP95', 'playlistHourP95', 'keyframeP95', 'startMs', 'cleanerCpu'] as const) {
    const sorted = rounds.map((each) => each[name]).sort((a, b) => a - b);
    out[name] = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    out[`${name}Best`] = sorted[0] ?? Number.NaN;
  }
  return out;
}

function p95(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return round(sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN, 2);
}

/** Mulberry32: the same places in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
