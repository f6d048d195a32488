import type { Actor } from '../access/actor.ts';
import { permits } from '../access/roles-policy.ts';
import { mayPlayBack, mayWatch } from '../access/scope.ts';
import { sessionToken } from '../access/session-cookie.ts';
import type { CameraRecord } from '../cameras/registry.ts';
import type { StreamName } from '../contracts/common.ts';
import { AppError } from '../platform/errors.ts';
import type { ByteRange } from '../recorder/recorder.ts';
import { ClientAddresses } from './client-address.ts';
import { clipFileName, clipHeaders } from './clip-download.ts';
import { toErrorResponse } from './error-response.ts';
import { type Exchange, sendPieces, untilClosed } from './exchange.ts';
import { notPermitted } from './guard.ts';
import { incidentPlaylist, wholeFile } from './incident-clip.ts';
import { IncidentClips } from './incident-clips.ts';
import { type MediaRequest, parseMediaAddress, parseRange } from './media-address.ts';
import { footageHeaders, type MediaAnswer, sendMedia, slice } from './media-answer.ts';
import { languageOf } from './messages.ts';
import { PushViewers } from './push-viewers.ts';
import type { Services } from './services.ts';
import { SessionAnswers } from './session-answers.ts';

type ClipRequest = Extract<MediaRequest, { kind: 'clip' }>;
type PushRequest = Extract<MediaRequest, { kind: 'live_push' }>;

const playlistType = 'application/vnd.apple.mpegurl';
/** An answer that took no longer was not waited for. */
const atOnceMs = 20;
/** What a proxy asks before it hands out what it holds (nginx: auth_request). */
const accessPath = '/media/access';

/**
 * Answers what is below /media/. It stands in front of Express, since a wall asks hundreds of times a second, and holds
 * the same session and the same rights; every answer is told to the log of views.
 */
export class MediaHandler {
  readonly #services: Services;
  readonly #clips: IncidentClips;

  readonly #addresses: ClientAddresses;
  readonly #answers: SessionAnswers;

  readonly push: PushViewers;

  constructor(services: Services, addresses: ClientAddresses = new ClientAddresses()) {
    this.#services = services;
    this.#addresses = addresses;
    this.#clips = new IncidentClips(services.recorder);
    this.#answers = new SessionAnswers(services.sessions);
    this.push = new PushViewers(services);
  }

  /** Answers the request; never throws. */
  async handle(exchange: Exchange): Promise<void> {
    try {
      const { method, url } = exchange;
      if (method !== 'GET' && method !== 'HEAD') throw new AppError('not_found', 'not_found');
      const actor = await this.#actor(exchange);
      if (url === accessPath) return this.#mayHave(actor, exchange);
      this.#answers.add(actor.sessionId, exchange);
      const request = parseMediaAddress(url);
      if (request.kind === 'live_push') return await this.#sendPush(request, actor, exchange);
      if (request.kind === 'clip') return await this.#sendClip(request, actor, exchange);
      const answer = await this.#answer(request, actor, exchange);
      await sendMedia(exchange, answer);
    } catch (error) {
      this.#refuse(exchange, error);
    }
  }

  #refuse(exchange: Exchange, error: unknown): void {
    const { status, headers, body, unexpected } = toErrorResponse(
      error,
      languageOf(exchange.headers['accept-language']),
    );
    if (unexpected)
      this.#services.log.error({ err: error, path: exchange.url.split('?')[0] }, 'a media request failed');
    // Half an answer must not pass for a whole one.
    if (exchange.begun) exchange.cut();
    exchange.answer(
      status,
      { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
      JSON.stringify(body),
    );
  }

