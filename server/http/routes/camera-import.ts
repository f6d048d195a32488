import { z } from 'zod';
import { importCameras } from '../../cameras/import.ts';
import { importTemplate } from '../../cameras/import-rows.ts';
import { presentCamera } from '../../cameras/present-camera.ts';
import { importAnswer, importCamerasRequest } from '../../contracts/camera-onboarding.ts';
import { camera, replaceCameraRequest } from '../../contracts/cameras.ts';
import { id } from '../../contracts/common.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** A file of 300,000 characters with its line ends escaped. */
const importBodyBytes = 1_300_000;

/** Cameras by a file, and another device in the place of a camera's: the administrator's. */
export function cameraImportRoutes(
  services: Pick<
    Services,
    'registry' | 'directory' | 'inspections' | 'cameraProfiles' | 'recorder' | 'auditLog' | 'city'
  >,
): Route[] {
  const { registry, directory, inspections, cameraProfiles, recorder, auditLog, city } = services;
  const manage = guard.ability('manage_system');
  return [
    defineRoute({
      method: 'get',
      path: '/api/cameras/import/template.csv',
      summary: 'The columns of a file of cameras, with two rows as examples',
      guard: manage,
      produces: 'text/csv',
      handle: () => ({
        status: 200,
        text: { type: 'text/csv; charset=utf-8', content: importTemplate },
        headers: { 'content-disposition': 'attachment; filename="cameras.csv"' },
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/cameras/import',
      summary:
        'Look at the cameras of a file, each error by row and column; with `apply` add all of them, or none where one has an error',
      guard: manage,
      body: importCamerasRequest,
      maxBodyBytes: importBodyBytes,
      answer: importAnswer,
      errors: [
        'import_unreadable',
        'import_columns',
        'import_empty',
        'import_too_many',
        'cameras_full',
        'camera_exists',
      ],
      handle: async ({ body, session, caller }) => {
        const by = { actor: session.actor, address: caller.address };
        const profiles = await cameraProfiles.list();
        const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
        const answer = await importCameras(
          {
            registry,
            unitOf: (text) => city.units.list().find((unit) => unit.id === text || same(unit.name, text))?.id ?? null,
            profileOf: async (text) => profiles.find(({ id, name }) => id === text || same(name, text))?.id ?? null,
          },
          body,
          ({ id: cameraId, name, unitId, host }, within) =>
            auditLog.append(
              {
                ...by,
                action: 'camera.created',
                subject: `camera:${cameraId}`,
                details: { name, unitId, host, imported: true },
              },
              within,
            ),
          caller.signal,
        );
        await directory.settled();
        return json(answer);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/cameras/:id/replace',
      summary:
        'Put another device in the place of the camera’s; its id, name, unit, settings, recordings and history stay',
      guard: manage,
      params: z.object({ id }),
      body: replaceCameraRequest,
      answer: camera,
      errors: [
        ...['camera_unknown', 'camera_exists', 'camera_unreachable', 'camera_bad_credentials', 'camera_not_onvif'],
        ...['camera_has_no_stream', 'camera_address_not_allowed', 'inspection_unknown', 'inspection_other_device'],
      ],
      handle: async ({ params, body, session, caller }) => {
        const proved =
          'onvif' in body && body.inspectionId !== undefined
            ? { ...body, ...inspections.credentials(body.inspectionId, body.onvif) }
            : body;
        const record = await registry.replace(params.id, proved, caller.signal, (after, within, before) => {
          const device = (of: typeof after | undefined) =>
            of
              ? {
                  host: of.host,
                  manufacturer: of.device.manufacturer,
                  model: of.device.model,
                  serial: of.device.serial,
                }
              : null;
          return auditLog.append(
            {
              ...{ actor: session.actor, address: caller.address, action: 'camera.replaced' },
              ...{ subject: `camera:${after.id}`, details: { before: device(before), after: device(after) } },
            },
            within,
          );
        });
        await directory.settled();
        const states = await recorder.states();
        return json(presentCamera(record, states.find((one) => one.cameraId === record.id)?.streams ?? [], true));
      },
    }),
  ];
}
