import { z } from 'zod';
import { id } from '../../contracts/common.ts';
import { figuresQuery, incidentFigures } from '../../contracts/incident-figures.ts';
import { duplicateCandidates, repeats, repeatsQuery } from '../../contracts/incident-work.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** Whose cases are counted, and who is told of other cases, is decided by the services for each reader. */
export function incidentFigureRoutes(services: Pick<Services, 'figures' | 'repeats'>): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/incidents/figures',
      summary: 'Numbers of cases, each with the parameters that list exactly the cases behind it',
      guard: guard.session,
      query: figuresQuery,
      answer: incidentFigures,
      errors: ['not_permitted'],
      handle: async ({ query, session }) => json(await services.figures.of(session.actor, query)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/incidents/repeats',
      summary: 'Earlier cases of a unit and category within the configured period',
      guard: guard.ability('flag_incident', 'verify_incident', 'conclude_incident'),
      query: repeatsQuery,
      answer: repeats,
      errors: ['not_permitted'],
      handle: async ({ query, session }) => json(await services.repeats.of(session.actor, query)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/incidents/:id/duplicates',
      summary: 'Cases of the same camera or unit that may be about the same moment',
      guard: guard.ability('verify_incident', 'conclude_incident'),
      params: z.object({ id }),
      answer: duplicateCandidates,
      errors: ['incident_unknown', 'not_permitted'],
      handle: async ({ params, session }) => json(await services.repeats.duplicatesOf(session.actor, params.id)),
    }),
  ];
}
