import type { StreamName, Stretch } from '../../contracts/common.ts';
import type { GapReason } from '../../contracts/timeline.ts';
import type { ArchiveIndex } from './archive-index.ts';

/** A stall is the first sign of a camera that went away: what is learnt within this time explains the stall too. */
const symptomMs = 20_000;

/** After a start one failed attempt proves nothing (a session of the last run may still block the camera); failures that go on for so long do. */
const provedAwayMs = 10_000;

/** What only an attempt to reach the camera tells. A refused password is certain at once. */
const attemptReasons: ReadonlySet<GapReason> = new Set(['camera_offline', 'network', 'stream_stalled', 'unknown']);

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
  /** The first failed attempt since the start, until the camera has been found to be away. */
  #suspectMs: number | null = null;
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
    if (open !== null && isDownTime(open.reason) && attemptReasons.has(reason)) {
      this.#suspectMs = Math.min(this.#suspectMs ?? nowMs, nowMs);
      if (nowMs - this.#suspectMs < provedAwayMs) return;
      this.#begin(reason, Math.max(this.#suspectMs, open.fromMs));
      return;
    }
    let fromMs = this.knownMs ?? nowMs;
    if (open !== null) {
      const replaces = open.reason === 'stream_stalled' && nowMs - open.fromMs < symptomMs;
      if (!replaces && nowMs > open.fromMs) {
        this.#close(nowMs, nowMs);
        fromMs = nowMs;
      }
    }
    this.#openRow(streamId, fromMs, reason);
    this.#open = { fromMs, reason };
    this.knownMs = fromMs;
  }

  /**
   * Of a time in which the server was down, only the stretches were to be recorded: the rest becomes `schedule`. Nothing is known of the
   * schedule before the first stretch.
   */
  schedule(stretches: readonly Stretch[], nowMs: number): void {
    const open = this.#open;
    if (open === null || !isDownTime(open.reason)) return;
    for (const [i, { toMs }] of stretches.entries()) {
      const idleFromMs = Math.max(toMs, open.fromMs);
      const idleToMs = Math.min(stretches[i + 1]?.fromMs ?? nowMs, nowMs);
      if (idleFromMs >= idleToMs) continue;
      this.#begin('schedule', idleFromMs);
      if (idleToMs < nowMs) this.#begin(open.reason, idleToMs);
    }
  }

  /** A recording begins at `startMs`: all time before it that is not accounted for becomes a gap. */
  recordedFrom(startMs: number, nowMs: number): void {
    const streamId = this.streamId(startMs);
    if (this.knownMs !== null && this.knownMs < startMs && this.#open === null) {
      this.#open = { fromMs: this.knownMs, reason: 'unknown' };
      this.#openRow(streamId, this.knownMs, 'unknown');
    }
    if (this.#open !== null) this.#close(startMs, nowMs);
    this.knownMs = Math.max(this.knownMs ?? startMs, startMs);
  }

  recordedUntil(endMs: number): void {
    this.knownMs = Math.max(this.knownMs ?? endMs, endMs);
  }

  /** Ends the open gap at `fromMs`, from where on the reason is another. */
  #begin(reason: GapReason, fromMs: number): void {
    this.#close(fromMs, fromMs);
    this.#openRow(this.streamId(fromMs), fromMs, reason);
    this.#open = { fromMs, reason };
    this.knownMs = fromMs;
  }

  #openRow(streamId: number, fromMs: number, reason: GapReason): void {
    void this.#index.writes.write(() => this.#index.openGap(streamId, fromMs, reason));
  }

  #close(toMs: number, atMs: number): void {
    const open = this.#open;
    this.#open = null;
    this.#suspectMs = null;
    if (open === null) return;
    const streamId = this.streamId(atMs);
    void this.#index.writes.write(() => {
      this.#index.removeGap(streamId, open.fromMs);
      this.#index.addGap(streamId, open.fromMs, toMs, open.reason);
    });
    if (toMs > open.fromMs) this.#onClosed(open.fromMs, toMs, open.reason);
  }
}

function isDownTime(reason: GapReason): boolean {
  return reason === 'server_stopped' || reason === 'server_crashed';
}
