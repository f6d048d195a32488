import type { RecordingSetting } from '../contracts/cameras.ts';
import type { Stretch } from '../contracts/common.ts';
import { type Calendar, workingStretches } from './calendar.ts';

const dayMs = 24 * 3_600_000;
const minuteMs = 60_000;
/** Far enough back to judge any time without the server, and far enough ahead that a calendar can be read again in time. */
const lookBackDays = 31;
const lookAheadDays = 60;

/**
 * The stretches in which a stream of a unit's camera is recorded, around `nowMs`: the unit's working hours, begun by the lead and ended by
 * the tail, joined where they meet. Continuous recording has none.
 */
export function recordingSchedule(
  calendar: Calendar,
  unitId: string,
  setting: RecordingSetting,
  nowMs: number,
): 'continuous' | { stretches: Stretch[] } {
  if (setting.mode === 'continuous') return 'continuous';
  if (setting.mode === 'off') return { stretches: [] };
  const stretches: Stretch[] = [];
  const fromMs = nowMs - lookBackDays * dayMs;
  const toMs = nowMs + lookAheadDays * dayMs;
  for (const hours of workingStretches(calendar, unitId, fromMs, toMs)) {
    const stretch = {
      fromMs: hours.fromMs - setting.leadMinutes * minuteMs,
      toMs: hours.toMs + setting.tailMinutes * minuteMs,
    };
    const last = stretches.at(-1);
    if (last !== undefined && last.toMs >= stretch.fromMs) last.toMs = Math.max(last.toMs, stretch.toMs);
    else stretches.push(stretch);
  }
  return { stretches };
}
