import type { ArchiveAlarm, ArchiveState } from '../../contracts/archive.ts';
import { streamName } from '../../contracts/common.ts';
import type { RecorderHealth, VolumeHealth } from '../../contracts/health.ts';

/** What is known of a camera by its id, whoever asks. */
export type CameraOf = (id: string) => { name: string; unitId: string } | undefined;

export function presentArchive(health: RecorderHealth, cameraOf: CameraOf): ArchiveState {
  const volumes = health.volumes ?? [];
  const retention = health.retention ?? { days: 0, quotaBytes: null };
  const rates = volumes.map(({ bytesPerDay }) => bytesPerDay).filter((rate) => rate !== null);
  const bytesPerDay = rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0);
  // With what is being written, which the index does not count yet.
  const usedBytes = volumes.reduce((sum, volume) => sum + volume.usedBytes, 0);
  const left = bytesLeft(volumes, usedBytes, retention.quotaBytes);
  return {
    atMs: health.atMs,
    volumes,
    total: {
      files: health.archive.files,
      usedBytes,
      freeBytes: health.archive.freeBytes,
      oldestMs: health.archive.oldestMs,
      bytesPerDay,
      daysLeft: bytesPerDay === null || bytesPerDay === 0 ? null : left / bytesPerDay,
    },
    retention,
    alarms: health.alarms.map((alarm) => presentAlarm(alarm, cameraOf)),
    selfCheck: health.selfCheck ?? null,
    selfCheckProgress: health.selfCheckProgress ?? null,
  };
}

/** What may still be written before the oldest footage goes: the room on all volumes, or what the quota leaves. */
function bytesLeft(volumes: readonly VolumeHealth[], usedBytes: number, quotaBytes: number | null): number {
  const usable = volumes.filter(({ state }) => state !== 'offline' && state !== 'failed');
  let room = 0;
  // Volumes of one file system share its room.
  for (const sharing of Map.groupBy(usable, (volume) => volume.fileSystem ?? volume).values()) {
    const each = sharing.map(({ freeBytes, limitBytes, usedBytes: used, reserveBytes }) => {
      const underLimit = limitBytes === null ? Number.POSITIVE_INFINITY : limitBytes - used;
      return Math.max(0, Math.min(freeBytes, underLimit) - reserveBytes);
    });
    const shared = Math.max(...sharing.map(({ freeBytes, reserveBytes }) => Math.max(0, freeBytes - reserveBytes)));
    room += Math.min(
      each.reduce((sum, bytes) => sum + bytes, 0),
      shared,
    );
  }
  return quotaBytes === null ? room : Math.min(room, Math.max(0, quotaBytes - usedBytes));
}

function presentAlarm(alarm: RecorderHealth['alarms'][number], cameraOf: CameraOf): ArchiveAlarm {
  const [cameraId = '', name] = alarm.detail.split('/');
  const stream = streamName.safeParse(name);
  const camera = alarm.code === 'picture_frozen' && stream.success ? cameraOf(cameraId) : undefined;
  return {
    ...alarm,
    camera:
      camera === undefined || !stream.success
        ? null
        : { id: cameraId, name: camera.name, unitId: camera.unitId, stream: stream.data },
  };
}