  /** Errors: `signed_out`. */
  async #actor({ headers }: Exchange): Promise<Actor> {
    const token = sessionToken(headers.cookie);
    const session = token === undefined ? undefined : await this.#services.sessions.resolve(token);
    if (session === undefined) throw new AppError('unauthenticated', 'signed_out');
    return session.actor;
  }

  /**
   * Tells a proxy that holds live media whether this session may have what is named in `x-original-uri`: 204, 401 or 403. What the proxy then
   * sends is in the log of views, as if it had been sent from here.
   */
  #mayHave(actor: Actor, exchange: Exchange): void {
    const asked = exchange.headers['x-original-uri'];
    const request = parseAsked(typeof asked === 'string' ? asked : '');
    if (request?.kind !== 'live_playlist' && request?.kind !== 'live_resource') throw notPermitted();
    const camera = this.#services.directory.get(request.cameraId);
    if (camera === undefined || !mayWatch(actor, camera.unitId)) throw notPermitted();
    if (request.kind === 'live_resource') this.#seenNow(actor, request);
    exchange.answer(204, { 'cache-control': 'no-store' }, '');
  }

  async #sendPush(request: PushRequest, actor: Actor, exchange: Exchange): Promise<void> {
    this.#watched(actor, request.cameraId);
    const headers = { 'content-type': 'video/mp4', ...footageHeaders, 'x-accel-buffering': 'no' };
    if (exchange.method === 'HEAD') return exchange.answer(200, headers, '');
    const { cameraId, stream, as } = request;
    const token = sessionToken(exchange.headers.cookie) ?? '';
    await this.push.send({ cameraId, stream, ...(as === undefined ? {} : { as }), token, actor, exchange, headers });
  }

  /** A clip is a file of any size, so that it is sent as it is read. */
  async #sendClip(request: ClipRequest, actor: Actor, exchange: Exchange): Promise<void> {
    const { cameraId, stream, fromMs, toMs, exact, reason } = request;
    if (!permits(actor, 'export_evidence', { unitId: this.#camera(cameraId).unitId })) throw notPermitted();
    if (exchange.method === 'HEAD') throw new AppError('not_found', 'not_found');
    // Before the clip is made: a camera that is removed meanwhile must not leave it lying about.
    const { name } = this.#camera(cameraId);
    const signal = untilClosed(exchange);
    const address = this.#addresses.of(exchange.remoteAddress, exchange.headers['x-forwarded-for']);
    const clip = await this.#services.recorder.clip(cameraId, stream, fromMs, toMs, { exact, signal });
    if (signal.aborted) return clip.discard();
    try {
      // Making it may have taken minutes.
      await this.#actor(exchange);
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
    await sendPieces(exchange, 200, { 'content-type': clip.contentType, ...footageHeaders, ...headers }, clip.bytes);
  }

  async #answer(
    request: Exclude<MediaRequest, ClipRequest | PushRequest>,
    actor: Actor,
    exchange: Exchange,
  ): Promise<MediaAnswer> {
    const { recorder } = this.#services;
    const { range } = exchange.headers;
    const askedAt = performance.now();
    switch (request.kind) {
      case 'live_playlist': {
        this.#watched(actor, request.cameraId);
        const text = await recorder.livePlaylist(request.cameraId, request.stream, request);
        await this.#stillWatched(exchange, request.cameraId, askedAt);
        return { status: 200, contentType: playlistType, body: text };
      }
      case 'live_resource': {
        this.#watched(actor, request.cameraId);
        const media = await recorder.liveResource(request.cameraId, request.stream, request.name);
        await this.#stillWatched(exchange, request.cameraId, askedAt);
        this.#seenNow(actor, request);
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
        const { stream, playlist } = await this.#clips.playlist(incident, request.as);
        return { status: 200, contentType: playlistType, body: incidentPlaylist(playlist, stream) };
      }
      case 'incident_file': {
        const incident = await this.#services.incidents.summary(actor, request.incidentId);
        const asked = parseRange(range);
        const isOfClip = await this.#clips.holds(incident, request.stream, request.file, asked ?? wholeFile);
        if (!isOfClip) throw notPermitted();
        return this.#recordedBytes(actor, { ...request, cameraId: incident.cameraId }, asked);
      }
    }
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
    const next = Math.min(range?.end ?? media.totalBytes - 1, media.totalBytes - 1) + 1;
    this.#seen(actor, { cameraId, stream }, 'recorded', ms(start), ms(next));
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

  /** What was waited for may be seen no longer: session and right are asked again. Errors: `signed_out`, `not_permitted`. */
  async #stillWatched(exchange: Exchange, cameraId: string, askedAt: number): Promise<void> {
    if (performance.now() - askedAt >= atOnceMs) this.#watched(await this.#actor(exchange), cameraId);
  }

  #playedBack(actor: Actor, cameraId: string): void {
    if (!mayPlayBack(actor, this.#camera(cameraId).unitId)) throw notPermitted();
  }

  #seenNow(actor: Actor, place: { cameraId: string; stream: StreamName }): void {
    const nowMs = this.#services.clock.nowMs();
    this.#seen(actor, place, 'live', nowMs, nowMs + 1);
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

/** A proxy knows 401 and 403 only: what is no address may not be had. */
function parseAsked(url: string): MediaRequest | null {
  try {
    return parseMediaAddress(url);
  } catch {
    return null;
  }
}
