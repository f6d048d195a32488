import { z } from 'zod';
import { cursor, epochMs, id, limit, page } from './common.ts';

/** What cameras tell of themselves by ONVIF, in few words whatever a maker calls it. */
export const cameraEventKind = z.enum(['motion', 'tamper', 'digital_input', 'signal_loss', 'storage_failure']);
export type CameraEventKind = z.infer<typeof cameraEventKind>;

/** Times are by our clock, when the news came. What is over has an end; what was told as a moment ends when it began. */
export const cameraEvent = z.object({
  id,
  kind: cameraEventKind,
  fromMs: epochMs,
  /** Null while it goes on. */
  toMs: epochMs.nullable(),
  /** Which lens, rule or input, in the camera's own words; empty where it does not say. */
  source: z.string(),
});
export type CameraEvent = z.infer<typeof cameraEvent>;

/** Newest first. */
export const cameraEventsQuery = z.object({
  kind: cameraEventKind.optional(),
  cursor: cursor.optional(),
  limit: limit.default(50),
});
export const cameraEventPage = page(cameraEvent);

/** off: not switched on · unsupported: the camera has no ONVIF or no events · waiting: about to be asked · listening · lost: tried again. */
export const eventListening = z.object({
  state: z.enum(['off', 'unsupported', 'waiting', 'listening', 'lost']),
  sinceMs: epochMs,
  /** Why it is lost: `unreachable`, `timeout`, `bad_credentials`, `fault` … */
  cause: z.string().nullable(),
  /** News that were not kept since then, because there were too many of them. */
  dropped: z.number().int(),
});
export type EventListening = z.infer<typeof eventListening>;

/** `GET /api/cameras/:id/events` */
export const cameraEventsAnswer = cameraEventPage.extend({ listening: eventListening });
