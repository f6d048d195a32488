import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamName, Stretch } from '../../contracts/common.ts';
import type { GapReason } from '../../contracts/timeline.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { Fragment } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import type { StoredPart } from '../live/stored-part.ts';
import { clockLimits, MediaClock } from '../stream/media-clock.ts';
import type { ArchiveIndex, Recording } from './archive-index.ts';
import { GapKeeper } from './gap-keeper.ts';
import { type OpenRecording, RecordingFile } from './recording-file.ts';
import type { Volume } from './volume.ts';
import type { Volumes } from './volumes.ts';

export interface StreamWriterOptions {
  volumes: Volumes;
  index: ArchiveIndex;
  cameraId: string;
  stream: StreamName;
  clock: Clock;
  log: Logger;
  /** A new file begins at the first keyframe after so long. */
  fileMs: number;
  onFileClosed(fromMs: number, toMs: number): void;
  onGapClosed(fromMs: number, toMs: number, reason: GapReason): void;
  /** The disk refused, or takes again (null). */
  onDisk(error: Error | null): void;
}

/** A stop waits no longer for an index that refuses. */
const settlePatienceMs = 1000;
/** A volume that refused a stream is tried again with a new file of it after so long. */
const diskRetryMs = 5000;

/**
 * Writes one stream to the archive: files of about a minute from keyframe to keyframe, their index rows, and a gap row for
 * all time between them. It also keeps the stream's time (`MediaClock`).
 */
export class StreamWriter {
  readonly #o: StreamWriterOptions;
  readonly #gaps: GapKeeper;
  /** Files that are closed but not yet in the index. */
  readonly #closing = new Map<RecordingFile, { endMs: number; done: Promise<void> }>();
  #init: Init | null = null;
  #time: MediaClock | null = null;
  #file: RecordingFile | null = null;
  /** The last write was refused, and nothing was written since. */
  #refused: Error | null = null;
  /** Volumes that refused this stream, and when. */
  readonly #refusals = new Map<Volume, number>();
  #clockOffsetMs: number;

  constructor(options: StreamWriterOptions) {
    this.#o = options;
    this.#gaps = new GapKeeper(options.index, options.cameraId, options.stream, options.onGapClosed);
    this.#clockOffsetMs = options.clock.nowMs() - options.clock.monotonicMs();
  }

  /** A run of the stream has begun. */
  begin(init: Init): void {
    this.#finish();
    this.#init = init;
    this.#time = null;
  }

