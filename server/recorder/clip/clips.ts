import type { StreamName } from '../../contracts/common.ts';
import { AppError } from '../../platform/errors.ts';
import { boxesIn, u32 } from '../fmp4/boxes.ts';
import { readInit } from '../fmp4/init.ts';
import type { ArchiveReader } from '../playback/archive-reader.ts';
import type { PlayFile } from '../playback/time-map.ts';
import type { Clip, ClipMissing, ClipOptions, RecordedTimeline } from '../recorder.ts';
import { type ClipMaker, clipLimits } from './clip-maker.ts';
import { type ClipPiece, planClip } from './clip-plan.ts';

const hourMs = 3_600_000;
/** Volumes may go one after the other. */
const mostAttempts = 3;

/** Clips of what is recorded: what is asked for becomes a plan, and the plan a file. */
export class Clips {
  readonly #archive: ArchiveReader;
  readonly #maker: ClipMaker;

  constructor(archive: ArchiveReader, maker: ClipMaker) {
    this.#archive = archive;
    this.#maker = maker;
  }

  /** `timeline` gives that of the very stretch. Errors: see `Recorder.clip`. */
  async clip(
    cameraId: string,
    stream: StreamName,
    fromMs: number,
    toMs: number,
    options: ClipOptions,
    timeline: () => Promise<RecordedTimeline>,
  ): Promise<Clip> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#clip(cameraId, stream, fromMs, toMs, options, timeline);
      } catch (error) {
        // A volume was found to be gone while it was read: the clip is made anew of what lies on the others.
        const lost = error instanceof AppError && error.code === 'volume_offline';
        if (!lost || attempt === mostAttempts) throw error;
      }
    }
  }

  async #clip(
    cameraId: string,
    stream: StreamName,
    fromMs: number,
    toMs: number,
    options: ClipOptions,
    timeline: () => Promise<RecordedTimeline>,
  ): Promise<Clip> {
    if (!(toMs > fromMs)) throw new AppError('invalid', 'range_invalid');
    requireLength(toMs - fromMs, clipLimits.longestMs);
    const all = this.#archive.files(cameraId, stream, fromMs, toMs);
    if (all.length === 0) throw new AppError('not_found', 'nothing_recorded');
    const files = this.#archive.reachable(all);
    const [first] = files;
    if (first === undefined) throw new AppError('unavailable', 'volume_offline');
    // Sound is copied where video is, and cut where video is encoded; it has no place where the format changes.
    const several = new Set(files.map((file) => file.initId)).size > 1;
    const sound = !several && first.codec.includes(',');
    const edges =
      options.exact === 'frame' &&
      !sound &&
      first.codec.startsWith('avc') &&
      !(await this.#reorders(cameraId, stream, first));
    const plan = planClip(files, fromMs, toMs, options.exact, edges);
    if (plan === null) throw new AppError('not_found', 'nothing_recorded');
    if (plan.reencoded === 'all') requireLength(toMs - fromMs, clipLimits.longestEncodedMs);
    const size = several ? readInit(await this.#archive.init(cameraId, stream, first)) : null;
    const made = await this.#maker.make(
      plan,
      { size, sound },
      (piece) => this.#read(cameraId, stream, piece),
      options.signal,
    );
    return {
      ...made,
      contentType: 'video/mp4',
      fromMs: plan.fromMs,
      toMs: plan.toMs,
      reencoded: plan.reencoded,
      missing: missingIn(await timeline(), fromMs, toMs),
    };
  }

  async *#read(cameraId: string, stream: StreamName, piece: ClipPiece): AsyncGenerator<Uint8Array> {
    for (const [i, span] of piece.spans.entries()) {
      if (i === 0) yield await this.#archive.init(cameraId, stream, span.file);
      yield* this.#archive.groups(cameraId, stream, span.file, span);
    }
  }

  /** Whether frames are shown in another order than they are decoded in, by the first fragment of a file. */
  async #reorders(cameraId: string, stream: StreamName, file: PlayFile): Promise<boolean> {
    for await (const bytes of this.#archive.groups(cameraId, stream, file, { first: 0, next: 1, shift: 0 })) {
      return hasCompositionOffsets(bytes);
    }
    return true;
  }
}

/** ISO/IEC 14496-12, 8.8.8: a run with sample composition time offsets. */
function hasCompositionOffsets(bytes: Uint8Array): boolean {
  for (const moof of boxesIn(bytes, 0, bytes.length)) {
    if (moof.type !== 'moof') continue;
    for (const traf of boxesIn(bytes, moof.body, moof.end)) {
      if (traf.type !== 'traf') continue;
      for (const trun of boxesIn(bytes, traf.body, traf.end)) {
        if (trun.type === 'trun' && (u32(bytes, trun.body) & 0x800) !== 0) return true;
      }
    }
  }
  return false;
}

/** What of [fromMs, toMs) is not in the recordings, and why; time that is still to come too. */
export function missingIn(timeline: RecordedTimeline, fromMs: number, toMs: number): ClipMissing[] {
  const missing: ClipMissing[] = timeline.gaps.map((gap) => ({ fromMs: gap.from, toMs: gap.to, reason: gap.reason }));
  for (const [from, to] of timeline.offline ?? []) {
    const cut = { fromMs: Math.max(from, fromMs), toMs: Math.min(to, toMs) };
    if (cut.toMs > cut.fromMs) missing.push({ ...cut, reason: 'volume_offline' });
  }
  missing.sort((a, b) => a.fromMs - b.fromMs);
  const accounted = Math.max(fromMs, timeline.recorded.at(-1)?.[1] ?? fromMs, timeline.gaps.at(-1)?.to ?? fromMs);
  if (accounted < toMs) missing.push({ fromMs: accounted, toMs, reason: 'not_yet_recorded' });
  return missing;
}

function requireLength(ms: number, longestMs: number): void {
  if (ms > longestMs) throw new AppError('invalid', 'clip_too_long', { params: { hours: longestMs / hourMs } });
}
