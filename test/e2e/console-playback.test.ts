import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleFixture, startConsoleFixture } from '../support/console-fixture.ts';
import { launchChromium, openConsole, type VideoLike } from '../support/console-page.ts';

let fixture: ConsoleFixture;
let browser: Browser;

beforeAll(async () => {
  fixture = await startConsoleFixture();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await fixture?.close();
});

const MINUTE = 60_000;
const mediaTime = (page: Page) =>
  page.getByTestId('playback-video').evaluate((video) => Number((video as unknown as VideoLike).dataset.mediaTimeMs));
const playing = (page: Page) =>
  page.waitForFunction(`(() => {
    const video = document.querySelector('[data-testid=playback-video]');
    return video !== null && !video.paused && !video.seeking && video.dataset.mediaTimeMs !== undefined;
  })()`);
/** A page that has much to load on a busy machine is given time; what is awaited ends the wait. */
const patient = { timeout: 15_000 };

async function playback(atMs: number) {
  const opened = await openConsole(browser, fixture, `/playback?cameras=cam-0&at=${atMs}`);
  await playing(opened.page);
  return opened;
}

describe('playback', () => {
  it('plays from the moment that the address names', async () => {
    const at = fixture.answers.bootMs - 60 * MINUTE;
    const { page, complaints, close } = await playback(at);
    const begun = await mediaTime(page);
    expect(begun - at).toBeGreaterThanOrEqual(-100);
    await expect.poll(() => mediaTime(page), patient).toBeGreaterThan(begun + 500);
    expect(complaints).toEqual([]);
    await close();
  });

  it('says which gap it leaps over, and goes on after it', async () => {
    const gap = fixture.answers.gaps[1]!;
    const { page, close } = await playback(gap.from - 2_500);
    await expect.poll(() => mediaTime(page), patient).toBeGreaterThanOrEqual(gap.to - 1_500);
    await page.getByRole('status').filter({ hasText: 'Bỏ qua khoảng trống' }).filter({ hasText: 'Mất mạng' }).waitFor();
    await close();
  });

  it('lands behind a gap when a moment within it is asked for', async () => {
    const gap = fixture.answers.gaps[1]!;
    const { page, close } = await openConsole(browser, fixture, `/playback?cameras=cam-0&at=${gap.from + 30_000}`);
    await expect.poll(() => mediaTime(page), patient).toBeGreaterThanOrEqual(gap.to - 1_500);
    await page.getByRole('status').filter({ hasText: 'Bỏ qua khoảng trống' }).waitFor();
    await close();
  });

  it('plays where the timeline is clicked', async () => {
    const { page, close } = await playback(fixture.answers.bootMs - 90 * MINUTE);
    const canvas = page.getByTestId('timeline');
    const box = (await canvas.boundingBox())!;
    await canvas.click({ position: { x: box.width * 0.25, y: box.height - 25 } });
    // The view is 150 minutes long with the first moment in its middle: a quarter of its width is 37.5 minutes earlier.
    const wanted = fixture.answers.bootMs - 127.5 * MINUTE;
    await expect.poll(async () => Math.abs((await mediaTime(page)) - wanted), patient).toBeLessThan(MINUTE);
    await close();
  });

  it('keeps to Space, the arrows and the speeds', async () => {
    const { page, close } = await playback(fixture.answers.bootMs - 60 * MINUTE);
    const video = page.getByTestId('playback-video');
    await page.keyboard.press('l');
    await expect.poll(() => video.evaluate((v) => (v as unknown as VideoLike).playbackRate), patient).toBe(2);
    await page.keyboard.press('Space');
    await expect.poll(() => video.evaluate((v) => (v as unknown as VideoLike).paused), patient).toBe(true);
    const stood = await mediaTime(page);
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => Math.round(((await mediaTime(page)) - stood) / 1_000), patient).toBe(60);
    await close();
  });

  it('flags a stretch that was marked with I and O', async () => {
    const { page, close } = await playback(fixture.answers.bootMs - 60 * MINUTE);
    await page.keyboard.press('Space');
    await page.keyboard.press('i');
    const from = await mediaTime(page);
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => (await mediaTime(page)) - from, patient).toBeGreaterThan(50_000);
    await page.keyboard.press('o');
    await page.getByRole('button', { name: 'Lập vụ việc' }).click();
    await page.getByTestId('flag-popover').waitFor();
    await page.keyboard.type('VT01');
    await page.keyboard.press('Enter');
    await page.getByTestId('flag-popover').waitFor({ state: 'detached' });
    const flagged = fixture.answers.incidents[0]!;
    expect(flagged).toMatchObject({ cameraId: 'cam-0', category: 'VT01' });
    expect(Math.round((flagged.toMs - flagged.fromMs) / 1_000)).toBe(60);
    expect(Math.abs(flagged.fromMs - from)).toBeLessThan(1_000);
    await close();
  });

  it('goes to a time that is typed after G', async () => {
    const { page, close } = await playback(fixture.answers.bootMs - 60 * MINUTE);
    await page.keyboard.press('g');
    await page.keyboard.type('03:00:00');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('playback-clock').textContent(), patient).toContain('03:00:0');
    await close();
  });
});
