import { z } from 'zod';
import { codec } from './cameras.ts';
import { epochMs, id, streamName, text } from './common.ts';

/** `host`, `host:port`, `[v6]:port` or an http(s) address. */
const deviceAddress = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^[^\s@]+$/);

/** A host name or IP address, without a port. */
const hostName = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9.:-]+$/);

/**
 * Looks closely at devices: what each is, what its streams are like as measured, and what to advise. The credentials are tried once on each;
 * a pair that a device has refused is not tried on it again for ten minutes. `credentialsOf` takes those of a camera of the city instead.
 */
export const createInspectionsRequest = z.object({
  addresses: z.array(deviceAddress).min(1).max(32),
  username: z.string().max(128).default(''),
  password: z.string().max(256).default(''),
  credentialsOf: id.optional(),
});
export type CreateInspectionsRequest = z.infer<typeof createInspectionsRequest>;

/** What came of 5 s of a stream. `gopFrames` and `gopMs` are from keyframe to keyframe, null where fewer than two came. */
export const measuredStream = z.object({
  codec,
  width: z.number().int(),
  height: z.number().int(),
  fps: z.number().nullable(),
  gopFrames: z.number().nullable(),
  gopMs: z.number().nullable(),
  /** No second keyframe came in so many ms: the distance is longer than that. Null where `gopMs` is known. */
  gopLongerThanMs: z.number().nullable(),
  kilobitsPerSecond: z.number().nullable(),
  /** For how long it was measured, from its first frame on. */
  measuredMs: z.number().int(),
});
export type MeasuredStream = z.infer<typeof measuredStream>;

export const inspectedProfile = z.object({
  token: z.string(),
  name: z.string(),
  /** What it is to be recorded as; null where it is not needed. */
  stream: streamName.nullable(),
  /** As the device says; 0 and null where it does not. */
  codec,
  width: z.number().int(),
  height: z.number().int(),
  fps: z.number().nullable(),
  gopFrames: z.number().nullable(),
  /** Without user info. */
  rtsp: z.string().nullable(),
  /** Null while it is under way, and for profiles without a stream. */
  measured: measuredStream.nullable(),
  /** Why nothing could be measured, as the causes of a stream: `bad_credentials`, `timeout`, `not_found` … */
  measureFailure: z.string().nullable(),
});
export type InspectedProfile = z.infer<typeof inspectedProfile>;

/**
 * Params, all numbers unless said otherwise:
 * hevc, mjpeg (main): `percentOfCore` that converting it costs while somebody watches whose browser cannot play it ·
 * gop_long (main), sub_gop_long: `seconds`, and `atLeast` 1 where only that is known ·
 * no_sub_stream · sub_too_large: `width`, `height` · sub_not_h264: `codec` (text) · clock_wrong: `skewMs` ·
 * default_password: `username` (text), said only of what was entered here · audio_on.
 */
export const adviceCode = z.enum([
  'hevc',
  'mjpeg',
  'gop_long',
  'no_sub_stream',
  'sub_too_large',
  'sub_not_h264',
  'sub_gop_long',
  'clock_wrong',
  'default_password',
  'audio_on',
]);
export type AdviceCode = z.infer<typeof adviceCode>;

/**
 * Values as text: `clock_skew_ms` and `gop_frames`, `fps`, `bitrate_kbps` whole or decimal numbers, `encoding` one of `h264`, `h265`, `mjpeg`,
 * `resolution` as `640x360`, `time_source` `ntp` or `manual`, `ntp_server` its name.
 */
export const deviceSetting = z.enum([
  'clock_skew_ms',
  'time_source',
  'ntp_server',
  'encoding',
  'resolution',
  'gop_frames',
  'fps',
  'bitrate_kbps',
]);
export type DeviceSetting = z.infer<typeof deviceSetting>;

