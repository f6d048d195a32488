/** What is known of something that lasts. All null: well, and nobody has to be told that it is. */
export interface Condition {
  badSinceMs: number | null;
  wellSinceMs: number | null;
  /** When people were told that it is bad. */
  toldAtMs: number | null;
}

export const wellCondition: Condition = { badSinceMs: null, wellSinceMs: null, toldAtMs: null };

export interface ConditionTerms {
  /** It is told when it is bad and began so long ago, with no break as long as that. */
  lastingMs: number;
  /** Once told, it is over when it has been well for so long without a break; until then nothing new is told. */
  settledMs: number;
}

export interface ConditionVerdict {
  condition: Condition;
  tell: 'bad' | 'well' | null;
}

/**
 * Judges something that lasts at `nowMs`. What flaps is told once, and once again only after it was well for long enough. `is` is
 * `unclear` while nobody can say (a camera that is being connected to): then what was goes on.
 */
export function judgeCondition(
  before: Condition,
  is: 'bad' | 'well' | 'unclear',
  nowMs: number,
  { lastingMs, settledMs }: ConditionTerms,
): ConditionVerdict {
  const condition = moved(before, is, nowMs);
  const { badSinceMs, wellSinceMs, toldAtMs } = condition;
  if (wellSinceMs !== null) {
    const over = nowMs - wellSinceMs >= (toldAtMs === null ? lastingMs : settledMs);
    if (over) return { condition: wellCondition, tell: toldAtMs === null ? null : 'well' };
  } else if (toldAtMs === null && badSinceMs !== null && nowMs - badSinceMs >= lastingMs) {
    return { condition: { ...condition, toldAtMs: nowMs }, tell: 'bad' };
  }
  return { condition, tell: null };
}

function moved(before: Condition, is: 'bad' | 'well' | 'unclear', nowMs: number): Condition {
  if (is === 'bad') return { ...before, badSinceMs: before.badSinceMs ?? nowMs, wellSinceMs: null };
  if (is === 'unclear' || before.badSinceMs === null) return before;
  return { ...before, wellSinceMs: before.wellSinceMs ?? nowMs };
}
