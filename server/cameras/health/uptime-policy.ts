import type { Stretch } from '../../contracts/common.ts';

/** What was recorded of a day, and which of what is missing was not to be recorded at all. */
export interface DayTimeline {
  recorded: readonly (readonly [number, number])[];
  gaps: readonly { from: number; to: number; reason: string }[];
}

export interface Uptime {
  scheduledMs: number;
  recordedMs: number;
  healthyMs: number;
}

/**
 * The account of [fromMs, toMs): what was to be recorded, what was, and for how much of that the picture was good. What retention has deleted
 * counts neither way, nor does time before the camera was there, which the recorder calls `schedule`.
 */
export function uptimeOf(timeline: DayTimeline, troubles: readonly Stretch[], fromMs: number, toMs: number): Uptime {
  const cut = (from: number, to: number) => Math.max(0, Math.min(to, toMs) - Math.max(from, fromMs));
  const unasked = timeline.gaps
    .filter(({ reason }) => reason === 'schedule' || reason === 'policy_deleted')
    .reduce((sum, { from, to }) => sum + cut(from, to), 0);
  let recordedMs = 0;
  let spoiltMs = 0;
  for (const [from, to] of timeline.recorded) {
    recordedMs += cut(from, to);
    for (const trouble of troubles) spoiltMs += cut(Math.max(from, trouble.fromMs), Math.min(to, trouble.toMs));
  }
  const scheduledMs = Math.max(recordedMs, toMs - fromMs - unasked);
  const whole = (ms: number) => Math.round(Math.max(0, ms));
  return {
    scheduledMs: whole(scheduledMs),
    recordedMs: whole(recordedMs),
    healthyMs: whole(recordedMs - spoiltMs),
  };
}
