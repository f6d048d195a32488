import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { addCompleteness, type Completeness, nothingScheduled } from '../../contracts/completeness.ts';
import type { RecordedTimeline } from '../recorder.ts';
import { buildTimeline, type TimelineInput } from './timeline.ts';

/**
 * The account of a timeline over [fromMs, untilMs). What is outside the schedule does not count; gaps of reason `unknown`, and time that
 * stands in neither list, are unexplained.
 */
export function completenessOf({ recorded, gaps }: RecordedTimeline, fromMs: number, untilMs: number): Completeness {
  const within = (from: number, to: number) => Math.max(0, Math.min(to, untilMs) - Math.max(from, fromMs));
  const recordedMs = recorded.reduce((sum, [from, to]) => sum + within(from, to), 0);
  const explainedMs: Completeness['explainedMs'] = {};
  let scheduledMs = Math.max(0, untilMs - fromMs);
  let missingMs = 0;
  for (const { from, to, reason } of gaps) {
    const length = within(from, to);
    if (length === 0 || reason === 'unknown') continue;
    if (reason === 'schedule') {
      scheduledMs -= length;
      continue;
    }
    explainedMs[reason] = (explainedMs[reason] ?? 0) + length;
    missingMs += length;
  }
  return { scheduledMs, recordedMs, explainedMs, unexplainedMs: Math.max(0, scheduledMs - recordedMs - missingMs) };
}

const pageMs = 24 * 3_600_000;

/** The account of a long stretch, a day at a time, so that recording and viewers never wait for it. */
export async function completenessByDay(
  fromMs: number,
  toMs: number,
  accounts: (fromMs: number, toMs: number) => TimelineInput,
): Promise<Completeness> {
  let sum = nothingScheduled;
  for (let from = fromMs; from < toMs; from += pageMs) {
    const to = Math.min(from + pageMs, toMs);
    const input = accounts(from, to);
    sum = addCompleteness(sum, completenessOf(buildTimeline(input, from, to), from, Math.min(to, input.untilMs)));
    await yieldToOthers();
  }
  return sum;
}
