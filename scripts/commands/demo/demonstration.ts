import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApiClient } from '../api-client.ts';
import { people } from './demo-city.ts';
import { type Demo, DemoFile, newDemo } from './demo-file.ts';
import { startDemoFleet } from './fleet-of-demo.ts';
import type { FleetProcess } from './fleet-process.ts';
import { makeHistory } from './history.ts';
import { addAccounts, addCameras, enterAsAdministrator, untilRecording } from './prepare-city.ts';

export const demoConfiguration = fileURLToPath(new URL('../../../config/demo.yaml', import.meta.url));

type Say = (line: string) => void;

/** The simulated city around a server: its cameras, its people and a short history. */
export class Demonstration {
  readonly #file: DemoFile;
  readonly #demo: Demo;
  readonly #say: Say;
  readonly #signal: AbortSignal;
  readonly #fleet: Promise<FleetProcess>;

  constructor(file: DemoFile, demo: Demo, say: Say, signal: AbortSignal) {
    this.#file = file;
    this.#demo = demo;
    this.#say = say;
    this.#signal = signal;
    this.#fleet = startDemoFleet(demo, say, signal);
    // Awaited in `prepare`; a failure before that is no unhandled one.
    this.#fleet.catch(() => {});
  }

  /** Starts the simulated cameras, and does not wait for them. Errors: `Error` when the folder holds another city. */
  static async begin(dataDir: string, say: Say, signal: AbortSignal): Promise<Demonstration> {
    const file = new DemoFile(dataDir);
    let demo = await file.read();
    if (demo === null) {
      if (existsSync(join(dataDir, 'lienthong.sqlite'))) {
        throw new Error(`${dataDir} holds a city that is not the demo's; name another folder in LIENTHONG_DATA_DIR`);
      }
      demo = newDemo();
      await file.write(demo);
    }
    return new Demonstration(file, demo, say, signal);
  }

  /** Makes what is missing, through the API, and returns when every camera is recorded. */
  async prepare(client: ApiClient, setupToken: string | null): Promise<void> {
    const demo = this.#demo;
    const admin = client.stranger();
    await enterAsAdministrator(admin, demo, setupToken);
    if (!demo.prepared) await addAccounts(admin, demo);
    const fleet = await this.#fleet;
    await addCameras(admin, demo, fleet.cameras, this.#signal);
    demo.url = client.url;
    await this.#file.write(demo);
    await untilRecording(admin, demo, this.#signal);
    admin.close();
    if (!demo.prepared) {
      this.#say('making a short history');
      await makeHistory(client, demo, this.#signal);
      demo.prepared = true;
      await this.#file.write(demo);
    }
    void fleet.exited.then(() => {
      if (!this.#signal.aborted) process.stderr.write('the simulated cameras have ended; start the demo again\n');
    });
    this.#say(this.#table());
  }

  async stop(): Promise<void> {
    const fleet = await this.#fleet.catch(() => null);
    await fleet?.stop();
  }

  #table(): string {
    const rows = this.#demo.accounts.map(({ role, username, password, unit }) => {
      const name = people.find((person) => person.username === username)?.name ?? role;
      return [name, unit ?? '', username, password];
    });
    const head = ['who (simulated)', 'unit', 'user name', 'password'];
    const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd();
    return [line(head), ...rows.map(line), `(also in ${this.#file.path})`].join('\n');
  }
}
