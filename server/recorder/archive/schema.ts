import type { DatabaseSync } from 'node:sqlite';

/**
 * Migrations of the archive index, a SQLite file of its own that nobody else opens for writing. Times are UTC epoch ms.
 * A recording's path follows from camera, stream and start (`paths.ts`) and is not stored.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    camera TEXT NOT NULL,
    name TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    files INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (camera, name)
  ) STRICT;
  CREATE TABLE recording (
    stream_id INTEGER NOT NULL REFERENCES stream (id),
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    init_bytes INTEGER NOT NULL,
    timescale INTEGER NOT NULL,
    media_duration INTEGER NOT NULL,
    codec TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    clock TEXT NOT NULL,
    deleting INTEGER NOT NULL DEFAULT 0,
    keyframes BLOB NOT NULL,
    PRIMARY KEY (stream_id, start_ms),
    CHECK (end_ms >= start_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX recording_age ON recording (start_ms);
  CREATE INDEX recording_deleting ON recording (deleting) WHERE deleting = 1;
  CREATE TABLE gap (
    stream_id INTEGER NOT NULL REFERENCES stream (id),
    from_ms INTEGER NOT NULL,
    to_ms INTEGER,
    reason TEXT NOT NULL,
    PRIMARY KEY (stream_id, from_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE hold (
    owner TEXT NOT NULL,
    camera TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    PRIMARY KEY (owner, camera, from_ms, to_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX hold_camera ON hold (camera, from_ms);
  CREATE TABLE fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // Which files share an init, so that a player is given a new one only where it must be.
  `ALTER TABLE recording ADD COLUMN init_id TEXT NOT NULL DEFAULT ''`,
  // Which volume a file lies on. What was recorded before there were volumes lies on the first one that is taken in.
  `
  CREATE TABLE volume (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    files INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  ALTER TABLE recording ADD COLUMN volume INTEGER NOT NULL DEFAULT 1;
  CREATE INDEX recording_age_on_volume ON recording (volume, start_ms);
  DROP INDEX recording_age;
  `,
  // A closed gap is no longer than a day (`gap-table.ts`), so that a look at a stretch need not read all gaps before it.
  `
  CREATE INDEX gap_open ON gap (stream_id) WHERE to_ms IS NULL;
  WITH RECURSIVE piece (stream_id, from_ms, to_ms, reason) AS (
    SELECT stream_id, from_ms + 86400000, to_ms, reason FROM gap WHERE to_ms - from_ms > 86400000
    UNION ALL
    SELECT stream_id, from_ms + 86400000, to_ms, reason FROM piece WHERE to_ms - from_ms > 86400000
  )
  INSERT OR IGNORE INTO gap (stream_id, from_ms, to_ms, reason)
    SELECT stream_id, from_ms, min(to_ms, from_ms + 86400000), reason FROM piece;
  UPDATE gap SET to_ms = from_ms + 86400000 WHERE to_ms - from_ms > 86400000;
  `,
  // Volumes that an administrator gave up: what the archive lost with each, and when.
  `
  CREATE TABLE forgotten_volume (
    uuid TEXT NOT NULL,
    name TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    from_ms INTEGER,
    to_ms INTEGER,
    PRIMARY KEY (at_ms, uuid)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Errors: when the index is not of this version, since whoever only reads cannot mend it. */
export function requireVersion(db: DatabaseSync): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version !== migrations.length) {
    throw new Error(`the archive index is of version ${version}, not ${migrations.length}: start the server once`);
  }
}

export function migrate(db: DatabaseSync): void {
  const row = db.prepare('PRAGMA user_version').get();
  const version = Number(row?.user_version ?? 0);
  if (version > migrations.length) throw new Error(`the archive index is of a newer version (${version})`);
  for (let next = version; next < migrations.length; next += 1) {
    db.exec(`BEGIN IMMEDIATE; ${migrations[next]}; PRAGMA user_version = ${next + 1}; COMMIT;`);
  }
}
