/** What retention looks at; in order of their start, oldest first. */
export interface Candidate {
  endMs: number;
  bytes: number;
  /** Needed by a case or as evidence. */
  held: boolean;
  /** How long recordings of its stream are kept. */
  keepMs: number;
}

export interface Pressure {
  nowMs: number;
  /** Bytes that must go besides what is too old: to come under the quota, or to give a volume its reserve back. */
  excessBytes: number;
}

/** Why a recording goes: past its days, or oldest of all when room is needed. */
export type DeletionCause = 'age' | 'room';

/**
 * Which recordings go, in this order: those that ended before their retention, and, oldest first, as many more as the pressure asks for. Held
 * ones never go, whatever their age and the pressure.
 */
export function recordingsToDelete<T extends Candidate>(
  candidates: readonly T[],
  { nowMs, excessBytes }: Pressure,
): { recording: T; cause: DeletionCause }[] {
  const doomed: { recording: T; cause: DeletionCause }[] = [];
  let excess = excessBytes;
  for (const recording of candidates) {
    if (recording.held) continue;
    const tooOld = recording.endMs <= nowMs - recording.keepMs;
    if (!tooOld && excess <= 0) continue;
    doomed.push({ recording, cause: tooOld ? 'age' : 'room' });
    excess -= recording.bytes;
  }
  return doomed;
}
