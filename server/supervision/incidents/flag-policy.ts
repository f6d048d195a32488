import type { CreateIncidentRequest } from '../../contracts/incidents.ts';
import { AppError } from '../../platform/errors.ts';

const maxPastMs = 31 * 86_400_000;
const maxAheadMs = 10 * 60_000;
/** The longest stretch that the contract lets through. */
export const longestStretchMs = 4 * 3_600_000;

type Times = Pick<CreateIncidentRequest, 'fromMs' | 'toMs' | 'atMs'>;

/** The flagged moment: as told, else the middle of the stretch. */
export function momentOf({ fromMs, toMs, atMs }: Times): number {
  return atMs ?? Math.floor((fromMs + toMs) / 2);
}

/** Errors: `time_out_of_bounds`, naming each time to mend. */
export function refuseTimes(times: Times, nowMs: number): void {
  const fields: Record<string, string> = {};
  const atMs = momentOf(times);
  if (times.fromMs < nowMs - maxPastMs) fields.fromMs = 'at most 31 days ago';
  if (times.toMs > nowMs + maxAheadMs) fields.toMs = 'at most 10 minutes ahead';
  if (atMs < times.fromMs || atMs > times.toMs) fields.atMs = 'within the stretch';
  if (Object.keys(fields).length > 0) throw new AppError('invalid', 'time_out_of_bounds', { fields });
}
