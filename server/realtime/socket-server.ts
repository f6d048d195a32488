import type { IncomingHttpHeaders } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import { type Socket, Server as SocketServer } from 'socket.io';
import type { Actor } from '../access/actor.ts';
import { permits, reachOf } from '../access/roles-policy.ts';
import { includesUnit, unitsVisible } from '../access/scope.ts';
import { sessionToken } from '../access/session-cookie.ts';
import type { Session, Sessions } from '../access/sessions.ts';
import type { CameraDirectory } from '../cameras/directory.ts';
import type { Discoveries } from '../cameras/discoveries.ts';
import { presentCamera } from '../cameras/present-camera.ts';
import type { ServerEvent, ServerToClient } from '../contracts/events.ts';
import type { Events } from '../platform/events.ts';
import type { Logger } from '../platform/log.ts';
import type { Recorder } from '../recorder/recorder.ts';
import { seesTheCity } from '../supervision/incidents/colleagues.ts';
import type { IncidentEvents, Incidents } from '../supervision/incidents/incidents.ts';
import type { Notifications } from '../supervision/notifications/notifications.ts';

export interface RealtimeServices {
  sessions: Sessions;
  recorder: Recorder;
  directory: CameraDirectory;
  discoveries: Discoveries;
  incidents: Incidents<Actor>;
  incidentEvents: Events<IncidentEvents>;
  notifications: Pick<Notifications<Actor>, 'notices'>;
  log: Logger;
}

type Client = Socket<Record<string, never>, ServerToClient, Record<string, never>, { session: Session }>;

/**
 * News for signed-in people. The console sends nothing over the socket; what it is sent is decided for each person by the
 * policies that guard the routes. A socket lives no longer than its session.
 */
export class Realtime {
  readonly #services: RealtimeServices;
  readonly #io: SocketServer<Record<string, never>, ServerToClient, Record<string, never>, { session: Session }>;
  readonly #unsubscribe: (() => void)[] = [];

  constructor(server: Http2SecureServer, services: RealtimeServices) {
    this.#services = services;
    this.#io = new SocketServer(server as never, {
      path: '/socket.io',
      serveClient: false,
      maxHttpBufferSize: 10_000,
      allowRequest: (req, decide) => decide(null, isSameOrigin(req.headers.origin, hostOf(req.headers))),
    });
    this.#io.use((socket, next) => {
      this.#admit(socket as Client).then(
        () => next(),
        () => next(new Error('signed_out')),
      );
    });
    this.#io.on('connection', (socket) => {
      socket.join(room(socket.data.session.id));
      // The session may have ended between its check and the joining, when there was nobody in the room to be told.
      this.#admit(socket as Client).catch(() => socket.disconnect(true));
    });
    this.#subscribe();
  }

  /** Tells every signed-in person that the list of cameras is another one. */
  camerasChanged(): void {
    for (const socket of this.#clients()) socket.emit('cameras.changed', {});
  }

  async close(): Promise<void> {
    for (const end of this.#unsubscribe) end();
    this.#io.disconnectSockets(true);
    await new Promise<void>((resolve) => this.#io.engine.close() && resolve());
  }

  async #admit(socket: Client): Promise<void> {
    const token = sessionToken(socket.handshake.headers.cookie);
    const session = token === undefined ? undefined : await this.#services.sessions.resolve(token);
    if (session === undefined) throw new Error('signed_out');
    socket.data.session = session;
  }

  #clients(): Client[] {
    return [...this.#io.sockets.sockets.values()] as Client[];
  }

  /** Every window of one person. */
  #of(userId: string): Client[] {
    return this.#clients().filter((socket) => socket.data.session.actor.userId === userId);
  }

  #subscribe(): void {
    const { sessions, recorder, discoveries, incidentEvents, notifications, log } = this.#services;
    this.#unsubscribe.push(
      sessions.on('ended', ({ sessionId, reason }) => {
        this.#io.to(room(sessionId)).emit('session.ended', { reason });
        this.#io.in(room(sessionId)).disconnectSockets(true);
      }),
      discoveries.on('changed', ({ id }) => {
        for (const socket of this.#clients()) {
          if (permits(socket.data.session.actor, 'manage_system')) socket.emit('discovery.changed', { id });
        }
      }),
      recorder.on('stream.state', ({ cameraId }) => {
        this.#tellCamera(cameraId).catch((error) => log.error({ err: error, camera: cameraId }, 'camera news failed'));
      }),
    );
    this.#unsubscribe.push(
      notifications.notices.on('added', ({ userId, ...news }) => {
        for (const socket of this.#of(userId)) socket.emit('notice.added', news);
      }),
      notifications.notices.on('read', ({ userId, ...news }) => {
        for (const socket of this.#of(userId)) socket.emit('notices.read', news);
      }),
    );
    const incident =
      (name: 'incident.created' | 'incident.changed') => (event: { incidentId: string; step?: string }) => {
        this.#tellIncident(name, event.incidentId, event.step).catch((error) =>
          log.error({ err: error, incident: event.incidentId }, 'incident news failed'),
        );
      };
    this.#unsubscribe.push(
      incidentEvents.on('created', incident('incident.created')),
      incidentEvents.on('changed', incident('incident.changed')),
      incidentEvents.on('footage', incident('incident.changed')),
      incidentEvents.on('commented', ({ incidentId }) => {
        for (const socket of this.#clients()) {
          if (seesTheCity(socket.data.session.actor, reachOf)) socket.emit('incident.commented', { incidentId });
        }
      }),
    );
  }

  async #tellIncident(name: 'incident.created' | 'incident.changed', id: string, step?: string): Promise<void> {
    const present = await this.#services.incidents.audience(id, step);
    for (const socket of this.#clients()) {
      const seen = present(socket.data.session.actor);
      if (seen !== null) socket.emit(name, { incident: seen });
    }
  }

  async #tellCamera(cameraId: string): Promise<void> {
    const record = this.#services.directory.get(cameraId);
    if (record === undefined) return;
    const states = await this.#services.recorder.states();
    const streams = states.find((state) => state.cameraId === cameraId)?.streams ?? [];
    const camera = presentCamera(record, streams, false);
    const news: ServerEvent<'camera.state'> = {
      cameraId,
      state: camera.state,
      sinceMs: camera.sinceMs,
      streams: camera.streams,
    };
    for (const socket of this.#clients()) {
      if (includesUnit(unitsVisible(socket.data.session.actor), record.unitId)) socket.emit('camera.state', news);
    }
  }
}

const room = (sessionId: string) => `session:${sessionId}`;

/** HTTP/2 names the host in a pseudo-header (RFC 9113, section 8.3.1). */
function hostOf(headers: IncomingHttpHeaders): string | undefined {
  const authority = headers[':authority'];
  return headers.host ?? (typeof authority === 'string' ? authority : undefined);
}

/** A browser names the page's origin; another site's page must not open a socket with a visitor's cookie. */
export function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
