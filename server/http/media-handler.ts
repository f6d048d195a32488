import type { ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../access/actor.ts';
import { permits } from '../access/roles-policy.ts';
import { mayPlayBack, mayWatch } from '../access/scope.ts';
import { sessionToken } from '../access/session-cookie.ts';
import type { CameraRecord } from '../cameras/registry.ts';
import type { StreamName } from '../contracts/common.ts';
import type { IncidentSummary } from '../contracts/incidents.ts';
import { AppError } from '../platform/errors.ts';
import type { ByteRange, MediaBytes } from '../recorder/recorder.ts';
import { clipFileName, clipHeaders, sendClip, untilClosed } from './clip-download.ts';
import { toErrorResponse } from './error-response.ts';
import type { Incoming, Outgoing } from './exchange.ts';
import { notPermitted } from './guard.ts';
import { incidentPlaylist, isTranscodedName, isWithin, rangesOf, wholeFile } from './incident-clip.ts';
import { type MediaRequest, parseMediaAddress, parseRange } from './media-address.ts';
import { languageOf } from './messages.ts';
import { PushViewers } from './push-viewers.ts';
import type { Services } from './services.ts';

interface MediaAnswer {
  status: 200 | 206;
  contentType: string;
  body: Uint8Array | string;
  headers?: Record<string, string>;
}

type ClipRequest = Extract<MediaRequest, { kind: 'clip' }>;
type PushRequest = Extract<MediaRequest, { kind: 'live_push' }>;

/** Footage of people at work must not outlive the session in a browser's cache. */
const footageHeaders = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' };
const playlistType = 'application/vnd.apple.mpegurl';

/**
 * Answers what is below /media/. It stands in front of Express, since a wall asks hundreds of times a second, and holds
 * the same session and the same rights; every answer is told to the log of views.
 */
export class MediaHandler {
  readonly #services: Services;
  readonly #clips = new LRUCache<string, Map<string, ByteRange[]>>({ max: 500, ttl: 30_000 });

  readonly push: PushViewers;

  constructor(services: Services) {
    this.#services = services;
    this.push = new PushViewers(services);
  }

  /** Answers the request; never throws. */
  async handle(req: Incoming, res: Outgoing): Promise<void> {
    try {
      if (req.method !== 'GET' && req.method !== 'HEAD') throw new AppError('not_found', 'not_found');
      const actor = await this.#actor(req);
      const request = parseMediaAddress(req.url ?? '');
      if (request.kind === 'live_push') return await this.#sendPush(request, actor, req, res);
      if (request.kind === 'clip') return await this.#sendClip(request, actor, req, res);
      const answer = await this.#answer(request, actor, req.headers.range);
      write(
        res,
        answer.status,
        {
          'content-type': answer.contentType,
          'content-length': String(Buffer.byteLength(answer.body)),
          ...footageHeaders,
          ...answer.headers,
        },
        req.method === 'HEAD' ? '' : answer.body,
      );
    } catch (error) {
      const { status, headers, body, unexpected } = toErrorResponse(error, languageOf(req.headers['accept-language']));
      if (unexpected) this.#services.log.error({ err: error, path: req.url?.split('?')[0] }, 'a media request failed');
      write(
        res,
        status,
        { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
        JSON.stringify(body),
      );
    }
  }

  async #actor(req: Incoming): Promise<Actor> {
    const token = sessionToken(req.headers.cookie);
    const session = token === undefined ? undefined : await this.#services.sessions.resolve(token);
    if (session === undefined) throw new AppError('unauthenticated', 'signed_out');
    return session.actor;
  }

  async #sendPush(request: PushRequest, actor: Actor, req: Incoming, res: Outgoing): Promise<void> {
    this.#watched(actor, request.cameraId);
    const headers = { 'content-type': 'video/mp4', ...footageHeaders, 'x-accel-buffering': 'no' };
    if (req.method === 'HEAD') return write(res, 200, headers, '');
    const { cameraId, stream, as } = request;
    const token = sessionToken(req.headers.cookie) ?? '';
    await this.push.send({ cameraId, stream, ...(as === undefined ? {} : { as }), token, actor, res, headers });
  }

  /** A clip is a file of any size, so that it is sent as it is read. */
  async #sendClip(request: ClipRequest, actor: Actor, req: Incoming, res: Outgoing): Promise<void> {
    const { cameraId, stream, fromMs, toMs, exact, reason } = request;
    if (!permits(actor, 'export_evidence', { unitId: this.#camera(cameraId).unitId })) throw notPermitted();
    if (req.method === 'HEAD') throw new AppError('not_found', 'not_found');
    // Before the clip is made: a camera that is removed meanwhile must not leave it lying about.
    const { name } = this.#camera(cameraId);
    const signal = untilClosed(res);
    const address = req.socket.remoteAddress ?? '';
    const clip = await this.#services.recorder.clip(cameraId, stream, fromMs, toMs, { exact, signal });
    if (signal.aborted) return clip.discard();
    try {
      await this.#services.auditLog.append({
        actor,
        address,
        action: 'clip.exported',
        subject: `camera:${cameraId}`,
        details: { stream, fromMs: clip.fromMs, toMs: clip.toMs, exact, reason, missing: clip.missing.length },
      });
    } catch (error) {
      // What is in no log does not leave, and does not lie about either.
      await clip.discard();
      throw error;
    }
    this.#seen(actor, request, 'recorded', clip.fromMs, clip.toMs);
    const headers = clipHeaders(clip, clipFileName(name, clip.fromMs, clip.toMs));
    (res as ServerResponse).writeHead(200, { 'content-type': clip.contentType, ...footageHeaders, ...headers });
    await sendClip(res, clip);
  }

  async #answer(
    request: Exclude<MediaRequest, ClipRequest | PushRequest>,
    actor: Actor,
    range: string | undefined,
  ): Promise<MediaAnswer> {
    const { recorder } = this.#services;
    switch (request.kind) {
      case 'live_playlist': {
        this.#watched(actor, request.cameraId);
        const text = await recorder.livePlaylist(request.cameraId, request.stream, request);
        return { status: 200, contentType: playlistType, body: text };
      }
      case 'live_resource': {
        this.#watched(actor, request.cameraId);
        const media = await recorder.liveResource(request.cameraId, request.stream, request.name);
        const nowMs = this.#services.clock.nowMs();
        this.#seen(actor, request, 'live', nowMs, nowMs + 1);
        return slice(media, null);
      }
      case 'vod_playlist': {
        this.#playedBack(actor, request.cameraId);
        const { cameraId, stream, fromMs, toMs, as } = request;
        return {
          status: 200,
          contentType: playlistType,
          body: await recorder.vodPlaylist(cameraId, stream, fromMs, toMs, as),
        };
      }
      case 'recorded_file': {
        this.#playedBack(actor, request.cameraId);
        return this.#recordedBytes(actor, request, parseRange(range));
      }
      case 'keyframe': {
        this.#playedBack(actor, request.cameraId);
        const { bytes, mediaTimeMs, codecString } = await recorder.keyframe(
          request.cameraId,
          request.stream,
          request.atMs,
          request.as,
        );
        this.#seen(actor, request, 'recorded', mediaTimeMs, mediaTimeMs + 1);
        const headers = { 'x-media-time': String(mediaTimeMs), 'x-codec': codecString };
        return { status: 200, contentType: 'video/mp4', body: bytes, headers };
      }
      case 'incident_playlist': {
        const incident = await this.#services.incidents.summary(actor, request.incidentId);
        const { stream, playlist } = await this.#clipOf(incident, request.as);
        return { status: 200, contentType: playlistType, body: incidentPlaylist(playlist, stream) };
      }
      case 'incident_file': {
        const incident = await this.#services.incidents.summary(actor, request.incidentId);
        const asked = parseRange(range);
        if (!(await this.#isOfClip(incident, request.stream, request.file, asked ?? wholeFile))) throw notPermitted();
        return this.#recordedBytes(actor, { ...request, cameraId: incident.cameraId }, asked);
      }
    }
  }

  /** The recorded stretch of an incident; the main stream, or the sub stream where the main one has nothing. */
  async #clipOf(incident: IncidentSummary, as?: 'h264'): Promise<{ stream: StreamName; playlist: string }> {
    const { recorder } = this.#services;
    const of = async (stream: StreamName) => ({
      stream,
      playlist: await recorder.vodPlaylist(incident.cameraId, stream, incident.fromMs, incident.toMs, as),
    });
    try {
      return await of('main');
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'not_found') throw error;
      return of('sub');
    }
  }

  async #isOfClip(incident: IncidentSummary, stream: StreamName, file: string, asked: ByteRange): Promise<boolean> {
    const as = isTranscodedName(file) ? 'h264' : undefined;
    const key = `${incident.id} ${stream} ${as ?? ''}`;
    const known = this.#clips.get(key)?.get(file);
    if (known !== undefined && isWithin(asked, known)) return true;
    // A clip whose end was still to come grows.
    const playlist = await this.#services.recorder.vodPlaylist(
      incident.cameraId,
      stream,
      incident.fromMs,
      incident.toMs,
      as,
    );
    const ranges = rangesOf(playlist);
    this.#clips.set(key, ranges);
    return isWithin(asked, ranges.get(file) ?? []);
  }

  async #recordedBytes(
    actor: Actor,
    { cameraId, stream, file }: { cameraId: string; stream: StreamName; file: string },
    range: ByteRange | null,
  ): Promise<MediaAnswer> {
    const { recorder } = this.#services;
    const [media, time] = await Promise.all([
      recorder.recordedBytes(cameraId, stream, file, range).catch(async (error: unknown) => {
        if (range === null || !(error instanceof AppError) || error.code !== 'range_invalid') throw error;
        const { totalBytes } = await recorder.recordedBytes(cameraId, stream, file, { start: 0, end: 0 });
        throw new AppError('unsatisfiable', 'range_not_satisfiable', { params: { totalBytes } });
      }),
      recorder.recordedFileTime(cameraId, stream, file),
    ]);
    // Bytes stand for time in proportion: exact enough for a log that merges neighbouring stretches.
    const ms = (offset: number) => time.fromMs + ((time.toMs - time.fromMs) * offset) / Math.max(1, media.totalBytes);
    const start = range?.start ?? 0;
    this.#seen(actor, { cameraId, stream }, 'recorded', ms(start), ms(start + media.bytes.byteLength));
    return slice(media, range);
  }

  #camera(cameraId: string): CameraRecord {
    const camera = this.#services.directory.get(cameraId);
    if (camera === undefined) throw new AppError('not_found', 'camera_unknown');
    return camera;
  }

  #watched(actor: Actor, cameraId: string): void {
    if (!mayWatch(actor, this.#camera(cameraId).unitId)) throw notPermitted();
  }

  #playedBack(actor: Actor, cameraId: string): void {
    if (!mayPlayBack(actor, this.#camera(cameraId).unitId)) throw notPermitted();
  }

  #seen(
    actor: Actor,
    { cameraId, stream }: { cameraId: string; stream: StreamName },
    kind: 'live' | 'recorded',
    mediaFromMs: number,
    mediaToMs: number,
  ): void {
    this.#services.viewLog.seen({
      actor,
      cameraId,
      stream,
      kind,
      mediaFromMs: Math.floor(mediaFromMs),
      mediaToMs: Math.ceil(mediaToMs),
    });
  }
}

/** 206 with Content-Range for a range (RFC 9110, section 15.3.7), 200 for the whole. */
function slice({ contentType, bytes, totalBytes }: MediaBytes, range: ByteRange | null): MediaAnswer {
  const headers: Record<string, string> = { 'accept-ranges': 'bytes' };
  if (range === null) return { status: 200, contentType, body: bytes, headers };
  headers['content-range'] = `bytes ${range.start}-${range.start + bytes.byteLength - 1}/${totalBytes}`;
  return { status: 206, contentType, body: bytes, headers };
}

/** The two responses have the same calls, but types that do not meet. */
function write(res: Outgoing, status: number, headers: Record<string, string>, body: Uint8Array | string): void {
  const out = res as ServerResponse;
  if (out.destroyed || out.headersSent) return;
  out.writeHead(status, headers);
  out.end(body);
}
