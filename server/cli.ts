import { archiveCheck, archiveCompleteness, archiveForgetVolume } from './cli/archive.ts';
import { cameraDiscover, cameraProbe } from './cli/camera.ts';
import { cameraRotateKey } from './cli/camera-key.ts';
import { type Command, parse, UsageError } from './cli/command.ts';
import { AppError, errorMessage } from './platform/errors.ts';
import { describeMachine } from './platform/machine.ts';

/** The administrator's command line. Exit status: 0 done, 1 failed (or found what should not be), 2 wrong usage; `camera probe` has more. */
const usage = `usage: scripts/lienthong <command> [options]

  camera probe HOST[:PORT] [--username U [--password-file F]] [--allow-basic]
      asks one device what it is and whether the credentials work; F is a file, or - for standard input; HOST may be an
      http(s) address; --allow-basic sends the password in the clear where the device offers nothing better
      exit status: 0 read to the end, 3 credentials needed, wrong, locked out or out of time, 4 cannot be reached,
      5 no ONVIF device, 1 anything else that failed
  camera discover [--username U [--password-file F]] [--interface A]... [--range CIDR [--port N]...]
      WS-Discovery, on every interface or on those with the given addresses; or asks every address of a range of at most
      1,024, on port 80 or those given
      exit status: 0 searched, whatever was found, 1 no interface could be asked
  camera rotate-key
      puts a new key in the place of the one that opens the cameras' credentials, and seals all of them anew; the server must
      not run; what was broken off is brought to its end by the next call
  archive check [--hashes] [--rebuild]
      compares the index of the recordings with the files, with --hashes every byte; --rebuild first makes the index anew
      from the files (the server must not run; the old index is kept aside, holds and reasons of gaps are taken from it)
  archive completeness --from TIME [--to TIME] [--camera ID]
      how much of what was to be recorded is, and why the rest is not; TIME is a date (local midnight), a date and time
      with its offset, or UTC epoch ms
  archive forget-volume NAME [--yes]
      gives up a volume that will not come back: what was recorded on it becomes gaps of reason disk_error; says what would
      be lost, and does it with --yes; refused while the volume is attached or the server records onto it

  --json   one JSON object on the last line of standard output
  --help   this text`;

const commands: Readonly<Record<string, Command>> = {
  'camera probe': { takes: ['username', 'password-file', 'allow-basic'], arguments: 1, run: cameraProbe },
  'camera discover': {
    takes: ['username', 'password-file', 'interface', 'range', 'port'],
    arguments: 0,
    run: cameraDiscover,
  },
  'camera rotate-key': { takes: [], arguments: 0, run: cameraRotateKey },
  'archive check': { takes: ['hashes', 'rebuild'], arguments: 0, run: archiveCheck },
  'archive completeness': { takes: ['from', 'to', 'camera'], arguments: 0, run: archiveCompleteness },
  'archive forget-volume': { takes: ['yes'], arguments: 1, run: archiveForgetVolume },
};

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(usage);
    return 0;
  }
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
  const { ok, status, text, result } = await command.run(words, values);
  console.log(values.json ? JSON.stringify({ ...result, machine: await describeMachine() }) : text);
  return status ?? (ok ? 0 : 1);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const wrongUsage = error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS');
  const badAddress = error instanceof AppError && ['address_invalid', 'network_range_invalid'].includes(error.code);
  const facts = error instanceof AppError ? Object.values(error.params).map((value) => ` ${value}`) : [];
  console.error(`${errorMessage(error)}${facts.join('')}${wrongUsage ? `\n${usage}` : ''}`);
  process.exitCode = wrongUsage || badAddress ? 2 : 1;
}
