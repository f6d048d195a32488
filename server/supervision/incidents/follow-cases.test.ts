import { afterEach, beforeEach, expect, test } from 'vitest';
import { enter, type IncidentWork, incidentWork, people } from '../../../test/support/incident-work.ts';
import { type IncidentBench, openIncidentBench } from '../../../test/support/supervision.ts';
import { createIncidentRequest } from '../../contracts/incidents.ts';
import { Events } from '../../platform/events.ts';
import { silentLogger as log } from '../../platform/log.ts';
import { followCases } from './follow-cases.ts';
import type { IncidentEvents } from './incidents.ts';

const { office, inspector, second, head } = people;

let bench: IncidentBench;
let work: IncidentWork;
beforeEach(async () => {
  bench = await openIncidentBench();
  work = incidentWork(bench);
});
afterEach(() => bench.close());

test('whoever flagged, acted or was given the case watches it', async () => {
  const { nowMs, store: incidents } = bench;
  const flag = { cameraId: 'cam-1', category: 'TN01', fromMs: nowMs - 60_000, toMs: nowMs };
  const { id } = await bench.incidents.create(office, createIncidentRequest.parse(flag));
  const events = new Events<IncidentEvents>(log);
  const stop = followCases({ incidents, events, watchers: work.watchers, log });
  events.emit('created', { incidentId: id });
  const change = { assignee_id: second.userId };
  const assigned = await enter(bench, id, inspector, { step: 'assign', to_state: 'flagged' }, change);
  events.emit('changed', { incidentId: id, seq: assigned, step: 'assign', actorId: inspector.userId });
  const escalated = await enter(bench, id, office, { step: 'escalate', to_state: 'flagged' });
  events.emit('changed', { incidentId: id, seq: escalated, step: 'escalate', actorId: null });
  await stop();
  expect(new Set(await work.watchers.idsOf(id))).toEqual(new Set([office, inspector, second].map((p) => p.userId)));
  events.emit('changed', { incidentId: id, seq: 9, step: 'explain', actorId: head.userId });
  await stop();
  expect(await work.watchers.idsOf(id)).not.toContain(head.userId);
});
