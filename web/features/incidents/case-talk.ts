import type { IncidentEntry } from '../../../server/contracts/incidents.ts';

/** Steps whose words are meant for the other side, or decide between them. */
const SAID = new Set([
  'request_explanation',
  'explain',
  'proceed',
  'conclude',
  'refer',
  'dismiss',
  'appeal',
  'judge_appeal',
]);

/** Whether the words of an entry stand in the talk of city and unit. */
export const isSaid = ({ step }: Pick<IncidentEntry, 'step'>): boolean => SAID.has(step);

/** Of a history, what city and unit have said to each other; oldest first. */
export function talkOf(history: readonly IncidentEntry[]): IncidentEntry[] {
  return history.filter(isSaid);
}
