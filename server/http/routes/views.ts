import { z } from 'zod';
import { id } from '../../contracts/common.ts';
import { createViewRequest, patchViewRequest, savedView, savedViewList } from '../../contracts/views.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, nothing, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** Which views and which of their cameras a reader finds is decided by the service for each reader. */
export function viewRoutes({ savedViews }: Pick<Services, 'savedViews'>): Route[] {
  const params = z.object({ id });
  const watch = guard.ability('watch_live');
  return [
    defineRoute({
      method: 'get',
      path: '/api/views',
      summary:
        'Saved views of the wall: own ones and those shared with the reader, without cameras that the reader may not see',
      guard: watch,
      answer: savedViewList,
      handle: async ({ session }) => json(await savedViews.list(session.actor)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/views',
      summary: 'Save a view of the wall; sharing it is for whoever watches the whole city',
      guard: watch,
      body: createViewRequest,
      answer: savedView,
      status: 201,
      errors: ['not_permitted', 'views_full'],
      handle: async ({ body, session, caller }) =>
        json(await savedViews.create(session.actor, body, caller.address), 201),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/views/:id',
      summary: 'Rename, arrange anew or share one’s own view; open the wall with any view',
      guard: watch,
      params,
      body: patchViewRequest,
      answer: savedView,
      errors: ['view_unknown', 'not_permitted'],
      handle: async ({ params, body, session, caller }) =>
        json(await savedViews.patch(session.actor, params.id, body, caller.address)),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/views/:id',
      summary: 'Delete one’s own view',
      guard: watch,
      params,
      status: 204,
      errors: ['view_unknown', 'not_permitted'],
      handle: async ({ params, session, caller }) => {
        await savedViews.remove(session.actor, params.id, caller.address);
        return nothing;
      },
    }),
  ];
}
