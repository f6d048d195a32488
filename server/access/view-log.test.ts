import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TemporaryDatabase, temporaryDatabase } from '../../test/support/database.ts';
import { type ManualClock, manualClock } from '../../test/support/manual-clock.ts';
import { silentLogger } from '../platform/log.ts';
import type { Actor } from './actor.ts';
import { type SeenMedia, ViewLog } from './view-log.ts';

const lan: Actor = {
  userId: 'u1',
  username: 'lan',
  name: 'Lê Thị Lan',
  role: 'inspector',
  unitId: null,
  sessionId: 's1',
};

let database: TemporaryDatabase;
let clock: ManualClock;
let views: ViewLog;
let start: number;
beforeEach(async () => {
  database = await temporaryDatabase();
  clock = manualClock();
  start = clock.nowMs();
  views = new ViewLog({ database, clock, log: silentLogger });
});
afterEach(() => database.close());

const rows = () =>
  database.kysely.selectFrom('view_log').selectAll().orderBy('media_from_ms').orderBy('camera_id').execute();

function see(changes: Partial<SeenMedia> = {}): void {
  const nowMs = clock.nowMs();
  views.seen({
    actor: lan,
    cameraId: 'cam-1',
    stream: 'sub',
    kind: 'live',
    mediaFromMs: nowMs - 1200,
    mediaToMs: nowMs - 200,
    ...changes,
  });
}

/** A request every second, and the look-out every five, as in a running server. */
async function watch(seconds: number, changes?: Partial<SeenMedia>): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    see(changes);
    clock.advance(1000);
    if (second % 5 === 4) await views.tick();
  }
}

test('a view that has paused is one row: who, which camera and stream, when, and which stretch of its time', async () => {
  await watch(20);
  clock.advance(15_000);
  await views.tick();
  expect(await rows()).toEqual([
    {
      id: expect.any(String),
      user_id: 'u1',
      user_name: 'Lê Thị Lan',
      role: 'inspector',
      session_id: 's1',
      camera_id: 'cam-1',
      stream: 'sub',
      kind: 'live',
      from_ms: start,
      to_ms: start + 19_000,
      media_from_ms: start - 1200,
      media_to_ms: start + 18_800,
    },
  ]);
});

test('nothing is written before a view pauses or a minute has passed', async () => {
  await watch(59);
  expect(await rows()).toEqual([]);
  await watch(6);
  expect(await rows()).toHaveLength(1);
});

test('a view of hours is one row that is brought up to date once a minute', async () => {
  const transaction = vi.spyOn(database.kysely, 'transaction');
  await watch(3600);
  expect(transaction.mock.calls.length).toBeLessThanOrEqual(60);
  expect(await rows()).toMatchObject([{ from_ms: start }]);
  await views.stop();
  expect(await rows()).toMatchObject([{ from_ms: start, to_ms: start + 3_599_000, media_to_ms: start + 3_598_800 }]);
});

test('after a pause the view is another one', async () => {
  await watch(5);
  clock.advance(20_000);
  await watch(5);
  await views.flush();
  expect((await rows()).map((row) => [row.from_ms - start, row.to_ms - start])).toEqual([
    [0, 4000],
    [25_000, 29_000],
  ]);
});

test('sessions, cameras, streams, and live and recorded, are views of their own', async () => {
  const media = { mediaFromMs: start, mediaToMs: start + 1000 };
  see(media);
  see({ ...media, cameraId: 'cam-2' });
  see({ ...media, stream: 'main' });
  see({ ...media, kind: 'recorded' });
  see({ ...media, actor: { ...lan, sessionId: 's2' } });
  await views.flush();
  expect(await rows()).toHaveLength(5);
});

