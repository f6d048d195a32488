import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Discoveries } from './cameras/discoveries.ts';
import { createNetworkPolicy } from './cameras/networks.ts';
import { type ProbeResult, probeDevice } from './cameras/probe.ts';
import type { Completeness } from './contracts/completeness.ts';
import { createDiscoveryRequest, type Discovery } from './contracts/discoveries.ts';
import { systemClock } from './platform/clock.ts';
import { loadConfiguration } from './platform/configuration.ts';
import { AppError, errorMessage } from './platform/errors.ts';
import { createLogger } from './platform/log.ts';
import { describeMachine } from './platform/machine.ts';
import { ArchiveIndex } from './recorder/archive/archive-index.ts';
import {
  type ArchiveCheck,
  type ArchiveDifference,
  type ArchiveRoot,
  checkArchive,
  stillDiffers,
} from './recorder/archive/check.ts';
import { indexCompleteness } from './recorder/archive/index-completeness.ts';
import { parseRecordingPath } from './recorder/archive/paths.ts';
import { type RebuildReport, rebuildIndex } from './recorder/archive/rebuild.ts';
import { archiveRoots } from './recorder/archive/roots.ts';
import { RunLock } from './recorder/run-lock.ts';
import { startOfDayMs } from './supervision/local-time.ts';

/** The administrator's command line. Exit status: 0 done, 1 failed (or found what should not be), 2 wrong usage. */
const usage = `usage: scripts/lienthong <command> [options]

  camera probe HOST[:PORT] [--username U [--password-file F]]
      asks one device what it is and whether the credentials work; F is a file, or - for standard input
  camera discover [--username U [--password-file F]] [--interface A]...
      WS-Discovery, on every interface or on those with the given addresses
  archive check [--hashes] [--rebuild]
      compares the index of the recordings with the files, with --hashes every byte; --rebuild first makes the index anew
      from the files (the server must not run; the old index is kept aside, holds and reasons of gaps are taken from it)
  archive completeness --from TIME [--to TIME] [--camera ID]
      how much of what was to be recorded is, and why the rest is not; TIME is a date (local midnight), a date and time
      with its offset, or UTC epoch ms

  --json   one JSON object on the last line of standard output`;

class UsageError extends Error {}

interface Outcome {
  ok: boolean;
  /** For people. */
  text: string;
  result: object;
}

const options = {
  json: { type: 'boolean', default: false },
  username: { type: 'string' },
  'password-file': { type: 'string' },
  interface: { type: 'string', multiple: true },
  hashes: { type: 'boolean', default: false },
  rebuild: { type: 'boolean', default: false },
  from: { type: 'string' },
  to: { type: 'string' },
  camera: { type: 'string' },
} as const;

type Values = ReturnType<typeof parse>['values'];
type OptionName = keyof typeof options;

interface Command {
  takes: readonly OptionName[];
  arguments: number;
  run: (words: readonly string[], values: Values) => Promise<Outcome>;
}

const commands: Readonly<Record<string, Command>> = {
  'camera probe': { takes: ['username', 'password-file'], arguments: 1, run: probe },
  'camera discover': { takes: ['username', 'password-file', 'interface'], arguments: 0, run: discover },
  'archive check': { takes: ['hashes', 'rebuild'], arguments: 0, run: archiveCheck },
  'archive completeness': { takes: ['from', 'to', 'camera'], arguments: 0, run: archiveCompleteness },
};

/** Whoever has a shell on this machine reaches every address anyway. */
const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: true, allowedNetworks: [] });
const log = createLogger('error');
const tools = { clock: systemClock, log, policy };

function parse(args: string[]) {
  return parseArgs({ args, options, allowPositionals: true });
}

async function probe([address = '']: readonly string[], values: Values): Promise<Outcome> {
  const result = await probeDevice({ onvif: address, ...credentials(values) }, tools);
  const ok = result.reachable && result.isOnvif && result.auth.error === null && result.failure === null;
  return { ok, text: probeText(result), result };
}

function probeText(result: ProbeResult): string {
  const { device, auth, failure } = result;
  const skew = result.clockSkewMs === null ? 'not told' : `${result.clockSkewMs} ms from ours`;
  const lines = [
    `${result.onvif}: ${result.reachable ? (result.isOnvif ? 'an ONVIF device' : 'no ONVIF device') : 'cannot be reached'}`,
    ...(failure ? [`failed: ${failure.code} ${failure.detail ?? ''}`.trimEnd()] : []),
    ...(result.isOnvif ? [`credentials: ${auth.error ?? auth.method ?? 'not asked for'}`, `clock: ${skew}`] : []),
    ...(device ? [`device: ${device.manufacturer} ${device.model}, firmware ${device.firmware}`] : []),
    ...result.profiles.map(({ stream, name, codec, width, height, fps, rtsp }) =>
      [`${stream ?? 'other'}:`, name, codec, `${width}x${height}`, fps === null ? '' : `${fps}/s`, rtsp ?? '']
        .filter(Boolean)
        .join(' '),
    ),
    ...result.warnings.map(({ code, message }) => `warning ${code}: ${message}`),
  ];
  return lines.join('\n');
}

