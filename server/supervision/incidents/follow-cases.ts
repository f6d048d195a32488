import type { Events } from '../../platform/events.ts';
import type { Logger } from '../../platform/log.ts';
import type { IncidentStore } from '../../storage/incident.store.ts';
import type { IncidentEvents } from './incidents.ts';
import type { Watchers } from './watchers.ts';

export interface FollowOptions {
  incidents: Pick<IncidentStore, 'find'>;
  events: Events<IncidentEvents>;
  watchers: Pick<Watchers, 'begin'>;
  log: Logger;
}

/**
 * What each step brings with it: whoever flagged, acted or was given the case watches it.
 * None of it can fail the step. Returns the end, which waits for what has begun.
 */
export function followCases({ incidents, events, watchers, log }: FollowOptions): () => Promise<void> {
  const running = new Set<Promise<void>>();
  const follow = (incidentId: string, work: () => Promise<void>) => {
    const run = work()
      .catch((error) => log.error({ err: error, incident: incidentId }, 'a step of a case could not be followed'))
      .finally(() => running.delete(run));
    running.add(run);
  };
  const ends = [
    events.on('created', ({ incidentId }) =>
      follow(incidentId, async () => {
        const row = await incidents.find(incidentId);
        if (row !== undefined) await watchers.begin(incidentId, row.flagged_by_id);
      }),
    ),
    events.on('changed', ({ incidentId, step, actorId }) =>
      follow(incidentId, async () => {
        if (actorId !== null) await watchers.begin(incidentId, actorId);
        if (step === 'assign') {
          const assigneeId = (await incidents.find(incidentId))?.assignee_id ?? null;
          if (assigneeId !== null) await watchers.begin(incidentId, assigneeId);
        }
      }),
    ),
  ];
  return async () => {
    for (const end of ends) end();
    await Promise.all(running);
  };
}
