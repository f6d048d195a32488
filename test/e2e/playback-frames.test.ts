import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { decodeFrameNumber, rgbaLuma } from '../../scripts/simulator/frame-strip.ts';
import { launchChromium } from '../support/console-page.ts';
import { PlaybackPage } from './pages/playback-page.ts';
import { visitAs } from './visitors.ts';

/** Frames in the loop of the simulated cameras of these tests. */
const LOOP = 100;
/** The simulated cameras begin a group of pictures every so many frames, from the first of the loop on. */
const GROUP = 50;
const AFTER = 5;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** The number that is drawn into the picture on screen; NaN while it cannot be read. */
async function shownFrame(page: Page): Promise<number> {
  const { width, height, pixels } = (await page.evaluate(`(() => {
    const video = document.querySelector('[data-testid=playback-video]');
    const [width, height] = [video.videoWidth, video.videoHeight];
    const canvas = Object.assign(document.createElement('canvas'), { width: Math.max(1, width), height: 1 });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(video, 0, height - Math.ceil(width / 160), width, 1, 0, 0, width, 1);
    return { width, height, pixels: [...context.getImageData(0, 0, Math.max(1, width), 1).data] };
  })()`)) as { width: number; height: number; pixels: number[] };
  if (width === 0) return Number.NaN;
  // The strip looks the same in each of its rows: the middle one stands for all.
  const luma = rgbaLuma(pixels, width);
  return decodeFrameNumber((x) => luma(x, 0), width, height) ?? Number.NaN;
}

it('steps to the very next frame and the very one before, over borders of groups of pictures', async () => {
  const { page, leave } = await visitAs(browser, 'leader');
  const playback = new PlaybackPage(page);
  const at = Date.now() - 6_000;
  await page.goto(inject('city').url + PlaybackPage.address(inject('city').cameras[1]!.id, at));
  await expect.poll(() => playback.momentMs(), { timeout: 15_000 }).toBeGreaterThan(at - 2_000);
  await page.keyboard.press('Space');
  const rests = () =>
    page.evaluate(`(() => {
      const video = document.querySelector('[data-testid=playback-video]');
      return video.paused && !video.seeking && video.readyState >= 2;
    })()`);
  await expect.poll(rests, { timeout: 5_000 }).toBe(true);
  let before = await shownFrame(page);
  expect(before).not.toBeNaN();
  const step = async (key: string) => {
    await page.keyboard.press(key);
    await expect.poll(() => shownFrame(page), { timeout: 5_000, interval: 10 }).not.toBe(before);
    // Whatever is on its way has arrived.
    await expect.poll(rests, { timeout: 5_000, interval: 10 }).toBe(true);
    const now = await shownFrame(page);
    const by = (now - before + LOOP) % LOOP;
    before = now;
    return by;
  };
  // On until a border lies behind, then back over it.
  for (let steps = 0; steps < AFTER || before % GROUP !== AFTER; steps += 1) expect(await step('.')).toBe(1);
  for (let steps = 0; steps < AFTER * 2; steps += 1) expect(await step(',')).toBe(LOOP - 1);
  await leave();
});
