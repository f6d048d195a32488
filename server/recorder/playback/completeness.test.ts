import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { frame, initSegment, secondsOf } from '../../../test/support/fmp4-fixture.ts';
import { type ManualClock, manualClock } from '../../../test/support/manual-clock.ts';
import { openVolumes } from '../../../test/support/volumes.ts';
import { addCompleteness } from '../../contracts/completeness.ts';
import { silentLogger } from '../../platform/log.ts';
import { ArchiveIndex } from '../archive/archive-index.ts';
import { Cleaner } from '../archive/cleaner.ts';
import { indexCompleteness } from '../archive/index-completeness.ts';
import { facts, recoverArchive } from '../archive/recovery.ts';
import { StreamWriter } from '../archive/stream-writer.ts';
import type { Volumes } from '../archive/volumes.ts';
import { type Fragment, FragmentReader } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import { completenessOf } from './completeness.ts';

let directory: string;
let archiveDir: string;
let index: ArchiveIndex;
let volumes: Volumes;
let clock: ManualClock;
let writer: StreamWriter;
let startMs: number;
const seconds = 1000;

async function open(): Promise<void> {
  index = new ArchiveIndex(join(directory, 'archive.sqlite'));
  volumes = await openVolumes(index, clock, [archiveDir]);
}

function newWriter(): StreamWriter {
  return new StreamWriter({
    ...{ volumes, index, cameraId: 'cam', stream: 'main', clock, log: silentLogger, fileMs: 10_000 },
    onFileClosed: () => {},
    onGapClosed: () => {},
    onDisk: () => {},
  });
}

/** One run of a stream that gives `count` seconds of media. */
function record(count: number): void {
  const fragments: Fragment[] = [];
  const reader = new FragmentReader({
    init: (init: Init) => writer.begin(init),
    fragment: (fragment) => fragments.push(fragment),
  });
  for (const chunk of [initSegment(), ...secondsOf(count, 25 * frame)]) reader.push(chunk);
  for (const fragment of fragments) {
    clock.advance(200);
    writer.fragment(fragment);
  }
}

async function restart(how: 'in order' | 'crashed', downMs: number): Promise<void> {
  index.setFact(facts.aliveMs, clock.nowMs());
  if (how === 'in order') writer.interrupt('server_stopped');
  await writer.settled();
  if (how === 'in order') index.setFact(facts.stoppedMs, clock.nowMs());
  index.close();
  clock.advance(downMs);
  await open();
  await recoverArchive(volumes, index, clock, silentLogger);
  writer = newWriter();
}

async function account(fromMs = startMs) {
  const { total } = await indexCompleteness(index, { fromMs, toMs: clock.nowMs() }, clock.nowMs(), true);
  const explained = Object.values(total.explainedMs).reduce((sum, ms) => sum + ms, 0);
  expect(total.recordedMs + explained + total.unexplainedMs).toBe(total.scheduledMs);
  expect(total.unexplainedMs).toBe(0);
  return total;
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'completeness-'));
  archiveDir = join(directory, 'archive');
  await mkdir(archiveDir);
  clock = manualClock();
  startMs = clock.nowMs();
  await open();
  writer = newWriter();
});

afterEach(async () => {
  writer.interrupt('planned');
  await writer.settled();
  index.close();
  await rm(directory, { recursive: true });
});

it('accounts for every second over restart, crash and a camera that was away', async () => {
  record(10);
  writer.interrupt('camera_offline');
  clock.advance(30 * seconds);
  record(20);
  await restart('in order', 60 * seconds);
  record(10);
  writer.interrupt('network');
  await restart('crashed', 120 * seconds);
  record(10);
  writer.interrupt('planned');
  await writer.settled();
  const total = await account();
  expect(total.recordedMs).toBe(50 * seconds);
  expect(total.explainedMs).toEqual({
    camera_offline: 30 * seconds,
    server_stopped: 60 * seconds,
    server_crashed: 120 * seconds,
  });
});

it('tells a camera that was switched off from a server that crashed while a stream was being started', async () => {
  record(10);
  writer.interrupt('schedule');
  clock.advance(20 * seconds);
  writer.interrupt('planned');
  clock.advance(2 * seconds);
  await restart('crashed', 300 * seconds);
  record(10);
  writer.interrupt('planned');
  clock.advance(100 * seconds);
  await restart('crashed', 300 * seconds);
  const total = await account();
  expect(total.explainedMs).toEqual({ planned: 402 * seconds, server_crashed: 300 * seconds });
});

it('counts what policy deleted as explained', async () => {
  record(30);
  writer.interrupt('planned');
  await writer.settled();
  clock.advance(86_400 * seconds);
  await new Cleaner(volumes, index, { keepMs: 3600 * seconds, quotaBytes: null }, clock, silentLogger).clean();
  const total = await account();
  expect(total.recordedMs).toBe(0);
  expect(total.explainedMs).toEqual({ policy_deleted: 30 * seconds, planned: 86_400 * seconds });
});

it('counts nothing that was not to be recorded', async () => {
  record(10);
  writer.interrupt('schedule');
  const idle = 3600 * seconds;
  clock.advance(idle / 2);
  await restart('crashed', idle / 2 + 5 * seconds);
  const resumedMs = startMs + 10 * seconds + idle;
  writer.schedule([
    { fromMs: startMs, toMs: startMs + 10 * seconds },
    { fromMs: resumedMs, toMs: resumedMs + idle },
  ]);
  record(10);
  writer.interrupt('planned');
  await writer.settled();
  const total = await account(startMs - idle);
  expect(total.scheduledMs).toBe(25 * seconds);
  expect(total.recordedMs).toBe(20 * seconds);
  expect(total.explainedMs).toEqual({ server_crashed: 5 * seconds });
});

it('says what an index that is open elsewhere tells, and what a dead recorder leaves', async () => {
  record(25);
  await writer.settled();
  const reader = new ArchiveIndex(join(directory, 'archive.sqlite'), { readOnly: true });
  try {
    const range = { fromMs: startMs, toMs: clock.nowMs() + 60 * seconds };
    const running = await indexCompleteness(reader, range, clock.nowMs(), true);
    // The third file is open: its time counts once it is closed.
    expect(running.total).toEqual({
      scheduledMs: 20 * seconds,
      recordedMs: 20 * seconds,
      explainedMs: {},
      unexplainedMs: 0,
    });
    const dead = await indexCompleteness(reader, range, clock.nowMs() + 5 * seconds, false);
    expect(dead.total.explainedMs).toEqual({ server_crashed: 10 * seconds });
    expect(dead.total.unexplainedMs).toBe(0);
    expect(() => reader.setFact('x', 1)).toThrow();
  } finally {
    reader.close();
  }
});

it('adds up reason by reason', () => {
  const part = (network: number) => ({
    ...{ scheduledMs: 10 + network, recordedMs: 7, explainedMs: { network }, unexplainedMs: 3 },
  });
  expect(addCompleteness(part(1), { ...part(2), explainedMs: { network: 1, planned: 1 } })).toEqual({
    scheduledMs: 23,
    recordedMs: 14,
    explainedMs: { network: 2, planned: 1 },
    unexplainedMs: 6,
  });
});

it('names time that nothing accounts for', () => {
  const account = completenessOf(
    {
      recorded: [[0, 10]],
      gaps: [
        { from: 20, to: 25, reason: 'unknown' },
        { from: 25, to: 30, reason: 'network' },
      ],
    },
    0,
    30,
  );
  expect(account).toEqual({ scheduledMs: 30, recordedMs: 10, explainedMs: { network: 5 }, unexplainedMs: 15 });
});
