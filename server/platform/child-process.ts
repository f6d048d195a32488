import { spawn } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The process could not be started at all. */
  error?: Error;
}

export interface Child {
  pid: number | undefined;
  stdin: Writable;
  stdout: Readable;
  /** The last lines of standard error, as they came: they may hold secrets and must be scrubbed before they are shown. */
  stderrTail(): string;
  /** Settles when the process is gone and its output has been read to the end. Never rejects. */
  exited: Promise<ChildExit>;
  /** SIGTERM, and SIGKILL when it still runs after `graceMs`. */
  terminate(graceMs: number): Promise<ChildExit>;
}

/** The name of the variable that marks every process of ours; it is how orphans are told from strangers. */
export const ownerVariable = 'LIENTHONG_OWNER';

const tailChars = 8000;

/** Starts a process with three pipes and only the environment that it needs, and `extra`. Failure to start shows in `exited`. */
export function startChild(
  command: string,
  args: readonly string[],
  owner: string,
  extra: Readonly<Record<string, string>> = {},
): Child {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...plainEnvironment(owner), ...extra },
    windowsHide: true,
  });
  let tail = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    tail = (tail + text).slice(-tailChars);
  });
  // The process may be gone before it has read its input; its exit says what happened.
  child.stdin.on('error', () => {});
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, error });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderrTail: () => tail,
    exited,
    terminate: async (graceMs) => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
  };
}

function plainEnvironment(owner: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { [ownerVariable]: owner };
  for (const name of ['PATH', 'HOME', 'LANG', 'TMPDIR', 'LD_LIBRARY_PATH', 'SystemRoot']) {
    if (process.env[name] !== undefined) env[name] = process.env[name];
  }
  return env;
}

/**
 * Ends processes that an earlier, killed run of `owner` left behind: only those whose environment carries its mark and
 * whose program is `program`. Returns their ids. Without /proc (not Linux) there is nothing to look through.
 */
export async function endOrphans(owner: string, program: string): Promise<number[]> {
  const ended: number[] = [];
  const mark = `${ownerVariable}=${owner}`;
  for (const entry of await readdir('/proc').catch(() => [])) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
      if (!environment.split('\0').includes(mark)) continue;
      // An upgrade meanwhile leaves "(deleted)" behind the name.
      const exe = (await readlink(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '');
      if (basename(exe) !== basename(program)) continue;
      process.kill(pid, 'SIGKILL');
      ended.push(pid);
    } catch {
      // Gone meanwhile, or not ours to read.
    }
  }
  return ended;
}

/** When a process was started, in clock ticks since boot, or null when it does not run: with the id it names one process for good. */
export async function processStart(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not looked yet.
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
