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
  const left = bytesLeft(volumes, health.archive.bytes, retention.quotaBytes);
  return {
    atMs: health.atMs,
    volumes,
    total: {
      files: health.archive.files,
      usedBytes: health.archive.bytes,
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
  const room = volumes
    .filter(({ state }) => state !== 'offline' && state !== 'failed')
    .reduce((sum, volume) => {
      const underLimit = volume.limitBytes === null ? Number.POSITIVE_INFINITY : volume.limitBytes - volume.usedBytes;
      return sum + Math.max(0, Math.min(volume.freeBytes, underLimit) - volume.reserveBytes);
    }, 0);
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
