import { describe, expect, it } from 'vitest';
import {
  checkProgress,
  conditionsOf,
  deletionsOf,
  reasonOf,
  troubleSince,
  type VolumeCondition,
} from './archive-policy.ts';

type Look = [state: 'roomy' | 'near' | 'full' | 'failed' | 'offline', detail?: string];
const cases: [string, Look[], VolumeCondition[]][] = [
  [
    'the first with room records, the others stand by',
    [['full'], ['roomy'], ['roomy']],
    ['full', 'recording', 'standby'],
  ],
  ['one near its limit waits while another has room', [['near'], ['roomy']], ['near', 'recording']],
  [
    'where none has room, the first that is near its limit records',
    [['full'], ['near'], ['near']],
    ['full', 'recording', 'near'],
  ],
  [
    'a read-only volume is told from one that refuses for another reason',
    [
      ['failed', 'EROFS: read-only file system, open'],
      ['failed', 'EIO: i/o error'],
    ],
    ['read_only', 'refusing'],
  ],
  [
    'an empty or foreign folder is told from a volume that is away',
    [
      ['offline', 'identity_missing'],
      ['offline', 'identity_foreign'],
      ['offline', 'path_missing'],
      ['offline', 'not_declared'],
    ],
    ['wrong', 'wrong', 'offline', 'offline'],
  ],
];
it.each(cases)('%s', (_name, volumes, expected) => {
  expect(conditionsOf(volumes.map(([state, detail = null]) => ({ state, detail })))).toEqual(expected);
});

it('finds since when a volume is away, and why, in its alarm', () => {
  const alarm = (detail: string) => ({ code: 'volume_offline', sinceMs: 7, detail, camera: null });
  expect(troubleSince({ name: 'disk-1' }, [alarm('disk-10: path_missing')])).toBeUndefined();
  expect(troubleSince({ name: 'disk-1' }, [alarm('disk-1: path_missing')])).toBe(7);
  expect(reasonOf(alarm('disk-1: path_missing'))).toBe('path_missing');
  expect(reasonOf(alarm('no volume has room, and nothing may be deleted'))).toBe('');
});

it('tells what went today, most first', () => {
  const deletedToday = { age: { files: 2, bytes: 5 }, quota: { files: 0, bytes: 0 }, room: { files: 1, bytes: 9 } };
  expect(deletionsOf({ deletedToday }).map(({ reason }) => reason)).toEqual(['room', 'age']);
});

describe('progress of a self-check', () => {
  const progress = { startedMs: 1_000, lookedAt: 10, toLookAt: 10, readBytes: 25, toReadBytes: 100 };

  it('goes by what is read, and guesses the rest by the pace so far', () => {
    const { share, leftMs } = checkProgress(progress, 11_000);
    expect(share).toBeCloseTo(0.05 + 0.95 / 4);
    expect(leftMs).toBe(30_000);
  });

  it('promises nothing before it knows its pace', () => {
    expect(checkProgress(progress, 2_000).leftMs).toBeNull();
    expect(checkProgress({ ...progress, readBytes: 0 }, 60_000).leftMs).toBeNull();
  });

  it('of an empty archive is done at once', () => {
    expect(checkProgress({ ...progress, toLookAt: 0, lookedAt: 0, readBytes: 0, toReadBytes: 0 }, 60_000)).toEqual({
      share: 1,
      leftMs: null,
    });
  });
});
