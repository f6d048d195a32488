import type { Advice, AdviceCode, DeviceChange, MeasuredStream } from '../contracts/camera-onboarding.ts';
import type { StreamName } from '../contracts/common.ts';
import { type EncoderFix, encoderChanges, encoderPlan } from './encoder-target-policy.ts';
import type { EncoderOptions, EncoderState } from './onvif/media-write.ts';

/** One stream of a device, as far as it is known: what was measured counts for more than what the device says. */
export interface AdvisedStream {
  name: StreamName;
  codec: string;
  width: number;
  height: number;
  fps: number | null;
  gopFrames: number | null;
  measured: MeasuredStream | null;
  encoder: EncoderState | null;
  options: readonly EncoderOptions[];
  audio: boolean;
}

export interface AdvisedDevice {
  streams: readonly AdvisedStream[];
  /** A further encoder of the same lens, that could make the sub stream where there is none. */
  spare: AdvisedStream | null;
  clockSkewMs: number | null;
  username: string;
  password: string;
}

const longGopSeconds = 4;
const wrongClockMs = 5_000;
/** More than this costs a wall of sixteen tiles more than it shows. */
const largeSubPixels = 1280 * 720;
/** A second of H.264 out of 1080p at 25 pictures takes a quarter of a core (docs/adr/0005); larger pictures are made smaller first. */
const fullHd = { pixelsPerSecond: 1920 * 1080 * 25, percentOfCore: 25 };

/** Makers' first passwords, as they stand in their manuals. */
const defaults: ReadonlySet<string> = new Set([
  ...['', '12345', '123456', '1234', '123456789', '12345678', '888888', '666666', '9999', '4321', '1111', '111111'],
  ...['admin', 'admin1', 'admin12', 'admin123', 'admin1234', 'admin12345', 'password', 'pass', 'root', 'service'],
  ...[
    'supervisor',
    'meinsm',
    'jvc',
    'system',
    'ubnt',
    'camera',
    'user',
    'guest',
    'default',
    'fliradmin',
    'wbox',
    'ikwd',
  ],
  ...['000000', '00000000', '54321', 'abc123', 'abcd1234', 'a1234567', 'hik12345', 'tlJwpbo6', 'xmhdipc', 'vizxv'],
]);
const defaultUsers: ReadonlySet<string> = new Set([
  ...[
    'admin',
    'administrator',
    'root',
    'service',
    'supervisor',
    'user',
    'guest',
    'ubnt',
    '666666',
    '888888',
    'operator',
  ],
]);

/** Whether a pair is one that a maker ships. Nothing is tried for it. */
export function isDefaultPassword(username: string, password: string): boolean {
  return username !== '' && defaultUsers.has(username.toLowerCase()) && defaults.has(password);
}

/** Which encoder of which stream a piece of advice is about, and what is done for it. */
export const encoderFixes: Readonly<Partial<Record<AdviceCode, { stream: StreamName; fix: EncoderFix }>>> = {
  hevc: { stream: 'main', fix: 'h264' },
  mjpeg: { stream: 'main', fix: 'h264' },
  gop_long: { stream: 'main', fix: 'gop' },
  no_sub_stream: { stream: 'sub', fix: 'sub' },
  sub_too_large: { stream: 'sub', fix: 'sub' },
  sub_not_h264: { stream: 'sub', fix: 'sub' },
  sub_gop_long: { stream: 'sub', fix: 'sub' },
};

/** What to say of a device before it is taken in, in the order of what matters. */
export function adviceOf(device: AdvisedDevice): Advice[] {
  const of = (name: StreamName) => device.streams.find((stream) => stream.name === name);
  const [main, sub] = [of('main'), of('sub')];
  const found: Advice[] = [];
  const say = (code: AdviceCode, params: Advice['params'] = {}, changes: DeviceChange[] | null = null) =>
    found.push({ code, params, fix: changes && { changes } });
  const sayOfEncoder = (code: AdviceCode, stream: AdvisedStream, params: Advice['params'] = {}) =>
    say(code, params, plannedChanges(code, stream));

  if (isDefaultPassword(device.username, device.password)) say('default_password', { username: device.username });
  const { clockSkewMs: skewMs } = device;
  if (skewMs !== null && Math.abs(skewMs) > wrongClockMs) {
    const change = { setting: 'clock_skew_ms', stream: null, before: String(Math.round(skewMs)), after: '0' } as const;
    say('clock_wrong', { skewMs: Math.round(skewMs) }, [change]);
  }
  if (main) {
    const codec = codecOf(main);
    if (codec === 'h265') sayOfEncoder('hevc', main, { percentOfCore: conversionCost(main) });
    if (codec === 'mjpeg') sayOfEncoder('mjpeg', main, { percentOfCore: conversionCost(main) });
    const gop = longGop(main);
    if (gop) sayOfEncoder('gop_long', main, gop);
  }
  if (main && !sub) {
    if (device.spare) sayOfEncoder('no_sub_stream', device.spare);
    else say('no_sub_stream');
  }
  if (sub) {
    const { width, height } = sub.measured ?? sub;
    if (width * height > largeSubPixels) sayOfEncoder('sub_too_large', sub, { width, height });
    const codec = codecOf(sub);
    if (codec === 'h265' || codec === 'mjpeg') sayOfEncoder('sub_not_h264', sub, { codec });
    const gop = longGop(sub);
    if (gop) sayOfEncoder('sub_gop_long', sub, gop);
  }
  if (device.streams.some(({ audio }) => audio)) say('audio_on');
  return found;
}

/** What the fix would be asked for, or null where the encoder offers no such thing. */
function plannedChanges(code: AdviceCode, { name, encoder, options }: AdvisedStream): DeviceChange[] | null {
  const fix = encoderFixes[code];
  if (!encoder || !fix) return null;
  const plan = encoderPlan(fix.fix, name, encoder, options);
  return plan && encoderChanges(name, encoder, { ...encoder, ...plan.target });
}

function codecOf(stream: AdvisedStream): string {
  return stream.measured?.codec ?? stream.codec;
}

/** In percent of a core. */
function conversionCost(stream: AdvisedStream): number {
  const { width, height, fps } = stream.measured ?? stream;
  const share = (width * height * (fps ?? 25)) / fullHd.pixelsPerSecond;
  return Math.max(1, Math.round(Math.min(share, (fps ?? 25) / 25) * fullHd.percentOfCore));
}

function longGop(stream: AdvisedStream): Record<string, number> | null {
  const { measured, gopFrames, fps } = stream;
  const tenths = (seconds: number) => Math.round(seconds * 10) / 10;
  if (measured?.gopMs != null)
    return measured.gopMs > longGopSeconds * 1_000 ? { seconds: tenths(measured.gopMs / 1_000) } : null;
  const told = gopFrames !== null && fps ? gopFrames / fps : null;
  if (measured?.gopLongerThanMs != null && measured.gopLongerThanMs > longGopSeconds * 1_000) {
    // The device's own word is taken where what was seen does not speak against it.
    const seen = measured.gopLongerThanMs / 1_000;
    return told !== null && told >= seen ? { seconds: tenths(told) } : { seconds: tenths(seen), atLeast: 1 };
  }
  return told !== null && told > longGopSeconds ? { seconds: tenths(told) } : null;
}
