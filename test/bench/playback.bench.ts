import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { ApiClient } from '../../scripts/commands/api-client.ts';
import { buildConsole } from '../../scripts/commands/console-build.ts';
import { newDemo } from '../../scripts/commands/demo/demo-file.ts';
import { demoConfiguration } from '../../scripts/commands/demo/demonstration.ts';
import { accountOf, addAccounts, enterAsAdministrator } from '../../scripts/commands/demo/prepare-city.ts';
import { compose } from '../../server/compose.ts';
import { camera } from '../../server/contracts/cameras.ts';
import { loadConfiguration } from '../../server/platform/configuration.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { SignInPage } from '../e2e/pages/sign-in-page.ts';
import { launchChromium } from '../support/console-page.ts';
import { type Bench, round, wholeNumber } from './bench.ts';
import { playbackArchive } from './playback-archive.ts';

const dayMs = 86_400_000;
const cameraCount = 9;
/** Days are those of Việt Nam. */
const zoneMs = 7 * 3_600_000;
/** A page is opened anew, on another day, after so many clicks. */
const clicksADay = 10;
const hourMs = 3_600_000;
const gapMs = 5 * 60_000;
/** Ten times in and out, which takes the view a month back by the way. */
const zoomedFrames = 1_200;

/** Waits in the page, by its own clock: from the pointer's event to the first drawn frame of the moment that was pointed at. */
const watcher = `
window.benchClick = (expected, tolerance) => new Promise((resolve, reject) => {
  const video = document.querySelector('[data-testid=playback-video]');
  let from = 0;
  addEventListener('pointerup', () => { from = performance.now(); }, { once: true, capture: true });
  const late = setTimeout(() => reject(new Error('no frame of ' + expected + ', but ' + video.dataset.frameTimeMs)), 15000);
  const look = () => {
    if (from > 0 && Math.abs(Number(video.dataset.frameTimeMs) - expected) < tolerance && !video.seeking) {
      clearTimeout(late);
      resolve(performance.now() - from);
    } else requestAnimationFrame(look);
  };
  look();
});
window.benchHover = (expected, tolerance) => new Promise((resolve, reject) => {
  let from = 0;
  addEventListener('pointermove', () => { from = performance.now(); }, { once: true, capture: true });
  const late = setTimeout(() => reject(new Error('no preview')), 15000);
  const look = () => {
    const at = Number(document.querySelector('[data-testid=hover-preview]')?.dataset.shownMs);
    if (from > 0 && Math.abs(at - expected) < tolerance) {
      clearTimeout(late);
      resolve(performance.now() - from);
    } else requestAnimationFrame(look);
  };
  look();
});
window.benchZoom = (frames) => new Promise((resolve) => {
  const canvas = document.querySelector('[data-testid=timeline]');
  const box = canvas.getBoundingClientRect();
  const busy = [];
  const turn = (frame) => {
    const from = performance.now();
    // In to a minute and out to a day by turns; each time it is out, three days further into the past.
    const out = frame % 120 >= 60;
    const far = frame % 120 >= 117;
    const place = { clientX: box.left + box.width / 2, clientY: box.bottom - 20, bubbles: true, cancelable: true };
    canvas.dispatchEvent(new WheelEvent('wheel', far ? { ...place, shiftKey: true, deltaY: -box.width } : { ...place, deltaY: out ? 90 : -90 }));
    // The task that follows begins when the frame has been drawn.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      busy.push(performance.now() - from);
      if (busy.length < frames) requestAnimationFrame(() => turn(busy.length));
      else resolve(busy);
    };
    port2.postMessage(0);
  };
  requestAnimationFrame(() => turn(0));
});
window.benchSpread = (forMs) => new Promise((resolve) => {
  const spreads = [];
  const end = performance.now() + forMs;
  const look = () => {
    const videos = [...document.querySelectorAll('[data-testid=playback-video]')];
    const times = videos.map((video) => Number(video.dataset.frameTimeMs));
    spreads.push(Math.max(...times) - Math.min(...times));
    if (performance.now() < end) setTimeout(look, 100);
    else resolve({ spreads, dropped: videos.reduce((sum, v) => sum + v.getVideoPlaybackQuality().droppedVideoFrames, 0) });
  };
  look();
});`;

