import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { launchChromium } from '../support/console-page.ts';
import { WallPage } from './pages/wall-page.ts';
import { visitAs } from './visitors.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const cameras = () => inject('city').cameras;
const ids = (tiles: { getAttribute: (name: string) => string | null }[]) =>
  tiles.map((tile) => tile.getAttribute('data-camera'));

it('keeps a view, opens with it after another sign-in, and swaps tiles by the keyboard', async () => {
  const first = await visitAs(browser, 'inspector', '/wall?layout=4');
  const wall = new WallPage(first.page);
  await wall.tiles.nth(3).waitFor();
  const before = await wall.tiles.evaluateAll(ids);
  await wall.tiles.first().focus();
  await first.page.keyboard.press('Shift+ArrowRight');
  const swapped = [before[1], before[0], before[2], before[3]];
  await expect.poll(() => wall.tiles.evaluateAll(ids)).toEqual(swapped);
  await first.page.getByRole('button', { name: 'Lưu màn hình' }).last().click();
  await first.page.getByLabel('Tên màn hình').fill('Buổi sáng');
  await first.page.keyboard.press('Enter');
  await first.page.getByRole('button', { name: 'Thao tác với Buổi sáng' }).click();
  await first.page.getByRole('menuitem', { name: 'Mở đầu tiên' }).click();
  await first.page.getByText('mở đầu tiên', { exact: true }).waitFor();
  await first.leave();

  const second = await visitAs(browser, 'inspector', '/wall');
  await expect.poll(() => new WallPage(second.page).tiles.evaluateAll(ids)).toEqual(swapped);
  await second.page.getByRole('button', { name: 'Thao tác với Buổi sáng' }).click();
  await second.page.getByRole('menuitem', { name: 'Xóa màn hình' }).click();
  await second.page.getByTestId('view-submit').click();
  await second.page.getByText('Chưa có màn hình nào được lưu.').waitFor();
  await second.leave();
});

it('steers by held keys, and the camera stops when the window loses the keyboard', async () => {
  const dome = cameras().find(({ unit }) => unit === 'bai-chay')?.id ?? '';
  const { page, leave } = await visitAs(browser, 'inspector', `/wall?camera=${dome}`);
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/ptz')) sent.push(request.postDataJSON().action);
  });
  await new WallPage(page).tile(dome).focus();
  await page.keyboard.press('p');
  await page.locator('[data-testid=ptz] [data-ready]').waitFor();
  await page.keyboard.down('ArrowRight');
  await expect.poll(() => sent.filter((action) => action === 'move').length).toBeGreaterThan(1);
  await page.evaluate('window.dispatchEvent(new Event("blur"))');
  await expect.poll(() => sent.at(-1)).toBe('stop');
  await page.keyboard.up('ArrowRight');
  await page.keyboard.press('Escape');
  await expect.poll(() => sent.at(-1)).toBe('release');
  await leave();
});

it('a flag that is being written survives a reload and is not shown to the next person', async () => {
  const { id } = cameras()[0] ?? { id: '' };
  const { page, leave } = await visitAs(browser, 'inspector', `/wall?camera=${id}`);
  const wall = new WallPage(page);
  await wall.tile(id).focus();
  await page.keyboard.press('f');
  await wall.flagForm.waitFor();
  await wall.flagForm.getByRole('textbox', { name: 'Ghi chú' }).fill('ba người chờ');
  await page.reload();
  await expect.poll(() => wall.flagForm.getByRole('textbox', { name: 'Ghi chú' }).inputValue()).toBe('ba người chờ');
  // A second window leaves it to the first one.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await new WallPage(other).tile(id).waitFor();
  expect(await new WallPage(other).flagForm.count()).toBe(0);
  await other.close();
  await page.evaluate(
    `for (const key of Object.keys(localStorage).filter((each) => each.startsWith('lienthong.flag.draft.'))) {
      const value = JSON.parse(localStorage.getItem(key));
      localStorage.removeItem(key);
      value.draft.by = 'somebody-else';
      localStorage.setItem(key.replace(/draft\\.[^.]+/, 'draft.somebody-else'), JSON.stringify(value));
    }`,
  );
  await page.reload();
  await wall.tile(id).waitFor();
  expect(await wall.flagForm.count()).toBe(0);
  await leave();
});
