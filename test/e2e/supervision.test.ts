import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { incident, incidentPage } from '../../server/contracts/incidents.ts';
import { mediaPaths } from '../../server/contracts/media.ts';
import { launchChromium } from '../support/console-page.ts';
import { flagByApi } from './flags.ts';
import { IncidentPage } from './pages/incident-page.ts';
import { IncidentsPage } from './pages/incidents-page.ts';
import { PlaybackPage } from './pages/playback-page.ts';
import { WallPage } from './pages/wall-page.ts';
import { clientAs, visitAs } from './visitors.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** What is awaited ends the wait; a busy machine is given time. */
const patient = { timeout: 30_000 };
const camerasOf = (unit: string) => inject('city').cameras.filter((camera) => camera.unit === unit);
const cameraOf = (unit: string): string => camerasOf(unit)[0]!.id;

/** Whether the page is still the one that was marked: a reload would have taken the mark away. */
const markPage = (page: Page) => page.evaluate('window.neverReloaded = true');
const isMarked = (page: Page) => page.evaluate('window.neverReloaded === true');

describe('live', () => {
  it('plays every tile of the wall by the sub stream, and one that is enlarged by the main stream', async () => {
    const { page, leave } = await visitAs(browser, 'home_affairs', '/wall');
    const wall = new WallPage(page);
    const ids = inject('city').cameras.map(({ id }) => id);
    await expect.poll(() => wall.tiles.count(), patient).toBe(ids.length);
    for (const id of ids) {
      await wall.untilLive(id);
      const before = await wall.decodedFrames(id);
      await expect.poll(() => wall.decodedFrames(id), patient).toBeGreaterThan(before + 25);
      expect(await wall.tile(id).getAttribute('data-stream')).toBe('sub');
    }
    const first = cameraOf('trung-tam');
    await wall.tile(first).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => wall.tile(first).getAttribute('data-stream'), patient).toBe('main');
    await wall.untilLive(first);
    const before = await wall.decodedFrames(first);
    await expect.poll(() => wall.decodedFrames(first), patient).toBeGreaterThan(before + 10);
    await leave();
  });
});

describe('a flag', () => {
  it('is flagged on a tile by keys alone, and stands on the list of another person at once', async () => {
    const other = await visitAs(browser, 'inspector', '/incidents');
    const list = new IncidentsPage(other.page);
    await list.rows.first().or(list.empty.first()).waitFor();
    await markPage(other.page);
    const before = await list.row('VT01').count();

    const { page, leave } = await visitAs(browser, 'home_affairs', '/wall');
    const wall = new WallPage(page);
    const desk = cameraOf('hong-ha');
    await wall.untilLive(desk);
    await wall.flag(desk, 'VT01');

    await expect.poll(() => list.row('VT01').count(), patient).toBe(before + 1);
    expect(await list.row('VT01').first().textContent()).toContain('Hồng Hà');
    expect(await isMarked(other.page)).toBe(true);
    await leave();
    await other.leave();
  });

  it('plays the stretch that was flagged', async () => {
    const made = await flagByApi(cameraOf('bai-chay'), 'TN01');
    const { page, leave } = await visitAs(browser, 'leader', `/incidents/${made.id}`);
    const view = new IncidentPage(page);
    await view.clip.waitFor({ state: 'attached' });
    await view.play();
    await expect.poll(() => view.decodedFrames(), patient).toBeGreaterThan(10);
    const moment = await view.momentMs();
    // The clip begins with the keyframe before the stretch, at most a GOP and a frame earlier.
    expect(moment).toBeGreaterThan(made.fromMs - 2_000);
    expect(moment).toBeLessThan(made.toMs + 1_000);

    await page.goto(inject('city').url + PlaybackPage.address(made.cameraId, made.fromMs));
    const playback = new PlaybackPage(page);
    await expect.poll(() => playback.decodedFrames(), patient).toBeGreaterThan(10);
    await expect.poll(() => playback.momentMs(), patient).toBeGreaterThan(made.fromMs);
    await leave();
  });
});

/** The unit is asked to explain a case that is being verified. */
async function asked(id: string): Promise<void> {
  const client = await clientAs('home_affairs');
  const body = { version: 2, reason: 'Đề nghị giải trình.' };
  await client.call(incident, 'POST', `/api/incidents/${id}/request_explanation`, { body });
  client.close();
}

describe('the head of a unit', () => {
  it('sees the cameras and the cases of the own unit, and no others', async () => {
    const foreign = await flagByApi(cameraOf('trung-tam'), 'CS01');
    const verifier = await clientAs('home_affairs');
    const body = { version: foreign.version };
    await verifier.call(incident, 'POST', `/api/incidents/${foreign.id}/verify`, { body });
    verifier.close();
    await asked(foreign.id);

    const { page, leave } = await visitAs(browser, 'unit_head', '/wall');
    const wall = new WallPage(page);
    const own = camerasOf('hong-ha').map(({ id }) => id);
    await expect.poll(() => wall.tiles.count(), patient).toBe(own.length);
    for (const id of own) await wall.untilLive(id);
    expect(await wall.units.allTextContents()).toEqual([expect.stringContaining('Hồng Hà')]);

    await page.goto(`${inject('city').url}/incidents?tab=all`);
    const list = new IncidentsPage(page);
    await list.rows.first().or(list.empty.first()).waitFor();
    expect(await list.row(foreign.number).count()).toBe(0);
    await leave();
  });

  it('is refused the media, the camera and the case of another unit by their addresses', async () => {
    const client = await clientAs('unit_head');
    const foreign = cameraOf('trung-tam');
    const now = Date.now();
    const status = async (path: string) => (await client.send('GET', path)).status;
    for (const stream of ['main', 'sub'] as const) {
      expect(await status(mediaPaths.live(foreign, stream))).toBe(403);
      expect(await status(mediaPaths.vod(foreign, stream, now - 60_000, now))).toBe(403);
      expect(await status(mediaPaths.keyframe(foreign, stream, now - 5_000))).toBe(403);
    }
    expect(await status(mediaPaths.snapshot(foreign))).toBe(403);
    expect(await status(`/api/cameras/${foreign}`)).toBe(403);
    expect(await status(mediaPaths.live(cameraOf('hong-ha'), 'sub'))).toBe(200);
    const seen = await client.call(incidentPage, 'GET', '/api/incidents');
    expect(seen.items.every(({ unitId }) => unitId === 'hong-ha')).toBe(true);
    client.close();
  });

  it('reads that a case of another unit does not exist', async () => {
    const foreign = await flagByApi(cameraOf('trung-tam'), 'VT02');
    const { page, leave } = await visitAs(browser, 'unit_head', '/', [new RegExp(`404.*${foreign.id}`)]);
    await page.goto(`${inject('city').url}/incidents/${foreign.id}`);
    await new IncidentPage(page).gone.waitFor();
    await leave();
  });
});