test('playback that jumps is written as the stretches that were seen, not as what lies between them', async () => {
  const morning = start - 8 * 3_600_000;
  const noon = start - 3 * 3_600_000;
  for (let n = 0; n < 5; n += 1)
    see({ kind: 'recorded', mediaFromMs: morning + n * 1000, mediaToMs: morning + (n + 1) * 1000 });
  for (let n = 0; n < 5; n += 1)
    see({ kind: 'recorded', mediaFromMs: noon + n * 1000, mediaToMs: noon + (n + 1) * 1000 });
  await views.flush();
  expect((await rows()).map((row) => [row.media_from_ms, row.media_to_ms])).toEqual([
    [morning, morning + 5000],
    [noon, noon + 5000],
  ]);
});

test('searching for an hour never claims more than a jump or two within the same minute', async () => {
  for (let n = 0; n < 60; n += 1) {
    await watch(60, { kind: 'recorded', mediaFromMs: start - n * 600_000, mediaToMs: start - n * 600_000 + 1000 });
  }
  await views.stop();
  for (const row of await rows()) expect(row.media_to_ms - row.media_from_ms).toBe(1000);
  expect(await rows()).toHaveLength(60);
});

test('rows that cannot be written are kept and written the next time', async () => {
  await watch(5);
  const broken = vi.spyOn(database.kysely, 'transaction').mockImplementation(() => {
    throw new Error('the disk is full');
  });
  await expect(views.flush()).rejects.toThrow('the disk is full');
  broken.mockRestore();
  clock.advance(20_000);
  await views.tick();
  expect(await rows()).toMatchObject([{ from_ms: start, to_ms: start + 4000 }]);
});

test('what is seen while rows are being written is not lost', async () => {
  see();
  const writing = views.flush();
  clock.advance(1000);
  see();
  await writing;
  await views.flush();
  expect(await rows()).toMatchObject([{ to_ms: start + 1000, media_to_ms: start + 800 }]);
});

test('a flush returns once a write that was already under way has ended', async () => {
  see();
  let ended = false;
  const underWay = views.flush().then(() => {
    ended = true;
  });
  await views.flush();
  expect(ended).toBe(true);
  await underWay;
});

test('rows go 24 months after the view', async () => {
  see();
  await views.flush();
  clock.advance(Date.UTC(2028, 10, 24, 2) - start);
  await views.clean();
  expect(await rows()).toHaveLength(1);
  clock.advance(1);
  await views.clean();
  expect(await rows()).toEqual([]);
});

test('retention is looked after without being asked', async () => {
  see();
  await views.flush();
  clock.advance(800 * 24 * 3_600_000);
  await views.tick();
  expect(await rows()).toEqual([]);
});

test('a request asks no database', () => {
  const { kysely } = database;
  const spies = [vi.spyOn(kysely, 'selectFrom'), vi.spyOn(kysely, 'insertInto'), vi.spyOn(kysely, 'transaction')];
  for (let n = 0; n < 1000; n += 1) see({ cameraId: `cam-${n % 16}` });
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});

test('pictures looked at while searching a day are told one by one, however many, apart from what is played meanwhile', async () => {
  const minute = 60_000;
  const day = start - 24 * 60 * minute;
  see({ kind: 'recorded', mediaFromMs: day, mediaToMs: day + 4000 });
  for (let n = 1; n <= 250; n += 1) {
    see({ kind: 'recorded', mediaFromMs: day + n * minute, mediaToMs: day + n * minute + 1 });
    clock.advance(10);
  }
  // The one that was seen last, once more.
  see({ kind: 'recorded', mediaFromMs: day + 250 * minute, mediaToMs: day + 250 * minute + 1 });
  see({ kind: 'recorded', mediaFromMs: day + 4000, mediaToMs: day + 8000 });
  await views.flush();
  expect((await rows()).map((row) => [row.media_from_ms - day, row.media_to_ms - day])).toEqual([
    [0, 8000],
    ...Array.from({ length: 250 }, (_, n) => [(n + 1) * minute, (n + 1) * minute + 1]),
  ]);
});
