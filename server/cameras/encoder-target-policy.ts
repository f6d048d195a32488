import type { DeviceChange } from '../contracts/camera-onboarding.ts';
import type { StreamName } from '../contracts/common.ts';
import type { EncoderOptions, EncoderState, EncoderTarget } from './onvif/media-write.ts';

/** What a tile of the wall wants; about that of `stream-policy.ts`. */
const subSize = { width: 640, height: 360 };
const subKbps = 512;
/** Seconds from keyframe to keyframe: a tile begins at one, a jump in playback lands on one. */
const gopSeconds = { main: 2, sub: 1 } as const;
const usualFps = 25;

export type EncoderFix = 'h264' | 'gop' | 'sub';

export interface EncoderPlan {
  target: EncoderTarget;
  options: EncoderOptions | undefined;
}

/**
 * What an encoder is to be asked for, within what it offers: `h264` the same picture as H.264, `gop` keyframes at most two seconds apart,
 * `sub` a small H.264 picture for the wall, near to 640×360. Null where it offers no such thing, or does it already.
 */
export function encoderPlan(
  fix: EncoderFix,
  stream: StreamName,
  state: EncoderState,
  offered: readonly EncoderOptions[],
): EncoderPlan | null {
  const encoding = fix === 'gop' ? state.encoding : 'h264';
  if (encoding === 'unknown' || encoding === 'mjpeg') return null;
  const options = offered.find((one) => one.encoding === encoding);
  // The distance of keyframes may be set also where a device tells no ranges; another codec only where it is offered.
  if (!options && encoding !== state.encoding) return null;
  const target: EncoderTarget = {};
  if (encoding !== state.encoding) target.encoding = encoding;
  const size = sizeFor(fix, state, options);
  if (size === null) return null;
  if (size.width !== state.width || size.height !== state.height) Object.assign(target, size);
  const fps = state.fps === null ? null : clamp(state.fps, options?.fps ?? null);
  if (fps !== null && fps !== state.fps) target.fps = fps;
  const gop = gopFor(stream, fps ?? usualFps, options?.gopFrames ?? null);
  const isLong = state.gopFrames === null || state.gopFrames > (fps ?? usualFps) * 2;
  if ((fix !== 'h264' || target.encoding !== undefined) && isLong && gop !== state.gopFrames) target.gopFrames = gop;
  const kbps = bitrateFor(fix, state, target, options);
  if (kbps !== state.bitrateKbps && kbps !== null) target.bitrateKbps = kbps;
  return Object.keys(target).length === 0 ? null : { target, options };
}

function sizeFor(
  fix: EncoderFix,
  state: EncoderState,
  options: EncoderOptions | undefined,
): { width: number; height: number } | null {
  const sizes = options?.sizes ?? [];
  const present = { width: state.width, height: state.height };
  if (fix === 'gop') return present;
  if (fix === 'h264')
    return sizes.length === 0 || sizes.some((size) => same(size, present))
      ? present
      : (largest(sizes, present) ?? null);
  if (sizes.length === 0) return present;
  const wide = state.height === 0 ? 16 / 9 : state.width / state.height;
  const unlike = ({ width, height }: { width: number; height: number }) =>
    Math.abs(Math.log((width * height) / (subSize.width * subSize.height))) + Math.abs(Math.log(width / height / wide));
  return sizes.toSorted((a, b) => unlike(a) - unlike(b))[0] ?? null;
}

/** The largest that is no larger than the present picture. */
function largest(sizes: EncoderOptions['sizes'], than: { width: number; height: number }) {
  return sizes
    .filter(({ width, height }) => width * height <= than.width * than.height)
    .toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
}

function gopFor(stream: StreamName, fps: number, range: { min: number; max: number } | null): number {
  return clamp(Math.max(1, Math.round(fps * gopSeconds[stream])), range);
}

function bitrateFor(
  fix: EncoderFix,
  state: EncoderState,
  target: EncoderTarget,
  options: EncoderOptions | undefined,
): number | null {
  if (state.bitrateKbps === null) return null;
  // A small picture needs little, and of what a large one had it would take it all.
  if (fix === 'sub' && target.width !== undefined && state.bitrateKbps > subKbps)
    return clamp(subKbps, options?.bitrateKbps ?? null);
  return fix === 'gop' ? state.bitrateKbps : clamp(state.bitrateKbps, options?.bitrateKbps ?? null);
}

const same = (a: { width: number; height: number }, b: { width: number; height: number }) =>
  a.width === b.width && a.height === b.height;

function clamp(value: number, range: { min: number; max: number } | null): number {
  return range === null ? value : Math.min(Math.max(value, range.min), range.max);
}

/** What of an encoder is otherwise, in the words of the API. */
export function encoderChanges(stream: StreamName, before: EncoderState, after: EncoderState): DeviceChange[] {
  const text = (value: number | null) => (value === null ? null : String(value));
  const size = ({ width, height }: EncoderState) => (width === 0 ? null : `${width}x${height}`);
  const pairs = [
    ['encoding', before.encoding, after.encoding],
    ['resolution', size(before), size(after)],
    ['fps', text(before.fps), text(after.fps)],
    ['gop_frames', text(before.gopFrames), text(after.gopFrames)],
    ['bitrate_kbps', text(before.bitrateKbps), text(after.bitrateKbps)],
  ] as const;
  return pairs
    .filter(([, was, is]) => was !== is)
    .map(([setting, was, is]) => ({ setting, stream, before: was, after: is }));
}

/** How much of what was asked for is so. */
export function reached(
  target: EncoderTarget,
  before: EncoderState,
  after: EncoderState,
): 'done' | 'partly' | 'unchanged' {
  const wanted = Object.entries(target) as [keyof EncoderTarget, number | string][];
  const met = wanted.filter(([name, value]) => after[name] === value).length;
  if (met === wanted.length) return 'done';
  const moved = wanted.some(([name]) => after[name] !== before[name]);
  return met > 0 || moved ? 'partly' : 'unchanged';
}
