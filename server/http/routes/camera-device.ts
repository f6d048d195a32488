import { z } from 'zod';
import type { AuditInput } from '../../access/audit-log.ts';
import { toldAsCamera } from '../../cameras/device-errors.ts';
import { correctClock } from '../../cameras/fixes.ts';
import { clockAnswer, clockRequest, rebootAnswer, rebootRequest } from '../../contracts/camera-onboarding.ts';
import { id } from '../../contracts/common.ts';
import { AppError } from '../../platform/errors.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const clockWithinMs = 25_000;
const deviceErrors = [
  'camera_unknown',
  'camera_without_onvif',
  'camera_unreachable',
  'camera_refused',
  'camera_bad_credentials',
];

/** What an administrator asks of the device behind a camera. */
export function cameraDeviceRoutes(
  services: Pick<Services, 'registry' | 'directory' | 'cameraReboots' | 'cameraHealth' | 'auditLog' | 'clock'>,
): Route[] {
  const { registry, directory, cameraReboots, cameraHealth, auditLog, clock } = services;
  const manage = guard.ability('manage_system');
  const params = z.object({ id });
  const find = (cameraId: string) => {
    const camera = directory.get(cameraId);
    if (camera === undefined) throw new AppError('not_found', 'camera_unknown');
    return camera;
  };
  return [
    defineRoute({
      method: 'post',
      path: '/api/cameras/:id/reboot',
      summary: 'Restart the camera; until it answers again its recordings have a gap of reason `planned`',
      guard: manage,
      params,
      body: rebootRequest,
      answer: rebootAnswer,
      status: 202,
      errors: [...deviceErrors, 'reboot_running'],
      handle: async ({ params, body, session, caller }) => {
        const camera = find(params.id);
        const tell = (action: string, details: AuditInput['details']) =>
          auditLog.append({
            ...{ actor: session.actor, address: caller.address, action, subject: `camera:${camera.id}` },
            details: details ?? {},
          });
        // It cannot be undone: it is on record before it happens, and so is that it did not.
        await tell('camera.reboot_asked', { name: camera.name, reason: body.reason });
        try {
          return json(await cameraReboots.reboot(camera.id), 202);
        } catch (error) {
          await tell('camera.reboot_failed', { code: error instanceof AppError ? error.code : 'internal' });
          throw error;
        }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/cameras/:id/clock',
      summary: 'Set the clock of the camera to ours, or have it follow a time server; says what it is afterwards',
      guard: manage,
      params,
      body: clockRequest,
      answer: clockAnswer,
      errors: deviceErrors,
      handle: async ({ params, body, session, caller }) => {
        const camera = find(params.id);
        const device = await registry.device(camera.id, AbortSignal.timeout(clockWithinMs));
        if (!device) throw new AppError('invalid', 'camera_without_onvif');
        const done = await toldAsCamera(() => correctClock(device.client, clock, body.ntp));
        await auditLog.append({
          ...{
            actor: session.actor,
            address: caller.address,
            action: 'camera.clock_set',
            subject: `camera:${camera.id}`,
          },
          details: { ntp: body.ntp ?? null, state: done.state, changes: done.changes.map((change) => ({ ...change })) },
        });
        cameraHealth.clocks.forget(camera.id);
        void cameraHealth.clocks.look();
        return json(done);
      },
    }),
  ];
}
