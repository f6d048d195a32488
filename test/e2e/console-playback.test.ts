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

describe('playback', () => {
  // One page for all of them: a moment is gone to as by a link that is followed.
  let opened: Awaited<ReturnType<typeof openConsole>>;
  let page: Page;
  beforeAll(async () => {
    opened = await open(`cameras=cam-0&at=${fixture.answers.bootMs - 70 * MINUTE}`);
    page = opened.page;
    await playing(page);
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.complaints).toEqual([]);
  });
  const goTo = (atMs: number) =>
    page.evaluate(
      `history.pushState(null, '', '/playback?cameras=cam-0&at=${atMs}&span=150'), dispatchEvent(new PopStateEvent('popstate'))`,
    );
  const playback = async (atMs: number) => {
    await goTo(atMs);
    await expect.poll(async () => Math.abs((await mediaTime(page)) - atMs - 500), patient).toBeLessThan(1_500);
    if (await page.getByRole('button', { name: 'Phát', exact: true }).isVisible()) await page.keyboard.press('Space');
    await playing(page);
  };

  it('plays from the moment that the address names', async () => {
    const at = fixture.answers.bootMs - 60 * MINUTE;
    await playback(at);
    const begun = await mediaTime(page);
    expect(begun - at).toBeGreaterThanOrEqual(-100);
    await expect.poll(() => mediaTime(page), patient).toBeGreaterThan(begun + 500);
  });

  it('says which gap it leaps over, and goes on after it', async () => {
    const gap = fixture.answers.gaps[1]!;
    await playback(gap.from - 2_500);
    await expect.poll(() => mediaTime(page), patient).toBeGreaterThanOrEqual(gap.to - 1_500);
    await page.getByRole('status').filter({ hasText: 'Bỏ qua khoảng trống' }).filter({ hasText: 'Mất mạng' }).waitFor();
  });

  it('lands behind a gap when a moment within it is asked for', async () => {
    const gap = fixture.answers.gaps[0]!;
    await goTo(gap.from + 30_000);
    await expect.poll(async () => Math.abs((await mediaTime(page)) - gap.to), patient).toBeLessThan(5_000);
    await page.getByRole('status').filter({ hasText: 'Bỏ qua khoảng trống' }).waitFor();
  });

  it('plays where the timeline is clicked', async () => {
    await playback(fixture.answers.bootMs - 90 * MINUTE);
    const canvas = page.getByTestId('timeline');
    const box = (await canvas.boundingBox())!;
    const view = (await canvas.evaluate((element) => {
      const { dataset } = element as unknown as VideoLike;
      return [Number(dataset.viewFrom), Number(dataset.viewTo)];
    })) as [number, number];
    await canvas.click({ position: { x: box.width * 0.25, y: box.height - 25 } });
    const wanted = view[0] + (view[1] - view[0]) * 0.25;
    await expect.poll(async () => Math.abs((await mediaTime(page)) - wanted), patient).toBeLessThan(MINUTE);
  });

  it('keeps to Space, the arrows and the speeds', async () => {
    await playback(fixture.answers.bootMs - 60 * MINUTE);
    const video = page.getByTestId('playback-video');
    await page.keyboard.press('l');
    await expect.poll(() => video.evaluate((v) => (v as unknown as VideoLike).playbackRate), patient).toBe(2);
    await page.keyboard.press('Space');
    await expect.poll(() => video.evaluate((v) => (v as unknown as VideoLike).paused), patient).toBe(true);
    const stood = await mediaTime(page);
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => Math.round(((await mediaTime(page)) - stood) / 1_000), patient).toBe(60);
    await page.keyboard.press('k');
    await page.getByRole('button', { name: 'Tốc độ 1×' }).click();
  });

  it('flags a stretch that was marked with I and O, or saves it as a file, which needs a reason', async () => {
    await playback(fixture.answers.bootMs - 60 * MINUTE);
    await page.keyboard.press('Space');
    await page.keyboard.press('i');
    const from = await mediaTime(page);
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => (await mediaTime(page)) - from, patient).toBeGreaterThan(50_000);
    await page.keyboard.press('o');
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Tải clip' });
    const save = dialog.getByText(/^Tải Quầy/).locator('xpath=ancestor::a');
    await save.waitFor();
    expect(await save.getAttribute('href')).toBeNull();
    await dialog.getByLabel('Lý do').fill('Đơn của công dân');
    const address = new URL((await save.getAttribute('href'))!, fixture.url);
    expect(address.searchParams.get('reason')).toBe('Đơn của công dân');
    expect(address.pathname).toBe('/media/cam-0/main/clip.mp4');
    expect(
      Math.round((Number(address.searchParams.get('to')) - Number(address.searchParams.get('from'))) / 1_000),
    ).toBe(60);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Lập vụ việc' }).click();
    await page.getByTestId('flag-popover').waitFor();
    await page.keyboard.type('VT01');
    await page.keyboard.press('Enter');
    await page.getByTestId('flag-popover').waitFor({ state: 'detached' });
    const flagged = fixture.answers.incidents[0]!;
    expect(flagged).toMatchObject({ cameraId: 'cam-0', category: 'VT01' });
    expect(Math.round((flagged.toMs - flagged.fromMs) / 1_000)).toBe(60);
    expect(Math.abs(flagged.fromMs - from)).toBeLessThan(1_000);
    await page.keyboard.press('Escape');
  });

  it('goes to a time that is typed after G', async () => {
    await page.keyboard.press('g');
    // Half a minute into the day lies in the past at any hour.
    await page.keyboard.type('00:00:30');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('playback-clock').textContent(), patient).toContain('00:00:3');
  });

  it('goes on over midnight, into another file of another size of picture', async () => {
    const midnight = fixture.answers.originMs + 2 * 24 * 60 * MINUTE;
    // From the first file after midnight on, the picture is the small one.
    await page.route('**/media/cam-0/main/vod.m3u8?*', async (route) => {
      const text = await (await route.fetch()).text();
      const dates = [...text.matchAll(/#EXT-X-PROGRAM-DATE-TIME:(.+)/g)];
      const at = dates.find(([, date]) => Date.parse(date!) >= midnight)?.index ?? -1;
      if (at < 0) return route.fulfill({ contentType: 'application/vnd.apple.mpegurl', body: text });
      const after = text.slice(at).replace(/^(\d+-\d+\.m4s)$/gm, '/media/cam-0/sub/$1');
      const body = `${text.slice(0, at)}#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="/media/cam-0/sub/init.mp4"\n${after}`;
      return route.fulfill({ contentType: 'application/vnd.apple.mpegurl', body });
    });
    const width = () =>
      page.getByTestId('playback-video').evaluate((v) => (v as unknown as { videoWidth: number }).videoWidth);
    await page.goto(`${fixture.url}/playback?cameras=cam-0&at=${midnight - 2_500}`);
    await expect.poll(width, patient).toBe(1_280);
    await expect.poll(width, patient).toBe(640);
    const crossed = await mediaTime(page);
    expect(crossed).toBeGreaterThanOrEqual(midnight);
    await expect.poll(() => mediaTime(page), patient).toBeGreaterThan(crossed + 300);
    const [month, day] = new Date(midnight + 7 * 60 * MINUTE).toISOString().slice(5, 10).split('-');
    await page.getByText(`Cả ngày ${day}/${month}`).waitFor();
    await page.unroute('**/media/cam-0/main/vod.m3u8?*');
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

  it('that lack footage say why, or play their other stream, while the others go on; without WebCodecs stills stand in', async () => {
    const at = fixture.answers.bootMs - 60 * MINUTE;
    const { page, complaints, close } = await openConsole(browser, fixture, '/playback?cameras=cam-9');
    await page.addInitScript('delete globalThis.VideoDecoder');
    const changed = (cameraId: string, change: (answer: { recorded: number[][] }) => object) =>
      page.route(`**/api/cameras/${cameraId}/timeline?*`, async (route) => {
        const answer = (await (await route.fetch()).json()) as { recorded: number[][] };
        await route.fulfill({ json: { ...answer, ...change(answer) } });
      });
    const [from, to] = [at + 1_500, at + 10 * MINUTE];
    await changed('cam-1', () => ({ offline: [[at - 10 * MINUTE, at + 10 * MINUTE]] }));
    await changed('cam-2', ({ recorded }) => ({
      recorded: recorded.flatMap(([a, b]) =>
        a! < from && b! > to
          ? [
              [a, from],
              [to, b],
            ]
          : [[a, b]],
      ),
      gaps: [{ from, to, reason: 'planned' }],
    }));
    await page.route('**/media/cam-0/sub/vod.m3u8?*', (route) => route.fulfill({ status: 404 }));
    await page.goto(`${fixture.url}/playback?cameras=cam-0,cam-1,cam-2,cam-3&at=${at}&span=60`);
    const tileOf = (cameraId: string) => page.locator(`[data-testid=playback-tile][data-camera=${cameraId}]`);
    await tileOf('cam-1').getByText('Ổ đĩa đang ngắt').waitFor();
    await tileOf('cam-0').getByText('Luồng chính').waitFor();
    await tileOf('cam-2').getByText('Không có ghi hình: Bảo trì').waitFor();
    const shownOf = (cameraId: string) =>
      tileOf(cameraId)
        .locator('video')
        .evaluate((v) => Number((v as unknown as VideoLike).dataset.frameTimeMs));
    for (const cameraId of ['cam-0', 'cam-3'])
      await expect.poll(() => shownOf(cameraId), patient).toBeGreaterThan(from + 1_000);
    // What is away is an outline on the timeline, what is there is filled.
    const filled = (await page.evaluate(`(() => {
      const canvas = document.querySelector('[data-testid=timeline]');
      const blue = (track) => canvas.getContext('2d').getImageData(canvas.width / 2 - 40, 75 + 27 * track, 1, 1).data[2];
      return [0, 1, 3].map((track) => blue(track) > 100);
    })()`)) as boolean[];
    expect(filled).toEqual([true, false, true]);
    const still = page.waitForRequest((request) => request.url().includes('/api/cameras/cam-0/snapshot.jpg?at='));
    const box = (await page.getByTestId('timeline').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height - 100);
    await still;
    await expect.poll(() => page.getByTestId('hover-preview').isVisible(), patient).toBe(true);
    // The 404 that was made here is the only thing that the browser may speak of.
    expect(complaints.filter((each) => !each.includes('/media/cam-0/sub/vod.m3u8'))).toEqual([]);
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
