import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleFixture, startConsoleFixture } from '../support/console-fixture.ts';
import {
  darkFrames,
  decodedFrames,
  hideTab,
  launchChromium,
  openConsole,
  tile,
  type VideoLike,
} from '../support/console-page.ts';
import { growthOfVisits } from '../support/page-memory.ts';

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

/** A page that has much to load on a busy machine is given time; what is awaited ends the wait. */
const patient = { timeout: 15_000 };
const cameras = Array.from({ length: 9 }, (_, i) => `cam-${i}`);
const inState = (page: Page, cameraId: string, state: string) =>
  page.waitForSelector(`[data-testid=tile][data-camera="${cameraId}"][data-state=${state}]`, { state: 'attached' });

async function liveWall(at = '/wall', live = cameras) {
  const opened = await openConsole(browser, fixture, at);
  await Promise.all(live.map((id) => inState(opened.page, id, 'live')));
  return opened;
}

describe('the wall', () => {
  it('decodes frames on nine tiles, each by its sub stream and less than 3 s behind', async () => {
    const { page, complaints, close } = await liveWall();
    for (const id of cameras) {
      const before = await decodedFrames(page, id);
      await expect.poll(() => decodedFrames(page, id), patient).toBeGreaterThan(before + 10);
      expect(await tile(page, id).getAttribute('data-stream')).toBe('sub');
      expect(await tile(page, id).getAttribute('data-path')).toBe('push');
      expect(Number(await tile(page, id).getAttribute('data-lag-ms'))).toBeLessThan(3_000);
    }
    expect(complaints).toEqual([]);
    await close();
  });

  it('changes to the main stream of an enlarged tile without a black frame, and stops the others', async () => {
    const { page, close } = await liveWall();
    const dark = await darkFrames(page, 'cam-4', async () => {
      await page.keyboard.press('5');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-testid=tile][data-camera=cam-4][data-stream=main][data-state=live]');
      await inState(page, 'cam-0', 'still');
      await expect.poll(() => fixture.openPushes(), patient).toBe(1);
    });
    expect(dark).toBe(0);
    await page.keyboard.press('Escape');
    await Promise.all(cameras.map((id) => inState(page, id, 'live')));
    expect(await tile(page, 'cam-4').getAttribute('data-stream')).toBe('sub');
    await close();
  });

  it('fetches nothing while its tab is hidden, and is live again afterwards', async () => {
    const { page, close } = await liveWall('/wall?layout=4&cameras=cam-0,cam-1,cam-2,cam-3', cameras.slice(0, 4));
    await hideTab(page, true);
    await inState(page, 'cam-0', 'still');
    await expect.poll(() => fixture.openPushes(), patient).toBe(0);
    const asked: string[] = [];
    page.on('request', (request) => request.url().includes('/media/') && asked.push(request.url()));
    // Whoever still fetched would have asked for each of them.
    await fixture.afterParts(5);
    expect(asked).toEqual([]);
    await hideTab(page, false);
    await Promise.all(cameras.slice(0, 4).map((id) => inState(page, id, 'live')));
    await close();
  });

  it('says since when a camera has sent the same picture, and leaves the picture bright', async () => {
    const { page, close } = await openConsole(browser, fixture, '/sign-in');
    await page.route('**/api/cameras', async (route) => {
      const answer = await route.fetch();
      const list = (await answer.json()) as { items: { id: string; streams: { frozenSinceMs?: number }[] }[] };
      const still = list.items.find(({ id }) => id === 'cam-0');
      for (const stream of still?.streams ?? []) stream.frozenSinceMs = Date.parse('2026-01-05T02:15:00Z');
      await route.fulfill({ json: list });
    });
    await page.goto(`${fixture.url}/wall?layout=1&cameras=cam-0`);
    await inState(page, 'cam-0', 'live');
    expect(await tile(page, 'cam-0').locator('[data-shown=standing]').textContent()).toMatch(
      /^Hình đứng yên từ .*09:15/,
    );
    expect(await tile(page, 'cam-0').getAttribute('data-veil')).toBeNull();
    await close();
  });

  it('shows the figures of every stream by the address and by a key, anew at every second', async () => {
    const { page, complaints, close } = await liveWall('/wall?layout=4&cameras=cam-0,cam-1&stats', ['cam-0', 'cam-1']);
    const figure = (name: string) => tile(page, 'cam-0').locator(`[data-stat=${name}]`);
    await expect.poll(() => figure('size').textContent(), patient).toBe('640 × 360');
    expect(await figure('path').textContent()).toBe('push · sub');
    expect(await figure('codec').textContent()).toBe('avc1.64001f');
    await expect.poll(() => figure('bitrate').textContent(), patient).toMatch(/^[\d,]+ Mbit\/s$/);
    expect(await figure('lag').textContent()).toMatch(/^[\d,]+ s$/);
    const frames = await figure('frames').textContent();
    await expect.poll(() => figure('frames').textContent(), patient).not.toBe(frames);
    await page.keyboard.press('Shift+S');
    await page.getByTestId('tile-stats').first().waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
    await close();
  });

  it('says since when a camera is away and why, leaves it alone, and shows it when it is back', async () => {
    const { page, close } = await liveWall('/wall?layout=1&cameras=cam-2', ['cam-2']);
    fixture.setOffline('cam-2', true);
    await inState(page, 'cam-2', 'offline');
    const words = await tile(page, 'cam-2').textContent();
    expect(words).toContain('Mất kết nối từ');
    expect(words).toContain('Camera không trả lời.');
    const asked = fixture.liveRequests.get('cam-2') ?? 0;
    await fixture.afterParts(8);
    expect(fixture.liveRequests.get('cam-2')).toBe(asked);
    fixture.setOffline('cam-2', false);
    await inState(page, 'cam-2', 'live');
    await close();
  });

  it('plays on in the same answer over a jump of media time and over a stream that begins anew', async () => {
    const { page, complaints, close } = await liveWall('/wall?layout=1&cameras=cam-7', ['cam-7']);
    const asked = fixture.liveRequests.get('cam-7');
    const video = tile(page, 'cam-7').locator('video');
    await video.evaluate((element) => {
      (element as unknown as VideoLike).dataset.marked = 'first';
    });
    for (const what of ['jump', 'restart'] as const) {
      await fixture.disturb('cam-7', what);
      const before = await decodedFrames(page, 'cam-7');
      await expect.poll(() => decodedFrames(page, 'cam-7'), patient).toBeGreaterThan(before + 15);
      await inState(page, 'cam-7', 'live');
      expect(Number(await tile(page, 'cam-7').getAttribute('data-lag-ms'))).toBeLessThan(3_000);
    }
    expect(fixture.liveRequests.get('cam-7')).toBe(asked);
    expect(await video.getAttribute('data-marked')).toBe('first');
    expect(complaints).toEqual([]);
    await close();
  });

  it('falls back to LL-HLS where something on the way holds an endless answer back', async () => {
    const { page, close } = await openConsole(browser, fixture, '/sign-in');
    // The silence that the player bears is 4 s; the test does not wait for so long.
    await page.addInitScript('{ const set = setTimeout; setTimeout = (act, ms) => set(act, ms === 4000 ? 400 : ms); }');
    const letThrough = fixture.holdBack('cam-8');
    await page.goto(`${fixture.url}/wall?layout=4&cameras=cam-8,cam-6`);
    await page.waitForSelector('[data-camera=cam-8][data-path=hls][data-state=live]');
    expect(await tile(page, 'cam-6').getAttribute('data-path')).toBe('push');
    letThrough();
    await close();
  });

  it('says so when the stream cannot be had though the camera is on, and recovers by itself', async () => {
    const { page, close } = await liveWall('/wall?layout=1&cameras=cam-3', ['cam-3']);
    fixture.setOffline('cam-3', true, true);
    await page.waitForSelector('[data-testid=tile][data-reason=unreachable]');
    expect(await tile(page, 'cam-3').textContent()).toContain('Thử lại sau');
    fixture.setOffline('cam-3', false, true);
    await inState(page, 'cam-3', 'live');
    fixture.setRefusal('cam-3', 'transcodes_busy');
    await page.waitForSelector('[data-testid=tile][data-reason=transcodes_busy]');
    expect(await tile(page, 'cam-3').textContent()).toContain('không xem được H.265');
    fixture.setRefusal('cam-3', null);
    await inState(page, 'cam-3', 'live');
    await close();
  });

  it('plays four tiles where only HTTP/1.1 comes through, the chosen one first, and says so', async () => {
    const old = await launchChromium(['--disable-http2']);
    try {
      const { page, complaints } = await openConsole(old, fixture, '/wall?layout=9');
      const live = page.locator('[data-testid=tile][data-state=live]');
      const stills = page.locator('[data-testid=tile][data-reason=few_connections]');
      await expect.poll(() => Promise.all([live.count(), stills.count()]), patient).toEqual([4, 5]);
      expect(await page.getByTestId('http1').textContent()).toBe('Chỉ có HTTP/1.1: 4 ô phát hình, các ô khác là ảnh');
      expect(await stills.first().textContent()).toContain('Ảnh mỗi 10 giây');
      await expect.poll(() => stills.locator('img[src*="turn="][data-loaded]').count(), patient).toBe(5);
      await page.keyboard.press('9');
      await page.waitForSelector('[data-cell="8"] [data-state=live]');
      await expect.poll(() => Promise.all([live.count(), stills.count()]), patient).toEqual([4, 5]);
      expect(complaints).toEqual([]);
    } finally {
      await old.close();
    }
  });

  it('lets go of everything when it is left', async () => {
    const four = cameras.slice(0, 4);
    const { page, close } = await liveWall(`/wall?layout=4&cameras=${four.join()}`, four);
    const growth = await growthOfVisits(page, 4, 4, 2);
    // Four visits of four tiles: whatever a player kept would be there sixteen times.
    expect(growth.nodes).toBeLessThan(16);
    expect(growth.listeners).toBeLessThan(16);
    // The browser's own compiled code and its measurements grow a little.
    expect(growth.heapBytes).toBeLessThan(3_000_000);
    await close();
  });

  it('cuts the name of a unit, never the state of a tile', async () => {
    const { units } = fixture.answers;
    const names = units.map(({ name }) => name);
    for (const unit of units) unit.name = 'Bộ phận Tiếp nhận và Trả kết quả '.repeat(4);
    const { page, close } = await liveWall('/wall?layout=9').finally(() => {
      for (const [i, unit] of units.entries()) unit.name = names[i] ?? '';
    });
    for (const id of cameras) {
      const state = tile(page, id).locator('[data-shown=live]');
      const [room, word] = [await state.boundingBox(), await state.locator('span').first().boundingBox()];
      expect(word?.width).toBeGreaterThan(20);
      expect(room?.width).toBeGreaterThanOrEqual(word?.width ?? 0);
    }
    await close();
  });

  it('keeps layout and cameras in the address and on this machine', async () => {
    const { page, close } = await liveWall('/wall?layout=4&cameras=cam-5,cam-6', ['cam-5', 'cam-6']);
    await page.getByRole('button', { name: '9 ô' }).click();
    await page.waitForURL(/layout=9/);
    await page.goto(`${fixture.url}/wall`);
    await page.waitForSelector('[data-testid=tile][data-camera=cam-5]');
    expect(await page.locator('[data-testid=tile]').first().getAttribute('data-camera')).toBe('cam-5');
    await close();
  });

  it('finds units and cameras without diacritics', async () => {
    const { page, close } = await openConsole(browser, fixture, '/wall');
    await page.getByLabel('Tìm đơn vị hoặc camera').fill('hong hai');
    const rail = page.getByLabel('Đơn vị và camera');
    expect(await rail.textContent()).toContain('Phường Hồng Hải');
    expect(await rail.textContent()).not.toContain('Phường Hồng Gai');
    await close();
  });
});

