import { z } from 'zod';
import {
  createInspectionsRequest,
  fixAnswer,
  fixRequest,
  inspection,
  inspectionList,
} from '../../contracts/camera-onboarding.ts';
import { id, streamName } from '../../contracts/common.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, nothing, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** Devices are looked at closely, and put right, before they are taken in: by administrators. */
export function cameraOnboardingRoutes({ inspections, auditLog }: Pick<Services, 'inspections' | 'auditLog'>): Route[] {
  const manage = guard.ability('manage_system');
  const params = z.object({ id });
  return [
    defineRoute({
      method: 'post',
      path: '/api/onboarding/inspections',
      summary:
        'Look closely at devices: what each is, its streams as measured, and what to advise; results come while it runs',
      guard: manage,
      body: createInspectionsRequest,
      answer: inspectionList,
      status: 202,
      errors: ['inspections_busy', 'camera_unknown', 'credentials_unreadable'],
      handle: async ({ body, session, caller }) => {
        const { addresses, credentialsOf, username, password } = body;
        // Before a password goes out, it is on record where to.
        await auditLog.append({
          ...{ actor: session.actor, address: caller.address, action: 'inspection.started', subject: 'devices' },
          details: { addresses, username, credentialsOf: credentialsOf ?? null },
        });
        const login = credentialsOf === undefined ? { username, password } : { credentialsOf };
        return json({ items: await inspections.start(addresses, login) }, 202);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/onboarding/inspections/:id',
      summary: 'What an inspection has found so far',
      guard: manage,
      params,
      answer: inspection,
      errors: ['inspection_unknown'],
      handle: ({ params }) => json(inspections.get(params.id)),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/onboarding/inspections/:id',
      summary: 'End an inspection and forget it, with its credentials',
      guard: manage,
      params,
      status: 204,
      errors: ['inspection_unknown'],
      handle: async ({ params }) => {
        await inspections.forget(params.id);
        return nothing;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/onboarding/inspections/:id/picture.jpg',
      summary: 'A picture of the inspected device: by itself now, or the first of its stream as measured',
      guard: manage,
      params,
      query: z.object({ stream: streamName.default('main') }),
      produces: 'image/jpeg',
      errors: ['inspection_unknown', 'inspection_running', 'picture_missing'],
      handle: async ({ params, query, caller }) => ({
        status: 200,
        jpeg: await inspections.picture(params.id, query.stream, caller.signal),
        headers: { 'cache-control': 'private, no-store' },
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/onboarding/inspections/:id/fixes',
      summary: 'Do what was advised on the device, and say what is otherwise now, as read back from it',
      guard: manage,
      params,
      body: fixRequest,
      answer: fixAnswer,
      errors: ['inspection_unknown', 'inspection_running', 'inspection_failed', 'fix_not_offered'],
      handle: async ({ params, body, session, caller }) => {
        const { host, cameraId } = inspections.get(params.id);
        const told = {
          actor: session.actor,
          address: caller.address,
          subject: cameraId === null ? `device:${host}` : `camera:${cameraId}`,
        };
        const asked = { host, codes: body.codes, ntp: body.ntp ?? null };
        const answer = await inspections.fix(params.id, body);
        await auditLog.append({
          ...{ ...told, action: 'device.settings_changed' },
          details: {
            ...asked,
            results: answer.results.map(({ changes, ...result }) => ({
              ...result,
              changes: changes.map((one) => ({ ...one })),
            })),
          },
        });
        return json(answer);
      },
    }),
  ];
}
