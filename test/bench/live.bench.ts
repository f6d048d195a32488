import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { buildConsole } from '../../scripts/commands/console-build.ts';
import { newDemo } from '../../scripts/commands/demo/demo-file.ts';
import { startFleetProcess } from '../../scripts/commands/demo/fleet-process.ts';
import { accountOf, addAccounts, enterAsAdministrator, isRecording } from '../../scripts/commands/demo/prepare-city.ts';
import { until } from '../../scripts/commands/until.ts';
import { camera, cameraList } from '../../server/contracts/cameras.ts';
import { SignInPage } from '../e2e/pages/sign-in-page.ts';
import { launchChromium } from '../support/console-page.ts';
import { growthOfVisits } from '../support/page-memory.ts';
import { startProductProcess } from '../support/product-process.ts';
import { type Bench, BenchUsageError, round, wholeNumber } from './bench.ts';
import { liveWatcher } from './live-watcher.ts';
import { figuresOf } from './processes.ts';

const loopFrames = 250;
/** Loading the page is no part of watching it. */
const settleMs = 8_000;
const scene = { variant: 'desk', palette: 'blue', plate: 'QUẦY SỐ 1', unit: 'Bench', seed: 1 };
const layouts = [1, 4, 6, 9, 16];

/**
 * Glass to glass: simulated cameras draw a number into every frame, and Chromium, on the same machine, says which number each tile of
 * the wall shows. Encoding is not part of it (the clip is encoded before), the browser's drawing is.
 */
const bench: Bench = {
  usage: '--tiles N [--path push|hls] [--stream sub|main] [--seconds S] [--opens N]',
  async run(args, say) {
    const { tiles, path, stream, seconds, opens } = read(args);
    await buildConsole(() => say('building the console'));
    const demo = newDemo();
    const product = await startProductProcess();
    const browser = await launchChromium();
    try {
      const { username, password } = demo.fleet;
      const cameras = Array.from({ length: tiles }, (_, index) => {
        const name = `Camera ${index + 1}`;
        return { id: `bench-${index + 1}`, name, desk: name, scene, username, password };
      });
      const bitrate = { mainKbps: 3_000, subKbps: 512 };
      const fleet = await startFleetProcess({ cameras, discovery: false, loopFrames, bitrate }, say);
      try {
        await enterAsAdministrator(product.client, demo, product.setupToken);
        await addAccounts(product.client, demo);
        const ids: string[] = [];
        for (const [index, { rtsp }] of fleet.cameras.entries()) {
          // A camera of one stream has a main one, whatever its size.
          const addresses = { main: rtsp[stream] };
          const body = { name: `Camera ${index + 1}`, unitId: 'trung-tam', username, password, rtsp: addresses };
          ids.push((await product.client.call(camera, 'POST', '/api/cameras', { body })).id);
        }
        await until(
          'every camera to be recorded',
          async () => {
            const { items } = await product.client.call(cameraList, 'GET', '/api/cameras');
            return items.every(isRecording) ? true : null;
          },
          { timeoutMs: 60_000, everyMs: 500 },
        );
        const context = await browser.newContext({
          ignoreHTTPSErrors: true,
          bypassCSP: true,
          viewport: { width: 1920, height: 1080 },
        });
        const page = await context.newPage();
        await page.goto(`${product.url}/sign-in`);
        const leader = accountOf(demo, 'leader');
        await new SignInPage(page).signIn(leader.username, leader.password);
        await page.getByRole('navigation').first().waitFor();
        await page.addInitScript(liveWatcher(loopFrames));
        const layout = layouts.find((size) => size >= tiles) ?? 16;
        const wall = `${product.url}/wall?layout=${layout}&cameras=${ids.join()}&path=${path}`;
        // Twice: what the first picture takes is measured with the console in the browser's cache, as of a wall that is opened every morning.
        for (let visit = 0; visit < 2; visit += 1) {
          await page.goto(wall);
          await page.waitForFunction(`window.benchLive?.pictured.size === ${tiles}`, undefined, { timeout: 60_000 });
        }
        await delay(settleMs);
        const droppedBefore = await dropped(page);
        await page.evaluate('benchLiveReset()');
        await delay(seconds * 1_000);
        const found = (await page.evaluate(
          '({ ages: benchLive.ages, first: benchLive.first, stalls: benchLive.stalls })',
        )) as { ages: number[]; first: number[]; stalls: number };
        const droppedFrames = (await dropped(page)) - droppedBefore;
        // What the machine does for the wall is measured while nothing is read from its pictures.
        await page.evaluate('benchLiveStop()');
        const workSeconds = Math.min(seconds, 20);
        const before = { idle: await idleTime(), server: await figuresOf(product.pid) };
        await delay(workSeconds * 1_000);
        const idle = await idleTime();
        const serverCpu = ((await figuresOf(product.pid)).cpuSeconds - before.server.cpuSeconds) / workSeconds;
        return {
          tiles,
          path,
          seconds,
          median: quantile(found.ages, 0.5),
          p95: quantile(found.ages, 0.95),
          firstFrameMedian: quantile(found.first, 0.5),
          stalls: found.stalls,
          droppedFrames,
          machineIdlePercent: round(((idle.idle - before.idle.idle) / (idle.all - before.idle.all)) * 100, 1),
          serverCpu: round(serverCpu * 100, 1),
          frames: found.ages.length,
          ...(opens === 0 ? {} : await growthOfOpening(page, tiles, opens)),
          load: round(loadavg()[0] ?? 0, 2),
        };
      } finally {
        await fleet.stop();
      }
    } finally {
      await browser.close();
      product.client.close();
      await product.stop();
    }
  },
};
export default bench;

function read(args: string[]) {
  const options = {
    tiles: { type: 'string', default: '16' },
    path: { type: 'string', default: 'push' },
    stream: { type: 'string', default: 'sub' },
    seconds: { type: 'string', default: '60' },
    opens: { type: 'string', default: '0' },
  } as const;
  const { values } = parseArgs({ args, options });
  const { path, stream } = values;
  if (path !== 'push' && path !== 'hls') throw new BenchUsageError(`--path is push or hls, not ${path}`);
  if (stream !== 'main' && stream !== 'sub') throw new BenchUsageError(`--stream is main or sub, not ${stream}`);
  return {
    tiles: wholeNumber('tiles', values.tiles, 1, 16),
    path,
    stream,
    seconds: wholeNumber('seconds', values.seconds, 2, 3_600),
    opens: wholeNumber('opens', values.opens, 0, 500),
  } as const;
}

/** What the page holds more after so many further visits to the wall; the first ones fill caches. */
async function growthOfOpening(page: Page, tiles: number, opens: number) {
  const { heapBytes, nodes, listeners } = await growthOfVisits(page, tiles, opens, 5);
  return { opens, heapGrowthMb: round(heapBytes / 1e6, 2), nodesGrowth: nodes, listenersGrowth: listeners };
}

async function dropped(page: Page): Promise<number> {
  const script =
    '[...document.querySelectorAll("video")].reduce((sum, v) => sum + v.getVideoPlaybackQuality().droppedVideoFrames, 0)';
  return (await page.evaluate(script)) as number;
}

/** Of all cores since the start of the machine, in ticks (proc(5), /proc/stat). */
async function idleTime(): Promise<{ idle: number; all: number }> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  return { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), all: ticks.reduce((sum, tick) => sum + tick, 0) };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
}
