import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Completeness } from '../contracts/completeness.ts';
import { systemClock } from '../platform/clock.ts';
import { loadConfiguration } from '../platform/configuration.ts';
import { createLogger } from '../platform/log.ts';
import { ArchiveIndex } from '../recorder/archive/archive-index.ts';
import {
  type ArchiveCheck,
  type ArchiveDifference,
  type ArchiveRoot,
  checkArchive,
  stillDiffers,
} from '../recorder/archive/check.ts';
import { forgetVolume, volumeLoss, whyNotForget } from '../recorder/archive/forget-volume.ts';
import { indexCompleteness } from '../recorder/archive/index-completeness.ts';
import type { LostVolume } from '../recorder/archive/lost-volumes.ts';
import { parseRecordingPath } from '../recorder/archive/paths.ts';
import { type RebuildReport, rebuildIndex } from '../recorder/archive/rebuild.ts';
import { archiveRoots } from '../recorder/archive/roots.ts';
import { RunLock } from '../recorder/run-lock.ts';
import { startOfDayMs } from '../supervision/local-time.ts';
import { type Outcome, UsageError, type Values } from './command.ts';

export async function archiveCheck(_words: readonly string[], values: Values): Promise<Outcome> {
  const { dataDir, folders } = places();
  const rebuilt = values.rebuild ? await rebuild(dataDir, folders) : null;
  const index = openIndex(dataDir, { readOnly: true });
  try {
    const result = await settledCheck(await archiveRoots(index, folders), index, values.hashes);
    const lines = result.differences.map(({ kind, path }) => `${kind}  ${path}`);
    if (rebuilt !== null) {
      lines.push(`the index was made anew; the old one is ${rebuilt.keptAs ?? 'not there'}`);
    }
    if (result.offline > 0)
      lines.push(`${result.offline} rows on volumes that are not there: nothing is known of their files`);
    const forgotten = index.lost.all();
    for (const lost of forgotten) lines.push(`given up at ${instant(lost.atMs)}: ${lossText(lost)}`);
    const text = [...lines, `${result.files} files, ${result.rows} rows, ${result.differences.length} differences`];
    const ok = result.differences.length === 0;
    const differences = result.differences.map((difference) => withRow(difference, index));
    return {
      ok,
      text: text.join('\n'),
      result: { ...result, differences, forgotten, ...(rebuilt === null ? {} : { rebuilt }) },
    };
  } finally {
    index.close();
  }
}

/** Holds the lock of the data directory meanwhile, so that no recorder starts over an index that is being made. */
async function rebuild(dataDir: string, folders: readonly string[]): Promise<RebuildReport> {
  if (!existsSync(dataDir)) throw new Error(`there is no archive in ${dataDir}`);
  const holder = await RunLock.holder(dataDir);
  if (holder !== null) throw new Error(`the server runs on ${dataDir} (process ${holder}): stop it first`);
  const lock = await RunLock.take(dataDir);
  try {
    return await rebuildIndex(dataDir, folders, systemClock, createLogger('error'));
  } finally {
    await lock.release();
  }
}

/** A recorder that runs closes and removes files meanwhile: what is different, and stays so, counts. */
async function settledCheck(
  roots: readonly ArchiveRoot[],
  index: ArchiveIndex,
  hashes: boolean,
): Promise<ArchiveCheck> {
  const check = await checkArchive(roots, index, { hashes });
  if (check.differences.length === 0) return check;
  await delay(2_000);
  const open = filesBeingWritten(check, index);
  const differences: ArchiveDifference[] = [];
  for (const difference of check.differences) {
    if (await stillDiffers(roots, index, difference, (path) => open.has(path))) differences.push(difference);
  }
  return { ...check, differences };
}

export async function archiveCompleteness(_words: readonly string[], values: Values): Promise<Outcome> {
  const nowMs = systemClock.nowMs();
  if (values.from === undefined) throw new UsageError('archive completeness needs --from');
  const range = {
    fromMs: timeOf(values.from),
    toMs: values.to === undefined ? nowMs : timeOf(values.to),
    cameraId: values.camera,
  };
  if (range.toMs <= range.fromMs) throw new UsageError('--to must be after --from');
  const { dataDir } = places();
  const index = openIndex(dataDir, { readOnly: true });
  try {
    const runs = (await RunLock.holder(dataDir)) !== null;
    const { cameras, total } = await indexCompleteness(index, range, nowMs, runs);
    if (values.camera !== undefined && cameras.length === 0) throw new Error(`no recordings of ${values.camera}`);
    const lines = cameras.map((camera) => `${camera.cameraId}  ${accountText(camera)}`);
    const text = [...lines, `total  ${accountText(total)}`].join('\n');
    return { ok: true, text, result: { fromMs: range.fromMs, toMs: range.toMs, cameras, total } };
  } finally {
    index.close();
  }
}

