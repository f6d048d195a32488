import { z } from 'zod';
import { recordingSettings, retentionByStream, settingName, soundByStream } from './cameras.ts';
import { epochMs, id, text } from './common.ts';

/** What many cameras have in common; what is left out is left to the camera, or to the defaults of the city. */
export const profileSettings = z.object({
  recording: recordingSettings.optional(),
  retentionDays: retentionByStream.optional(),
  sound: soundByStream.optional(),
  /** Whether events that the camera tells (motion, tamper …) are kept. */
  events: z.boolean().optional(),
});
export type ProfileSettings = z.infer<typeof profileSettings>;

const name = text(120).pipe(z.string().min(1));

export const cameraProfile = z.object({
  id,
  name: z.string(),
  settings: profileSettings,
  /** How many cameras have it. */
  cameras: z.number().int(),
  /** Grows with every change. */
  version: z.number().int(),
  changedAtMs: epochMs,
});
export type CameraProfile = z.infer<typeof cameraProfile>;

export const cameraProfileList = z.object({ items: z.array(cameraProfile) });
export const createCameraProfileRequest = z.object({ name, settings: profileSettings });
/** `settings` takes the place of all of them. `version` is the one that the change was decided on (`version_conflict`). */
export const patchCameraProfileRequest = z.object({
  name: name.optional(),
  settings: profileSettings.optional(),
  version: z.number().int(),
});

/**
 * Changes of many cameras at once, each as `PATCH /api/cameras/:id` would do it: one that is refused holds up no other. A stream that a camera
 * does not have is passed over.
 */
export const bulkCamerasRequest = z.object({
  ids: z.array(id).min(1).max(200),
  changes: z
    .object({
      profileId: id.nullable(),
      enabled: z.boolean(),
      unitId: id,
      recording: recordingSettings,
      retentionDays: retentionByStream,
      sound: soundByStream,
      events: z.boolean(),
      inherit: z.array(settingName).max(7),
    })
    .partial()
    .refine((changes) => Object.keys(changes).length > 0, { message: 'something to change' }),
});
export type BulkCamerasRequest = z.infer<typeof bulkCamerasRequest>;

/** `unchanged`: it was so already. */
export const bulkCamerasAnswer = z.object({
  items: z.array(
    z.object({ id, state: z.enum(['changed', 'unchanged', 'refused']), errorCode: z.string().nullable() }),
  ),
});
export type BulkCamerasAnswer = z.infer<typeof bulkCamerasAnswer>;
