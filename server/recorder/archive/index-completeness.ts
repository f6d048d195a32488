import type { StreamName } from '../../contracts/common.ts';
import { addCompleteness, type Completeness, nothingScheduled } from '../../contracts/completeness.ts';
import { completenessByDay } from '../playback/completeness.ts';
import type { ArchiveIndex, GapRow, StreamRow } from './archive-index.ts';

export interface IndexCompleteness {
  cameras: (Completeness & { cameraId: string; streams: (Completeness & { stream: StreamName; untilMs: number })[] })[];
  total: Completeness;
}

/**
 * The account from the index alone, as another process sees it. While a recorder runs, a stream counts to the end of its last closed file:
 * what is newer stands in a file without a row. Without a recorder, time that no gap row explains yet is what the next start will find.
 */
export async function indexCompleteness(
  index: ArchiveIndex,
  range: { fromMs: number; toMs: number; cameraId?: string | undefined },
  nowMs: number,
  recorderRuns: boolean,
): Promise<IndexCompleteness> {
  const streams = index.streams().filter((row) => range.cameraId === undefined || row.cameraId === range.cameraId);
  const cameras: IndexCompleteness['cameras'] = [];
  for (const [cameraId, rows] of Map.groupBy(streams, (row) => row.cameraId)) {
    const accounts = [];
    for (const row of rows) accounts.push(await account(index, row, range, nowMs, recorderRuns));
    cameras.push({ cameraId, ...accounts.reduce<Completeness>(addCompleteness, nothingScheduled), streams: accounts });
  }
  return { cameras, total: cameras.reduce<Completeness>(addCompleteness, nothingScheduled) };
}

async function account(
  index: ArchiveIndex,
  row: StreamRow,
  range: { fromMs: number; toMs: number },
  nowMs: number,
  recorderRuns: boolean,
): Promise<Completeness & { stream: StreamName; untilMs: number }> {
  const open = index.currentGap(row.id);
  const lastMs = index.lastKnownMs(row.id) ?? row.sinceMs;
  const down: GapRow[] =
    open === null && !recorderRuns ? [{ fromMs: lastMs, toMs: null, reason: 'server_crashed' }] : [];
  const untilMs = open === null && recorderRuns ? Math.min(lastMs, nowMs) : nowMs;
  const sums = await completenessByDay(range.fromMs, range.toMs, (from, to) => ({
    spans: index.spans(row.id, from, to),
    gaps: [...index.gaps(row.id, from, to), ...down],
    sinceMs: row.sinceMs,
    untilMs,
  }));
  return { stream: row.name, untilMs: Math.min(untilMs, range.toMs), ...sums };
}
