import { z } from 'zod';
import { id } from '../../contracts/common.ts';
import {
  concludeRequest,
  createIncidentRequest,
  dismissRequest,
  incident,
  incidentPage,
  incidentQuery,
  verifyRequest,
} from '../../contracts/incidents.ts';
import { guard, requireUnit } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** Who sees which case, and what of it, is decided by the incident service for each reader. */
export function incidentRoutes({ incidents, directory, viewLog }: Services): Route[] {
  const params = z.object({ id });
  const stepErrors = ['incident_unknown', 'not_permitted', 'version_conflict', 'step_out_of_order'];
  return [
    defineRoute({
      method: 'get',
      path: '/api/incidents',
      summary: 'Incidents that the signed-in person may see, filtered, a page at a time',
      guard: guard.session,
      query: incidentQuery,
      answer: incidentPage,
      errors: ['cursor_invalid', 'not_permitted'],
      handle: async ({ query, session }) => json(await incidents.list(session.actor, query)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/incidents',
      summary: 'Flag a moment: a still is taken and the footage is held from deletion',
      guard: guard.ability('flag_incident'),
      body: createIncidentRequest,
      answer: incident,
      status: 201,
      errors: ['camera_unknown', 'category_unknown', 'time_out_of_bounds', 'not_permitted'],
      handle: async ({ body, session, caller }) => {
        const camera = directory.get(body.cameraId);
        if (camera !== undefined) requireUnit(session.actor, 'flag_incident', camera.unitId);
        return json(await incidents.create(session.actor, body, caller.address), 201);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/incidents/:id',
      summary: 'One incident with its history, footage and what the reader may do next',
      guard: guard.session,
      params,
      answer: incident,
      errors: ['incident_unknown'],
      handle: async ({ params, session }) => json(await incidents.get(session.actor, params.id)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/incidents/:id/still.jpg',
      summary: 'The still that was kept when the flag was set',
      guard: guard.session,
      params,
      produces: 'image/jpeg',
      errors: ['incident_unknown', 'still_pending', 'still_missing'],
      handle: async ({ params, session }) => {
        const { actor } = session;
        const { cameraId, atMs } = await incidents.summary(actor, params.id);
        const jpeg = await incidents.still(actor, params.id);
        const seen = { actor, cameraId, stream: 'main', kind: 'recorded' } as const;
        viewLog.seen({ ...seen, mediaFromMs: atMs, mediaToMs: atMs + 1 });
        return { status: 200, jpeg, headers: { 'cache-control': 'private, no-store' } };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/incidents/:id/verify',
      summary: 'Take the incident on: flagged → verifying',
      guard: guard.session,
      params,
      body: verifyRequest,
      answer: incident,
      errors: stepErrors,
      handle: async ({ params, body, session, caller }) =>
        json(await incidents.step(session.actor, params.id, 'verify', body, caller.address)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/incidents/:id/dismiss',
      summary: 'No violation, with the reason',
      guard: guard.session,
      params,
      body: dismissRequest,
      answer: incident,
      errors: stepErrors,
      handle: async ({ params, body, session, caller }) =>
        json(await incidents.step(session.actor, params.id, 'dismiss', body, caller.address)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/incidents/:id/conclude',
      summary: 'Conclude, never by the person who flagged: verifying → concluded, and the unit is told',
      guard: guard.session,
      params,
      body: concludeRequest,
      answer: incident,
      errors: [...stepErrors, 'flagger_cannot_conclude'],
      handle: async ({ params, body, session, caller }) =>
        json(await incidents.step(session.actor, params.id, 'conclude', body, caller.address)),
    }),
  ];
}
