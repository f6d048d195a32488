import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { epochMs, id, type StreamName, streamName, text } from '../contracts/common.ts';
import { AppError } from '../platform/errors.ts';
import type { ByteRange } from '../recorder/recorder.ts';

/** What a media address asks for. */
export type MediaRequest =
  | {
      kind: 'live_playlist';
      cameraId: string;
      stream: StreamName;
      msn?: number;
      part?: number;
      skip?: boolean;
      as?: 'h264';
    }
  | { kind: 'live_push'; cameraId: string; stream: StreamName; as?: 'h264' }
  | { kind: 'live_resource'; cameraId: string; stream: StreamName; name: string }
  | { kind: 'vod_playlist'; cameraId: string; stream: StreamName; fromMs: number; toMs: number; as?: 'h264' }
  | { kind: 'recorded_file'; cameraId: string; stream: StreamName; file: string }
  | {
      kind: 'clip';
      cameraId: string;
      stream: StreamName;
      fromMs: number;
      toMs: number;
      exact: 'gop' | 'frame';
      /** Footage leaves the system with a reason only. */
      reason: string;
    }
  | { kind: 'keyframe'; cameraId: string; stream: StreamName; atMs: number; as?: 'h264' }
  | { kind: 'incident_playlist'; incidentId: string; as?: 'h264' }
  | { kind: 'incident_file'; incidentId: string; stream: StreamName; file: string };

const resourceName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const count = z.coerce.number().pipe(
  z
    .number()
    .int()
    .min(0)
    .max(2 ** 40),
);
const moment = z.coerce.number().pipe(epochMs);
const reason = text(500).min(3);

/** Hundreds of viewers ask for the same part and the same playlist at the same moment. */
const parsed = new LRUCache<string, MediaRequest>({ max: 1000 });
const longestKept = 200;

/** Parses path and query of a request below /media/. Errors: `not_found`, `request_invalid`. */
export function parseMediaAddress(url: string): Readonly<MediaRequest> {
  const cached = parsed.get(url);
  if (cached !== undefined) return cached;
  const request = parseAddress(url);
  if (url.length <= longestKept) parsed.set(url, request);
  return request;
}

function parseAddress(url: string): MediaRequest {
  const { pathname, searchParams } = new URL(url, 'https://localhost');
  const parts = pathname.split('/').slice(2);
  if (parts[0] === 'incidents') return incidentRequest(parts.slice(1), searchParams);
  const [camera, name, ...rest] = parts;
  const cameraId = known(id, camera);
  const stream = known(streamName, name);
  const file = rest.join('/');
  switch (file) {
    case 'live.m3u8': {
      const msn = optional(searchParams, '_HLS_msn', count);
      const part = optional(searchParams, '_HLS_part', count);
      return {
        kind: 'live_playlist',
        cameraId,
        stream,
        ...(msn === undefined ? {} : { msn }),
        ...(part === undefined ? {} : { part }),
        ...skip(searchParams),
        ...asked(searchParams),
      };
    }
    case 'live.mp4':
      return { kind: 'live_push', cameraId, stream, ...asked(searchParams) };
    case 'vod.m3u8': {
      const fromMs = required(searchParams, 'from', moment);
      const toMs = required(searchParams, 'to', moment);
      if (toMs <= fromMs) throw invalid('to', 'to must be after from');
      return { kind: 'vod_playlist', cameraId, stream, fromMs, toMs, ...asked(searchParams) };
    }
    case 'clip.mp4': {
      const fromMs = required(searchParams, 'from', moment);
      const toMs = required(searchParams, 'to', moment);
      if (toMs <= fromMs) throw invalid('to', 'to must be after from');
      const exact = z.enum(['gop', 'frame']).safeParse(searchParams.get('exact') ?? 'gop');
      if (!exact.success) throw invalid('exact', 'gop or frame');
      const why = reason.safeParse(searchParams.get('reason'));
      if (!why.success) throw invalid('reason', 'a reason of 3 to 500 characters is expected');
      return { kind: 'clip', cameraId, stream, fromMs, toMs, exact: exact.data, reason: why.data };
    }
    case 'keyframe.mp4':
      return {
        kind: 'keyframe',
        cameraId,
        stream,
        atMs: required(searchParams, 'at', moment),
        ...asked(searchParams),
      };
  }
  const [folder, resource, ...more] = rest;
  if (more.length > 0 || resource === undefined || !resourceName.test(resource)) throw notFound();
  if (folder === 'live') return { kind: 'live_resource', cameraId, stream, name: resource };
  if (folder === 'file') return { kind: 'recorded_file', cameraId, stream, file: resource };
  throw notFound();
}

/** `/media/incidents/<id>/vod.m3u8` and the files that it names, `<stream>/file/<name>`. */
function incidentRequest(parts: string[], searchParams: URLSearchParams): MediaRequest {
  const [incident, second, folder, file, ...more] = parts;
  const incidentId = known(id, incident);
  if (second === 'vod.m3u8' && folder === undefined) {
    return { kind: 'incident_playlist', incidentId, ...asked(searchParams) };
  }
  const stream = known(streamName, second);
  if (folder !== 'file' || file === undefined || !resourceName.test(file) || more.length > 0) throw notFound();
  return { kind: 'incident_file', incidentId, stream, file };
}

/** A `Range` header with one range that has both ends or a start only (RFC 9110, section 14.2). Errors: `range_invalid`. */
export function parseRange(header: string | undefined): ByteRange | null {
  if (header === undefined) return null;
  const match = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(header.trim());
  if (!match) throw new AppError('invalid', 'range_invalid');
  const start = Number(match[1]);
  const end = match[2] === undefined ? Number.MAX_SAFE_INTEGER : Number(match[2]);
  if (end < start) throw new AppError('invalid', 'range_invalid');
  return { start, end };
}

/** `as=h264`: the codec that the caller can decode. It stands in the playlist's address only: what a playlist names says itself what it is. */
function asked(params: URLSearchParams): { as?: 'h264' } {
  if (!params.has('as')) return {};
  if (params.get('as') !== 'h264') throw invalid('as', 'h264');
  return { as: 'h264' };
}

/** `_HLS_skip=YES`, or `v2`, which may leave out date ranges too: there are none (RFC 8216bis, 6.2.5.1). */
function skip(params: URLSearchParams): { skip?: true } {
  const value = params.get('_HLS_skip');
  if (value === null) return {};
  if (value !== 'YES' && value !== 'v2') throw invalid('_HLS_skip', 'YES or v2');
  return { skip: true };
}

function known<T>(schema: z.ZodType<T>, value: string | undefined): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw notFound();
  return parsed.data;
}

function required<T>(params: URLSearchParams, name: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(params.get(name) || undefined);
  if (!parsed.success) throw invalid(name, 'a whole number is expected');
  return parsed.data;
}

function optional<T>(params: URLSearchParams, name: string, schema: z.ZodType<T>): T | undefined {
  return params.has(name) ? required(params, name, schema) : undefined;
}

const notFound = () => new AppError('not_found', 'not_found');
const invalid = (field: string, message: string) =>
  new AppError('invalid', 'request_invalid', { fields: { [field]: message } });
