import { expect, it } from 'vitest';
import { nothingDeleted, type RecorderHealth, type VolumeHealth } from '../../contracts/health.ts';
import { presentArchive } from './archive.ts';

const volume = (part: Partial<VolumeHealth>): VolumeHealth => ({
  name: 'disk-1',
  path: '/srv/disk-1',
  state: 'roomy',
  detail: null,
  files: 10,
  usedBytes: 1000,
  freeBytes: 600,
  sizeBytes: 2000,
  limitBytes: null,
  reserveBytes: 100,
  bytesPerDay: 50,
  daysLeft: 10,
  deletedFiles: 0,
  deletedBytes: 0,
  deletedToday: nothingDeleted,
  ...part,
});
const health = (part: Partial<RecorderHealth>): RecorderHealth => ({
  atMs: 1,
  streams: { total: 0, recording: 0 },
  archive: { bytes: 2000, files: 20, freeBytes: 600, oldestMs: null },
  volumes: [volume({})],
  retention: { days: 30, quotaBytes: null },
  alarms: [],
  ...part,
});
const present = (part: Partial<RecorderHealth>) => presentArchive(health(part), () => undefined);

it('counts the days until the oldest footage goes over all volumes that take files, up to their reserve and limit', () => {
  const volumes = [
    volume({}),
    volume({ name: 'disk-2', limitBytes: 1300, bytesPerDay: 0 }),
    volume({ name: 'disk-3', state: 'offline', bytesPerDay: null }),
  ];
  // 500 and 200 at 50 a day.
  expect(present({ volumes }).total).toMatchObject({ bytesPerDay: 50, daysLeft: 14 });
});

it('counts the room of a file system once, however many volumes share it', () => {
  const shared = [volume({ fileSystem: 7 }), volume({ name: 'disk-2', fileSystem: 7 })];
  expect(present({ volumes: shared }).total.daysLeft).toBe(5);
  const apart = [volume({ fileSystem: 7 }), volume({ name: 'disk-2', fileSystem: 8 })];
  expect(present({ volumes: apart }).total.daysLeft).toBe(10);
});

it('counts no further than the quota', () => {
  expect(present({ retention: { days: 30, quotaBytes: 1100 } }).total.daysLeft).toBe(2);
  expect(present({ retention: { days: 30, quotaBytes: 900 } }).total.daysLeft).toBe(0);
});

it('knows no days while no rate is known, or nothing is written', () => {
  expect(present({ volumes: [volume({ bytesPerDay: null })] }).total).toMatchObject({
    bytesPerDay: null,
    daysLeft: null,
  });
  expect(present({ volumes: [volume({ bytesPerDay: 0 })] }).total).toMatchObject({ bytesPerDay: 0, daysLeft: null });
});

it('names the camera of an alarm that is about one', () => {
  const alarms = [
    { code: 'picture_frozen', sinceMs: 1, detail: 'cam-1/main' },
    { code: 'picture_frozen', sinceMs: 1, detail: 'gone/main' },
    { code: 'volume_offline', sinceMs: 1, detail: 'cam-1/main' },
  ];
  const known = (id: string) => (id === 'cam-1' ? { name: 'Quầy số 1', unitId: 'hong-ha' } : undefined);
  expect(presentArchive(health({ alarms }), known).alarms.map(({ camera }) => camera)).toEqual([
    { id: 'cam-1', name: 'Quầy số 1', unitId: 'hong-ha', stream: 'main' },
    null,
    null,
  ]);
});
