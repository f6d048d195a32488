import type { ProfileSettings } from '../contracts/camera-profiles.ts';
import type { PatchCameraRequest, SettingName, SettingSource } from '../contracts/cameras.ts';
import { type StreamName, streamName } from '../contracts/common.ts';
import type { CameraRow, CameraStreamRow, StoredCamera, StreamChange } from '../storage/camera.store.ts';
import { fromFlag, toFlag } from '../storage/columns.ts';

export type SettingSources = Partial<Record<SettingName, SettingSource>>;
type Wanted = Pick<PatchCameraRequest, 'recording' | 'retentionDays' | 'sound' | 'events' | 'inherit'>;

const perStream = ['recording', 'retentionDays', 'sound'] as const;
const nameOf = (setting: (typeof perStream)[number], stream: StreamName) => `${setting}.${stream}` as const;

/** Where each setting of a camera comes from, as it is kept. */
export function sourcesOf({ row, streams }: StoredCamera): SettingSources {
  const kept = row.setting_sources === null ? null : (JSON.parse(row.setting_sources) as SettingSources);
  const sources: SettingSources = {};
  for (const stream of streams) {
    const name = streamName.parse(stream.name);
    for (const setting of perStream) {
      const key = nameOf(setting, name);
      sources[key] = kept ? (kept[key] ?? 'default') : isTouched(stream, setting) ? 'camera' : 'default';
    }
  }
  sources.events = kept ? (kept.events ?? 'default') : fromFlag(row.events) ? 'camera' : 'default';
  return sources;
}

/** Before there were profiles, what was not as the city has it had been set at the camera. */
function isTouched(stream: CameraStreamRow, setting: (typeof perStream)[number]): boolean {
  if (setting === 'recording') return stream.recording !== null;
  return setting === 'retentionDays' ? stream.retention_days !== null : fromFlag(stream.sound);
}

export interface Settled {
  row: Pick<CameraRow, 'events' | 'setting_sources'>;
  /** By stream, what is otherwise than before. */
  streams: Map<string, StreamChange>;
}

/**
 * The settings of a camera after a change: what is given now is its own from then on, what was its own stays so unless it is to inherit, and
 * all the rest is its profile's, or the city's.
 */
export function settle(stored: StoredCamera, wanted: Wanted, profile: ProfileSettings | null): Settled {
  const before = sourcesOf(stored);
  const sources: SettingSources = {};
  const sourceOf = (key: SettingName, given: unknown, shared: unknown): SettingSource => {
    if (given !== undefined) return 'camera';
    if (before[key] === 'camera' && !wanted.inherit?.includes(key)) return 'camera';
    return shared === undefined ? 'default' : 'profile';
  };
  const streams = new Map<string, StreamChange>();
  for (const stream of stored.streams) {
    const name = streamName.parse(stream.name);
    const change: StreamChange = {};
    const pick = <T>(
      setting: (typeof perStream)[number],
      given: T | undefined,
      own: T,
      shared: T | undefined,
      city: T,
    ): T => {
      const key = nameOf(setting, name);
      const source = sourceOf(key, given, shared);
      sources[key] = source;
      if (source === 'camera') return given === undefined ? own : given;
      return source === 'profile' && shared !== undefined ? shared : city;
    };
    const json = (value: object | undefined) => (value === undefined ? undefined : JSON.stringify(value));
    const recording = pick<string | null>(
      'recording',
      json(wanted.recording?.[name]),
      stream.recording,
      json(profile?.recording?.[name]),
      null,
    );
    const days = pick<number | null>(
      'retentionDays',
      wanted.retentionDays?.[name],
      stream.retention_days,
      profile?.retentionDays?.[name],
      null,
    );
    const sound = pick<boolean>('sound', wanted.sound?.[name], fromFlag(stream.sound), profile?.sound?.[name], false);
    if (recording !== stream.recording) change.recording = recording;
    if (days !== stream.retention_days) change.retention_days = days;
    if (toFlag(sound) !== stream.sound) change.sound = toFlag(sound);
    if (Object.keys(change).length > 0) streams.set(stream.name, change);
  }
  const eventSource = sourceOf('events', wanted.events, profile?.events);
  sources.events = eventSource;
  const own = wanted.events ?? fromFlag(stored.row.events);
  const events = eventSource === 'camera' ? own : eventSource === 'profile' ? (profile?.events ?? false) : false;
  return { row: { events: toFlag(events), setting_sources: JSON.stringify(sources) }, streams };
}
