import {
  type Codec,
  codec,
  type RecordingSetting,
  recordingSetting,
  type SettingName,
  type SettingSource,
} from '../contracts/cameras.ts';
import { type StreamName, streamName } from '../contracts/common.ts';
import type { CameraRow, CameraStreamRow, StoredCamera } from '../storage/camera.store.ts';
import { fromFlag, toFlag } from '../storage/columns.ts';
import type { ProbedProfile } from './probe.ts';
import { sourcesOf } from './setting-sources-policy.ts';

export interface CameraRecord {
  id: string;
  name: string;
  unitId: string;
  deskIds: string[];
  enabled: boolean;
  simulated: boolean;
  /** Null while nobody has asked the camera. */
  ptz: boolean | null;
  host: string;
  onvif: string | null;
  endpoint: string | null;
  device: { manufacturer: string; model: string; firmware: string; serial: string };
  streams: CameraStreamRecord[];
  /** Whether what it tells of itself is kept. */
  events: boolean;
  profileId: string | null;
  settingSources: Partial<Record<SettingName, SettingSource>>;
  createdAtMs: number;
  changedAtMs: number;
  /** Set on a camera that was removed and is only still named by old footage. */
  removedAtMs: number | null;
}

export interface CameraStreamRecord {
  name: StreamName;
  /** What the camera said of it; the recorder knows better once frames come. */
  codec: Codec;
  width: number;
  height: number;
  fps: number;
  recording: RecordingSetting;
  /** Null is as long as the city says. */
  retentionDays: number | null;
  sound: boolean;
}

/** The same device by its own name, by its address, or by the picture that it sends. */
export function isSameDevice(a: StoredCamera, b: StoredCamera): boolean {
  const main = (camera: StoredCamera) => camera.streams.find((stream) => stream.name === 'main')?.url;
  return (
    (a.row.endpoint !== null && a.row.endpoint === b.row.endpoint) ||
    (a.row.onvif !== null && a.row.onvif === b.row.onvif) ||
    main(a) === main(b)
  );
}

/** Of a stream that nobody has set anything of: recorded always, kept as long as the city says, without sound. */
export const untouched = { recording: null, retention_days: null, sound: toFlag(false) };

export function streamOfProfile(id: string, profile: ProbedProfile): CameraStreamRow[] {
  if (profile.rtsp === null || profile.stream === null) return [];
  return [
    {
      camera_id: id,
      name: profile.stream,
      url: profile.rtsp,
      url_as_sent: profile.rtspAsSent ?? profile.rtsp,
      profile_token: profile.token,
      codec: profile.codec,
      width: profile.width,
      height: profile.height,
      fps: profile.fps ?? 0,
      ...untouched,
    },
  ];
}

export function parseDesks(row: CameraRow): string[] {
  return JSON.parse(row.desk_ids) as string[];
}

export function parseRecording({ recording }: CameraStreamRow): RecordingSetting {
  return recordingSetting.parse(recording === null ? { mode: 'continuous' } : JSON.parse(recording));
}

export function toRecord({ row, streams }: StoredCamera): CameraRecord {
  return {
    id: row.id,
    name: row.name,
    unitId: row.unit_id,
    deskIds: parseDesks(row),
    enabled: fromFlag(row.enabled),
    simulated: fromFlag(row.simulated),
    ptz: row.ptz === null ? null : fromFlag(row.ptz),
    host: row.host,
    onvif: row.onvif,
    endpoint: row.endpoint,
    device: { manufacturer: row.manufacturer, model: row.model, firmware: row.firmware, serial: row.serial },
    streams: streams.map((stream) => ({
      name: streamName.parse(stream.name),
      codec: codec.parse(stream.codec),
      width: stream.width,
      height: stream.height,
      fps: stream.fps,
      recording: parseRecording(stream),
      retentionDays: stream.retention_days,
      sound: fromFlag(stream.sound),
    })),
    events: fromFlag(row.events),
    profileId: row.profile_id,
    settingSources: sourcesOf({ row, streams }),
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
    removedAtMs: row.removed_at_ms,
  };
}
