import { z } from 'zod';
import { cameraState, cameraStream } from './cameras.ts';
import { epochMs, id } from './common.ts';
import { incidentSummary } from './incidents.ts';

/** Socket events from the server to the console; each is sent only to those who may see its subject. Nothing but these is sent. */
export const serverEvents = {
  'incident.created': z.object({ incident: incidentSummary }),
  'incident.changed': z.object({ incident: incidentSummary }),
  'camera.state': z.object({ cameraId: id, state: cameraState, sinceMs: epochMs, streams: z.array(cameraStream) }),
  'cameras.changed': z.object({}),
  'discovery.changed': z.object({ id }),
  'session.ended': z.object({ reason: z.enum(['signed_out', 'expired', 'account_changed']) }),
} as const;

export type ServerEventName = keyof typeof serverEvents;
export type ServerEvent<N extends ServerEventName> = z.infer<(typeof serverEvents)[N]>;

/** The typed map that socket.io wants. */
export type ServerToClient = { [N in ServerEventName]: (payload: ServerEvent<N>) => void };
