import { z } from 'zod';
import { epochMs, id, streamName } from './common.ts';

/**
 * connecting: first frame awaited · recording: frames arrive and are written · stalled: connected, no frame for 5 s ·
 * offline: cannot be reached · auth_failed: the camera refuses the credentials · disk_failed: frames arrive, the archive cannot take them ·
 * stopped: switched off by an administrator, or, with the cause `schedule`, outside its recording hours.
 */
export const streamState = z.enum([
  'connecting',
  'recording',
  'stalled',
  'offline',
  'auth_failed',
  'disk_failed',
  'stopped',
]);
export type StreamState = z.infer<typeof streamState>;

export const codec = z.enum(['h264', 'h265', 'mjpeg', 'unknown']);
export type Codec = z.infer<typeof codec>;

export const cameraStream = z.object({
  name: streamName,
  codec,
  width: z.number().int().min(0),
  height: z.number().int().min(0),
  fps: z.number().min(0),
  state: streamState,
  /** When this state began. */
  sinceMs: epochMs,
  /** Why, in a stable code that the console words: `connection_refused`, `timeout`, `no_frames`, `bad_credentials` … */
  cause: z.string().nullable(),
  /** What MSE needs to play it, e.g. `avc1.64001f`; null until the first init has come. */
  codecString: z.string().nullable(),
  /** Measured over the last minutes of the present connection; missing until some seconds have come. */
  bytesPerSecond: z.number().min(0).optional(),
  /** Since when frames come and show the same picture; missing while the picture changes. */
  frozenSinceMs: epochMs.optional(),
});
export type CameraStream = z.infer<typeof cameraStream>;

/**
 * When a stream is recorded: always, or in the unit's working hours, begun so many minutes earlier and ended so many later, or not at all,
 * neither recorded nor shown.
 */
export const recordingSetting = z.object({
  mode: z.enum(['continuous', 'working_hours', 'off']),
  leadMinutes: z.number().int().min(0).max(240).default(15),
  tailMinutes: z.number().int().min(0).max(240).default(15),
});
export type RecordingSetting = z.infer<typeof recordingSetting>;

export const recordingSettings = z.partialRecord(streamName, recordingSetting);

/** For how many days a stream is kept; null is the city's own number. */
export const retentionDays = z.number().int().min(1).max(3650).nullable();
export const retentionByStream = z.partialRecord(streamName, retentionDays);
export type RetentionByStream = z.infer<typeof retentionByStream>;

/** Whether the sound of a stream is recorded; off unless somebody switches it on, since voices are personal data. */
export const soundByStream = z.partialRecord(streamName, z.boolean());
export type SoundByStream = z.infer<typeof soundByStream>;

/** Settings that a profile may give, of those streams that a camera has. */
export const settingName = z.enum([
  'recording.main',
  'recording.sub',
  'retentionDays.main',
  'retentionDays.sub',
  'sound.main',
  'sound.sub',
  'events',
]);
export type SettingName = z.infer<typeof settingName>;
export const settingSource = z.enum(['camera', 'profile', 'default']);
export type SettingSource = z.infer<typeof settingSource>;

export const cameraState = z.enum(['connecting', 'online', 'offline', 'auth_failed', 'stopped']);
export type CameraState = z.infer<typeof cameraState>;

export const camera = z.object({
  id,
  name: z.string(),
  unitId: id,
  deskIds: z.array(id),
  state: cameraState,
  sinceMs: epochMs,
  streams: z.array(cameraStream),
  simulated: z.boolean(),
  /** Whether it can be steered; null while that is not known. */
  ptz: z.boolean().nullable(),
  /** Shown to administrators only; never with credentials. */
  device: z
    .object({
      manufacturer: z.string(),
      model: z.string(),
      firmware: z.string(),
      serial: z.string(),
      onvif: z.string().nullable(),
      host: z.string(),
    })
    .optional(),
  /** When each stream is recorded; shown to administrators only. */
  recording: recordingSettings.optional(),
  /** For how many days each stream is kept, and whether its sound is recorded; shown to administrators only. */
  retentionDays: retentionByStream.optional(),
  sound: soundByStream.optional(),
  /** Whether events that the camera tells are kept; shown to administrators only. */
  events: z.boolean().optional(),
  /** Settings that it shares with others; shown to administrators only. */
  profileId: id.nullable().optional(),
  /** Where each of its settings comes from; shown to administrators only. */
  settingSources: z.partialRecord(settingName, settingSource).optional(),
});
export type Camera = z.infer<typeof camera>;

export const cameraList = z.object({ items: z.array(camera) });

/** What is kept of a camera; shown to administrators. */
export const cameraArchive = z.object({
  /** Where a stream has no days of its own. */
  defaultRetentionDays: z.number().int(),
  /** `oldestMs` is when the oldest closed recording begins; null while there is none. */
  streams: z.array(z.object({ name: streamName, oldestMs: epochMs.nullable() })),
});
export type CameraArchive = z.infer<typeof cameraArchive>;

const name = z.string().trim().min(1).max(120);
const credentials = { username: z.string().max(128).default(''), password: z.string().max(256).default('') };
const placement = {
  name,
  unitId: id,
  deskIds: z.array(id).max(50).default([]),
  /** For those of its streams that it turns out to have. */
  retentionDays: retentionByStream.optional(),
  sound: soundByStream.optional(),
  profileId: id.nullable().optional(),
  events: z.boolean().optional(),
};

const rtspAddress = z.url({ protocol: /^rtsps?$/ }).max(500);
const rtspAddresses = z.object({ main: rtspAddress, sub: rtspAddress.optional() });

/** A camera is added by its ONVIF service address, or, without ONVIF, by its RTSP addresses. */
export const createCameraRequest = z.union([
  z.object({
    ...placement,
    ...credentials,
    onvif: z.url({ protocol: /^https?$/ }).max(500),
    /** Takes user and password from an inspection of this device instead. */
    inspectionId: id.optional(),
  }),
  z.object({
    ...placement,
    ...credentials,
    rtsp: rtspAddresses,
  }),
]);
export type CreateCameraRequest = z.infer<typeof createCameraRequest>;

export const patchCameraRequest = z.object({
  name: name.optional(),
  unitId: id.optional(),
  deskIds: z.array(id).max(50).optional(),
  enabled: z.boolean().optional(),
  recording: recordingSettings.optional(),
  retentionDays: retentionByStream.optional(),
  sound: soundByStream.optional(),
  events: z.boolean().optional(),
  /** What the camera has of its own stays its own. */
  profileId: id.nullable().optional(),
  /** These are no more the camera's own: its profile gives them, or the city. */
  inherit: z.array(settingName).max(7).optional(),
  username: z.string().max(128).optional(),
  password: z.string().max(256).optional(),
});
export type PatchCameraRequest = z.infer<typeof patchCameraRequest>;

/** Another device in the place of this one, which keeps its id, name, unit, settings and recordings. */
export const replaceCameraRequest = z.union([
  z.object({ ...credentials, onvif: z.url({ protocol: /^https?$/ }).max(500), inspectionId: id.optional() }),
  z.object({ ...credentials, rtsp: rtspAddresses }),
]);
export type ReplaceCameraRequest = z.infer<typeof replaceCameraRequest>;

export const timelineQueryStream = streamName.default('main');
