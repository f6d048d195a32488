import { z } from 'zod';
import { cameraState, cameraStream } from './cameras.ts';
import { epochMs, id } from './common.ts';
import { incidentSummary } from './incidents.ts';
import { mostUnread, notice } from './notices.ts';

const unread = z.number().int().min(0).max(mostUnread);

/** Socket events from the server to the console; each is sent only to those who may see its subject. Nothing but these is sent. */
export const serverEvents = {
  'incident.created': z.object({ incident: incidentSummary }),
  'incident.changed': z.object({ incident: incidentSummary }),
  /** To those who see the whole city: there is a new comment. */
  'incident.commented': z.object({ incidentId: id }),
  'camera.state': z.object({ cameraId: id, state: cameraState, sinceMs: epochMs, streams: z.array(cameraStream) }),
  'cameras.changed': z.object({}),
  'discovery.changed': z.object({ id }),
  /** To the person's own sessions: a notice came, or one that is unread stands for more now. */
  'notice.added': z.object({ notice, unread }),
  /** To the person's own sessions: these were read (`ids` null: all up to `untilMs`). */
  'notices.read': z.object({ ids: z.array(id).nullable(), untilMs: epochMs.nullable(), unread }),
  'session.ended': z.object({ reason: z.enum(['signed_out', 'expired', 'account_changed']) }),
} as const;

export type ServerEventName = keyof typeof serverEvents;
export type ServerEvent<N extends ServerEventName> = z.infer<(typeof serverEvents)[N]>;

/** The typed map that socket.io wants. */
export type ServerToClient = { [N in ServerEventName]: (payload: ServerEvent<N>) => void };
