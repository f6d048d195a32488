import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { constants, loadavg, setPriority } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { newDemo } from '../../scripts/commands/demo/demo-file.ts';
import { type FleetProcess, startFleetProcess } from '../../scripts/commands/demo/fleet-process.ts';
import { accountOf, addAccounts, enterAsAdministrator } from '../../scripts/commands/demo/prepare-city.ts';
import { type ProductProcess, startProductProcess } from '../support/product-process.ts';
import { type Bench, BenchUsageError, round, wholeNumber } from './bench.ts';
import { addCamera, fleetOf, missingFrames, untilRecording } from './pipeline.bench.ts';
import { figuresOf, pssBytesOf } from './processes.ts';
import type { ViewerOrder } from './viewer-tiles.ts';

const cameraCount = 8;
/** Of one connection; a wall has 16, and a proxy in front more. */
const tilesPerViewer = 50;
const processes = 2;
/** Tiles that tell how late parts are, in a process of their own that has little else to do: those that make the load are late by themselves. */
const watchedTiles = 8;
const settleMs = 4_000;
const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

interface Report {
  got: number[];
  answered: number[];
  parts: number;
  bytes: number;
  drops: number;
  errors: number;
  failures: string[];
}

/**
 * One server process, 8 simulated cameras (sub streams of 512 kbit/s) and many tiles that show them, over HTTP/2, each connection with a
 * session of its own. `partP95`: from when the server had a part to when a tile had all of it, as 8 of the tiles tell it that
 * share no process with those that make the load (theirs is `loadP95`); for hls that is a blocking reload and the
 * request for the part after it, and `answerP95` the reload alone. `drops`: parts that a tile was not given.
 */
const bench: Bench = {
  usage: '--tiles N [--path push|hls] [--seconds S] [--profile FOLDER]',
  async run(args, say) {
    const { tiles, path, seconds, profile } = read(args);
    const demo = newDemo();
    const product = await startProductProcess({
      nodeOptions: [
        `--import=${pathToFileURL(file('part-clock.ts'))}`,
        ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
      ],
      env: (dataDir) => ({ BENCH_PART_MARKS: join(dataDir, 'part-marks') }),
    });
    const marks = join(product.dataDir, 'part-marks');
    writeFileSync(marks, '');
    let fleet: FleetProcess | undefined;
    const watching: Viewers[] = [];
    try {
      fleet = await startFleetProcess(fleetOf(cameraCount, demo.fleet), say);
      await enterAsAdministrator(product.client, demo, product.setupToken);
      await addAccounts(product.client, demo);
      const ids: string[] = [];
      for (const [index, device] of fleet.cameras.entries()) {
        // The first stream of a camera is its main one, whatever its size.
        const rtsp = { main: device.rtsp.sub, sub: device.rtsp.sub };
        ids.push(await addCamera(product.client, { ...device, rtsp }, index, 'main', demo.fleet));
      }
      await untilRecording(product.client, cameraCount);
      say('signing the viewers in');
      const orders = await ordersOf(product, marks, path, ids, tiles, accountOf(demo, 'leader'));
      for (const order of orders) watching.push(new Viewers(order));
      // As if it were another machine; refused to whoever is not root.
      watching[0]?.hurry();
      await Promise.all(watching.map((viewers) => viewers.ready));
      await delay(settleMs);
      say(`measuring for ${seconds} s`);
      const fromMs = Date.now();
      const before = await figuresOf(product.pid);
      const begun = performance.now();
      for (const viewers of watching) viewers.tell('reset');
      await delay(seconds * 1_000);
      const took = (performance.now() - begun) / 1_000;
      const cpu = (await figuresOf(product.pid)).cpuSeconds - before.cpuSeconds;
      const load = loadavg()[0] ?? 0;
      const memory = await pssBytesOf(product.pid);
      const reports = await Promise.all(watching.map((viewers) => viewers.report()));
      const toMs = Date.now();
      const watched = reports[0];
      if (watched === undefined) throw new Error('nobody watched');
      const sum = (of: (report: Report) => number) => reports.reduce((all, report) => all + of(report), 0);
      for (const failure of new Set(reports.flatMap(({ failures }) => failures))) say(`failed: ${failure}`);
      const reader = product.client.stranger();
      await reader.signIn(accountOf(demo, 'leader').username, accountOf(demo, 'leader').password);
      const notRecorded = await missingFrames(reader, ids, 'main', fromMs, toMs);
      reader.close();
      return {
        tiles,
        path,
        seconds: round(took, 1),
        serverCpu: round((cpu / took) * 100, 1),
        partMedian: quantile(watched.got, 0.5),
        partP95: quantile(watched.got, 0.95),
        ...(path === 'hls' ? { answerP95: quantile(watched.answered, 0.95) } : {}),
        loadP95: quantile(added(reports.slice(1).map(({ got }) => got)), 0.95),
        errors: sum(({ errors }) => errors),
        drops: sum(({ drops }) => drops),
        partsPerSecond: round(sum(({ parts }) => parts) / took, 0),
        megabitsPerSecond: round((sum(({ bytes }) => bytes) * 8) / took / 1e6, 1),
        framesNotRecorded: notRecorded,
        serverMemory: round(memory / 1e6, 1),
        load: round(load, 2),
      };
    } finally {
      for (const viewers of watching) viewers.end();
      await fleet?.stop();
      product.client.close();
      await product.stop();
    }
  },
};
export default bench;

