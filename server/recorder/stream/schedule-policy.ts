import type { RecordingSchedule } from '../recorder.ts';

export interface ScheduleVerdict {
  record: boolean;
  /** Since when it has been so, where the schedule tells it. */
  sinceMs: number | null;
  /** When it changes next; null is never. */
  untilMs: number | null;
}

/** Whether a stream is to be recorded at `nowMs`. Stretches are sorted and disjoint; after the last one nothing is recorded. */
export function scheduleAt(schedule: RecordingSchedule, nowMs: number): ScheduleVerdict {
  if (schedule === 'continuous') return { record: true, sinceMs: null, untilMs: null };
  let sinceMs: number | null = null;
  for (const { fromMs, toMs } of schedule.stretches) {
    if (toMs <= nowMs) sinceMs = toMs;
    else if (fromMs <= nowMs) return { record: true, sinceMs: fromMs, untilMs: toMs };
    else return { record: false, sinceMs, untilMs: fromMs };
  }
  return { record: false, sinceMs, untilMs: null };
}
