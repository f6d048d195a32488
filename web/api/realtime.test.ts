import { type InfiniteData, QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { Camera } from '../../server/contracts/cameras.ts';
import type { IncidentPage, IncidentSummary } from '../../server/contracts/incidents.ts';
import { keys } from './keys.ts';
import { dispatch, patchCameraState, patchIncident } from './realtime.ts';

const incident = (version: number, state: IncidentSummary['state']): IncidentSummary => ({
  id: 'i1',
  number: 'VV-2026-0001',
  version,
  state,
  category: 'VT01',
  severity: 2,
  cameraId: 'c1',
  cameraName: 'Quầy số 1',
  unitId: 'u1',
  unitName: 'Phường Hồng Gai',
  atMs: 1,
  fromMs: 0,
  toMs: 2,
  note: '',
  flaggedBy: null,
  createdAtMs: 1,
  updatedAtMs: 1,
  dueAtMs: null,
  workingDaysLeft: null,
  due: null,
  escalatedAtMs: null,
  conclusion: null,
  finding: null,
  question: null,
  sentAtMs: null,
  closedAtMs: null,
  assignee: null,
  duplicateOf: null,
  still: '/api/incidents/i1/still.jpg',
});
const list = (client: QueryClient) =>
  client.getQueryData<InfiniteData<IncidentPage>>(keys.incidentList({}))?.pages[0]?.items[0];
const clientWith = (item: IncidentSummary) => {
  const client = new QueryClient();
  const counts = { open: 1, overdue: 0, concluded: 0, all: 1 };
  client.setQueryData(keys.incidentList({}), { pages: [{ items: [item], next: null, counts }], pageParams: [null] });
  return client;
};

describe('events of the server', () => {
  it('a changed incident replaces the older one in every list that shows it', () => {
    const client = clientWith(incident(1, 'flagged'));
    patchIncident(client, incident(2, 'verifying'));
    expect(list(client)).toMatchObject({ version: 2, state: 'verifying' });
  });

  it('a late event does not bring an older version back', () => {
    const client = clientWith(incident(3, 'concluded'));
    patchIncident(client, incident(2, 'verifying'));
    expect(list(client)).toMatchObject({ version: 3, state: 'concluded' });
  });

  it("a camera's new state changes that camera only", () => {
    const client = new QueryClient();
    const camera = (id: string): Camera => ({
      id,
      name: id,
      unitId: 'u1',
      deskIds: [],
      state: 'online',
      sinceMs: 1,
      streams: [],
      simulated: true,
      ptz: null,
    });
    client.setQueryData(keys.cameras, [camera('c1'), camera('c2')]);
    patchCameraState(client, { cameraId: 'c2', state: 'offline', sinceMs: 5, streams: [] });
    expect(client.getQueryData<Camera[]>(keys.cameras)?.map((c) => c.state)).toEqual(['online', 'offline']);
  });

  it('a payload that breaks the contract is dropped', () => {
    expect(dispatch('discovery.changed', { id: 'd1' })).toBe(true);
    expect(dispatch('discovery.changed', { id: '../x' })).toBe(false);
    expect(dispatch('session.ended', {})).toBe(false);
  });
});
