import type { ProposalCause } from '../../contracts/camera-health.ts';
import type { PartVerdict } from './health-policy.ts';

/** Fewer cameras than this are no ground to take an outage for that of a place. */
const leastForOutage = 4;

/**
 * What somebody may have done to a camera, by its trouble; null for what happens by itself. A refused password is a setting, and a stream that
 * stalls a fault: neither is a hand on the camera.
 */
export function proposalCauseOf({ part, cause }: Pick<PartVerdict, 'part' | 'cause'>): ProposalCause | null {
  if (part === 'reachable') return 'cut';
  if (part !== 'picture') return null;
  return cause === 'covered' || cause === 'dark' || cause === 'moved' ? cause : null;
}

/** When half of all cameras are away at once, a line or the power failed, and no camera was cut. */
export function isOutage(away: number, all: number): boolean {
  return all >= leastForOutage && away * 2 >= all;
}

const marginMs = 30_000;
const longestMs = 3_600_000;

/** The stretch of the case: a little before, up to its end, an hour at most; up to now while it lasts. */
export function proposedStretch(fromMs: number, toMs: number | null, nowMs: number): { fromMs: number; toMs: number } {
  const from = fromMs - marginMs;
  return { fromMs: from, toMs: Math.min((toMs ?? nowMs) + marginMs, nowMs + marginMs, from + longestMs) };
}
