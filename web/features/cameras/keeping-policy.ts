import type { CameraArchive, RetentionByStream } from '../../../server/contracts/cameras.ts';
import type { StreamName } from '../../../server/contracts/common.ts';

export const MOST_DAYS = 3650;
export const DAY_MS = 86_400_000;

/** What a stream loses by fewer days. */
export interface Loss {
  stream: StreamName;
  /** It is kept for so many days from now on; null where only the server knows how many the city keeps. */
  days: number | null;
  /** The footage that goes; null where it is not known yet how far back it reaches. */
  gone: { fromMs: number; toMs: number; days: number } | null;
}

/** Digits only, within the bounds; empty is the city's number of days. */
export function daysOf(entered: string): number | null {
  const days = Number(entered.replace(/\D/g, ''));
  return days === 0 ? null : Math.min(days, MOST_DAYS);
}

/** The streams of which footage goes when `after` is saved; empty when nothing is lost. Without `archive` every smaller number counts. */
export function losses(
  before: RetentionByStream,
  after: RetentionByStream,
  archive: CameraArchive | undefined,
  nowMs: number,
): Loss[] {
  const lost: Loss[] = [];
  for (const stream of ['main', 'sub'] as const) {
    const [was, is] = [before[stream], after[stream]];
    if (was === undefined || is === undefined || was === is) continue;
    if (archive === undefined) {
      if (was === null || is === null || is < was) lost.push({ stream, days: is, gone: null });
      continue;
    }
    const days = is ?? archive.defaultRetentionDays;
    if (days >= (was ?? archive.defaultRetentionDays)) continue;
    const fromMs = archive.streams.find(({ name }) => name === stream)?.oldestMs ?? null;
    const toMs = nowMs - days * DAY_MS;
    if (fromMs === null || fromMs >= toMs) continue;
    lost.push({ stream, days, gone: { fromMs, toMs, days: Math.ceil((toMs - fromMs) / DAY_MS) } });
  }
  return lost;
}
