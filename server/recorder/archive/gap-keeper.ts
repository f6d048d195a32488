import type { StreamName } from '../../contracts/common.ts';
import type { GapReason } from '../../contracts/timeline.ts';
import type { ArchiveIndex } from './archive-index.ts';

/** A stall is the first sign of a camera that went away: what is learnt within this time explains the stall too. */
const symptomMs = 20_000;

type GapListener = (fromMs: number, toMs: number, reason: GapReason) => void;

/**
 * Accounts for the time of one stream: whatever is not recorded gets a gap row, by construction. `knownMs` is where recordings and
 * closed gaps end; the next recording closes the gap from there. Nothing is scheduled before a stream's first frame or failure.
 */
export class GapKeeper {
  readonly #index: ArchiveIndex;
  readonly #cameraId: string;
  readonly #stream: StreamName;
  readonly #onClosed: GapListener;
  #streamId: number | null;
  #open: { fromMs: number; reason: GapReason } | null = null;
  knownMs: number | null = null;

  constructor(index: ArchiveIndex, cameraId: string, stream: StreamName, onClosed: GapListener) {
    this.#index = index;
    this.#cameraId = cameraId;
    this.#stream = stream;
    this.#onClosed = onClosed;
    const row = index.findStream(cameraId, stream);
    this.#streamId = row?.id ?? null;
    if (row === null) return;
    const gap = index.currentGap(row.id);
    this.#open = gap === null ? null : { fromMs: gap.fromMs, reason: gap.reason };
    this.knownMs = gap?.fromMs ?? index.lastKnownMs(row.id) ?? row.sinceMs;
  }

  /** The stream's number in the index; a new stream's schedule begins at `atMs`. */
  streamId(atMs: number): number {
    this.#streamId ??= this.#index.stream(this.#cameraId, this.#stream, atMs).id;
    return this.#streamId;
  }

  /** From now on nothing is recorded, for this reason. A gap that is open already is ended when its reason was another. */
  open(reason: GapReason, nowMs: number): void {
    const streamId = this.streamId(nowMs);
    const open = this.#open;
    if (open?.reason === reason) return;
    let fromMs = this.knownMs ?? nowMs;
    if (open !== null) {
      const replaces = open.reason === 'stream_stalled' && nowMs - open.fromMs < symptomMs;
      if (!replaces && nowMs > open.fromMs) {
        this.#close(nowMs, nowMs);
        fromMs = nowMs;
      }
    }
    this.#index.openGap(streamId, fromMs, reason);
    this.#open = { fromMs, reason };
    this.knownMs = fromMs;
  }

  /** A recording begins at `startMs`: all time before it that is not accounted for becomes a gap. */
  recordedFrom(startMs: number, nowMs: number): void {
    const streamId = this.streamId(startMs);
    if (this.knownMs !== null && this.knownMs < startMs && this.#open === null) {
      this.#open = { fromMs: this.knownMs, reason: 'unknown' };
      this.#index.openGap(streamId, this.knownMs, 'unknown');
    }
    if (this.#open !== null) this.#close(startMs, nowMs);
    this.knownMs = Math.max(this.knownMs ?? startMs, startMs);
  }

  recordedUntil(endMs: number): void {
    this.knownMs = Math.max(this.knownMs ?? endMs, endMs);
  }

  #close(toMs: number, atMs: number): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    const streamId = this.streamId(atMs);
    this.#index.transaction(() => {
      this.#index.removeGap(streamId, open.fromMs);
      this.#index.addGap(streamId, open.fromMs, toMs, open.reason);
    });
    if (toMs > open.fromMs) this.#onClosed(open.fromMs, toMs, open.reason);
  }
}
