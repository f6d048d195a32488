import { z } from 'zod';
import { id } from '../../contracts/common.ts';
import {
  createIncidentRequest,
  draftRequest,
  type IncidentStep,
  incident,
  incidentPage,
  incidentQuery,
  incidentStep,
  type StepRequests,
  stepRequests,
} from '../../contracts/incidents.ts';
import { guard, requireUnit } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** Who sees which case, and what of it, is decided by the incident service for each reader. */
export function incidentRoutes({ incidents, directory, viewLog }: Services): Route[] {
  const params = z.object({ id });
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
      method: 'put',
      path: '/api/incidents/:id/draft',
      summary: 'Keep a conclusion in preparation, shown to the offices alone; an empty one is put away',
      guard: guard.ability('conclude_incident'),
      params,
      body: draftRequest,
      answer: incident,
      errors: ['incident_unknown', 'not_permitted', 'step_out_of_order'],
      handle: async ({ params, body, session }) => json(await incidents.prepare(session.actor, params.id, body)),
    }),
    ...incidentStep.options.map((step) => stepRoute(incidents, step)),
  ];
}

const ofEveryStep = ['incident_unknown', 'not_permitted', 'version_conflict', 'step_out_of_order'];

/** What each step does, and what it is refused with besides. */
const steps: Record<IncidentStep, { summary: string; errors?: readonly string[] }> = {
  verify: { summary: 'Take the incident on: flagged → verifying' },
  request_explanation: { summary: 'Ask the unit, which is given the case: verifying → explanation_requested' },
  explain: {
    summary: 'Answer, by the head of the unit: explanation_requested → awaiting_conclusion',
    errors: ['attachment_unknown', 'stretch_of_another_unit', 'time_out_of_bounds'],
  },
  proceed: {
    summary: 'Go on without an answer once the term is over: explanation_requested → awaiting_conclusion',
    errors: ['term_not_over'],
  },
  conclude: {
    summary: 'Conclude, never by the person who flagged: awaiting_conclusion → concluded',
    errors: ['flagger_cannot_conclude'],
  },
  dismiss: { summary: 'No violation, with the reason', errors: ['flagger_cannot_conclude'] },
  refer: {
    summary: 'Record the hand-over for discipline: awaiting_conclusion → referred',
    errors: ['flagger_cannot_conclude'],
  },
  mark_duplicate: {
    summary: 'The same as another case of the unit, which goes on and is told: flagged, verifying → duplicate',
    errors: ['duplicate_of_itself', 'duplicate_of_another_unit', 'duplicate_of_duplicate'],
  },
  correct: {
    summary: 'Correct category or severity, with what was and what is',
    errors: ['category_unknown', 'nothing_corrected'],
  },
  appeal: {
    summary: 'Appeal within the term, by the head of the unit: concluded → appealed',
    errors: ['term_over', 'attachment_unknown'],
  },
  judge_appeal: {
    summary: 'Judge the appeal, by someone new: appealed → closed',
    errors: ['appeal_needs_someone_new'],
  },
  close: { summary: 'Close once the term of appeal is over: concluded → closed', errors: ['term_not_over'] },
  assign: { summary: 'Make it somebody’s work, or nobody’s', errors: ['assignee_unfit'] },
};

function stepRoute<S extends IncidentStep>(incidents: Services['incidents'], step: S): Route {
  const { summary, errors = [] } = steps[step];
  return defineRoute({
    method: 'post',
    path: `/api/incidents/:id/${step}`,
    summary,
    guard: guard.session,
    params: z.object({ id }),
    body: stepRequests[step] as unknown as z.ZodType<StepRequests[S]>,
    answer: incident,
    errors: [...ofEveryStep, ...errors],
    handle: async ({ params, body, session, caller }) =>
      json(await incidents.step(session.actor, params.id, step, body, caller.address)),
  });
}
