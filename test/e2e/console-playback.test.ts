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
const open = async (query: string) => openConsole(browser, fixture, `/playback?${query}`);
/** Moments of the frames on screen, one for each camera. */
const frames = (page: Page) =>
  page.evaluate(
    `[...document.querySelectorAll('[data-testid=playback-video]')].map((video) => Number(video.dataset.frameTimeMs))`,
  ) as Promise<number[]>;
const spread = async (page: Page, cameras: number) => {
  const times = await frames(page);
  return times.length === cameras ? Math.max(...times) - Math.min(...times) : Number.NaN;
};

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

describe('several cameras', () => {
  it('are shown at the same moment, cross a gap together, and one can be enlarged and left again', async () => {
    const gap = fixture.answers.gaps[1]!;
    const { page, complaints, close } = await open(`cameras=cam-0,cam-1,cam-2&track=2&at=${gap.from - 3_000}`);
    await expect.poll(async () => Math.min(...(await frames(page))), patient).toBeGreaterThan(gap.to);
    await expect.poll(() => spread(page, 3), patient).toBeLessThanOrEqual(120);
    await page.getByRole('status').filter({ hasText: 'Bỏ qua khoảng trống' }).first().waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('playback-tile').count(), patient).toBe(1);
    expect(new URL(page.url()).searchParams.get('full')).toBe('1');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByTestId('playback-tile').count(), patient).toBe(3);
    await expect.poll(() => spread(page, 3), patient).toBeLessThanOrEqual(120);
    expect(complaints).toEqual([]);
    await close();
  });

  it('of the whole unit come at the same second with one click', async () => {
    const at = fixture.answers.bootMs - 60 * MINUTE;
    const { page, close } = await open(`cameras=cam-1&at=${at}`);
    await expect.poll(() => frames(page), patient).toHaveLength(1);
    await page.getByRole('button', { name: 'Cả đơn vị' }).click();
    await expect.poll(() => spread(page, 4), patient).toBeLessThanOrEqual(120);
    const params = new URL(page.url()).searchParams;
    expect(params.get('cameras')).toBe('cam-0,cam-1,cam-2,cam-3');
    expect(params.get('track')).toBe('2');
    await close();
  });
});

describe('the timeline', () => {
  it('shows the picture of the moment under the pointer, from the keyframe or the still of the server', async () => {
    const { page, close } = await open(`cameras=cam-0&at=${fixture.answers.bootMs - 60 * MINUTE}`);
    await expect.poll(() => frames(page), patient).toHaveLength(1);
    const box = (await page.getByTestId('timeline').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height - 25);
    await expect.poll(() => page.getByTestId('hover-preview').isVisible(), patient).toBe(true);
    await close();
  });

  it('scrubs while its ruler is dragged, and plays when it is let go', async () => {
    const { page, close } = await open(`cameras=cam-0&at=${fixture.answers.bootMs - 60 * MINUTE}`);
    await expect.poll(() => frames(page), patient).toHaveLength(1);
    await page.keyboard.press('Space');
    const box = (await page.getByTestId('timeline').boundingBox())!;
    const y = box.y + 50;
    await page.mouse.move(box.x + box.width * 0.4, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.25, y, { steps: 4 });
    const wanted = fixture.answers.bootMs - 97.5 * MINUTE;
    const picture = () =>
      page
        .getByTestId('playback-video')
        .evaluate((v) => Number((v as unknown as { dataset: Record<string, string> }).dataset.pictureTimeMs));
    await expect.poll(async () => Math.abs((await picture()) - wanted), patient).toBeLessThan(MINUTE);
    await page.mouse.up();
    const playing = () =>
      page.getByTestId('playback-video').evaluate((v) => !(v as unknown as { paused: boolean }).paused);
    await expect.poll(playing, patient).toBe(true);
    await expect.poll(async () => Math.abs((await frames(page))[0]! - wanted), patient).toBeLessThan(MINUTE);
    await close();
  });
});

it('fast playing and playing backwards show keyframes', async () => {
  const at = fixture.answers.bootMs - 60 * MINUTE;
  const { page, close } = await open(`cameras=cam-0&at=${at}`);
  await expect.poll(() => frames(page), patient).toHaveLength(1);
  const clock = () => page.getByTestId('playback-clock').textContent();
  await page.getByRole('button', { name: 'Tốc độ 16×' }).click();
  const picture = () =>
    page
      .getByTestId('playback-video')
      .evaluate((v) => Number((v as unknown as { dataset: Record<string, string> }).dataset.pictureTimeMs));
  await expect.poll(picture, patient).toBeGreaterThan(at + 20_000);
  expect(await clock()).not.toBe('');
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('j');
  const turned = await picture();
  await expect.poll(picture, patient).toBeLessThan(turned - 8_000);
  await page.keyboard.press('k');
  await expect.poll(async () => (await frames(page))[0]! - (await picture()), patient).toBeLessThan(10_000);
  await close();
});
