import { readFileSync } from 'node:fs';
import { Discoveries } from './cameras/discoveries.ts';
import { createNetworkPolicy } from './cameras/networks.ts';
import { type ProbeResult, probeDevice } from './cameras/probe.ts';
import { archiveCheck, archiveCompleteness, archiveForgetVolume } from './cli/archive.ts';
import { type Command, type Outcome, parse, UsageError, type Values } from './cli/command.ts';
import { createDiscoveryRequest, type Discovery } from './contracts/discoveries.ts';
import { systemClock } from './platform/clock.ts';
import { AppError, errorMessage } from './platform/errors.ts';
import { createLogger } from './platform/log.ts';
import { describeMachine } from './platform/machine.ts';

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
  archive forget-volume NAME [--yes]
      gives up a volume that will not come back: what was recorded on it becomes gaps of reason disk_error; says what would
      be lost, and does it with --yes; refused while the volume is attached or the server records onto it

  --json   one JSON object on the last line of standard output`;

const commands: Readonly<Record<string, Command>> = {
  'camera probe': { takes: ['username', 'password-file'], arguments: 1, run: probe },
  'camera discover': { takes: ['username', 'password-file', 'interface'], arguments: 0, run: discover },
  'archive check': { takes: ['hashes', 'rebuild'], arguments: 0, run: archiveCheck },
  'archive completeness': { takes: ['from', 'to', 'camera'], arguments: 0, run: archiveCompleteness },
  'archive forget-volume': { takes: ['yes'], arguments: 1, run: archiveForgetVolume },
};

/** Whoever has a shell on this machine reaches every address anyway. */
const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: true, allowedNetworks: [] });
const tools = { clock: systemClock, log: createLogger('error'), policy };

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
