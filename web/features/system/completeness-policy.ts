import type { Completeness, CompletenessReport } from '../../../server/contracts/completeness.ts';
import type { GapReason } from '../../../server/contracts/timeline.ts';
import { DAY_MS, partsOf, startOfDay } from '../../components/time.ts';

export type Period = 'day' | 'week' | 'month';
export const periods: readonly Period[] = ['day', 'week', 'month'];

/** [from, to) of the day, the week from Monday on or the month in Viet Nam that a moment lies in. */
export function periodAround(period: Period, atMs: number): { from: number; to: number } {
  const day = startOfDay(atMs);
  if (period === 'day') return { from: day, to: day + DAY_MS };
  if (period === 'week') {
    const from = day - ((partsOf(day).weekday + 6) % 7) * DAY_MS;
    return { from, to: from + 7 * DAY_MS };
  }
  const from = day - (partsOf(day).day - 1) * DAY_MS;
  // No month has more than 31 days, so this lies in the next one.
  const next = startOfDay(from + 31.5 * DAY_MS);
  return { from, to: next - (partsOf(next).day - 1) * DAY_MS };
}

/** A moment in the period before or after. */
export function stepPeriod(period: Period, atMs: number, direction: 1 | -1): number {
  const { from, to } = periodAround(period, atMs);
  return direction === 1 ? to : from - 1;
}

/** How a reason is drawn: trouble of camera or network, trouble of this server, or nothing but what was meant. */
export type ReasonKind = 'camera' | 'server' | 'meant';
const kinds: Record<Exclude<GapReason, 'schedule' | 'unknown'>, ReasonKind> = {
  camera_offline: 'camera',
  auth_failed: 'camera',
  network: 'camera',
  stream_stalled: 'camera',
  server_stopped: 'server',
  server_crashed: 'server',
  disk_full: 'server',
  disk_error: 'server',
  clock_jump: 'server',
  policy_deleted: 'meant',
  planned: 'meant',
};

/** Reasons of what is missing, longest first. */
export function reasonsOf({ explainedMs }: Pick<Completeness, 'explainedMs'>): { reason: GapReason; ms: number }[] {
  return (Object.entries(explainedMs) as [GapReason, number][])
    .map(([reason, ms]) => ({ reason, ms }))
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms);
}

export type BarPart = { kind: 'recorded' | ReasonKind | 'unexplained'; share: number };

/** Parts of the stacked bar as shares of what was to be recorded, in their fixed order; empty when nothing was. */
export function barOf(part: Completeness): BarPart[] {
  if (part.scheduledMs === 0) return [];
  const sums: Record<ReasonKind, number> = { camera: 0, server: 0, meant: 0 };
  for (const { reason, ms } of reasonsOf(part)) {
    if (reason !== 'schedule' && reason !== 'unknown') sums[kinds[reason]] += ms;
  }
  const parts: [BarPart['kind'], number][] = [
    ['recorded', part.recordedMs],
    ['camera', sums.camera],
    ['server', sums.server],
    ['meant', sums.meant],
    ['unexplained', part.unexplainedMs],
  ];
  return parts.filter(([, ms]) => ms > 0).map(([kind, ms]) => ({ kind, share: ms / part.scheduledMs }));
}

/** Share that is recorded; null when nothing was to be. What is missing is never rounded away: 99,96 % stays below 100 with one decimal. */
export function shareOf({ recordedMs, scheduledMs }: Pick<Completeness, 'recordedMs' | 'scheduledMs'>): number | null {
  if (scheduledMs === 0) return null;
  return Math.floor((recordedMs / scheduledMs) * 1_000) / 1_000;
}

export type CameraRow = CompletenessReport['cameras'][number];
export interface UnitRow {
  unit: CompletenessReport['units'][number];
  cameras: CameraRow[];
}

/** Units with their cameras, the least complete first; unexplained time goes before everything. */
export function unitRows(report: Pick<CompletenessReport, 'units' | 'cameras'>): UnitRow[] {
  const worstFirst = (a: Completeness, b: Completeness) =>
    b.unexplainedMs - a.unexplainedMs || (shareOf(a) ?? 2) - (shareOf(b) ?? 2);
  const byUnit = Map.groupBy(report.cameras, ({ unitId }) => unitId);
  return [...report.units].sort(worstFirst).map((unit) => ({
    unit,
    cameras: [...(byUnit.get(unit.unitId) ?? [])].sort(worstFirst),
  }));
}
