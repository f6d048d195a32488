import type { AssignManyAnswer, AssignManyRequest } from '../../contracts/incident-work.ts';
import type { StepRequests } from '../../contracts/incidents.ts';
import { AppError } from '../../platform/errors.ts';
import type { Supervisor } from '../supervisor.ts';

/** Takes the step `assign` on one case; returns the version that it made. */
export type AssignOne<A extends Supervisor> = (
  actor: A,
  id: string,
  request: StepRequests['assign'],
  address: string,
) => Promise<{ version: number }>;

/**
 * Makes many cases somebody's work, or nobody's: each by the same step, policy and entry as one by itself, one after the other. What is refused
 * is told with its code and keeps none of the others from being done.
 */
export async function assignMany<A extends Supervisor>(
  actor: A,
  { items, assigneeId, reason }: AssignManyRequest,
  address: string,
  assign: AssignOne<A>,
): Promise<AssignManyAnswer> {
  const answers: AssignManyAnswer['items'] = [];
  for (const { id, version } of items) {
    try {
      const done = await assign(actor, id, { version, assigneeId, reason }, address);
      answers.push({ id, done: true, version: done.version, refusal: null });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      answers.push({ id, done: false, version: null, refusal: error.code });
    }
  }
  return { items: answers };
}
