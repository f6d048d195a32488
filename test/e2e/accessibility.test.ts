import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { incident } from '../../server/contracts/incidents.ts';
import type { Role } from '../../server/contracts/roles.ts';
import { launchChromium } from '../support/console-page.ts';
import { flagByApi } from './flags.ts';
import { clientAs, notSignedIn, type Visitor, visit, visitAs } from './visitors.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong on a page, once it shows what it is to show. */
async function violations(page: Page): Promise<string[]> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  // Evaluated, since the content security policy lets no script in.
  await page.evaluate(axe.source);
  const found = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(tags)} })`,
  )) as axe.AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

/** On a desk, then in the same page on a phone. */
async function expectNone({ page }: Visitor, screens: readonly string[]): Promise<void> {
  for (const at of screens) {
    await page.setViewportSize(desk);
    await page.goto(inject('city').url + at, { waitUntil: 'domcontentloaded' });
    expect(await violations(page), at).toEqual([]);
    await page.setViewportSize(phone);
    expect(await violations(page), `${at} on a phone`).toEqual([]);
  }
}

const flagged = async (unit: string) =>
  (await flagByApi(inject('city').cameras.find((camera) => camera.unit === unit)!.id, 'TP01')).id;

it('has no violation before anybody is signed in', async () => {
  const visitor = await visit(browser, '/sign-in', [notSignedIn]);
  await expectNone(visitor, ['/sign-in', '/setup?token=used']);
  await visitor.leave();
});

const screens: readonly [Role, readonly string[]][] = [
  [
    'leader',
    [
      '/overview',
      '/overview?units=list',
      '/overview/completeness',
      '/wall',
      '/playback',
      '/incidents',
      '/incidents?view=board',
      '/incidents/figures?period=all',
      '/incidents/second-readings',
      '/notices/settings',
    ],
  ],
  ['unit_head', ['/wall']],
  [
    'admin',
    [
      '/cameras',
      '/cameras/discover',
      '/cameras/import',
      '/cameras/profiles',
      '/system/users',
      '/system/audit',
      '/system/archive',
      '/system/completeness',
      '/system/calendar',
      '/system/deliveries',
      '/system/deliveries?part=webhooks',
      '/system/deliveries?part=mail',
    ],
  ],
  ['auditor', ['/system/archive']],
];

it.each(screens)('has no violation on the screens of the %s, on a desk and on a phone', async (role, addresses) => {
  const visitor = await visitAs(browser, role);
  await expectNone(visitor, addresses);
  await visitor.leave();
});

/** A case that the unit is asked to explain. */
async function asked(): Promise<string> {
  const id = await flagged('hong-ha');
  const client = await clientAs('inspector');
  const { version } = await client.call(incident, 'POST', `/api/incidents/${id}/verify`, { body: { version: 1 } });
  const body = { version, reason: 'Vì sao?', finding: 'Quầy trống.' };
  await client.call(incident, 'POST', `/api/incidents/${id}/request_explanation`, { body });
  client.close();
  return id;
}

it('has no violation on a case, nor where the unit answers', async () => {
  const office = await visitAs(browser, 'inspector');
  // The review shows the case that was just flagged.
  await expectNone(office, [`/incidents/${await flagged('trung-tam')}`, '/incidents/review']);
  await office.leave();
  const id = await asked();
  const { page, leave } = await visitAs(browser, 'unit_head', `/incidents/${id}`);
  await page.getByRole('button', { name: 'Thêm đoạn ghi hình' }).click();
  await page.getByRole('textbox', { name: 'Nội dung giải trình' }).fill('Do họp.');
  expect(await violations(page), 'form').toEqual([]);
  await page.getByRole('button', { name: 'Gửi giải trình' }).click();
  // It fades in, and half faded has little contrast.
  await page.getByRole('dialog').waitFor();
  const opacity = () => page.evaluate(`getComputedStyle(document.querySelector('[role=dialog]')).opacity`);
  await expect.poll(opacity).toBe('1');
  expect(await violations(page), 'consequences').toEqual([]);
  await leave();
});

it('has no violation in what opens over a page, and gives the focus back', async () => {
  const { page, leave } = await visitAs(browser, 'home_affairs', '/wall');
  const tile = page.locator('[data-testid=tile]').first();
  await tile.focus();
  await page.keyboard.press('f');
  await page.getByTestId('flag-popover').waitFor();
  expect(await violations(page), 'flag').toEqual([]);
  await page.keyboard.press('Escape');
  await expect.poll(() => tile.evaluate((element) => element.matches(':focus'))).toBe(true);

  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  expect(await violations(page), 'help').toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await tile.focus();
  await page.keyboard.press('Delete');
  await expect.poll(() => page.locator('[data-empty-tile="0"]:focus').count()).toBe(1);
  await leave();
});

it('has no violation in the drawer of a camera, on a desk and on a phone', async () => {
  const { page, leave } = await visitAs(browser, 'admin', `/cameras?camera=${inject('city').cameras[0]?.id}`);
  for (const size of [desk, phone]) {
    await page.setViewportSize(size);
    await page.getByLabel('Luồng chính: số ngày lưu').waitFor();
    await page.getByRole('switch', { name: 'Luồng chính: ghi cả tiếng' }).check({ force: true });
    await page.getByText('Tiếng nói của người dân là dữ liệu cá nhân').waitFor();
    expect(await violations(page), `${size.width}`).toEqual([]);
  }
  await leave();
});
