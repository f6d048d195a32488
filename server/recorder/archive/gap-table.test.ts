import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ArchiveIndex } from './archive-index.ts';
import { longestGapRowMs } from './gap-table.ts';

const dayMs = 24 * 3_600_000;
let directory: string;
let path: string;
let index: ArchiveIndex;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gaps-'));
  path = join(directory, 'archive.sqlite');
  index = new ArchiveIndex(path);
  index.stream('cam', 'main', 0);
});

afterEach(() => {
  index.close();
  rmSync(directory, { recursive: true });
});

const found = (fromMs: number, toMs: number) =>
  index.gaps(1, fromMs, toMs).map((gap) => [gap.fromMs, gap.toMs, gap.reason]);

describe('gaps of a stretch', () => {
  it('are found however long each is and wherever the stretch lies in it', () => {
    const [fromMs, toMs] = [1000, 1000 + 400.5 * dayMs];
    index.addGap(1, fromMs, toMs, 'camera_offline');
    for (const atMs of [fromMs, fromMs + 1, fromMs + dayMs - 1, fromMs + dayMs, fromMs + 200.3 * dayMs, toMs - 1]) {
      const [gap, ...others] = index.gaps(1, Math.floor(atMs), Math.floor(atMs) + 1);
      expect(others).toEqual([]);
      expect(gap?.fromMs).toBeLessThanOrEqual(atMs);
      expect(gap?.toMs).toBeGreaterThan(atMs);
    }
    expect(found(toMs, toMs + dayMs)).toEqual([]);
    expect(found(0, fromMs)).toEqual([]);
  });

  it('cover all of a long gap, row to row, none longer than what a look goes back', () => {
    index.addGap(1, 0, 10 * dayMs + 5, 'network');
    const rows = index.gaps(1, 0, 20 * dayMs);
    for (const [i, row] of rows.entries()) {
      expect(row.fromMs).toBe(i === 0 ? 0 : rows[i - 1]!.toMs);
      expect(row.toMs! - row.fromMs).toBeLessThanOrEqual(longestGapRowMs);
    }
    expect(rows.at(-1)?.toMs).toBe(10 * dayMs + 5);
  });

  it('have the open one among them, however long ago it began', () => {
    index.addGap(1, 10, 20, 'network');
    index.openGap(1, 20, 'planned');
    expect(found(500 * dayMs, 500 * dayMs + 1)).toEqual([[20, null, 'planned']]);
    expect(found(0, 30)).toEqual([
      [10, 20, 'network'],
      [20, null, 'planned'],
    ]);
    expect(found(0, 20)).toEqual([[10, 20, 'network']]);
  });

  it('join when one reason follows itself, up to a day', () => {
    for (let minute = 0; minute < 1500; minute += 1) {
      index.addGap(1, minute * 60_000, (minute + 1) * 60_000, 'policy_deleted');
    }
    expect(found(0, 3 * dayMs)).toEqual([
      [0, dayMs, 'policy_deleted'],
      [dayMs, 1500 * 60_000, 'policy_deleted'],
    ]);
  });

  it('are looked for from a day before the stretch on, and not from the first of all', () => {
    const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
    index.gaps(1, 9 * dayMs, 10 * dayMs);
    index.addGap(1, 9 * dayMs, 10 * dayMs, 'network');
    const asked = prepare.mock.calls.map(([sql]) => sql);
    prepare.mockRestore();
    const db = new DatabaseSync(path, { readOnly: true });
    const plans = asked.map((sql) => String(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).get()?.detail ?? ''));
    db.close();
    expect(plans).toEqual([
      'SEARCH gap USING PRIMARY KEY (stream_id=? AND from_ms>? AND from_ms<?)',
      'SEARCH gap USING INDEX gap_open (stream_id=? AND from_ms<?)',
      'SEARCH gap USING PRIMARY KEY (stream_id=? AND from_ms>? AND from_ms<?)',
      '',
    ]);
  });
});

it('an index of the time before has its long gaps parted, and says the same', () => {
  index.close();
  const db = new DatabaseSync(path);
  db.exec(`DROP INDEX gap_open; DROP TABLE forgotten_volume; PRAGMA user_version = 3;
    INSERT INTO gap VALUES (1, 5, ${3 * dayMs + 7}, 'server_stopped'), (1, ${4 * dayMs}, ${4 * dayMs + 1}, 'network'),
      (1, ${5 * dayMs}, NULL, 'planned')`);
  db.close();
  index = new ArchiveIndex(path);
  expect(found(0, 9 * dayMs)).toEqual([
    [5, 5 + dayMs, 'server_stopped'],
    [5 + dayMs, 5 + 2 * dayMs, 'server_stopped'],
    [5 + 2 * dayMs, 5 + 3 * dayMs, 'server_stopped'],
    [5 + 3 * dayMs, 3 * dayMs + 7, 'server_stopped'],
    [4 * dayMs, 4 * dayMs + 1, 'network'],
    [5 * dayMs, null, 'planned'],
  ]);
});

it.skipIf(process.platform === 'win32')('the files of the index are the account’s own, and are made so again', () => {
  index.stream('other', 'main', 0);
  const modes = () => ['', '-wal', '-shm'].map((end) => statSync(`${path}${end}`).mode & 0o777);
  expect(modes()).toEqual([0o600, 0o600, 0o600]);
  for (const end of ['', '-wal', '-shm']) chmodSync(`${path}${end}`, 0o644);
  const second = new ArchiveIndex(path);
  expect(modes()).toEqual([0o600, 0o600, 0o600]);
  second.close();
});