function accountText({ scheduledMs, recordedMs, explainedMs, unexplainedMs }: Completeness): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const share = scheduledMs === 0 ? '' : ` (${((recordedMs / scheduledMs) * 100).toFixed(3)} %)`;
  const reasons = Object.entries(explainedMs).map(([reason, ms]) => `${reason} ${seconds(ms)}`);
  const parts = [`${seconds(recordedMs)} of ${seconds(scheduledMs)} recorded${share}`, ...reasons];
  return [...parts, `unexplained ${seconds(unexplainedMs)}`].join(', ');
}

/** UTC epoch ms of a date (local midnight), a date and time with its offset, or a number of ms. */
function timeOf(text: string): number {
  try {
    if (/^\d{1,16}$/.test(text)) return Number(text);
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return startOfDayMs(Temporal.PlainDate.from(text));
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new UsageError(`no time: ${text}`);
  }
}

/** Files without a row that are newer than every row of their stream: a recorder has them open, or had when it was killed. */
function filesBeingWritten(check: ArchiveCheck, index: ArchiveIndex): Set<string> {
  const streams = index.streams();
  const newest = check.differences.filter(({ kind, path }) => {
    const name = kind === 'row_missing' ? parseRecordingPath(path) : null;
    const stream = streams.find((each) => each.cameraId === name?.cameraId && each.name === name.stream);
    if (name === null || stream === undefined) return false;
    return index.filesAfter(stream.id, name.startMs, 1).length === 0;
  });
  return new Set(newest.map(({ path }) => path));
}

/** What the index says of the file that is different. */
function withRow(difference: ArchiveDifference, index: ArchiveIndex) {
  const name = difference.kind === 'row_missing' ? null : parseRecordingPath(difference.path);
  const stream = name === null ? null : index.findStream(name.cameraId, name.stream);
  const found = name === null || stream === null ? null : index.recording(stream.id, name.startMs);
  if (name === null || found === null) return difference;
  const { startMs, endMs, bytes, sha256, volumeId } = found;
  const volume = index.volumes().find(({ id }) => id === volumeId)?.name ?? null;
  const row = { cameraId: name.cameraId, stream: name.stream, startMs, endMs, bytes, volume };
  return { ...difference, row: { ...row, sha256: Buffer.from(sha256).toString('hex') } };
}

export async function archiveForgetVolume([name = '']: readonly string[], values: Values): Promise<Outcome> {
  const { dataDir, folders } = places();
  const index = openIndex(dataDir, { readOnly: !values.yes });
  try {
    const known = index.volumes();
    const volume = known.find((each) => each.name === name) ?? known.find((each) => each.uuid === name);
    if (volume === undefined) {
      throw new Error(`no volume ${name}; there are: ${known.map((each) => each.name).join(', ') || 'none'}`);
    }
    const loss = volumeLoss(index, volume, systemClock.nowMs());
    const refusal = await whyNotForget(volume, loss, folders, (await RunLock.holder(dataDir)) !== null);
    if (refusal !== null) throw new Error(refusal);
    const result = { done: values.yes, ...loss };
    const text = `${lossText(loss)}, of which ${loss.heldFiles} files are held for cases`;
    if (!values.yes) return { ok: true, text: `would be lost: ${text}; --yes gives the volume up`, result };
    await forgetVolume(index, volume, loss, createLogger('info'));
    return { ok: true, text: `given up: ${text}`, result };
  } finally {
    index.close();
  }
}

function lossText({ name, files, bytes, fromMs, toMs }: LostVolume): string {
  const period = fromMs === null || toMs === null ? '' : `, from ${instant(fromMs)} to ${instant(toMs)}`;
  return `volume ${name}: ${files} files, ${bytes} bytes${period}`;
}

const instant = (ms: number) => new Date(ms).toISOString();

/** Where index and recordings are, by the configuration. */
function places(): { dataDir: string; folders: string[] } {
  const { dataDir, archive } = loadConfiguration(process.env, process.cwd());
  const declared = archive.volumes.map(({ path }) => path);
  return { dataDir, folders: declared.length > 0 ? declared : [archive.folder || join(dataDir, 'archive')] };
}

function openIndex(dataDir: string, options: { readOnly: boolean }): ArchiveIndex {
  const database = join(dataDir, 'archive.sqlite');
  if (!existsSync(database)) throw new Error(`there is no archive in ${dataDir}`);
  return new ArchiveIndex(database, options);
}
