import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { endOrphans } from '../platform/child-process.ts';
import type { Clock } from '../platform/clock.ts';
import { errorMessage } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { ArchiveIndex } from './archive/archive-index.ts';
import { ArchiveWatch, archiveAlarms } from './archive/archive-watch.ts';
import { Cleaner, type RetentionRules } from './archive/cleaner.ts';
import type { ArchiveFiles } from './archive/files.ts';
import { openIndex } from './archive/open-index.ts';
import { adoptLeftovers, facts, recoverArchive } from './archive/recovery.ts';
import type { VolumeSetting } from './archive/volume.ts';
import { type VolumeAlarm, Volumes } from './archive/volumes.ts';
import { ClipMaker } from './clip/clip-maker.ts';
import { collectLessOften } from './heap.ts';
import { LocalRecorder } from './local-recorder.ts';
import type { Recorder } from './recorder.ts';
import { RunLock } from './run-lock.ts';
import type { FindHost } from './stream/place.ts';
import { stillLimits } from './stream/still-watch.ts';

export interface RecorderOptions {
  /** Holds the archive index (`archive.sqlite`) and the lock. Made when missing. */
  dataDir: string;
  /** Root of the recording files: the one volume `archive`, made when it was never there. Not looked at when `volumes` are named. */
  archiveDir: string;
  /** Volumes in the order in which they are filled; their folders must be there. */
  volumes?: readonly VolumeSetting[];
  /** What stays free on the one volume; by the rule of `volume-policy.ts` unless told. */
  reserveBytes?: number | null;
  /** How often volumes are looked at; every 2 s unless told. */
  lookEveryMs?: number;
  /** File operations, for tests that let a disk fail. */
  files?: ArchiveFiles;
  clock: Clock;
  log: Logger;
  /** Where the hosts of cameras are, looked up before every start and connected to by number; without it ffmpeg looks names up. */
  findHost?: FindHost;
  /** Program to run, default `ffmpeg` as found in PATH. */
  ffmpegPath?: string;
  retentionDays: number;
  /** For a stream with days of its own, in ms; undefined for the others. Asked from the start on, before any camera is put. */
  keepMsOf?: RetentionRules['keepMsOf'];
  /** Most bytes that the archive may take; without it only days count. */
  quotaBytes?: number | null;
  /** Transcodes at once, live and playback together; 2 unless told. */
  transcodes?: number;
  /** How long a transcode goes on after its last viewer; 10 s unless told. */
  transcodeIdleMs?: number;
  /** Length of a recording file; a minute unless told, shorter in tests. */
  fileMs?: number;
  /** A picture that has been still for so long is reported as frozen; 48 s unless told, shorter in tests. */
  stillMs?: number;
  /** How often retention is looked at; a minute unless told. */
  cleanEveryMs?: number;
  /** Streams that may start at the same time; 20 unless told. */
  startsAtOnce?: number;
  /** A self-check of the archive after every so many ms, instead of every night. */
  selfCheckEveryMs?: number;
}

/** Name of the volume when only a folder is named. */
const oneVolume = 'archive';
const aliveEveryMs = 2000;
const dayMs = 24 * 3_600_000;

/**
 * Starts a recorder over a data directory: ends ffmpeg processes that a killed run left behind, adopts the files it had open, and accounts for
 * the time between. Cameras come with `putCamera`. Errors: `recorder_running`.
 */
