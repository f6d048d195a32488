import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ApiClient } from '../../scripts/commands/api-client.ts';
import { demoConfiguration } from '../../scripts/commands/demo/demonstration.ts';

const program = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

export interface ProductProcess {
  url: string;
  dataDir: string;
  pid: number;
  /** Nobody is signed in. */
  client: ApiClient;
  /** Of the set-up link, while there is no account. */
  setupToken: string | null;
  /** SIGTERM; returns the exit status. */
  stop(): Promise<number | null>;
}

/** The server as a process of its own on a free port, over the units of the demo; its data goes when it stops. */
export async function startProductProcess({
  nodeOptions = [],
  env = () => ({}),
}: {
  nodeOptions?: readonly string[];
  env?: (dataDir: string) => Record<string, string>;
} = {}): Promise<ProductProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-server-'));
  const child = spawn(process.execPath, [...nodeOptions, program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      LIENTHONG_PORT: '0',
      LIENTHONG_DATA_DIR: dataDir,
      LIENTHONG_CONFIG: demoConfiguration,
      ...env(dataDir),
    },
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    const status = await exited;
    rmSync(dataDir, { recursive: true, force: true });
    return status;
  };
  try {
    const { url, setupToken } = await firstLines(child, exited);
    const client = await ApiClient.of(url, dataDir);
    return { url, dataDir, pid: child.pid ?? 0, client, setupToken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `listening …` and, on an empty system, `setup …`. */
function firstLines(child: ChildProcess, exited: Promise<number | null>) {
  return new Promise<{ url: string; setupToken: string | null }>((resolve, reject) => {
    exited.then((status) => reject(new Error(`the server ended with ${status} before it listened`)));
    child.once('error', reject);
    if (child.stdout === null) return;
    let url = '';
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [word, address = ''] = line.split(' ');
      if (word === 'listening') url = address;
      else if (word === 'setup') resolve({ url, setupToken: new URL(address).searchParams.get('token') });
    });
  });
}
