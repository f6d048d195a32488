import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { silentLogger } from '../../platform/log.ts';
import { ArchiveIndex } from './archive-index.ts';
import { ArchiveWatch } from './archive-watch.ts';
import type { Cleaner } from './cleaner.ts';

let folder: string;
let index: ArchiveIndex;
let watch: ArchiveWatch;
const alarms = { raise: vi.fn(), clear: vi.fn(), isOpen: () => false };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'));
  const archive = join(folder, 'archive');
  await mkdir(join(archive, 'cam-1/main'), { recursive: true });
  index = new ArchiveIndex(join(folder, 'archive.sqlite'));
  watch = new ArchiveWatch({
    dataDir: folder,
    roots: () => [{ volumeId: 1, path: archive }],
    index,
    clock: { nowMs: () => 1_800_000_000_000, monotonicMs: () => 0 },
    log: silentLogger,
    cleaner: {} as Cleaner,
    rebuilt: null,
    // So that the check waits after every name, and can be seen under way.
    limits: { hashBytes: 1, bytesPerSecond: 1, entriesAtOnce: 1 },
  });
  await Promise.all(
    Array.from({ length: 50 }, (_, at) => writeFile(join(archive, 'cam-1/main', `foreign-${at}`), 'x')),
  );
  await watch.start(alarms);
});
afterEach(async () => {
  await watch.stop();
  index.close();
  await rm(folder, { recursive: true, force: true });
});

/** The check lets others have their turn after every name, so that this sees it. */
async function underWay(): Promise<void> {
  while (watch.progress?.lookedAt === 0) await nextTurn();
  expect(watch.progress?.lookedAt).toBeGreaterThan(0);
}

it('checks when it is asked to, tells how far it is, and keeps what it found', async () => {
  expect(watch.progress).toBeNull();
  watch.begin();
  const first = watch.progress;
  expect(first).toMatchObject({ lookedAt: 0, readBytes: 0 });
  // Asked twice, it is the same check.
  watch.begin();
  await underWay();
  await vi.waitUntil(() => watch.progress === null);
  expect(watch.selfCheck).toMatchObject({ files: 50, kinds: { foreign_file: 50 } });
});

it('ends a check on demand, and drops what it found', async () => {
  watch.begin();
  await underWay();
  await watch.cancel();
  expect(watch.progress).toBeNull();
  expect(watch.selfCheck).toBeNull();
  watch.begin();
  await vi.waitUntil(() => watch.selfCheck !== null);
});
