import type { CameraEventKind } from '../contracts/camera-events.ts';
import type { DeviceEvent } from './onvif/events.ts';

export interface EventNews {
  kind: CameraEventKind;
  source: string;
  /** Begins or is over; null for what is a moment and no state. */
  active: boolean | null;
  /** It tells how things stand, and not that they changed. */
  initial: boolean;
}

/**
 * Makers' names for the same things (ONVIF Core, annex on topics; ONVIF Analytics; Imaging), by topic without prefixes. The first that fits
 * counts: a storage failure is a hardware failure, and the scene changes also when somebody moves.
 */
const kinds: readonly [CameraEventKind, RegExp][] = [
  [
    'storage_failure',
    /Storage(?:Failure|Fault|Full|Error)|Device\/(?:Storage|SDCard|HardDisk)|(?:Disk|SDCard)(?:Error|Failure)/i,
  ],
  ['signal_loss', /(?:Signal|Video)Loss|VideoLost/i],
  ['tamper', /Tamper|GlobalSceneChange|ImageToo(?:Dark|Bright|Blurry)|Masking|SceneChange/i],
  ['digital_input', /DigitalInput|Trigger\/(?:Input|Alarm)In|AlarmIn(?:put)?\b/i],
  ['motion', /Motion/i],
];

const stateNames = /^(?:Is[A-Z]\w*|State|LogicalState|Failed|Failure|Active|Alarm|Motion|Tamper|Loss|Value)$/i;
const yes = new Set(['true', '1', 'on', 'active', 'high', 'yes', 'alarm']);
const no = new Set(['false', '0', 'off', 'inactive', 'low', 'no', 'normal', 'ok', 'idle']);
const mostSource = 120;

/** What an event of a device means here, or null where it means nothing. */
export function newsOf(event: DeviceEvent): EventNews | null {
  const kind = kinds.find(([, topic]) => topic.test(event.topic))?.[0];
  if (!kind) return null;
  const values = Object.entries(event.data);
  const told = values.filter(([name]) => stateNames.test(name));
  const word = (told[0] ?? (values.length === 1 ? values[0] : undefined))?.[1].trim().toLowerCase();
  const gone = event.operation?.toLowerCase() === 'deleted';
  const active = gone ? false : word === undefined ? null : yes.has(word) ? true : no.has(word) ? false : null;
  const source = [...new Set(Object.values(event.source).filter(Boolean))].join(' ').slice(0, mostSource);
  return { kind, source, active, initial: event.operation?.toLowerCase() === 'initialized' };
}

export interface Known {
  /** Of the last event of its kind and source. */
  id: string;
  fromMs: number;
  toMs: number | null;
}

/** Something that ends and begins again so soon is one event: motion flickers. */
const joinMs = 2_000;

/** What is to be kept of news: nothing, a new event, the end of one, or that one goes on after all. */
export function verdictOn(
  news: EventNews,
  last: Known | undefined,
  nowMs: number,
): 'nothing' | 'begin' | 'end' | 'resume' | 'moment' {
  const open = last !== undefined && last.toMs === null;
  if (news.active === false) return open ? 'end' : 'nothing';
  if (open) return 'nothing';
  const soon = last?.toMs != null && nowMs - last.toMs < joinMs;
  if (news.active === null) return news.initial || soon ? 'nothing' : 'moment';
  return soon ? 'resume' : 'begin';
}

export interface Allowance {
  left: number;
  atMs: number;
}

/** New events of one camera: so many at once, and one more every so often. */
export const eventRate = { most: 60, oneMoreMs: 2_000 };

export function allowanceAt({ left, atMs }: Allowance, nowMs: number): Allowance {
  const more = Math.max(0, Math.floor((nowMs - atMs) / eventRate.oneMoreMs));
  const full = left + more >= eventRate.most;
  return { left: full ? eventRate.most : left + more, atMs: full ? nowMs : atMs + more * eventRate.oneMoreMs };
}
