import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GapReason } from '../../contracts/timeline.ts';
import { ArchiveIndex } from './archive-index.ts';
import { GapKeeper } from './gap-keeper.ts';

let directory: string;
let index: ArchiveIndex;
let streamId: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gaps-'));
  index = new ArchiveIndex(join(directory, 'archive.sqlite'));
  streamId = index.stream('cam', 'main', 0).id;
});

afterEach(async () => {
  index.close();
  await rm(directory, { recursive: true });
});

/** A keeper as after a start: the last run left a gap that is open since `fromMs`. */
function afterDownTime(reason: GapReason, fromMs: number): GapKeeper {
  index.openGap(streamId, fromMs, reason);
  return new GapKeeper(index, 'cam', 'main', () => {});
}

const gaps = () => index.gaps(streamId, 0, 1e12).map(({ fromMs, toMs, reason }) => [fromMs, toMs, reason]);

describe('the time after a start', () => {
  it.each(['server_stopped', 'server_crashed'] as const)(
    'belongs to %s up to the first frame, whatever a first attempt met',
    (down) => {
      const keeper = afterDownTime(down, 1000);
      keeper.open('camera_offline', 60_000);
      keeper.open('network', 65_000);
      keeper.recordedFrom(68_000, 68_000);
      expect(gaps()).toEqual([[1000, 68_000, down]]);
    },
  );

  it("becomes the camera's from the first failed attempt on, once the attempts go on failing", () => {
    const keeper = afterDownTime('server_crashed', 1000);
    keeper.open('camera_offline', 60_000);
    keeper.open('camera_offline', 64_000);
    expect(gaps()).toEqual([[1000, null, 'server_crashed']]);
    keeper.open('camera_offline', 70_000);
    keeper.open('camera_offline', 80_000);
    keeper.recordedFrom(90_000, 90_000);
    expect(gaps()).toEqual([
      [1000, 60_000, 'server_crashed'],
      [60_000, 90_000, 'camera_offline'],
    ]);
  });

  it('is explained at once by what needs no second attempt', () => {
    const keeper = afterDownTime('server_stopped', 1000);
    keeper.open('auth_failed', 60_000);
    keeper.recordedFrom(61_000, 61_000);
    expect(gaps()).toEqual([
      [1000, 60_000, 'server_stopped'],
      [60_000, 61_000, 'auth_failed'],
    ]);
  });

  it('leaves a camera that fails later on to its own reasons', () => {
    const keeper = afterDownTime('server_stopped', 1000);
    keeper.open('camera_offline', 60_000);
    keeper.recordedFrom(61_000, 61_000);
    keeper.recordedUntil(70_000);
    keeper.open('camera_offline', 70_500);
    expect(gaps().at(-1)).toEqual([70_000, null, 'camera_offline']);
  });
});

describe('a schedule', () => {
  const stretches = [
    { fromMs: 1000, toMs: 2000 },
    { fromMs: 3000, toMs: 4000 },
    { fromMs: 5000, toMs: 6000 },
  ];

  it('takes from a time without the server what was not to be recorded', () => {
    const keeper = afterDownTime('server_crashed', 1500);
    keeper.schedule(stretches, 5500);
    expect(gaps()).toEqual([
      [1500, 2000, 'server_crashed'],
      [2000, 3000, 'schedule'],
      [3000, 4000, 'server_crashed'],
      [4000, 5000, 'schedule'],
      [5000, null, 'server_crashed'],
    ]);
  });

  it('leaves the gap open as schedule when nothing is to be recorded now', () => {
    const keeper = afterDownTime('server_stopped', 2500);
    keeper.schedule(stretches, 2700);
    keeper.open('schedule', 2700);
    expect(gaps()).toEqual([[2500, null, 'schedule']]);
    keeper.recordedFrom(3000, 3000);
    expect(gaps()).toEqual([[2500, 3000, 'schedule']]);
  });

  it('says nothing of the time before its first stretch', () => {
    const keeper = afterDownTime('server_stopped', 100);
    keeper.schedule(stretches, 900);
    expect(gaps()).toEqual([[100, null, 'server_stopped']]);
  });
});
