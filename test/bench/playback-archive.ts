import { execFile } from 'node:child_process';
import { link, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { streamName } from '../../server/contracts/common.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { recordingPath } from '../../server/recorder/archive/paths.ts';
import { indexFile, rebuildIndex } from '../../server/recorder/archive/rebuild.ts';

const run = promisify(execFile);
const minuteMs = 60_000;
const sizes = { main: ['1280x720', '2500k'], sub: ['640x360', '500k'] } as const;

/**
 * Days of one-minute files of several cameras, all of them names of one minute of footage for each stream: files count their time from zero,
 * so that the same bytes are right under any start. Nobody has the index open. Returns the end.
 */
export async function playbackArchive(dataDir: string, cameraIds: readonly string[], fromMs: number, minutes: number) {
  const archive = join(dataDir, 'archive');
  for (const stream of streamName.options) {
    const source = join(dataDir, `${stream}.mp4`);
    const [size, rate] = sizes[stream];
    await run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25`, '-frames:v', '1500', '-an'],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-profile:v',
        'high',
        '-pix_fmt',
        'yuv420p',
        '-bf',
        '0',
        '-g',
        '50',
      ],
      ...['-sc_threshold', '0', '-b:v', rate, '-maxrate', rate, '-bufsize', rate, '-video_track_timescale', '90000'],
      ...['-movflags', '+empty_moov+default_base_moof+frag_keyframe', '-frag_duration', '200000', '-f', 'mp4', source],
    ]);
    for (const cameraId of cameraIds) {
      const made = new Set<string>();
      for (let minute = 0; minute < minutes; minute += 1) {
        const path = join(archive, recordingPath({ cameraId, stream, startMs: fromMs + minute * minuteMs }));
        const folder = dirname(path);
        if (!made.has(folder)) await mkdir(folder, { recursive: true });
        made.add(folder);
        // A file has only so many names: each camera has a copy of its own.
        if (minute === 0) await run('cp', [source, path]);
      }
    }
    await rm(source);
  }
  await rebuildIndex(dataDir, archive, systemClock, silentLogger);
  const db = new DatabaseSync(join(dataDir, indexFile));
  const columns = db
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all('recording')
    .map(({ name }) => String(name));
  const copied = columns.map((name) => (name === 'start_ms' || name === 'end_ms' ? `${name} + i * ${minuteMs}` : name));
  db.exec(`BEGIN;
    WITH RECURSIVE minute (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM minute WHERE i + 1 < ${minutes})
    INSERT OR IGNORE INTO recording (${columns.join()}) SELECT ${copied.join()} FROM recording, minute WHERE start_ms = ${fromMs};
    UPDATE stream SET since_ms = ${fromMs};
    UPDATE stream SET (files, bytes) = (SELECT count(*), sum(bytes) FROM recording WHERE stream_id = stream.id);
    UPDATE volume SET (files, bytes) = (SELECT sum(files), sum(bytes) FROM stream); DELETE FROM gap; COMMIT`);
  db.close();
  for (const stream of streamName.options)
    for (const cameraId of cameraIds) {
      const path = (minute: number) =>
        join(archive, recordingPath({ cameraId, stream, startMs: fromMs + minute * minuteMs }));
      for (let minute = 1; minute < minutes; minute += 1) await link(path(0), path(minute));
    }
}