  /** Takes a fragment that has just arrived. Returns the time it covers, and where it is being written; sound is not given back as it came. */
  fragment(fragment: Fragment): { startMs: number; endMs: number; stored: StoredPart | null } {
    const init = this.#init;
    if (init === null) throw new Error('a fragment before its init');
    const arrivalMs = this.#o.clock.nowMs();
    const end = fragment.baseDecodeTime + fragment.duration;
    const time = this.#followTime(init, fragment, end, arrivalMs);
    this.#checkDisk();
    if (fragment.keyframe && this.#mayTurn(init)) this.#turn(init, time, fragment.baseDecodeTime);
    const file = this.#file;
    let offset: number | null = null;
    if (file !== null) {
      offset = file.append(fragment);
      if (this.#refused === null) this.#announce(file);
    }
    const stored = file === null || offset === null || init.audio !== null ? null : { file, offset };
    return { startMs: time.at(fragment.baseDecodeTime), endMs: time.at(end), stored };
  }

  /** The stream has stopped, or is still away for this reason. `atMs` is when that began, now unless told. */
  interrupt(reason: GapReason, atMs = this.#o.clock.nowMs()): void {
    this.#finish();
    this.#time = null;
    this.#init = null;
    this.#gaps.open(reason, atMs);
  }

  /** Only the stretches are to be recorded; what a time without the server lies outside of them needs no other reason. */
  schedule(stretches: readonly Stretch[]): void {
    this.#gaps.schedule(stretches, this.#o.clock.nowMs());
  }

  /** Where recordings and closed gaps end; null before the first. */
  get knownMs(): number | null {
    return this.#gaps.knownMs;
  }

  /** By how much the camera's frames come later than its timestamps say, in ms; null while there are none. */
  get driftMs(): number | null {
    return this.#time?.lateMs ?? null;
  }

  /** Files that are not in the index yet, oldest first. `endMs` is where their time ends so far. */
  openRecordings(): (OpenRecording & { endMs: number })[] {
    const open: (OpenRecording & { endMs: number })[] = [];
    for (const [file, { endMs }] of this.#closing) {
      const snapshot = file.snapshot();
      if (snapshot !== null) open.push({ ...snapshot, endMs });
    }
    const current = this.#file?.snapshot() ?? null;
    if (current !== null)
      open.push({ ...current, endMs: current.startMs + wallMs(current.mediaDuration, current.timescale) });
    return open;
  }

  /** Settles when every file is closed and indexed; one that the index refuses is waited for only shortly, and the next start finds it. */
  async settled(): Promise<void> {
    const all = Promise.all([...this.#closing.values()].map((closing) => closing.done)).then(() => true);
    const patience = () => sleep(settlePatienceMs, false, { ref: false });
    while (!(await Promise.race([all, patience()]))) if (this.#o.index.writes.refused !== null) return;
  }

  /** Takes time anew when frames are far later than their timestamps say: clock or timestamps jumped. */
  #followTime(init: Init, fragment: Fragment, end: number, arrivalMs: number): MediaClock {
    const begin = (markMs = 0) =>
      new MediaClock(init.timescale, fragment.baseDecodeTime, fragment.duration, arrivalMs, this.#floorMs() + markMs);
    const stepMs = this.#clockStepMs(arrivalMs);
    if (this.#time === null) {
      this.#clockOffsetMs += stepMs;
      this.#time = begin();
      return this.#time;
    }
    const lateMs = this.#time.observe(end, arrivalMs);
    if (!fragment.keyframe || (lateMs < clockLimits.jumpMs && stepMs === 0)) return this.#time;
    this.#clockOffsetMs += stepMs;
    this.#finish();
    this.#gaps.open(stepMs === 0 ? 'stream_stalled' : 'clock_jump', arrivalMs);
    // A clock that was set back leaves no hole: a gap of 1 ms marks where time is no longer this machine's.
    this.#time = begin(stepMs < 0 ? 1 : 0);
    if (stepMs > 0) this.#time.state = 'jumped';
    return this.#time;
  }

  /** By how much the machine's clock was set since the last step, or 0; corrections in small steps are followed silently. */
  #clockStepMs(arrivalMs: number): number {
    const offsetMs = arrivalMs - this.#o.clock.monotonicMs();
    const stepMs = offsetMs - this.#clockOffsetMs;
    if (Math.abs(stepMs) >= clockLimits.jumpMs) return stepMs;
    this.#clockOffsetMs = offsetMs;
    return 0;
  }

  #mayTurn(init: Init): boolean {
    const file = this.#file;
    if (file === null || !file.volume.takes) return true;
    return wallMs(file.mediaDuration, init.timescale) >= this.#o.fileMs;
  }

  /** Goes on with a new file on the volume whose turn it is; without one recording pauses and its gap says why. */
  #turn(init: Init, time: MediaClock, media: number): void {
    const nowMs = this.#o.clock.monotonicMs();
    const { volumes } = this.#o;
    const justRefused = (volume: Volume) =>
      nowMs - (this.#refusals.get(volume) ?? Number.NEGATIVE_INFINITY) < diskRetryMs;
    const volume = volumes.forNewFile(justRefused);
    if (volume === null) {
      this.#finish();
      if (volumes.forNewFile() === null) this.#refuse(volumes.whyNone());
      return;
    }
    const startMs = time.turn(media);
    this.#finish(startMs);
    const name = { cameraId: this.#o.cameraId, stream: this.#o.stream, startMs: Math.max(startMs, this.#floorMs()) };
    this.#file = new RecordingFile(volume, name, init);
  }

  #refuse(error: Error): void {
    if (this.#refused !== null && diskReason(this.#refused) === diskReason(error)) return;
    this.#refused = error;
    this.#gaps.open(diskReason(error), this.#o.clock.nowMs());
    this.#o.onDisk(error);
  }

  #announce(file: RecordingFile): void {
    this.#gaps.recordedFrom(file.name.startMs, this.#o.clock.nowMs());
  }

  /** Ends the open file at `endMs`, or where its frames end. Its index row follows in the background. */
  #finish(endMs?: number): void {
    const file = this.#file;
    const timescale = this.#init?.timescale ?? 1;
    this.#file = null;
    if (file === null) return;
    const framesEndMs = (duration: number) => file.name.startMs + wallMs(duration, timescale);
    const failed = file.error !== null || this.#refused !== null;
    const expectedMs = failed
      ? framesEndMs(file.snapshot()?.mediaDuration ?? 0)
      : (endMs ?? framesEndMs(file.mediaDuration));
    if (!failed || file.snapshot() !== null) {
      this.#announce(file);
      this.#gaps.recordedUntil(expectedMs);
    }
    const clockState = this.#time?.state ?? 'ok';
    const done = this.#close(file, expectedMs, framesEndMs, clockState).finally(() => this.#closing.delete(file));
    this.#closing.set(file, { endMs: expectedMs, done });
  }

  async #close(
    file: RecordingFile,
    expectedMs: number,
    framesEndMs: (duration: number) => number,
    clockState: MediaClock['state'],
  ) {
    const { index } = this.#o;
    const { startMs } = file.name;
    let indexed: Recording | null = null;
    try {
      const streamId = this.#gaps.streamId(startMs);
      const row = await file.close(
        streamId,
        (duration) => (file.error === null ? expectedMs : framesEndMs(duration)),
        clockState,
      );
      if (row !== null) {
        await index.writes.write(() => index.addRecording(row));
        indexed = row;
        this.#o.onFileClosed(startMs, row.endMs);
      }
      const endMs = row?.endMs ?? startMs;
      if (endMs < expectedMs) void index.writes.write(() => index.addGap(streamId, endMs, expectedMs, 'disk_error'));
    } catch (error) {
      file.volume.refused(error as Error);
      this.#o.log.error({ file: file.path, reason: errorMessage(error) }, 'a recording file could not be closed');
      this.#explain(startMs, expectedMs);
    } finally {
      file.release(indexed);
    }
  }

  /** The gap of a file that was lost on its last step. When the index refuses too, the next start finds the file. */
  #explain(fromMs: number, toMs: number): void {
    const { index } = this.#o;
    try {
      const streamId = this.#gaps.streamId(fromMs);
      void index.writes.write(() => index.addGap(streamId, fromMs, toMs, 'disk_error'));
    } catch (error) {
      this.#o.log.error({ reason: errorMessage(error) }, 'the archive index cannot be written');
    }
  }

  #checkDisk(): void {
    const file = this.#file;
    if (file === null) return;
    if (file.error !== null) {
      const error = file.error;
      this.#finish();
      file.volume.refused(error);
      this.#refusals.set(file.volume, this.#o.clock.monotonicMs());
      this.#o.log.error(
        { volume: file.volume.name, file: file.path, reason: errorMessage(error) },
        'the archive disk refused to write',
      );
      this.#refuse(error);
    } else if (this.#refused !== null && file.snapshot() !== null) {
      this.#refused = null;
      this.#refusals.delete(file.volume);
      this.#o.onDisk(null);
    }
  }

  /** No file may begin before the end of what is there. */
  #floorMs(): number {
    const file = this.#file;
    const known = this.#gaps.knownMs ?? 0;
    return file === null
      ? known
      : Math.max(known, file.name.startMs + wallMs(file.mediaDuration, this.#init?.timescale ?? 1));
  }
}

const wallMs = (units: number, timescale: number) => Math.round((units * 1000) / timescale);

export function diskReason(error: Error): GapReason {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'disk_full' : 'disk_error';
}