async function discover(_words: readonly string[], values: Values): Promise<Outcome> {
  const request = createDiscoveryRequest.safeParse({ method: 'ws_discovery', ...credentials(values) });
  if (!request.success) throw new UsageError('the user name or the password is too long');
  const registeredAt = () => null;
  const searches = new Discoveries({ ...tools, registeredAt, loopback: true, interfaces: values.interface });
  const ended = Promise.withResolvers<Discovery>();
  searches.on('changed', ({ id }) => {
    const found = searches.get(id);
    if (found.state !== 'running') ended.resolve(found);
  });
  searches.start(request.data);
  const { state, items, problems = [] } = await ended.promise;
  const lines = items.map(({ onvif, name, state: found, device }) =>
    [onvif, name, found, device ? `${device.manufacturer} ${device.model}` : ''].filter(Boolean).join('  '),
  );
  const troubles = problems.map(({ interfaceAddress, code }) => `could not ask on ${interfaceAddress}: ${code}`);
  const text = [...lines, ...troubles, `${items.length} found`].join('\n');
  return { ok: state === 'done', text, result: { state, items, problems } };
}

async function archiveCheck(_words: readonly string[], values: Values): Promise<Outcome> {
  const { dataDir, archive } = loadConfiguration(process.env, process.cwd());
  const declared = archive.volumes.map(({ path }) => path);
  const folders = declared.length > 0 ? declared : [archive.folder || join(dataDir, 'archive')];
  const rebuilt = values.rebuild ? await rebuild(dataDir, folders) : null;
  const database = join(dataDir, 'archive.sqlite');
  if (!existsSync(database)) throw new Error(`there is no archive in ${dataDir}`);
  const index = new ArchiveIndex(database, { readOnly: true });
  try {
    const result = await settledCheck(await archiveRoots(index, folders), index, values.hashes);
    const lines = result.differences.map(({ kind, path }) => `${kind}  ${path}`);
    if (rebuilt !== null) {
      lines.push(`the index was made anew; the old one is ${rebuilt.keptAs ?? 'not there'}`);
    }
    if (result.offline > 0)
      lines.push(`${result.offline} rows on volumes that are not there: nothing is known of their files`);
    const text = [...lines, `${result.files} files, ${result.rows} rows, ${result.differences.length} differences`];
    const ok = result.differences.length === 0;
    return { ok, text: text.join('\n'), result: { ...result, ...(rebuilt === null ? {} : { rebuilt }) } };
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
    return await rebuildIndex(dataDir, folders, systemClock, log);
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

async function archiveCompleteness(_words: readonly string[], values: Values): Promise<Outcome> {
  const nowMs = systemClock.nowMs();
  if (values.from === undefined) throw new UsageError('archive completeness needs --from');
  const range = {
    fromMs: timeOf(values.from),
    toMs: values.to === undefined ? nowMs : timeOf(values.to),
    cameraId: values.camera,
  };
  if (range.toMs <= range.fromMs) throw new UsageError('--to must be after --from');
  const { dataDir } = loadConfiguration(process.env, process.cwd());
  const database = join(dataDir, 'archive.sqlite');
  if (!existsSync(database)) throw new Error(`there is no archive in ${dataDir}`);
  const index = new ArchiveIndex(database, { readOnly: true });
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

/** The password never stands on a command line, where every user of the machine could read it. */
function credentials(values: Values): { username: string; password: string } {
  const file = values['password-file'];
  if (file !== undefined && values.username === undefined) throw new UsageError('--password-file needs --username');
  if (file === undefined) return { username: values.username ?? '', password: '' };
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  return { username: values.username ?? '', password: text.replace(/\r?\n$/, '') };
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const [part = '', verb = '', ...words] = positionals;
  const command = commands[`${part} ${verb}`];
  if (command === undefined) throw new UsageError(positionals.length === 0 ? 'no command' : `unknown: ${part} ${verb}`);
  if (words.length !== command.arguments)
    throw new UsageError(`${part} ${verb} takes ${command.arguments} argument(s)`);
  const given = Object.entries(values).filter(
    ([name, value]) => name !== 'json' && value !== undefined && value !== false,
  );
  const foreign = given.find(([name]) => !command.takes.some((taken) => taken === name));
  if (foreign) throw new UsageError(`${part} ${verb} takes no --${foreign[0]}`);
  const { ok, text, result } = await command.run(words, values);
  console.log(values.json ? JSON.stringify({ ...result, machine: await describeMachine() }) : text);
  return ok ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const wrongUsage = error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS');
  const badAddress = error instanceof AppError && error.code === 'address_invalid';
  const facts = error instanceof AppError ? Object.values(error.params).map((value) => ` ${value}`) : [];
  console.error(`${errorMessage(error)}${facts.join('')}${wrongUsage ? `\n${usage}` : ''}`);
  process.exitCode = wrongUsage || badAddress ? 2 : 1;
}
