import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, it, vi } from 'vitest';
import { ArchiveIndex } from './archive-index.ts';

/**
 * Tables that grow with the archive: none of them is ever read from end to end, nor sorted. A search that names no column
 * looks through all rows for a least or greatest value.
 */
const large = /\bSCAN (?:recording|r|gap|hold)\b|\bSEARCH (?:recording|r|gap|hold)\b[^(]*$|USE TEMP B-TREE/;

/** Every question that viewers, the cleaner and a start put to the index. */
const questions: Record<string, (index: ArchiveIndex) => unknown> = {
  timeline: (index) => [index.spans(1, 0, 9), index.gaps(1, 0, 9), index.spansOn([1], 1, 0, 9)],
  playlist: (index) => index.recordings(1, 0, 9),
  keyframe: (index) => index.recordingBefore(1, 9),
  'file by name': (index) => [index.findStream('cam', 'main'), index.recording(1, 0), index.hasRecording(1, 0)],
  start: (index) => [
    index.lastStartOn(1),
    index.lastKnownMs(1),
    index.currentGap(1),
    index.startsFrom(1, 5),
    index.totals(),
  ],
  retention: (index) => [
    index.oldestOn(1, -1, 9, 200),
    index.oldestOf(1, 1, -1, 9, 200),
    index.oldestByStream('cam'),
    index.isHeld('cam', 0, 9),
    index.deleting(),
  ],
  deletion: (index) => [index.markDeleting(1, 0), index.dropRecording(1, 0, 'policy_deleted')],
  check: (index) => [index.filesAfter(1, -1, 9), index.hashesAfter(1, -1, 9, 9)],
  recording: (index) => [index.addRecording(row(60_000)), index.addGap(1, 5, 6, 'network'), index.lowerSince(1, 0)],
};

const row = (startMs: number) => ({
  ...{ streamId: 1, startMs, endMs: startMs + 9, bytes: 1, initBytes: 1, initId: 'x', timescale: 1, mediaDuration: 1 },
  ...{
    codec: 'avc1',
    width: 1,
    height: 1,
    sha256: new Uint8Array(32),
    clock: 'ok' as const,
    keyframes: new Uint8Array(),
  },
});

afterEach(() => vi.restoreAllMocks());

it.each(Object.entries(questions))('finds its way by an index: %s', (_, ask) => {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const index = new ArchiveIndex(':memory:');
  const db = prepare.mock.contexts.at(-1) as DatabaseSync;
  index.stream('cam', 'main', 0);
  index.addRecording(row(0));
  prepare.mockClear();
  ask(index);
  const asked = prepare.mock.calls.map(([sql]) => sql);
  expect(asked.length).toBeGreaterThan(0);
  for (const sql of asked) {
    const plan = db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail));
    expect(
      plan.filter((step) => large.test(step)),
      sql,
    ).toEqual([]);
  }
  index.close();
});
