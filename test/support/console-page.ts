import { type Browser, chromium, type Page } from 'playwright-core';
import type { ConsoleFixture } from './console-fixture.ts';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

export function launchChromium(more: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: [...args, ...more] });
}

export type Size = { width: number; height: number };

/** A page of the console in a browser of its own, and everything that it complained about. */
export async function openConsole(
  browser: Browser,
  fixture: ConsoleFixture,
  at: string,
  viewport: Size = { width: 1440, height: 900 },
) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  await page.goto(fixture.url + at);
  return { page, complaints, close: () => context.close() };
}

/** One tile of the wall, by its camera. */
export function tile(page: Page, cameraId: string) {
  return page.locator(`[data-testid=tile][data-camera="${cameraId}"]`);
}

/** The part of a `<video>` that the tests read; they are compiled without the browser's types. */
export type VideoLike = {
  paused: boolean;
  playbackRate: number;
  dataset: Record<string, string | undefined>;
  getVideoPlaybackQuality: () => { totalVideoFrames: number };
};

/** Frames that the shown video of a tile has decoded. */
export function decodedFrames(page: Page, cameraId: string): Promise<number> {
  return tile(page, cameraId)
    .locator('video')
    .evaluateAll((videos) =>
      Math.max(
        0,
        ...(videos as unknown as VideoLike[]).map((video) => video.getVideoPlaybackQuality().totalVideoFrames),
      ),
    );
}

/** Makes the page believe that its tab is hidden, or shown again. */
export function hideTab(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate(`{
    Object.defineProperty(document, 'visibilityState', { value: '${hidden ? 'hidden' : 'visible'}', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }`);
}

/** How many drawn frames of a tile had no picture, or a black one, while `act` ran. */
export async function darkFrames(page: Page, cameraId: string, act: () => Promise<void>): Promise<number> {
  await page.evaluate(`{
    const root = document.querySelector('[data-testid=tile][data-camera="${cameraId}"]');
    const watch = (window.pictureWatch = { dark: 0, stop: false });
    const small = Object.assign(document.createElement('canvas'), { width: 8, height: 4 });
    const context = small.getContext('2d', { willReadFrequently: true });
    const look = () => {
      const layers = [...root.querySelectorAll('video, canvas')].filter((layer) => !layer.hidden);
      layers.sort((a, b) => Number(b.style.zIndex) - Number(a.style.zIndex));
      context.clearRect(0, 0, 8, 4);
      if (layers[0]) context.drawImage(layers[0], 0, 0, 8, 4);
      let light = 0;
      context.getImageData(0, 0, 8, 4).data.forEach((value, i) => { if (i % 4 !== 3) light += value; });
      if (light < 500) watch.dark += 1;
      if (!watch.stop) requestAnimationFrame(look);
    };
    look();
  }`);
  await act();
  return page.evaluate('(window.pictureWatch.stop = true, window.pictureWatch.dark)');
}