export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const { clock, log } = options;
  collectLessOften();
  await mkdir(options.dataDir, { recursive: true });
  const lock = await RunLock.take(options.dataDir);
  const program = options.ffmpegPath ?? 'ffmpeg';
  const owner = createHash('sha256')
    .update(await realpath(options.dataDir))
    .digest('hex')
    .slice(0, 32);
  const orphans = await endOrphans(owner, program);
  if (orphans.length > 0) log.warn({ orphans: orphans.length }, 'ffmpeg processes of an earlier run were ended');

  const folders = options.volumes?.length ? options.volumes.map(({ path }) => path) : [options.archiveDir];
  const { index, rebuilt } = await openIndex(options.dataDir, folders, clock, log).catch(async (error) => {
    await lock.release();
    throw error;
  });
  let recorder: LocalRecorder | null = null;
  let volumes: Volumes;
  try {
    volumes = await openVolumes(options, index, (alarm, active) => recorder?.volumeAlarm(alarm, active));
    await recoverArchive(volumes, index, clock, log);
  } catch (error) {
    index.close();
    await lock.release();
    throw error;
  }
  const rules: RetentionRules = {
    keepMs: options.retentionDays * dayMs,
    quotaBytes: options.quotaBytes ?? null,
    ...(options.keepMsOf && { keepMsOf: options.keepMsOf }),
  };
  const cleaner = new Cleaner(volumes, index, rules, clock, log);
  const stopping = new AbortController();
  const { dataDir, selfCheckEveryMs } = options;
  const watch = new ArchiveWatch({
    dataDir,
    roots: () => volumes.roots(),
    index,
    clock,
    log,
    cleaner,
    rebuilt,
    selfCheckEveryMs,
  });
  await watch.lookForFiles();
  const clean = async () => {
    try {
      if (cleaner.stopped && !stopping.signal.aborted) await watch.lookForFiles();
      await cleaner.clean(stopping.signal);
    } catch (error) {
      log.error({ reason: errorMessage(error) }, 'cleaning failed');
    }
  };
  const alive = setInterval(() => {
    try {
      index.setFact(facts.aliveMs, clock.nowMs());
    } catch (error) {
      log.error({ reason: errorMessage(error) }, 'the archive index cannot be written');
    }
  }, aliveEveryMs);
  const cleaning = setInterval(clean, options.cleanEveryMs ?? 60_000);
  void clean();
  volumes.onReturn = (volume) => adoptLeftovers(volume, index, log).then(() => {});
  volumes.onLook = () => {
    if (stopping.signal.aborted) return;
    cleaner.makeRoom(stopping.signal).catch((error) => log.error({ reason: errorMessage(error) }, 'cleaning failed'));
  };
  volumes.start();

  const clipDir = join(options.dataDir, 'clips');
  await ClipMaker.prepare(clipDir);

  recorder = new LocalRecorder({
    volumes,
    index,
    clock,
    log,
    ffmpeg: { program, owner },
    fileMs: options.fileMs ?? 60_000,
    stillMs: options.stillMs ?? stillLimits.stillMs,
    startsAtOnce: options.startsAtOnce ?? 20,
    findHost: options.findHost,
    transcodes: options.transcodes ?? 2,
    transcodeIdleMs: options.transcodeIdleMs ?? 10_000,
    clips: (stopping) => new ClipMaker(clipDir, { program, owner }, log, stopping),
    selfCheck: () => watch.selfCheck,
    selfChecks: watch,
    retention: { days: options.retentionDays, quotaBytes: options.quotaBytes ?? null },
    holdsKnown: () => watch.holdsKnown(),
    close: async () => {
      clearInterval(alive);
      clearInterval(cleaning);
      stopping.abort();
      await watch.stop();
      await volumes.stop();
      // Joins a pass that is under way, which ends with its page.
      await clean();
      index.onRefused = () => {};
      try {
        index.writes.end();
        index.setFact(facts.stoppedMs, Math.max(clock.nowMs(), index.fact(facts.aliveMs) ?? 0));
      } catch (error) {
        log.error(
          { reason: errorMessage(error) },
          'the archive index cannot be written; the next start accounts for what it lacks',
        );
      }
      index.close();
      await lock.release();
    },
  });
  index.onRefused = (error) => {
    if (error === null) log.warn('the archive index takes what is recorded again');
    else log.error({ reason: errorMessage(error) }, 'the archive index refuses what is recorded; it waits in memory');
    if (error === null) recorder?.clear(archiveAlarms.indexRefuses);
    else recorder?.raise(archiveAlarms.indexRefuses, errorMessage(error));
  };
  await watch.start(recorder);
  return recorder;
}

async function openVolumes(
  options: RecorderOptions,
  index: ArchiveIndex,
  onAlarm: (alarm: VolumeAlarm, active: boolean) => void,
): Promise<Volumes> {
  const { clock, log, archiveDir, files, lookEveryMs } = options;
  const one = { name: oneVolume, path: archiveDir, limitBytes: null, reserveBytes: options.reserveBytes ?? null };
  const declared = options.volumes ?? [];
  const settings = declared.length > 0 ? declared : [one];
  // A folder that was there and is not now is a disk that is missing: it is never made anew.
  const isNew = !index.volumes().some(({ name }) => name === oneVolume);
  if (declared.length === 0 && isNew) await mkdir(archiveDir, { recursive: true });
  return Volumes.open({ settings, index, clock, log, files, checkEveryMs: lookEveryMs, onAlarm });
}
