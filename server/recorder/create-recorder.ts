import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { endOrphans } from '../platform/child-process.ts';
import type { Clock } from '../platform/clock.ts';
import { errorMessage } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { ArchiveWatch } from './archive/archive-watch.ts';
import { Cleaner } from './archive/cleaner.ts';
import { openIndex } from './archive/open-index.ts';
import { facts, recoverArchive } from './archive/recovery.ts';
import { ClipMaker } from './clip/clip-maker.ts';
import { LocalRecorder } from './local-recorder.ts';
import type { Recorder } from './recorder.ts';
import { RunLock } from './run-lock.ts';
import { stillLimits } from './stream/still-watch.ts';

export interface RecorderOptions {
  /** Holds the archive index (`archive.sqlite`) and the lock. Made when missing. */
  dataDir: string;
  /** Root of the recording files. Made when missing. */
  archiveDir: string;
  clock: Clock;
  log: Logger;
  /** Program to run, default `ffmpeg` as found in PATH. */
  ffmpegPath?: string;
  retentionDays: number;
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

const aliveEveryMs = 2000;
const dayMs = 24 * 3_600_000;

/**
 * Starts a recorder over a data directory: ends ffmpeg processes that a killed run left behind, adopts the files it had open, and accounts for
 * the time between. Cameras come with `putCamera`. Errors: `recorder_running`.
 */
export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const { clock, log } = options;
  await mkdir(options.dataDir, { recursive: true });
  await mkdir(options.archiveDir, { recursive: true });
  const lock = await RunLock.take(options.dataDir);
  const program = options.ffmpegPath ?? 'ffmpeg';
  const owner = createHash('sha256')
    .update(await realpath(options.dataDir))
    .digest('hex')
    .slice(0, 32);
  const orphans = await endOrphans(owner, program);
  if (orphans.length > 0) log.warn({ orphans: orphans.length }, 'ffmpeg processes of an earlier run were ended');

  const { index, rebuilt } = await openIndex(options.dataDir, options.archiveDir, clock, log).catch(async (error) => {
    await lock.release();
    throw error;
  });
  try {
    await recoverArchive(options.archiveDir, index, clock, log);
  } catch (error) {
    index.close();
    await lock.release();
    throw error;
  }
  const rules = { keepMs: options.retentionDays * dayMs, quotaBytes: options.quotaBytes ?? null };
  const cleaner = new Cleaner(options.archiveDir, index, rules, clock, log);
  const stopping = new AbortController();
  const { dataDir, archiveDir, selfCheckEveryMs } = options;
  const watch = new ArchiveWatch({ dataDir, archiveDir, index, clock, log, cleaner, rebuilt, selfCheckEveryMs });
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

  const clipDir = join(options.dataDir, 'clips');
  await ClipMaker.prepare(clipDir);

  const recorder = new LocalRecorder({
    archiveDir: options.archiveDir,
    index,
    clock,
    log,
    ffmpeg: { program, owner },
    fileMs: options.fileMs ?? 60_000,
    stillMs: options.stillMs ?? stillLimits.stillMs,
    startsAtOnce: options.startsAtOnce ?? 20,
    transcodes: options.transcodes ?? 2,
    transcodeIdleMs: options.transcodeIdleMs ?? 10_000,
    clips: (stopping) => new ClipMaker(clipDir, { program, owner }, log, stopping),
    selfCheck: () => watch.selfCheck,
    close: async () => {
      clearInterval(alive);
      clearInterval(cleaning);
      stopping.abort();
      await watch.stop();
      // Joins a pass that is under way, which ends with its page.
      await clean();
      index.setFact(facts.stoppedMs, Math.max(clock.nowMs(), index.fact(facts.aliveMs) ?? 0));
      index.close();
      await lock.release();
    },
  });
  await watch.start(recorder);
  return recorder;
}
