import { z } from 'zod';
import { id } from '../../contracts/common.ts';
import {
  assignManyAnswer,
  assignManyRequest,
  comment,
  commentList,
  createCommentRequest,
  createSavedFilterRequest,
  mentionable,
  patchSavedFilterRequest,
  savedFilter,
  savedFilterList,
  watching,
} from '../../contracts/incident-work.ts';
import { assignMany } from '../../supervision/incidents/assignments.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, nothing, type Route } from '../route.ts';
import type { Services } from '../services.ts';

type Work = Pick<Services, 'incidents' | 'comments' | 'watchers' | 'savedFilters' | 'secondReadings'>;

/** Who reads and writes what is decided by the services for each reader. */
export function incidentWorkRoutes(services: Work): Route[] {
  return [
    ...commentRoutes(services),
    ...watchRoutes(services),
    ...filterRoutes(services),
    peopleRoute(services),
    assignRoute(services),
  ];
}

const params = z.object({ id });

function commentRoutes({ comments, secondReadings }: Work): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/incidents/:id/comments',
      summary: 'Comments on an incident, for those who see the whole city, oldest first',
      guard: guard.session,
      params,
      answer: commentList,
      errors: ['incident_unknown', 'not_permitted'],
      handle: async ({ params, session }) => {
        const list = await comments.list(session.actor, params.id);
        // Whoever has read what others think of a case is no blind reader of it.
        await secondReadings.opened(session.actor, params.id);
        return json(list);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/incidents/:id/comments',
      summary: 'Comment on an incident, mentioning people or offices; a correction names the comment that it corrects',
      guard: guard.session,
      params,
      body: createCommentRequest,
      answer: comment,
      status: 201,
      errors: ['incident_unknown', 'not_permitted', 'comment_unknown', 'mention_unknown', 'comments_full'],
      handle: async ({ params, body, session, caller }) =>
        json(await comments.add(session.actor, params.id, body, caller.address), 201),
    }),
    defineRoute({
      method: 'get',
      path: '/api/incidents/:id/mentionable',
      summary: 'Offices and people that a comment on the incident may mention',
      guard: guard.session,
      params,
      answer: mentionable,
      errors: ['incident_unknown', 'not_permitted'],
      handle: async ({ params, session }) => json(await comments.mentionable(session.actor, params.id)),
    }),
  ];
}

function peopleRoute({ comments }: Work): Route {
  return defineRoute({
    method: 'get',
    path: '/api/incidents/people',
    summary: 'Offices and people who work on the cases of the city, for those who see all of it',
    guard: guard.session,
    answer: mentionable,
    errors: ['not_permitted'],
    handle: async ({ session }) => json(await comments.offices(session.actor)),
  });
}

function watchRoutes({ watchers }: Pick<Services, 'watchers'>): Route[] {
  const path = '/api/incidents/:id/watch';
  const shared = { path, guard: guard.session, params, answer: watching, errors: ['incident_unknown'] } as const;
  return [
    defineRoute({
      ...shared,
      method: 'get',
      summary: 'Whether the reader watches the incident, and who else does for those who see the whole city',
      handle: async ({ params, session }) => json(await watchers.of(session.actor, params.id)),
    }),
    defineRoute({
      ...shared,
      method: 'put',
      summary: 'Watch the incident',
      handle: async ({ params, session }) => json(await watchers.set(session.actor, params.id, true)),
    }),
    defineRoute({
      ...shared,
      method: 'delete',
      summary: 'Stop watching the incident, also when acting on it',
      handle: async ({ params, session }) => json(await watchers.set(session.actor, params.id, false)),
    }),
  ];
}

function filterRoutes({ savedFilters }: Pick<Services, 'savedFilters'>): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/incident-filters',
      summary: 'Filters of the list that the reader has saved, and those that are shared with the offices',
      guard: guard.session,
      answer: savedFilterList,
      errors: ['not_permitted'],
      handle: async ({ session }) => json(await savedFilters.list(session.actor)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/incident-filters',
      summary: 'Save a filter of the list; sharing it is for whoever sees the whole city',
      guard: guard.session,
      body: createSavedFilterRequest,
      answer: savedFilter,
      status: 201,
      errors: ['not_permitted', 'filter_invalid', 'filter_name_taken', 'filters_full'],
      handle: async ({ body, session }) => json(await savedFilters.create(session.actor, body), 201),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/incident-filters/:id',
      summary: 'Rename, change or share one’s own filter',
      guard: guard.session,
      params,
      body: patchSavedFilterRequest,
      answer: savedFilter,
      errors: ['filter_unknown', 'not_permitted', 'filter_invalid', 'filter_name_taken'],
      handle: async ({ params, body, session }) => json(await savedFilters.patch(session.actor, params.id, body)),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/incident-filters/:id',
      summary: 'Delete one’s own filter',
      guard: guard.session,
      params,
      status: 204,
      errors: ['filter_unknown', 'not_permitted'],
      handle: async ({ params, session }) => {
        await savedFilters.remove(session.actor, params.id);
        return nothing;
      },
    }),
  ];
}

function assignRoute({ incidents }: Pick<Services, 'incidents'>): Route {
  return defineRoute({
    method: 'post',
    path: '/api/incidents/assign',
    summary: 'Make many cases somebody’s work, or nobody’s: each judged by itself, with the code of its refusal',
    guard: guard.ability('verify_incident', 'conclude_incident'),
    body: assignManyRequest,
    answer: assignManyAnswer,
    errors: ['not_permitted'],
    handle: async ({ body, session, caller }) =>
      json(
        await assignMany(session.actor, body, caller.address, (actor, id, request, address) =>
          incidents.step(actor, id, 'assign', request, address),
        ),
      ),
  });
}
