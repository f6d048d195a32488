import { z } from 'zod';
import { cameraEvent } from './camera-events.ts';
import { epochMs, id, severity, streamName } from './common.ts';

export const gapReason = z.enum([
  'camera_offline',
  'auth_failed',
  'network',
  'stream_stalled',
  'server_stopped',
  'server_crashed',
  'disk_full',
  'disk_error',
  'clock_jump',
  'schedule',
  'policy_deleted',
  'planned',
  'unknown',
]);
export type GapReason = z.infer<typeof gapReason>;

export const gap = z.object({ from: epochMs, to: epochMs, reason: gapReason });
export type Gap = z.infer<typeof gap>;

export const timelineIncident = z.object({
  id,
  fromMs: epochMs,
  toMs: epochMs,
  atMs: epochMs,
  severity,
  category: z.string(),
});
export type TimelineIncident = z.infer<typeof timelineIncident>;

/** `GET /api/cameras/:id/timeline?from=&to=&stream=`: sorted, disjoint, cut to the asked range. */
export const timeline = z.object({
  stream: streamName,
  recorded: z.array(z.tuple([epochMs, epochMs])),
  /** Of what is recorded: what lies on a volume that is offline now, and cannot be played. Missing when there is none. */
  offline: z.array(z.tuple([epochMs, epochMs])).optional(),
  gaps: z.array(gap),
  incidents: z.array(timelineIncident),
  /** What the camera told of itself, oldest first, at most 2,000; missing where none is kept. */
  events: z.array(cameraEvent).optional(),
});
export type Timeline = z.infer<typeof timeline>;
