import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const program = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url));

const readyLine = z.object({
  ready: z.literal(true),
  cameras: z.array(
    z.object({
      id: z.string(),
      onvif: z.string(),
      rtsp: z.object({ main: z.string(), sub: z.string() }),
      endpointReference: z.string(),
    }),
  ),
});
export type RunningCamera = z.infer<typeof readyLine>['cameras'][number];

export interface FleetProcess {
  pid: number;
  cameras: RunningCamera[];
  /** As when a cable is pulled, and put back. */
  disconnect(id: string): void;
  reconnect(id: string): void;
  /** Settles when the process is gone, however it went. */
  exited: Promise<void>;
  /** Ends it within a second. */
  stop(): Promise<void>;
}

/**
 * Simulated cameras in a process of their own, which ends with this one. `description` is what scripts/simulator/main.ts
 * reads, `onWords` gets its lines on standard error. Errors: `Error` when it ends before its cameras are there.
 */
export function startFleetProcess(
  description: unknown,
  onWords: (line: string) => void,
  signal?: AbortSignal,
): Promise<FleetProcess> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'pipe'], signal, killSignal: 'SIGTERM' });
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  const words: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    words.push(line);
    if (words.length > 20) words.shift();
    onWords(line);
  });
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify(description)}\n`);
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      try {
        resolve(fleetProcess(child, readyLine.parse(JSON.parse(line)).cameras, exited));
      } catch (error) {
        child.kill('SIGTERM');
        reject(error);
      }
    });
    child.once('error', reject);
    exited.then(() => reject(new Error(`the simulated cameras did not start:\n${words.join('\n')}`)));
  });
}

function fleetProcess(child: ChildProcess, cameras: RunningCamera[], exited: Promise<void>): FleetProcess {
  const say = (line: Record<string, string>) => child.stdin?.write(`${JSON.stringify(line)}\n`);
  return {
    pid: child.pid ?? 0,
    cameras,
    disconnect: (id) => say({ disconnect: id }),
    reconnect: (id) => say({ reconnect: id }),
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
