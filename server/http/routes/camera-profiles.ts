import { z } from 'zod';
import type { Session } from '../../access/sessions.ts';
import { changeMany } from '../../cameras/bulk.ts';
import { changesOf } from '../../cameras/camera-changes.ts';
import {
  bulkCamerasAnswer,
  bulkCamerasRequest,
  cameraProfile,
  cameraProfileList,
  createCameraProfileRequest,
  patchCameraProfileRequest,
} from '../../contracts/camera-profiles.ts';
import { id } from '../../contracts/common.ts';
import type { JsonValue } from '../../platform/canonical-json.ts';
import type { Queries } from '../../storage/database.ts';
import { guard } from '../guard.ts';
import { type Caller, defineRoute, json, nothing, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** Settings that many cameras share, and changes of many cameras at once: the administrator's. */
export function cameraProfileRoutes(
  services: Pick<Services, 'cameraProfiles' | 'registry' | 'directory' | 'auditLog'>,
): Route[] {
  const { cameraProfiles, registry, directory, auditLog } = services;
  const manage = guard.ability('manage_system');
  const params = z.object({ id });
  const told =
    ({ actor }: Session, { address }: Caller) =>
    (action: string, profileId: string, details: Record<string, JsonValue>, within: Queries) =>
      auditLog.append({ actor, address, action, subject: `camera_profile:${profileId}`, details }, within);
  return [
    defineRoute({
      method: 'get',
      path: '/api/camera-profiles',
      summary: 'Settings that cameras share, by name',
      guard: manage,
      answer: cameraProfileList,
      handle: async () => json({ items: await cameraProfiles.list() }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/camera-profiles',
      summary: 'Add a profile of settings',
      guard: manage,
      body: createCameraProfileRequest,
      answer: cameraProfile,
      status: 201,
      errors: ['profile_exists', 'profiles_full'],
      handle: async ({ body, session, caller }) => json(await cameraProfiles.create(body, told(session, caller)), 201),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/camera-profiles/:id',
      summary: 'Change a profile: at once for all of its cameras, apart from what they have of their own',
      guard: manage,
      params,
      body: patchCameraProfileRequest,
      answer: cameraProfile,
      errors: ['profile_unknown', 'profile_exists', 'version_conflict'],
      handle: async ({ params, body, session, caller }) => {
        const changed = await cameraProfiles.patch(params.id, body, told(session, caller));
        await directory.settled();
        return json(changed);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/camera-profiles/:id',
      summary: 'Remove a profile that no camera has',
      guard: manage,
      params,
      status: 204,
      errors: ['profile_unknown', 'profile_in_use'],
      handle: async ({ params, session, caller }) => {
        await cameraProfiles.remove(params.id, told(session, caller));
        return nothing;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/cameras/bulk',
      summary: 'Change many cameras at once; one that is refused holds up no other',
      guard: manage,
      body: bulkCamerasRequest,
      answer: bulkCamerasAnswer,
      handle: async ({ body, session, caller }) => {
        const items = await changeMany(registry, body, (camera, within, before) => {
          const details = { ...changesOf(before ?? camera, camera), bulk: body.ids.length };
          const subject = `camera:${camera.id}`;
          return auditLog.append(
            { actor: session.actor, address: caller.address, action: 'camera.changed', subject, details },
            within,
          );
        });
        await directory.settled();
        return json({ items });
      },
    }),
  ];
}