function read(args: string[]) {
  const options = {
    tiles: { type: 'string' },
    path: { type: 'string', default: 'push' },
    seconds: { type: 'string', default: '30' },
    profile: { type: 'string' },
  } as const;
  const { values } = parseArgs({ args, options });
  const { path, profile } = values;
  if (path !== 'push' && path !== 'hls') throw new BenchUsageError(`--path is push or hls, not ${path}`);
  const tiles = wholeNumber('tiles', values.tiles ?? '', 1, 10_000);
  return { tiles, path, seconds: wholeNumber('seconds', values.seconds, 2, 600), profile } as const;
}

/** Tiles over connections, and connections over processes; every connection is a person who has signed in. */
async function ordersOf(
  { url, dataDir, client }: ProductProcess,
  marks: string,
  path: 'push' | 'hls',
  ids: readonly string[],
  tiles: number,
  { username, password }: { username: string; password: string },
): Promise<ViewerOrder[]> {
  const ca = readFileSync(join(dataDir, 'tls', 'cert.pem'), 'utf8');
  const orders = Array.from({ length: 1 + processes }, (): ViewerOrder => ({ path, url, ca, marks, viewers: [] }));
  for (let first = 0, viewer = 0; first < tiles; viewer += 1) {
    const count = Math.min(viewer === 0 ? watchedTiles : tilesPerViewer, tiles - first);
    const person = client.stranger();
    await person.signIn(username, password);
    const cameras = Array.from({ length: count }, (_, tile) => ids[(first + tile) % ids.length] ?? '');
    orders[viewer === 0 ? 0 : 1 + (viewer % processes)]?.viewers.push({ cookie: person.cookie, cameras });
    person.close();
    first += count;
  }
  return orders.filter(({ viewers }) => viewers.length > 0);
}

class Viewers {
  readonly ready: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(order: ViewerOrder) {
    this.#child = spawn(process.execPath, [file('viewer-process.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#child.stdout === null) throw new Error('no output');
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.tell(JSON.stringify(order));
    this.ready = this.#line();
  }

  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  async report(): Promise<Report> {
    this.tell('report');
    return JSON.parse(await this.#line());
  }

  hurry(): void {
    try {
      setPriority(this.#child.pid ?? 0, constants.priority.PRIORITY_HIGH);
    } catch {}
  }

  end(): void {
    this.#child.stdin?.end();
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the viewers ended before their time');
    return value;
  }
}

/** Of a histogram with classes of 1 ms. */
function quantile(counts: readonly number[], share: number): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  return counts.findIndex((count) => {
    below += count;
    return below > 0 && below >= all * share;
  });
}

function added(histograms: readonly number[][]): number[] {
  return Array.from({ length: 5001 }, (_, ms) => histograms.reduce((sum, counts) => sum + (counts[ms] ?? 0), 0));
}