export const deviceChange = z.object({
  setting: deviceSetting,
  /** Whose; null for settings of the whole device. */
  stream: streamName.nullable(),
  /** Null where the device does not tell. */
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type DeviceChange = z.infer<typeof deviceChange>;

export const advice = z.object({
  code: adviceCode,
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** What the fix would change on the device, `after` being what it will be asked for; null where the device cannot be asked for it. */
  fix: z.object({ changes: z.array(deviceChange) }).nullable(),
});
export type Advice = z.infer<typeof advice>;

export const inspection = z.object({
  id,
  /** As it was given. */
  address: z.string(),
  /** running → done; failed where it is no device that can be added, see `errorCode`. */
  state: z.enum(['running', 'done', 'failed']),
  /** While it runs. */
  step: z.enum(['waiting', 'asking', 'measuring', 'fixing']).nullable(),
  startedAtMs: epochMs,
  /** It is forgotten then, with the credentials that it holds. */
  expiresAtMs: epochMs,
  /** One of those of `POST /api/cameras`: `camera_unreachable`, `camera_bad_credentials`, `camera_locked_out` … */
  errorCode: z.string().nullable(),
  /** The device service address; null until the device has answered. */
  onvif: z.string().nullable(),
  host: z.string(),
  /** Its own name of itself, from its scopes. */
  name: z.string(),
  simulated: z.boolean(),
  device: z
    .object({ manufacturer: z.string(), model: z.string(), firmware: z.string(), serial: z.string() })
    .nullable(),
  /** Device clock less ours. */
  clockSkewMs: z.number().nullable(),
  ptz: z.boolean(),
  events: z.boolean(),
  snapshot: z.boolean(),
  certificateSha256: z.string().nullable(),
  profiles: z.array(inspectedProfile),
  advice: z.array(advice),
  /** The camera that is already registered at this device, if there is one. */
  cameraId: id.nullable(),
});
export type Inspection = z.infer<typeof inspection>;

export const inspectionList = z.object({ items: z.array(inspection) });

/** `ntp`: for `clock_wrong`, the time server that the device is to follow; without it its clock is set once, to our time. */
export const fixRequest = z.object({ codes: z.array(adviceCode).min(1).max(10), ntp: hostName.optional() });
export type FixRequest = z.infer<typeof fixRequest>;

/**
 * What became of one fix, as read back from the device: done · partly: some of it is as asked · unchanged: the device took it and did
 * nothing · refused: see `errorCode` (`device_refused`, `device_unreachable`, `fix_unknown`: there is nothing of that kind to fix). `changes`
 * are the settings that are now otherwise than before.
 */
export const fixResult = z.object({
  code: adviceCode,
  state: z.enum(['done', 'partly', 'unchanged', 'refused']),
  errorCode: z.string().nullable(),
  changes: z.array(deviceChange),
});
export type FixResult = z.infer<typeof fixResult>;

/** The inspection goes on after the fixes: it runs again, and its profiles are measured anew. */
export const fixAnswer = z.object({ results: z.array(fixResult), inspection });
export type FixAnswer = z.infer<typeof fixAnswer>;

/** Sets the clock of a camera: to follow a time server, or once to our time. */
export const clockRequest = z.object({ ntp: hostName.optional() });
export const clockAnswer = fixResult.omit({ code: true });
export type ClockAnswer = z.infer<typeof clockAnswer>;

/** The stream goes for a minute or so; that time is a gap of reason `planned`. */
export const rebootRequest = z.object({ reason: text(500).pipe(z.string().min(1)) });
export const rebootAnswer = z.object({
  /** What the camera says of it, as a rule how long it takes; empty where it says nothing. */
  message: z.string(),
  /** When recording goes on at the latest, whether the camera is back or not. */
  expectedUntilMs: epochMs,
});

/** CSV (RFC 4180; `,` or `;`, UTF-8) with the columns of the template, in any order; at most 500 rows. Tried without `apply`. */
export const importCamerasRequest = z.object({
  csv: z.string().min(1).max(300_000),
  apply: z.boolean().default(false),
  /** For rows that have none of their own. */
  username: z.string().max(128).default(''),
  password: z.string().max(256).default(''),
});
export type ImportCamerasRequest = z.infer<typeof importCamerasRequest>;

export const importColumn = z.enum([
  'name',
  'unit',
  'desks',
  'onvif',
  'rtsp_main',
  'rtsp_sub',
  'username',
  'password',
  'profile',
]);
export type ImportColumn = z.infer<typeof importColumn>;

export const importRow = z.object({
  /** Line in the file, the header being 1. */
  line: z.number().int(),
  name: z.string(),
  /** Device or stream address, without user info. */
  address: z.string(),
  /** Every one; `column` null where it is about the whole row, as `camera_unreachable`. */
  errors: z.array(z.object({ column: importColumn.nullable(), code: z.string() })),
  /** What the device said; null for an RTSP address, and where it was not asked. */
  device: z.object({ manufacturer: z.string(), model: z.string() }).nullable(),
  /** Set once it is added. */
  cameraId: id.nullable(),
});
export type ImportRow = z.infer<typeof importRow>;

/** `applied` is true where all rows were added; with an error in any of them none is. */
export const importAnswer = z.object({ applied: z.boolean(), rows: z.array(importRow) });
export type ImportAnswer = z.infer<typeof importAnswer>;
