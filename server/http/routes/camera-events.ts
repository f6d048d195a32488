import { z } from 'zod';
import { mayPlayBack } from '../../access/scope.ts';
import { cameraEventsAnswer, cameraEventsQuery } from '../../contracts/camera-events.ts';
import { id } from '../../contracts/common.ts';
import { AppError } from '../../platform/errors.ts';
import { guard, notPermitted } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** What cameras tell of themselves says who was where and when: it is for whoever may play back. */
export function cameraEventRoutes({ cameraEvents, directory }: Pick<Services, 'cameraEvents' | 'directory'>): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/cameras/:id/events',
      summary:
        'What the camera told of itself (motion, tamper, inputs, faults), newest first, and whether it is listened to',
      guard: guard.ability('play_back'),
      params: z.object({ id }),
      query: cameraEventsQuery,
      answer: cameraEventsAnswer,
      errors: ['camera_unknown', 'not_permitted', 'cursor_invalid'],
      handle: async ({ params, query, session }) => {
        const camera = directory.get(params.id);
        if (camera === undefined) throw new AppError('not_found', 'camera_unknown');
        if (!mayPlayBack(session.actor, camera.unitId)) throw notPermitted();
        return json({ ...(await cameraEvents.page(camera.id, query)), listening: cameraEvents.listening(camera.id) });
      },
    }),
  ];
}
