import type { Gap, GapReason } from '../../contracts/timeline.ts';
import type { RecordedTimeline } from '../recorder.ts';

export interface TimelineInput {
  /** Recorded stretches in order; they touch where one file follows the other. */
  spans: readonly { startMs: number; endMs: number }[];
  /** Gap rows in order; an open one has no end. */
  gaps: readonly { fromMs: number; toMs: number | null; reason: GapReason }[];
  /** When the stream's schedule began, or null when the stream is unknown. */
  sinceMs: number | null;
  /** Until when everything must be accounted for: now, or the last frame while recording. */
  untilMs: number;
}

/**
 * What is recorded and what is not in [fromMs, toMs), sorted and disjoint. Time before the schedule is a gap of reason `schedule`;
 * time that neither a recording nor a gap row accounts for is `unknown`, so that a defect of the accounts shows itself.
 */
export function buildTimeline(input: TimelineInput, fromMs: number, toMs: number): RecordedTimeline {
  const end = Math.min(toMs, input.untilMs);
  const recorded: [number, number][] = [];
  for (const span of input.spans) {
    const from = Math.max(span.startMs, fromMs);
    const to = Math.min(span.endMs, toMs);
    if (to <= from) continue;
    const last = recorded.at(-1);
    if (last !== undefined && last[1] >= from) last[1] = Math.max(last[1], to);
    else recorded.push([from, to]);
  }
  const gaps: Gap[] = [];
  const add = (from: number, to: number, reason: GapReason) => {
    if (to <= from) return;
    const last = gaps.at(-1);
    if (last !== undefined && last.to === from && last.reason === reason) last.to = to;
    else gaps.push({ from, to, reason });
  };
  let at = fromMs;
  for (const [from, to] of [...recorded, [end, end] as [number, number]]) {
    explain(input, at, Math.min(from, end), add);
    at = Math.max(at, to);
  }
  return { recorded, gaps };
}

/** Fills [fromMs, toMs), in which nothing is recorded, with gap rows and with what they leave over. */
function explain(
  input: TimelineInput,
  fromMs: number,
  toMs: number,
  add: (from: number, to: number, reason: GapReason) => void,
): void {
  let at = fromMs;
  const scheduledMs = Math.min(input.sinceMs ?? Number.POSITIVE_INFINITY, toMs);
  if (scheduledMs > at) {
    add(at, scheduledMs, 'schedule');
    at = scheduledMs;
  }
  for (const gap of input.gaps) {
    const to = Math.min(gap.toMs ?? Number.POSITIVE_INFINITY, toMs);
    if (to <= at || gap.fromMs >= toMs) continue;
    const from = Math.max(gap.fromMs, at);
    add(at, from, 'unknown');
    add(from, to, gap.reason);
    at = to;
  }
  add(at, toMs, 'unknown');
}