describe('flagging from the wall', () => {
  it('takes two keystrokes with the last category, at the moment of the shown frame', async () => {
    const { page, complaints, close } = await liveWall('/wall?layout=4&cameras=cam-0,cam-1', ['cam-0', 'cam-1']);
    await page.keyboard.press('2');
    await page.keyboard.press('f');
    const pressedMs = Date.now();
    await page.getByTestId('flag-popover').waitFor();
    await page.keyboard.type('de dan cho');
    await page.keyboard.press('Enter');
    await page.getByTestId('flag-popover').waitFor({ state: 'detached' });
    const first = fixture.answers.incidents[0]!;
    expect(first).toMatchObject({ cameraId: 'cam-1', category: 'TN01', severity: 2 });
    expect(pressedMs - first.atMs).toBeLessThan(4_000);
    expect(first.toMs - first.fromMs).toBe(60_000);
    expect(await page.getByRole('status').filter({ hasText: first.number }).count()).toBe(1);

    await page.keyboard.press('f');
    await page.getByTestId('flag-popover').waitFor();
    await page.keyboard.press('Enter');
    await page.getByTestId('flag-popover').waitFor({ state: 'detached' });
    expect(fixture.answers.incidents[0]).toMatchObject({ cameraId: 'cam-1', category: 'TN01' });
    expect(fixture.answers.incidents[0]!.id).not.toBe(first.id);
    expect(complaints).toEqual([]);
    await close();
  });

  it('keeps what was typed through a failed save and a reload', async () => {
    const { page, close } = await liveWall('/wall?layout=1&cameras=cam-0', ['cam-0']);
    await page.keyboard.press('f');
    await page.keyboard.type('TP01');
    await page.getByLabel('Ghi chú').fill('Hai người cùng ca.');
    fixture.answers.setFailing(true);
    await page.getByTestId('flag-save').click();
    await page.getByRole('button', { name: 'Gửi lại' }).waitFor();
    fixture.answers.setFailing(false);
    await page.reload();
    await page.getByTestId('flag-popover').waitFor();
    expect(await page.getByLabel('Ghi chú').inputValue()).toBe('Hai người cùng ca.');
    await page.getByTestId('flag-save').click();
    await page.getByTestId('flag-popover').waitFor({ state: 'detached' });
    expect(fixture.answers.incidents[0]).toMatchObject({ category: 'TP01', note: 'Hai người cùng ca.' });
    await close();
  });
});