const bench: Bench = {
  usage: '[--days 3] [--clicks 100] [--seconds 120]',
  async run(args, say) {
    const { values } = parseArgs({
      args,
      options: { days: { type: 'string' }, clicks: { type: 'string' }, seconds: { type: 'string' } },
    });
    const days = wholeNumber('days', values.days ?? '3', 1, 30);
    const clicks = wholeNumber('clicks', values.clicks ?? '100', 1, 1_000);
    const seconds = wholeNumber('seconds', values.seconds ?? '120', 1, 3_600);
    const dataDir = await mkdtemp(join(tmpdir(), 'lienthong-bench-playback-'));
    await buildConsole(() => say('building the console'));
    const today = Math.floor((Date.now() + zoneMs) / dayMs) * dayMs - zoneMs;
    const fromMs = today - days * dayMs;
    const open = () =>
      compose(
        loadConfiguration(
          {
            LIENTHONG_CONFIG: demoConfiguration,
            LIENTHONG_DATA_DIR: dataDir,
            LIENTHONG_PORT: '0',
            LIENTHONG_LOG: 'silent',
          },
          dataDir,
        ),
        silentLogger,
      );
    let running = await open();
    const browser = await launchChromium();
    try {
      const demo = newDemo();
      const admin = await ApiClient.of(running.url, dataDir);
      await enterAsAdministrator(admin, demo, running.setupToken);
      await addAccounts(admin, demo);
      const ids: string[] = [];
      for (let i = 1; i <= cameraCount; i += 1) {
        const rtsp = { main: `rtsp://127.0.0.1:9/${i}/main`, sub: `rtsp://127.0.0.1:9/${i}/sub` };
        const body = { name: `Quầy số ${i}`, unitId: 'trung-tam', rtsp };
        const made = await admin.call(camera, 'POST', '/api/cameras', { body });
        await admin.call(camera, 'PATCH', `/api/cameras/${made.id}`, { body: { enabled: false } });
        ids.push(made.id);
      }
      await running.stop();
      say(`making ${days} days of ${cameraCount} cameras`);
      await playbackArchive(dataDir, ids, fromMs, days * 1_440);
      running = await open();
      const { url } = running;
      const context = await browser.newContext({
        ignoreHTTPSErrors: true,
        bypassCSP: true,
        viewport: { width: 1440, height: 900 },
      });
      await context.addInitScript(watcher);
      const page = await context.newPage();
      await page.goto(`${url}/sign-in`);
      const { username, password } = accountOf(demo, 'leader');
      await new SignInPage(page).signIn(username, password);
      await page.getByRole('navigation').first().waitFor();
      const noon = (day: number) => fromMs + day * dayMs + dayMs / 2;
      const visit = async (day: number, cameras = ids.slice(0, 1)) => {
        await page.goto(`${url}/playback?cameras=${cameras.join()}&at=${noon(day)}&span=1440`);
        await page.waitForFunction(
          `(() => {
            const videos = [...document.querySelectorAll('[data-testid=playback-video]')];
            return videos.length === ${cameras.length} && videos.every((v) => Number(v.dataset.frameTimeMs) > 0);
          })()`,
        );
      };
      const random = randomNumbers();
      const seeks: number[] = [];
      const cold: number[] = [];
      const warm: number[] = [];
      for (let click = 0; click < clicks; click += 1) {
        const day = Math.floor(random() * days);
        if (click % clicksADay === 0) await visit(click === 0 ? 0 : day);
        const at = await pointAt(page, 0.02 + random() * 0.96);
        seeks.push(await measure(page, `benchClick(${at.ms}, 3000)`, () => page.mouse.click(at.x, at.y)));
        const far = await pointAt(page, 0.02 + random() * 0.96);
        cold.push(await measure(page, `benchHover(${far.ms}, ${at.pxMs})`, () => page.mouse.move(far.x, far.y)));
        const other = await pointAt(page, 0.02 + random() * 0.96);
        await measure(page, `benchHover(${other.ms}, ${at.pxMs})`, () => page.mouse.move(other.x, other.y));
        warm.push(await measure(page, `benchHover(${far.ms}, ${at.pxMs})`, () => page.mouse.move(far.x, far.y)));
      }
      say(`clicks done, load ${loadavg()[0]}`);
      const drawn: number[] = [];
      for (let i = 0; i < 5; i += 1) {
        await visit(days - 1, ids);
        const date = new Date(fromMs + zoneMs).toISOString().slice(0, 10).split('-').reverse().join('/');
        drawn.push(
          (await page.evaluate(`new Promise((resolve) => {
            const button = [...document.querySelectorAll('aside button')].find((b) => b.textContent.includes('${date}'));
            const canvas = document.querySelector('[data-testid=timeline]');
            const from = performance.now();
            button.click();
            const look = () => canvas.dataset.drawn === '${fromMs}' ? resolve(performance.now() - from) : requestAnimationFrame(look);
            look();
          })`)) as number,
        );
      }
      const zoomed = await zoomFrames(page, () => visit(days - 1, ids));
      await visit(0, ids);
      const step = (await page.evaluate(`benchSpread(${seconds * 1_000})`)) as { spreads: number[]; dropped: number };
      return {
        seekMedian: at(seeks, 0.5),
        seekP95: at(seeks, 0.95),
        previewWarmMedian: at(warm, 0.5),
        previewColdMedian: at(cold, 0.5),
        syncP95: at(step.spreads, 0.95),
        syncMedian: at(step.spreads, 0.5),
        syncDroppedFrames: step.dropped,
        timelineDrawn: at(drawn, 0.5),
        zoomFrameMedian: at(zoomed, 0.5),
        zoomFrameP95: at(zoomed, 0.95),
        load: round(loadavg()[0] ?? 0, 2),
      };
    } finally {
      await browser.close();
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};
export default bench;

/** What the page is busy with at each frame (ms) while it zooms and moves through a month in which every hour of every camera has its gap. */
async function zoomFrames(page: Page, visit: () => Promise<void>): Promise<number[]> {
  const asked = '**/api/cameras/*/timeline?*';
  await page.route(asked, async (route) => {
    const { searchParams } = new URL(route.request().url());
    const [from, to] = [Number(searchParams.get('from')), Math.min(Number(searchParams.get('to')), Date.now())];
    const hours = Array.from({ length: Math.max(0, Math.ceil((to - from) / hourMs)) }, (_, i) => from + i * hourMs);
    const gaps = hours.map((at) => ({ from: at, to: Math.min(to, at + gapMs), reason: 'network' }));
    const recorded = hours.map((at) => [Math.min(to, at + gapMs), Math.min(to, at + hourMs)]);
    const incidents = hours.map((at, i) => ({
      ...{ id: `${at}`, fromMs: at, toMs: at + 60_000, atMs: at + hourMs / 2, category: 'VT01' },
      severity: 1 + (i % 3),
    }));
    const body = { stream: searchParams.get('stream'), recorded, gaps, incidents };
    await route.fulfill({ json: body });
  });
  await visit();
  await page.keyboard.press('Space');
  const busy = (await page.evaluate(`benchZoom(${zoomedFrames})`)) as number[];
  await page.unroute(asked);
  return busy;
}

/** A place on the detail of the timeline, by its share of the width, with its moment and how long a pixel is. */
async function pointAt(page: Page, share: number) {
  const canvas = page.getByTestId('timeline');
  const box = await canvas.boundingBox();
  if (!box) throw new Error('no timeline');
  const x = Math.round(box.x + box.width * share);
  const view = (await canvas.evaluate((element) => {
    const { dataset } = element as unknown as { dataset: Record<string, string> };
    return [Number(dataset.viewFrom), Number(dataset.viewTo)];
  })) as [number, number];
  const pxMs = (view[1] - view[0]) / box.width;
  return { x, y: Math.round(box.y + box.height - 25), ms: view[0] + (x - box.x) * pxMs, pxMs };
}

async function measure(page: Page, watch: string, act: () => Promise<void>): Promise<number> {
  const watching = page.evaluate(watch) as Promise<number>;
  await page.evaluate('0');
  await act();
  return watching;
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN, 1);
}

/** The same places at every run (a linear congruential generator, Numerical Recipes). */
function randomNumbers(): () => number {
  let state = 20_261_124;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
