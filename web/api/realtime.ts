import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Socket } from 'socket.io-client';
import type { Camera } from '../../server/contracts/cameras.ts';
import {
  type ServerEvent,
  type ServerEventName,
  type ServerToClient,
  serverEvents,
} from '../../server/contracts/events.ts';
import type { Incident, IncidentPage, IncidentSummary } from '../../server/contracts/incidents.ts';
import { setCsrfToken } from './client.ts';
import { keys } from './keys.ts';
import { noticeAdded, noticesRead } from './notices.ts';

type Handler<N extends ServerEventName> = (payload: ServerEvent<N>) => void;
type EndReason = ServerEvent<'session.ended'>['reason'];

const RECONNECT_MS = 2_000;

const handlers = new Map<ServerEventName, Set<(payload: never) => void>>();
let socket: Socket<ServerToClient> | null = null;

/** idle: nobody is signed in · connecting: first try · open · lost: was open, is being tried again. */
export type Connection = 'idle' | 'connecting' | 'open' | 'lost';
let connection: Connection = 'idle';
let endReason: EndReason | null = null;
const watchers = new Set<() => void>();

function setConnection(next: Connection): void {
  connection = next;
  for (const watcher of watchers) watcher();
}

const watch = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** How the line to the server stands, for the top bar. */
export function useConnection(): Connection {
  return useSyncExternalStore(watch, () => connection);
}

/** Why the last session ended, when the server said so; forgotten at the next sign-in. */
export function lastEndReason(): EndReason | null {
  return endReason;
}

/** Notes why the session ends, for the sign-in page; the first reason stands. */
export function noteSessionEnd(reason: EndReason): void {
  endReason ??= reason;
}

export function forgetSessionEnd(): void {
  endReason = null;
}

/** Listens to one event of the server for as long as the component is mounted. Payloads are parsed; others are dropped. */
export function useServerEvent<N extends ServerEventName>(name: N, handler: Handler<N>): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => subscribe(name, (payload: ServerEvent<N>) => latest.current(payload)), [name]);
}

function subscribe<N extends ServerEventName>(name: N, handler: Handler<N>): () => void {
  const set = handlers.get(name) ?? new Set();
  handlers.set(name, set);
  set.add(handler);
  return () => set.delete(handler);
}

/** Hands a raw payload to the listeners of an event, if it is what the contract says. Returns whether it was. */
export function dispatch(name: ServerEventName, raw: unknown): boolean {
  const parsed = serverEvents[name].safeParse(raw);
  if (!parsed.success) return false;
  for (const handler of handlers.get(name) ?? []) handler(parsed.data as never);
  return true;
}

/** Puts a changed incident into every cached list that shows it and into its own page. Older versions change nothing. */
export function patchIncident(client: QueryClient, changed: IncidentSummary): void {
  client.setQueriesData<InfiniteData<IncidentPage>>({ queryKey: keys.incidentLists }, (data) =>
    data === undefined
      ? data
      : {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            items: page.items.map((item) =>
              item.id === changed.id && item.version <= changed.version ? changed : item,
            ),
          })),
        },
  );
  client.setQueryData<Incident>(keys.incident(changed.id), (data) =>
    data === undefined || data.version > changed.version ? data : { ...data, ...changed },
  );
}

/** Puts a camera's new state into the list and into its own page. */
export function patchCameraState(client: QueryClient, event: ServerEvent<'camera.state'>): void {
  const { cameraId, state, sinceMs, streams } = event;
  const patch = (camera: Camera): Camera => (camera.id === cameraId ? { ...camera, state, sinceMs, streams } : camera);
  client.setQueryData<Camera[]>(keys.cameras, (list) => list?.map(patch));
  client.setQueryData<Camera>(keys.camera(cameraId), (camera) => camera && patch(camera));
}

/** Opens the line. Its code is fetched only now: the sign-in page does without. Returns how to close it. */
function connect(client: QueryClient): () => void {
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  setConnection('connecting');
  void import('socket.io-client').then(({ io }) => {
    if (closed) return;
    const opened: Socket<ServerToClient> = io({ path: '/socket.io', transports: ['websocket', 'polling'] });
    socket = opened;
    opened.on('connect', () => {
      // Whatever happened while the line was down was not told.
      if (connection === 'lost') void client.invalidateQueries();
      setConnection('open');
    });
    const lost = () => {
      setConnection('lost');
      // socket.io tries again by itself, unless the server closed the line (it stops, or the session ended) or refused it.
      if (opened.active || client.getQueryData(keys.me) === null) return;
      void client.invalidateQueries({ queryKey: keys.me });
      clearTimeout(timer);
      timer = setTimeout(() => opened.connect(), RECONNECT_MS);
    };
    opened.on('disconnect', lost);
    opened.on('connect_error', lost);
    for (const name of Object.keys(serverEvents) as ServerEventName[]) {
      opened.on(name, (raw: unknown) => void dispatch(name, raw));
    }
  });
  return () => {
    closed = true;
    clearTimeout(timer);
    socket?.removeAllListeners();
    socket?.disconnect();
    socket = null;
    setConnection('idle');
  };
}

/** Keeps one socket for as long as `signedIn` holds, and the cache in step with what it tells. Mounted once, by the frame. */
export function useRealtime(signedIn: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!signedIn) return;
    forgetSessionEnd();
    const off = [
      subscribe('incident.created', ({ incident }) => {
        void client.invalidateQueries({ queryKey: keys.incidentLists });
        void client.invalidateQueries({ queryKey: keys.timelines(incident.cameraId) });
      }),
      subscribe('incident.changed', ({ incident }) => {
        patchIncident(client, incident);
        void client.invalidateQueries({ queryKey: keys.incidents });
      }),
      subscribe('incident.commented', ({ incidentId }) => {
        void client.invalidateQueries({ queryKey: keys.comments(incidentId) });
        void client.invalidateQueries({ queryKey: keys.watching(incidentId) });
      }),
      subscribe('camera.state', (event) => patchCameraState(client, event)),
      subscribe('cameras.changed', () => {
        void client.invalidateQueries({ queryKey: keys.cameras });
        void client.invalidateQueries({ queryKey: ['camera'] });
        void client.invalidateQueries({ queryKey: keys.health });
      }),
      subscribe('discovery.changed', ({ id }) => void client.invalidateQueries({ queryKey: keys.discovery(id) })),
      subscribe('notice.added', (event) => noticeAdded(client, event)),
      subscribe('notices.read', (event) => noticesRead(client, event)),
      subscribe('session.ended', ({ reason }) => {
        noteSessionEnd(reason);
        setCsrfToken(null);
        client.setQueryData(keys.me, null);
      }),
      connect(client),
    ];
    return () => {
      for (const stop of off) stop();
    };
  }, [client, signedIn]);
}
