export interface RetentionRules {
  keepMs: number;
  /** Most bytes the archive may take, or null. */
  quotaBytes: number | null;
}

export interface Candidate {
  startMs: number;
  endMs: number;
  bytes: number;
  held: boolean;
}

/**
 * Which of the oldest recordings go: those that ended before the retention, and, oldest first, as many more as bring the
 * archive under its quota. Held ones never go, whatever the pressure. `candidates` are in order of their start.
 */
export function recordingsToDelete<T extends Candidate>(
  candidates: readonly T[],
  archiveBytes: number,
  rules: RetentionRules,
  nowMs: number,
): T[] {
  const doomed: T[] = [];
  let bytes = archiveBytes;
  for (const candidate of candidates) {
    if (candidate.held) continue;
    const tooOld = candidate.endMs <= nowMs - rules.keepMs;
    const tooMuch = rules.quotaBytes !== null && bytes > rules.quotaBytes;
    if (!tooOld && !tooMuch) continue;
    doomed.push(candidate);
    bytes -= candidate.bytes;
  }
  return doomed;
}
