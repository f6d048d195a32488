import type { IncidentStep } from '../../../server/contracts/incidents.ts';

/** Decisions that take a case out of the queue. */
export const DECISIONS = ['verify', 'dismiss', 'mark_duplicate'] as const satisfies readonly IncidentStep[];
export type Decision = (typeof DECISIONS)[number];
export type Decided = Readonly<Record<string, Decision>>;

/** Which case follows a decision on `id`: the next undecided one, then one that was passed over; null when none is left. */
export function nextOf(ids: readonly string[], decided: Decided, id: string): string | null {
  const at = ids.indexOf(id);
  const order = [...ids.slice(at + 1), ...ids.slice(0, Math.max(0, at))];
  return order.find((other) => other !== id && decided[other] === undefined) ?? null;
}

/** The case beside one, decided or not; itself at the ends. */
export function besideOf(ids: readonly string[], id: string, by: 1 | -1): string {
  return ids[ids.indexOf(id) + by] ?? id;
}

/** How many of each decision were taken. */
export function tally(decided: Decided): Record<Decision, number> {
  const all = Object.values(decided);
  const count = (decision: Decision) => all.filter((one) => one === decision).length;
  return { verify: count('verify'), dismiss: count('dismiss'), mark_duplicate: count('mark_duplicate') };
}

/** Which of a numbered list a key means, from 1; null for any other key. */
export function numbered<T>(options: readonly T[], key: string): T | null {
  return /^[1-9]$/.test(key) ? (options[Number(key) - 1] ?? null) : null;
}
