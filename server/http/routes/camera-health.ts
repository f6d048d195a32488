import { z } from 'zod';
import type { Actor } from '../../access/actor.ts';
import { includesUnit, mayPlayBack, unitsVisible } from '../../access/scope.ts';
import type { CameraRecord } from '../../cameras/registry.ts';
import {
  approveReferenceRequest,
  cameraHealthDetail,
  cameraHealthList,
  cameraProposal,
  cameraProposalPage,
  cameraProposalQuery,
  cameraReference,
  confirmProposalRequest,
  healthChangePage,
  healthChangeQuery,
  referenceCandidate,
  referenceKind,
  rejectProposalRequest,
} from '../../contracts/camera-health.ts';
import { id } from '../../contracts/common.ts';
import { AppError } from '../../platform/errors.ts';
import { guard, notPermitted, requireUnit } from '../guard.ts';
import { type Answer, defineRoute, json, nothing, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const params = z.object({ id });
const withCandidate = z.object({ id, candidate: id });
const withKind = z.object({ id, kind: referenceKind });
type Needed = Pick<Services, 'cameraHealth' | 'directory' | 'viewLog'>;

/** How cameras do, and the pictures that they are compared with. */
export function cameraHealthRoutes({ cameraHealth, directory, viewLog }: Needed): Route[] {
  const manage = guard.ability('manage_system');
  const know = guard.ability('watch_live', 'manage_system');

  const find = (cameraId: string, reader: Actor): CameraRecord => {
    const record = directory.get(cameraId);
    if (record === undefined) throw new AppError('not_found', 'camera_unknown');
    if (!includesUnit(unitsVisible(reader), record.unitId)) throw notPermitted();
    return record;
  };
  const shown = (
    actor: Actor,
    cameraId: string,
    { jpeg, mediaTimeMs }: { jpeg: Uint8Array; mediaTimeMs: number },
    kind: 'live' | 'recorded',
  ): Answer => {
    viewLog.seen({ actor, cameraId, stream: 'main', kind, mediaFromMs: mediaTimeMs, mediaToMs: mediaTimeMs + 1 });
    return {
      status: 200,
      jpeg,
      headers: { 'x-media-time': String(mediaTimeMs), 'cache-control': 'private, no-store' },
    };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/camera-health',
      summary:
        'How the cameras do that the signed-in person may know of: reachable, authenticated, streaming, picture, clock',
      guard: know,
      answer: cameraHealthList,
      handle: ({ session }) => {
        const visible = unitsVisible(session.actor);
        const cameras = directory.list().filter(({ unitId }) => includesUnit(visible, unitId));
        return json({ items: cameras.map((camera) => cameraHealth.of(camera.id)) });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/cameras/:id/health',
      summary: 'How one camera does, its references, and what each of the last 30 days was',
      guard: know,
      params,
      answer: cameraHealthDetail,
      errors: ['camera_unknown', 'not_permitted'],
      handle: async ({ params, session }) => json(await cameraHealth.detail(find(params.id, session.actor).id)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/cameras/:id/health/changes',
      summary: 'What changed in the health of a camera, newest first; kept for 24 months',
      guard: know,
      params,
      query: healthChangeQuery,
      answer: healthChangePage,
      errors: ['camera_unknown', 'not_permitted', 'cursor_invalid'],
      handle: async ({ params, query, session }) =>
        json(await cameraHealth.watch.changes(find(params.id, session.actor).id, query.cursor, query.limit)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/cameras/:id/reference-candidates',
      summary: 'Take a still of now that may become the reference, kept for ten minutes',
      guard: manage,
      params,
      answer: referenceCandidate,
      status: 201,
      errors: ['camera_unknown', 'camera_no_picture', 'reference_unfit', 'still_failed', 'stills_busy'],
      handle: async ({ params, session }) =>
        json(await cameraHealth.references.propose(find(params.id, session.actor).id), 201),
    }),
    defineRoute({
      method: 'get',
      path: '/api/cameras/:id/reference-candidates/:candidate/still.jpg',
      summary: 'The still that may become the reference',
      guard: manage,
      params: withCandidate,
      produces: 'image/jpeg',
      errors: ['camera_unknown', 'candidate_gone'],
      handle: ({ params, session }) => {
        const { id: cameraId } = find(params.id, session.actor);
        return shown(session.actor, cameraId, cameraHealth.references.candidate(cameraId, params.candidate), 'live');
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/cameras/:id/references',
      summary: 'Approve a still as the reference of its kind of light: with colour (day) or without (night)',
      guard: manage,
      params,
      body: approveReferenceRequest,
      answer: cameraReference,
      status: 201,
      errors: ['camera_unknown', 'candidate_gone'],
      handle: async ({ params, body, session, caller }) => {
        const { id: cameraId } = find(params.id, session.actor);
        const { actor } = session;
        return json(await cameraHealth.references.approve(actor, cameraId, body.candidateId, caller.address), 201);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/cameras/:id/references/:kind/still.jpg',
      summary: 'The approved picture',
      guard: manage,
      params: withKind,
      produces: 'image/jpeg',
      errors: ['camera_unknown', 'reference_unknown'],
      handle: async ({ params, session }) => {
        const { id: cameraId } = find(params.id, session.actor);
        return shown(session.actor, cameraId, await cameraHealth.references.picture(cameraId, params.kind), 'recorded');
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/cameras/:id/references/:kind',
      summary: 'Drop a reference: focus and place are judged no more in that light',
      guard: manage,
      params: withKind,
      status: 204,
      errors: ['camera_unknown', 'reference_unknown'],
      handle: async ({ params, session, caller }) => {
        const { id: cameraId } = find(params.id, session.actor);
        await cameraHealth.references.drop(session.actor, cameraId, params.kind, caller.address);
        return nothing;
      },
    }),
  ];
}

/** Cameras that were covered, turned or cut in working hours: people who may flag decide whether it becomes a case. */
export function cameraProposalRoutes({ cameraHealth, directory, viewLog }: Needed): Route[] {
  const flag = guard.ability('flag_incident');
  const { proposals } = cameraHealth;
  return [
    defineRoute({
      method: 'get',
      path: '/api/camera-proposals',
      summary: 'Cases that were proposed of cameras covered, turned or cut in working hours, newest first',
      guard: flag,
      query: cameraProposalQuery,
      answer: cameraProposalPage,
      errors: ['cursor_invalid'],
      handle: async ({ query }) => json(await proposals.list(query.state, query.cursor, query.limit)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/camera-proposals/:id/still.jpg',
      summary: 'The still that was kept: of what was to be seen, or the last one before the camera was cut',
      guard: flag,
      params,
      produces: 'image/jpeg',
      errors: ['proposal_unknown', 'still_missing', 'not_permitted'],
      handle: async ({ params, session: { actor } }) => {
        const { jpeg, proposal } = await proposals.still(params.id);
        const { cameraId, unitId, fromMs } = proposal;
        if (!mayPlayBack(actor, unitId)) throw notPermitted();
        const seen = { actor, cameraId, stream: 'main', kind: 'recorded' } as const;
        viewLog.seen({ ...seen, mediaFromMs: fromMs, mediaToMs: fromMs + 1 });
        return { status: 200, jpeg, headers: { 'cache-control': 'private, no-store' } };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/camera-proposals/:id/confirm',
      summary: 'Make the case (KT01), by whoever confirms it',
      guard: flag,
      params,
      body: confirmProposalRequest,
      answer: cameraProposal,
      errors: ['proposal_unknown', 'proposal_decided', 'camera_unknown', 'time_out_of_bounds', 'not_permitted'],
      handle: async ({ params, body, session, caller }) => {
        const { unitId, cameraId } = await proposals.get(params.id);
        requireUnit(session.actor, 'flag_incident', directory.get(cameraId)?.unitId ?? unitId);
        return json(await proposals.confirm(session.actor, params.id, body.note, caller.address));
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/camera-proposals/:id/reject',
      summary: 'Make no case of it, with the reason',
      guard: flag,
      params,
      body: rejectProposalRequest,
      answer: cameraProposal,
      errors: ['proposal_unknown', 'proposal_decided', 'not_permitted'],
      handle: async ({ params, body, session, caller }) => {
        requireUnit(session.actor, 'flag_incident', (await proposals.get(params.id)).unitId);
        return json(await proposals.reject(session.actor, params.id, body.reason, caller.address));
      },
    }),
  ];
}
