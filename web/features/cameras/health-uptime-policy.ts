import type { UptimeDay } from '../../../server/contracts/camera-health.ts';

/** How high the three pieces of a day's bar are, as shares of 1; `off` where nothing was to be recorded. */
export interface UptimeBar {
  day: string;
  off: boolean;
  good: number;
  spoilt: number;
  missing: number;
}

export function barOf({ day, scheduledMs, recordedMs, healthyMs }: UptimeDay): UptimeBar {
  if (scheduledMs === 0) return { day, off: true, good: 0, spoilt: 0, missing: 0 };
  const recorded = Math.min(1, recordedMs / scheduledMs);
  const good = Math.min(recorded, healthyMs / scheduledMs);
  return { day, off: false, good, spoilt: recorded - good, missing: 1 - recorded };
}

/** The shares of all days together; null where nothing was to be recorded. */
export function shareOf(days: readonly UptimeDay[]): { good: number; recorded: number } | null {
  const sum = (of: (day: UptimeDay) => number) => days.reduce((total, day) => total + of(day), 0);
  const scheduledMs = sum((day) => day.scheduledMs);
  if (scheduledMs === 0) return null;
  return { good: sum((day) => day.healthyMs) / scheduledMs, recorded: sum((day) => day.recordedMs) / scheduledMs };
}

/** `2026-11-24` as `24/11`. */
export const dayText = (day: string) => `${day.slice(8)}/${day.slice(5, 7)}`;
