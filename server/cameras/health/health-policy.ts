import type { HealthPart, PartState } from '../../contracts/camera-health.ts';
import type { CameraStream } from '../../contracts/cameras.ts';
import type { PictureSign } from './picture-policy.ts';

export interface PartVerdict {
  part: HealthPart;
  state: PartState;
  cause: string | null;
  detail: number | null;
  /** When it began, where the recorder knows; otherwise it is when the verdict is first heard. */
  sinceMs: number | null;
}

export interface HealthFacts {
  enabled: boolean;
  streams: readonly Pick<CameraStream, 'name' | 'state' | 'cause' | 'sinceMs' | 'frozenSinceMs'>[];
  /** Since when it is away by its own word; null where it is not. */
  saidByeMs?: number | null;
  /** Null before the first picture was judged, or while none comes. */
  sign: PictureSign | null;
  /** Whether it has a clock that can be asked for. */
  hasClock: boolean;
  /** The camera's clock less ours; null where it was asked in vain, undefined where it was not asked yet. */
  skewMs: number | null | undefined;
}

/** Further off than this, footage and camera tell another time, and some cameras refuse to let us in. */
export const mostSkewMs = 30_000;

/** Causes that say that nobody answers at the address. All others come from a camera that does. */
const unreachable: ReadonlySet<string> = new Set([
  'connection_refused',
  'timeout',
  'host_unreachable',
  'name_unknown',
  'address_not_allowed',
]);
/** Causes that are the server's own. */
const ours: ReadonlySet<string> = new Set(['recorder_failed', 'ffmpeg_missing', 'ffmpeg_killed', 'ffmpeg_failed']);

/** The five parts of a camera's health, from all that is known. Each tells its own trouble only: what hangs on an earlier part is `blocked`. */
export function judgeHealth(facts: HealthFacts): PartVerdict[] {
  const reachable = judgeReach(facts);
  const authenticated = hangingOn([reachable], () => judgeAuthentication(facts), 'authenticated');
  const streaming = hangingOn([reachable, authenticated], () => judgeStreaming(facts), 'streaming');
  const picture = hangingOn([reachable, authenticated, streaming], () => judgePictureSign(facts), 'picture');
  const clock = hangingOn([reachable], () => judgeClock(facts), 'clock');
  return [reachable, authenticated, streaming, picture, clock];
}

function hangingOn(before: readonly PartVerdict[], judge: () => PartVerdict, part: HealthPart): PartVerdict {
  const off = before.find(({ state }) => state === 'off');
  if (off !== undefined) return { ...off, part };
  const broken = before.find(({ state }) => state === 'trouble');
  const own = judge();
  // Of two streams one may come while the other does not: what comes is judged all the same.
  if (broken === undefined || own.state === 'good' || own.state === 'trouble') return own;
  return { part, state: 'blocked', cause: broken.part, detail: null, sinceMs: broken.sinceMs };
}

function verdict(part: HealthPart, state: PartState, cause: string | null, sinceMs: number | null): PartVerdict {
  return { part, state, cause, detail: null, sinceMs };
}

type Stream = HealthFacts['streams'][number];

/** Whether frames of a stream arrive. */
export const comes = ({ state }: Pick<Stream, 'state'>) => state === 'recording' || state === 'disk_failed';
const answers = (stream: Stream) =>
  comes(stream) ||
  stream.state === 'stalled' ||
  stream.state === 'auth_failed' ||
  (stream.state === 'offline' && stream.cause !== null && !unreachable.has(stream.cause) && !ours.has(stream.cause));

function judgeReach({ enabled, streams, saidByeMs }: HealthFacts): PartVerdict {
  if (!enabled) return verdict('reachable', 'off', 'switched_off', null);
  const stopped = streams.find(({ state }) => state === 'stopped');
  if (stopped !== undefined && streams.every(({ state }) => state === 'stopped')) {
    return verdict('reachable', 'off', stopped.cause ?? 'switched_off', stopped.sinceMs);
  }
  if (saidByeMs != null) return verdict('reachable', 'trouble', 'said_bye', saidByeMs);
  if (streams.some(answers)) return verdict('reachable', 'good', null, null);
  const away = streams.find(({ state, cause }) => state === 'offline' && (cause === null || unreachable.has(cause)));
  if (away !== undefined) return verdict('reachable', 'trouble', away.cause ?? 'timeout', away.sinceMs);
  return verdict('reachable', 'unknown', null, null);
}

function judgeAuthentication({ streams }: HealthFacts): PartVerdict {
  const refused = streams.find(({ state }) => state === 'auth_failed');
  if (refused !== undefined) return verdict('authenticated', 'trouble', 'bad_credentials', refused.sinceMs);
  return verdict('authenticated', streams.some(comes) ? 'good' : 'unknown', null, null);
}

function judgeStreaming({ streams }: HealthFacts): PartVerdict {
  const broken = streams.find(
    (stream) =>
      stream.state === 'stalled' ||
      stream.state === 'disk_failed' ||
      (stream.state === 'offline' &&
        !(stream.cause !== null && unreachable.has(stream.cause) && !streams.some(answers))),
  );
  if (broken !== undefined) return verdict('streaming', 'trouble', broken.cause ?? 'no_frames', broken.sinceMs);
  const wanted = streams.filter(({ state }) => state !== 'stopped');
  const good = wanted.length > 0 && wanted.every(({ state }) => state === 'recording');
  return verdict('streaming', good ? 'good' : 'unknown', null, null);
}

function judgePictureSign({ streams, sign }: HealthFacts): PartVerdict {
  const frozen = streams.flatMap(({ frozenSinceMs }) => (frozenSinceMs === undefined ? [] : [frozenSinceMs]));
  if (sign !== null && sign !== 'good') return verdict('picture', 'trouble', sign, null);
  if (frozen.length > 0) return verdict('picture', 'trouble', 'frozen', Math.min(...frozen));
  return verdict('picture', sign === null || !streams.some(comes) ? 'unknown' : 'good', null, null);
}

function judgeClock({ hasClock, skewMs }: HealthFacts): PartVerdict {
  if (!hasClock) return verdict('clock', 'unknown', 'clock_none', null);
  if (skewMs === undefined) return verdict('clock', 'unknown', null, null);
  if (skewMs === null) return verdict('clock', 'unknown', 'clock_unread', null);
  const wrong = Math.abs(skewMs) > mostSkewMs;
  return {
    part: 'clock',
    state: wrong ? 'trouble' : 'good',
    cause: wrong ? 'clock_wrong' : null,
    detail: skewMs,
    sinceMs: null,
  };
}
