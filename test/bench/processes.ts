import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

/** What Linux tells of processes in /proc (see proc(5)). */

export interface ProcessFigures {
  /** User and system time since the process began, in s. */
  cpuSeconds: number;
  /** Handed to write(2) and the like since it began. */
  writtenBytes: number;
  /** Of those, what went towards a disk. */
  storedBytes: number;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Errors: what reading /proc throws when the process is gone. */
export async function figuresOf(pid: number): Promise<ProcessFigures> {
  const [fields, io] = [await statOf(pid), await readFile(`/proc/${pid}/io`, 'utf8')];
  const figure = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(io)?.[1] ?? 0);
  return {
    // The 14th and 15th field; those after the name begin with the third.
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    writtenBytes: figure('wchar'),
    storedBytes: figure('write_bytes'),
  };
}

/** Proportional set size: memory that processes share is counted once. */
export function pssBytesOf(pid: number): Promise<number> {
  return rolledUp(pid, 'Pss');
}

/** The part of it that is in no file: what a process shares with others does not change it when they come and go. */
export function ownBytesOf(pid: number): Promise<number> {
  return rolledUp(pid, 'Pss_Anon');
}

async function rolledUp(pid: number, name: string): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
}

export async function childrenOf(pid: number): Promise<number[]> {
  const children: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const fields = await statOf(Number(entry)).catch(() => null);
    if (Number(fields?.[1]) === pid) children.push(Number(entry));
  }
  return children;
}

/** Fields of /proc/<pid>/stat from the third one on: a program's name may hold spaces and brackets. */
async function statOf(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
