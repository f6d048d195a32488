import type { CameraStream } from '../../contracts/cameras.ts';
import type { StreamName } from '../../contracts/common.ts';
import type { Role } from '../../contracts/roles.ts';
import type { JsonValue } from '../../platform/canonical-json.ts';
import type { Queries } from '../../storage/database.ts';
import type { CameraRecord } from '../camera-record.ts';
import type { PictureInput } from './picture-policy.ts';
import type { DayTimeline } from './uptime-policy.ts';

/** What health asks of the recorder: it opens no connection to a camera for a picture. */
export interface StreamSource {
  states(): Promise<{ cameraId: string; streams: CameraStream[] }[]>;
  samples(
    places: readonly { cameraId: string; stream: StreamName }[],
  ): Promise<(PictureInput & { cameraId: string; stream: StreamName; mediaTimeMs: number })[]>;
  still(cameraId: string, stream: StreamName, atMs?: number): Promise<{ jpeg: Uint8Array; mediaTimeMs: number }>;
  timeline(cameraId: string, stream: StreamName, fromMs: number, toMs: number): Promise<DayTimeline>;
}

export type KnownCamera = Pick<
  CameraRecord,
  'id' | 'name' | 'unitId' | 'enabled' | 'ptz' | 'onvif' | 'createdAtMs' | 'streams'
>;

export interface CameraList {
  list(): KnownCamera[];
  get(id: string): KnownCamera | undefined;
}

/** A signed-in person, as far as health needs to know one. */
export interface Person {
  userId: string;
  name: string;
  role: Role;
}

/** Adds a record to the audit log as part of the transaction `within`: done and told, or neither. */
export type Audit<A extends Person> = (
  record: { actor: A; address: string; action: string; subject: string; details: Record<string, JsonValue> },
  within: Queries,
) => Promise<unknown>;

/** The stream whose picture is the cheapest: the small one, where it comes. */
export function sampledStream(camera: KnownCamera, streams: readonly CameraStream[]): StreamName | null {
  if (!camera.enabled) return null;
  const comes = streams.filter(({ state }) => state === 'recording' || state === 'disk_failed').map(({ name }) => name);
  return comes.includes('sub') ? 'sub' : (comes[0] ?? null);
}
