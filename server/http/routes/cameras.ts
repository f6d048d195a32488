import { z } from 'zod';
import type { Actor } from '../../access/actor.ts';
import type { AuditInput } from '../../access/audit-log.ts';
import { permits } from '../../access/roles-policy.ts';
import { includesUnit, mayPlayBack, maySeeStill, unitsVisible } from '../../access/scope.ts';
import { changesOf } from '../../cameras/camera-changes.ts';
import { presentCamera } from '../../cameras/present-camera.ts';
import type { Also, CameraRecord } from '../../cameras/registry.ts';
import {
  camera,
  cameraArchive,
  cameraList,
  createCameraRequest,
  patchCameraRequest,
  timelineQueryStream,
} from '../../contracts/cameras.ts';
import { epochMsQuery, id, rangeQuery, type StreamName } from '../../contracts/common.ts';
import { timeline } from '../../contracts/timeline.ts';
import { AppError } from '../../platform/errors.ts';
import { guard, notPermitted } from '../guard.ts';
import { type Caller, defineRoute, json, nothing, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const params = z.object({ id });
const maxTimelineMs = 31 * 86_400_000;
/** A picture that is older is none of now: of a camera that is away, the newest one may be of another day or another unit. */
const maxNowAgeMs = 60_000;

export function cameraRoutes(services: Services): Route[] {
  const {
    cameraEvents,
    cameraSnapshots,
    registry,
    directory,
    inspections,
    recorder,
    incidents,
    auditLog,
    viewLog,
    clock,
    defaultRetentionDays,
  } = services;
  const manage = guard.ability('manage_system');
  const know = guard.ability('watch_live', 'manage_system');

  const find = (cameraId: string): CameraRecord => {
    const record = directory.get(cameraId);
    if (record === undefined) throw new AppError('not_found', 'camera_unknown');
    return record;
  };
  const present = async (record: CameraRecord, reader: Actor) => {
    const states = await recorder.states();
    return presentCamera(
      record,
      states.find((s) => s.cameraId === record.id)?.streams ?? [],
      permits(reader, 'manage_system'),
    );
  };
  /** Those that an inspection of the device has proved, where it is named. */
  const withCredentials = <R extends object>(body: R): R =>
    'inspectionId' in body && 'onvif' in body && typeof body.inspectionId === 'string'
      ? { ...body, ...inspections.credentials(body.inspectionId, String(body.onvif)) }
      : body;
  /** Told in the transaction of the change itself. */
  const audited =
    (
      actor: Actor,
      caller: Caller,
      action: string,
      detailsOf: (record: CameraRecord, before?: CameraRecord) => AuditInput['details'],
    ): Also =>
    (record, within, before) => {
      const told = { actor, address: caller.address, action, subject: `camera:${record.id}` };
      return auditLog.append({ ...told, details: detailsOf(record, before) ?? {} }, within);
    };

  return [
    defineRoute({
      method: 'get',
      path: '/api/cameras',
      summary: 'Cameras of the units that the signed-in person may know of, with their states',
      guard: know,
      answer: cameraList,
      handle: async ({ session }) => {
        const visible = unitsVisible(session.actor);
        const states = new Map((await recorder.states()).map((state) => [state.cameraId, state.streams]));
        const items = directory
          .list()
          .filter((record) => includesUnit(visible, record.unitId))
          .map((record) => presentCamera(record, states.get(record.id) ?? [], permits(session.actor, 'manage_system')));
        return json({ items });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/cameras/:id',
      summary: 'One camera',
      guard: know,
      params,
      answer: camera,
      errors: ['camera_unknown', 'not_permitted'],
      handle: async ({ params, session }) => {
        const record = find(params.id);
        if (!includesUnit(unitsVisible(session.actor), record.unitId)) throw notPermitted();
        return json(await present(record, session.actor));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/cameras/:id/archive',
      summary: 'Since when each stream of a camera is kept, and the days that the city keeps',
      guard: manage,
      params,
      answer: cameraArchive,
      errors: ['camera_unknown'],
      handle: async ({ params }) => {
        const record = find(params.id);
        const oldest = new Map((await recorder.oldest(record.id)).map(({ name, oldestMs }) => [name, oldestMs]));
        const streams = record.streams.map(({ name }) => ({ name, oldestMs: oldest.get(name) ?? null }));
        return json({ defaultRetentionDays, streams });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/cameras',
      summary: 'Add a camera by its ONVIF address (probed, streams chosen) or by its RTSP addresses',
      guard: manage,
      body: createCameraRequest,
      answer: camera,
      status: 201,
      errors: [
        'unit_unknown',
        'desk_unknown',
        'camera_exists',
        'camera_unreachable',
        'camera_bad_credentials',
        'camera_not_onvif',
        'camera_has_no_stream',
        'camera_address_not_allowed',
        'inspection_unknown',
        'inspection_other_device',
      ],
      handle: async ({ body, session, caller }) => {
        const detailsOf = ({ name, unitId, host }: CameraRecord) => ({ name, unitId, host });
        const also = audited(session.actor, caller, 'camera.created', detailsOf);
        const request = withCredentials(body);
        const record = await registry.create(request, caller.signal, also);
        await directory.settled();
        return json(await present(record, session.actor), 201);
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/api/cameras/:id',
      summary:
        'Rename, move, switch on or off, say when streams are recorded, how long they are kept and with sound or without, or give new credentials',
      guard: manage,
      params,
      body: patchCameraRequest,
      answer: camera,
      errors: ['camera_unknown', 'unit_unknown', 'desk_unknown', 'stream_unknown', 'camera_bad_credentials'],
      handle: async ({ params, body, session, caller }) => {
        const credentialsChanged = body.password !== undefined || body.username !== undefined;
        const also = audited(session.actor, caller, 'camera.changed', (after, before) => ({
          ...changesOf(before ?? after, after),
          ...(credentialsChanged && { credentialsChanged }),
        }));
        const record = await registry.patch(params.id, body, caller.signal, also);
        await directory.settled();
        return json(await present(record, session.actor));
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/cameras/:id',
      summary: 'Remove a camera; its footage stays until retention takes it',
      guard: manage,
      params,
      status: 204,
      errors: ['camera_unknown'],
      handle: async ({ params, session, caller }) => {
        await registry.remove(
          params.id,
          audited(session.actor, caller, 'camera.removed', ({ name }) => ({ name })),
        );
        await directory.settled();
        return nothing;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/cameras/:id/timeline',
      summary: 'Recorded stretches, gaps with their reasons, and incidents; at most 31 days',
      guard: guard.ability('play_back'),
      params,
      query: rangeQuery.and(z.object({ stream: timelineQueryStream })),
      answer: timeline,
      errors: ['camera_unknown', 'not_permitted', 'range_too_long'],
      handle: async ({ params, query, session }) => {
        const record = find(params.id);
        if (!mayPlayBack(session.actor, record.unitId)) throw notPermitted();
        if (query.to - query.from > maxTimelineMs) throw new AppError('invalid', 'range_too_long');
        const [recorded, flagged, events] = await Promise.all([
          recorder.timeline(record.id, query.stream, query.from, query.to),
          incidents.forTimeline(session.actor, record.id, query.from, query.to),
          cameraEvents.between(record.id, query.from, query.to),
        ]);
        const told = events.length > 0 || record.events;
        return json({ stream: query.stream, ...recorded, incidents: flagged, ...(told && { events }) });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/cameras/:id/snapshot.jpg',
      summary:
        'JPEG of the newest keyframe (of the last minute, for whoever may not play back), or of the last one at or before `at`; with `source=device`, or where no stream comes, taken by the camera itself',
      guard: know,
      params,
      query: z.object({ at: epochMsQuery.optional(), source: z.enum(['stream', 'device']).default('stream') }),
      produces: 'image/jpeg',
      errors: ['camera_unknown', 'not_permitted', 'nothing_recorded', 'still_failed'],
      handle: async ({ params, query, session }) => {
        const record = find(params.id);
        const moment = query.at === undefined ? 'now' : 'past';
        if (!maySeeStill(session.actor, record.unitId, moment)) throw notPermitted();
        const { jpeg, mediaTimeMs, stream } = await stillOf(record, query.at, query.source);
        const isOfNow = moment === 'now' && clock.nowMs() - mediaTimeMs <= maxNowAgeMs;
        if (!isOfNow && !maySeeStill(session.actor, record.unitId, 'past')) {
          throw new AppError('not_found', 'nothing_recorded');
        }
        viewLog.seen({
          actor: session.actor,
          cameraId: record.id,
          stream,
          kind: isOfNow ? 'live' : 'recorded',
          mediaFromMs: mediaTimeMs,
          mediaToMs: mediaTimeMs + 1,
        });
        return {
          status: 200,
          jpeg,
          headers: {
            'x-media-time': String(mediaTimeMs),
            'cache-control': 'private, no-store',
            age: String(Math.max(0, Math.round((clock.nowMs() - mediaTimeMs) / 1000))),
          },
        };
      },
    }),
  ];

  /** Either way stands in for the other: a picture of now is wanted. */
  async function stillOf(record: CameraRecord, atMs: number | undefined, source: 'stream' | 'device') {
    const ofDevice = async () => {
      const jpeg = await cameraSnapshots.take(record.id);
      return { stream: 'main' as const, jpeg, mediaTimeMs: clock.nowMs() };
    };
    if (atMs !== undefined || record.onvif === null || !record.enabled) return firstStill(record, atMs);
    if (source === 'device') return ofDevice().catch(() => firstStill(record, atMs));
    const recorded = await firstStill(record, atMs).catch((error: unknown) => ({ failure: error }));
    if (!('failure' in recorded) && clock.nowMs() - recorded.mediaTimeMs <= maxNowAgeMs) return recorded;
    return ofDevice().catch(() => {
      if ('failure' in recorded) throw recorded.failure;
      return recorded;
    });
  }

  /** The small stream makes the cheaper picture; the large one stands in where the small one has nothing. */
  async function firstStill(record: CameraRecord, atMs: number | undefined) {
    let failure: unknown = new AppError('not_found', 'nothing_recorded');
    for (const stream of smallestFirst(record)) {
      try {
        return { stream, ...(await recorder.still(record.id, stream, atMs)) };
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}

function smallestFirst(record: CameraRecord): StreamName[] {
  return record.streams.map((stream) => stream.name).sort((a, b) => (a === b ? 0 : a === 'sub' ? -1 : 1));
}
