import { z } from 'zod';
import type { AuditInput } from '../../access/audit-log.ts';
import { id } from '../../contracts/common.ts';
import { ptzAnswer, ptzCommand, ptzState } from '../../contracts/ptz.ts';
import { AppError } from '../../platform/errors.ts';
import { guard, requireUnit } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** Steering is for whoever holds `control_ptz` over the camera's unit; taking a camera and changing its presets is in the audit log. */
export function ptzRoutes({ ptz, directory, auditLog }: Pick<Services, 'ptz' | 'directory' | 'auditLog'>): Route[] {
  const params = z.object({ id });
  const steer = guard.ability('control_ptz');
  const find = (cameraId: string) => {
    const record = directory.get(cameraId);
    if (record === undefined) throw new AppError('not_found', 'camera_unknown');
    return record;
  };
  return [
    defineRoute({
      method: 'get',
      path: '/api/cameras/:id/ptz',
      summary: 'What of the camera can be steered, its presets, and who steers it now',
      guard: steer,
      params,
      answer: ptzState,
      errors: ['camera_unknown', 'not_permitted', 'ptz_failed'],
      handle: async ({ params, session }) => {
        const camera = find(params.id);
        requireUnit(session.actor, 'control_ptz', camera.unitId);
        return json(await ptz.state(camera.id, session.actor));
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/cameras/:id/ptz',
      summary: 'Steer the camera; a move stops by itself after a second unless it is renewed',
      guard: steer,
      params,
      body: ptzCommand,
      answer: ptzAnswer,
      errors: ['camera_unknown', 'not_permitted', 'ptz_held', 'ptz_unsupported', 'ptz_part_unsupported', 'ptz_failed'],
      handle: async ({ params, body, session, caller }) => {
        const { actor } = session;
        const camera = find(params.id);
        requireUnit(actor, 'control_ptz', camera.unitId);
        const told = (action: string, details: AuditInput['details']) =>
          auditLog.append({
            actor,
            address: caller.address,
            action,
            subject: `camera:${camera.id}`,
            details: details ?? {},
          });
        const answer = await ptz.operate(camera.id, actor, body, () => told('ptz.taken', { name: camera.name }));
        if (body.action === 'set_preset') await told('ptz.preset_set', { preset: body.name });
        if (body.action === 'remove_preset') await told('ptz.preset_removed', { preset: body.preset });
        return json(answer);
      },
    }),
  ];
}
